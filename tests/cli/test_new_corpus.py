"""`standpunt corpus new` and the way from its empty layer to labels."""

import csv
import re
import shutil
from dataclasses import replace

import pytest

from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import Source

ISSUE = "name: bridge\n" + "".join(
    f"{field}: {{nl: Er moet een brug komen., en: A bridge must be built.}}\n"
    for field in ("proposition", "definition", "pro", "con")
)

EXPERIMENT = (
    "defaults: [config, override model: majority, override split: leave_one_speaker_out, _self_]\n"
    "name: mine\ncorpus: {name: ./mine}\nsave_model: false\nevaluation: {resamples: 10}\n"
)


@pytest.fixture
def files(tmp_path, fictional_report):
    shutil.copy(fictional_report, tmp_path / "debat.txt")
    (tmp_path / "bridge.yaml").write_text(ISSUE, encoding="utf-8")
    return tmp_path


def made(standpunt, *more):
    return standpunt("corpus", "new", "mine", "debat.txt", "bridge.yaml", "no_fly_zone", "--date", "2031-03-04", *more)


def test_labels_of_a_sheet_come_into_the_corpus(standpunt, files):
    done = made(standpunt, "--annotator", "jan")
    assert (done.returncode, done.stdout) == (0, "mine/debat/stance.jan.jsonl\n")
    assert "turns to label on 2 issues" in done.stderr
    next_ = ("annotate", "next", "mine/debat/stance.jan.jsonl", "--strategy", "order", "--n", "5")
    done = standpunt(*next_, "--out", "todo.csv", "--delimiter", ";")
    assert done.returncode == 0, done.stderr
    with open(files / "todo.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == 5
    assert [int(row["turn"]) for row in rows] == sorted(int(row["turn"]) for row in rows)
    rows[0] |= {"label": "favor", "evidence": f"{' '.join(rows[0]['text'].split()[:3])}\n"}
    with open(files / "todo.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    refused = standpunt("import", "csv", "todo.csv", "--debate", "mine/debat")
    assert (refused.returncode, "--update" in refused.stderr) == (2, True)
    done = standpunt("import", "csv", "todo.csv", "--debate", "mine/debat", "--update")
    assert done.returncode == 0, done.stderr
    layer = Layer.load(files / "mine" / "debat" / "stance.jan.jsonl")
    assert layer.issues == ("bridge", "no_fly_zone")
    (label,) = layer.labels
    assert (label.turn, label.issue, label.label) == (int(rows[0]["turn"]), "bridge", "favor")
    assert label.evidence == ((0, len(rows[0]["evidence"]) - 1),)
    printed = standpunt("labels", "./mine", "--format", "csv").stdout
    assert ",jan," in printed


def test_evidence_that_is_not_in_the_turn_is_refused_with_its_line(standpunt, files):
    made(standpunt)
    standpunt("annotate", "next", "mine/debat/stance.me.jsonl", "--strategy", "order", "--out", "todo.csv")
    text = (files / "todo.csv").read_text("utf-8-sig")
    head, _, tail = text.partition(",[],")
    (files / "todo.csv").write_text(f"{head},Dat zei niemand,{tail}", encoding="utf-8-sig")
    filled = (files / "todo.csv").read_text("utf-8-sig").replace(",bridge,,", ",bridge,favor,", 1)
    (files / "todo.csv").write_text(filled, encoding="utf-8-sig")
    before = (files / "mine" / "debat" / "stance.me.jsonl").read_bytes()
    done = standpunt("import", "csv", "todo.csv", "--debate", "mine/debat", "--update")
    assert done.returncode == 2
    assert "todo.csv, line 2: the quote 'Dat zei niemand' does not occur in the turn" in done.stderr
    assert (files / "mine" / "debat" / "stance.me.jsonl").read_bytes() == before


def test_import_keeps_the_name_of_a_layers_file(standpunt, files):
    made(standpunt)
    place = files / "mine" / "debat"
    (place / "stance.me.jsonl").rename(place / "stance.other.jsonl")
    standpunt("annotate", "next", "mine/debat/stance.other.jsonl", "--strategy", "order", "--out", "todo.csv")
    done = standpunt("import", "csv", "todo.csv", "--debate", "mine/debat", "--update")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in place.glob("stance.*")] == ["stance.other.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        ("mine bridge.yaml", "no report"),
        ("mine debat.txt --date 2031-03-04", "no issue"),
        ("mine debat.txt bridge.yaml", "debat.txt --date"),
        ("mine debat.txt bridge.yaml --date 4-3-2031", "4-3-2031 YYYY-MM-DD"),
        ("mine debat.txt bridge.yaml --date 2031-03-04 --date 2031-03-05", "debat.txt once"),
        ("mine debat.txt brige.yaml --date 2031-03-04", "brige.yaml issue"),
        ("mine debat.txt no_fly_zon --date 2031-03-04", "no_fly_zone"),
        ("mine debat.txt debat2.txt bridge.yaml --date 2031-03-04", "debat2.txt report"),
        ("mine debat.txt . bridge.yaml --date 2031-03-04", "folder"),
        ("mine debat.txt bridge.yaml --date 2031-03-04 --annotator a:b", "a:b"),
        ("bridge.yaml debat.txt no_fly_zone --date 2031-03-04", "exists"),
        ("mine bridge.yaml debat.txt debat.txt --date 2031-03-04", "same debate"),
    ],
)
def test_mistake_leaves_no_corpus(standpunt, files, arguments, mentions):
    before = sorted(files.iterdir())
    done = standpunt("corpus", "new", *arguments.split())
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert [word for word in mentions.split() if word not in line] == []
    assert sorted(files.iterdir()) == before


def test_a_run_on_a_layer_that_is_half_filled_says_so(standpunt, files, fictional_report):
    made(standpunt)
    new = files / "mine" / "debat" / "stance.me.jsonl"
    labels = Layer.load(fictional_report.parent / "stance.adjudicated.jsonl").labels
    layer = Layer.load(new)
    first = tuple(label for label in labels if label.issue == "no_fly_zone" and label.turn <= 60)
    replace(layer, labels=first).save(new, Source.load(new.parent / "source.json"))
    (files / "mine.yaml").write_text(EXPERIMENT, encoding="utf-8")
    filled = f"debat: {len(first)} of 94 turns have a label, none from "
    for task, means in (("stance_joint", "counts as a turn that addresses no issue"), ("stance", "takes no part")):
        done = standpunt("run", "mine.yaml", f"task={task}")
        assert (done.returncode, done.stderr) == (0, "")
        (note,) = (line for line in done.stdout.splitlines() if "half filled" in line)
        assert note.startswith(f"Note: corpus ./mine: its layer looks half filled ({filled}")
        assert f"; no turn has a label on bridge); what has no label {means}" in note
    run = re.search(r"^run folder: (.+)$", done.stdout, re.M)[1]
    assert filled in (files / run / "page.html").read_text(encoding="utf-8")
    compared = standpunt("compare", run, "--resamples", "10")
    assert note in compared.stdout.splitlines()
