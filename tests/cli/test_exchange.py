"""`standpunt export`, `standpunt import` and `standpunt annotate next`, as a user calls them."""

import json
import shutil

import pytest

from standpunt import read_debate
from standpunt.annotation import selection
from standpunt.cli import annotate
from standpunt.storage.paths import CORPORA

DEBATE = "2031-11-05-woningnood"
SHIPPED = CORPORA / "fictional" / DEBATE
BACK = {
    "label-studio": "label-studio out/tasks.json",
    "cas": "cas out/adjudicated.xmi out/lm-a.xmi out/lm-b.xmi",
    "csv": "csv out",
    "datasets": "datasets out",
}


@pytest.fixture
def here(tmp_path):
    """Put the folder of a debate, whole and damaged, where the command runs."""
    shutil.copytree(SHIPPED, tmp_path / "debate")
    (tmp_path / "empty").mkdir()
    shutil.copytree(SHIPPED, tmp_path / "textless")
    (tmp_path / "textless" / "report.txt").unlink()
    shutil.copytree(SHIPPED, tmp_path / "other")
    text = (SHIPPED / "report.txt").read_text(encoding="utf-8")
    (tmp_path / "other" / "report.txt").write_text(text.replace("volkstuin 114", "volkstuin 115"), encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("mine")
    (tmp_path / "tasks.json").write_text("[{}]")
    (tmp_path / "min.json").write_text('[{"text": "a", "annotator": 1, "annotation_id": 3}]')
    (tmp_path / "stance.csv").write_text("annotator,turn\n")
    (tmp_path / "good.txt").write_text(text, encoding="utf-8")
    (tmp_path / "good.csv").write_text("mine", encoding="utf-8")
    sha256 = json.loads((SHIPPED / "source.json").read_text(encoding="utf-8"))["sha256"]
    turn = next(turn for turn in read_debate(SHIPPED / "report.txt").turns if turn.speaker.role != "chair")
    data = {"sha256": sha256, "ordinal": turn.ordinal, "text": turn.text, "issues": [], "layers": []}
    (tmp_path / "bare.json").write_text(json.dumps([{"data": data, "annotations": []}]), encoding="utf-8")
    return tmp_path


def layers(folder):
    return {path.name: path.read_bytes() for pattern in ("stance.*", "arguments.*") for path in folder.glob(pattern)}


def listing(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("name", BACK)
def test_there_and_back(standpunt, here, name):
    if name == "cas":
        pytest.importorskip("cassis")
    done = standpunt("export", name, "debate", "--out", "out")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(": out\n")
    done = standpunt("import", *BACK[name].split(), "--debate", "debate", "--out", "back")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "240 stance labels and 690 sentences of adjudicated, lm-a, lm-b: back\n"
    assert layers(here / "back") == layers(SHIPPED)
    assert (here / "back" / "source.json").read_bytes() == (SHIPPED / "source.json").read_bytes()


def test_text_that_does_not_ship_is_found(standpunt, here):
    done = standpunt("export", "csv", "textless", "--out", "out", "--transcript", "good.txt", "--delimiter", ";")
    assert done.returncode == 0
    done = standpunt("import", "csv", "out", "--debate", "textless", "--transcript", ".", "--out", "back")
    assert done.returncode == 0
    assert layers(here / "back") == layers(SHIPPED)


def test_single_sheet_keeps_the_codebook_of_the_debate(standpunt, here):
    layer = here / "debate" / "stance.lm-a.jsonl"
    layer.write_text(layer.read_text(encoding="utf-8").replace('"codebook": 1', '"codebook": 3', 1), encoding="utf-8")
    assert standpunt("export", "csv", "debate", "--out", "out").returncode == 0
    assert standpunt("import", "csv", "out/stance.csv", "--debate", "debate", "--out", "back").returncode == 0
    assert json.loads((here / "back" / layer.name).read_text(encoding="utf-8").splitlines()[0])["codebook"] == 3


def test_annotate_next_and_back(standpunt, here, trained):
    layer = "debate/stance.adjudicated.jsonl"
    done = standpunt("annotate", "next", layer, "--model", trained, "--n", 7, "--out", "next.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("7 pairs of ")
    assert (here / "next.xml").read_text(encoding="utf-8").startswith("<View>")
    tasks = json.loads((here / "next.json").read_text(encoding="utf-8"))
    assert sum(len(task["data"]["asked"]) for task in tasks) == 7
    done = standpunt("annotate", "next", layer, "--strategy", "random", "--n", 3, "--out", "next.csv")
    assert done.returncode == 0
    text = (here / "next.csv").read_text(encoding="utf-8-sig").replace(",,,,,,[]", ",neutral,,,,,[]")
    (here / "next.csv").write_text(text, encoding="utf-8-sig")
    seen = ("--seen", "next.csv", "--seen", "next.json")
    done = standpunt("annotate", "next", layer, "--strategy", "random", *seen, "--n", 3, "--out", "more.csv")
    assert done.returncode == 0
    done = standpunt("import", "csv", "next.csv", "--debate", "debate", "--update", "--out", "back")
    assert done.returncode == 0
    found, before = layers(here / "back"), layers(SHIPPED)
    assert found.keys() == before.keys()
    name = "stance.adjudicated.jsonl"
    assert len(found[name].splitlines()) == len(before[name].splitlines()) + 3
    assert {key for key in found if found[key] != before[key]} == {name}


def test_command_line_knows_every_strategy():
    assert annotate.STRATEGIES == selection.STRATEGIES


def test_issue_of_ones_own_may_be_labelled(standpunt, here):
    text = "".join(f"{field}: {{nl: Verf ze., en: Paint.}}\n" for field in ("proposition", "definition", "pro", "con"))
    (here / "verf.yaml").write_text(f"name: paint_bridges\n{text}", encoding="utf-8")
    done = standpunt("export", "label-studio", "debate", "--out", "out", "--issues", "verf.yaml, no_fly_zone")
    assert done.returncode == 0
    config = (here / "out" / "config.xml").read_text(encoding="utf-8")
    assert 'name="stance_paint_bridges"' in config
    assert 'name="stance_no_fly_zone"' in config


def test_export_with_predictions(standpunt, here, trained):
    done = standpunt("export", "label-studio", "debate", "--out", "out", "--model", trained)
    assert done.returncode == 0
    tasks = json.loads((here / "out" / "tasks.json").read_text(encoding="utf-8"))
    assert any(task["predictions"] for task in tasks)


LABEL_STUDIO = "import label-studio tasks.json --debate debate --out out"
NEXT = "annotate next debate/stance.adjudicated.jsonl"


@pytest.mark.parametrize(
    ("command", "mentions"),
    [
        ("export csv empty --out out", "empty source.json"),
        ("export csv nothing --out out", "nothing source.json"),
        ("export csv other --out out", "other/source.json turn"),
        ("export csv textless --out out", "STANDPUNT_TRANSCRIPTS"),
        ("export csv textless --out out --transcript nothing.txt", "nothing.txt"),
        ("export csv debate --out full", "full exists"),
        ("export csv debate", "--out"),
        ("export csv debate --out out --delimiter |", "--delimiter"),
        ("export xml debate --out out", "xml"),
        ("export datasets nothing --out out", "nothing"),
        ("export label-studio debate --out out --model nothing", "nothing"),
        ("export label-studio debate --out out --issues no_fly_zon", "no_fly_zone"),
        (LABEL_STUDIO, "tasks.json task 1"),
        ("import label-studio min.json --debate debate --out out", "min.json JSON_MIN"),
        ("import label-studio bare.json --debate debate --out out", "bare.json annotation"),
        ("import label-studio nothing.json --debate debate --out out", "nothing.json"),
        (f"{LABEL_STUDIO} --who jan", "--who"),
        ("import label-studio tasks.json --debate empty --out out", "empty source.json"),
        ("import label-studio tasks.json --debate debate --out full", "full exists"),
        ("import label-studio tasks.json --out out", "--debate"),
        ("import cas good.txt --debate debate --out out", "TypeSystem.xml"),
        ("import csv stance.csv --debate debate --out out", "stance.csv line 1 column"),
        ("import csv empty --debate debate --out out", "layers.csv"),
        ("import datasets empty --debate debate --out out", "layers.parquet"),
        (f"{NEXT} --out next.json", "uncertainty model"),
        (f"{NEXT} --out next.txt", "next.txt .json .csv"),
        (f"{NEXT} --out good.csv --strategy random", "good.csv exists"),
        (f"{NEXT} --out next.csv --strategy random --seen tasks.json", "tasks.json annotate"),
        (f"{NEXT} --out nowhere/next.csv --strategy random", "nowhere"),
        (f"{NEXT} --out next.csv --strategy best", "--strategy"),
        (f"{NEXT} --out next.csv --n 0", "--n"),
        (f"{NEXT} --out next.csv --model nothing", "nothing"),
        ("annotate next debate/arguments.lm-a.jsonl --out next.csv", "arguments.lm-a.jsonl stance"),
        ("annotate next nothing.jsonl --out next.csv", "nothing.jsonl"),
        ("annotate next debate/stance.lm-a.jsonl --strategy disagreement --out next.csv", "two"),
    ],
)
def test_mistake(standpunt, here, command, mentions):
    before = listing(here)
    done = standpunt(*command.split())
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("standpunt: ")
    assert [word for word in mentions.split() if word not in line] == []
    assert (done.returncode, done.stdout) == (2, "")
    assert listing(here) == before


@pytest.mark.parametrize(
    "command", ["export", "import", "annotate", "export label-studio", "import cas", "annotate next"]
)
def test_help(standpunt, command):
    done = standpunt(*command.split(), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: standpunt {command}")
