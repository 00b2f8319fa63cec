"""One sentence, an exit code, and nothing written: what a user's mistake or a full disk leads to."""

import json
import shutil
import subprocess

import pytest

from report_pdf import picture_pdf

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

VARIABLE = "STANDPUNT_TRANSCRIPTS"
SITTING = """<officiele-publicatie><handelingen><agendapunt><item-titel>Brug</item-titel><spreekbeurt nieuw="ja">
<spreker><naam>Smit</naam></spreker><tekst><al>De brug is scheef.</al></tekst></spreekbeurt></agendapunt></handelingen>
</officiele-publicatie>"""


@pytest.fixture
def files(tmp_path, fictional_report, trained):
    """Put reports and model folders that are wrong, and some that are right, into the folder the command runs in."""
    text = fictional_report.read_text("utf-8")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "blank.txt").write_text("  \n\n")
    (tmp_path / "binary.txt").write_bytes(b"%PDF-1.7\x00\x01\x02\xff")
    (tmp_path / "latin.txt").write_bytes(text.encode("cp1252", "replace"))
    (tmp_path / "scan.pdf").write_bytes(picture_pdf())
    (tmp_path / "wide.txt").write_bytes(text.encode("utf-16"))
    (tmp_path / "page.html").write_text("<!doctype html><p>De voorzitter: Welkom.</p>")
    (tmp_path / "lords.txt").write_text("Lord Pot: I have heard that the bridges which they built are there.\n" * 40)
    (tmp_path / "sitting.xml").write_text(SITTING)
    (tmp_path / "nobody.txt").write_text("Er was eens een debat.\n\nNiemand sprak.\n", encoding="utf-8")
    (tmp_path / "truncated.txt").write_text(text[: text.index("zat er niet bij")], encoding="utf-8")
    (tmp_path / "good.txt").write_text(text, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    shutil.copytree(trained, tmp_path / "model")
    shutil.copytree(trained, tmp_path / "damaged")
    (tmp_path / "damaged" / "weights.json").write_text("{}")
    shutil.copytree(trained, tmp_path / "mended")
    manifest = json.loads((tmp_path / "mended" / "model.json").read_text("utf-8"))
    (tmp_path / "mended" / "model.json").write_text(json.dumps(manifest | {"config": None}))
    (tmp_path / "issue.yaml").write_text("name: bridges\n")
    return tmp_path


def test_what_cannot_be_shown_is_escaped(program, files):
    done = program("turns", "good.txt", env={"PYTHONIOENCODING": "cp1252"})
    assert (done.returncode, done.stderr) == (0, "")
    check(program("check", b"caf\xe9.txt".decode(errors="surrogateescape")), 2, "caf\\udce9.txt")


def listing(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def check(done, code, *mentions):
    """Hold the outcome of a command against what a user may expect of a mistake."""
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("standpunt: ")
    assert [word for word in mentions if word not in lines[0]] == []
    assert done.returncode == code


PREDICT = "predict model good.txt --issues all --out out.csv"
SINGLE = "run baselines debug=smoke model=majority hydra.mode=RUN"


@pytest.mark.parametrize(
    ("command", "mentions"),
    [
        ("turns empty.txt", "empty.txt"),
        ("turns blank.txt", "blank.txt"),
        ("turns binary.txt", "binary.txt"),
        ("turns latin.txt", "latin.txt UTF-8"),
        ("turns nobody.txt", "nobody.txt"),
        ("turns truncated.txt", "truncated.txt --partial"),
        ("turns nothing.txt", "nothing.txt"),
        ("turns scan.pdf", "scan.pdf scanned pictures OCR"),
        ("turns wide.txt", "wide.txt UTF-16 UTF-8"),
        ("turns page.html", "page.html HTML UTF-8"),
        ("turns lords.txt", "lords.txt English Dutch ParlaMint"),
        ("turns good.txt --text-out good.txt", "good.txt another"),
        ("turns good.txt --text-out nowhere/out.txt", "nowhere"),
        ("turns sitting.xml --text-out out.txt", "sitting.xml --text-out"),
        (f"{PREDICT} --date gisteren", "gisteren YYYY-MM-DD"),
        ("turns folder", "folder"),
        ("motions empty.txt", "empty.txt"),
        ("motions folder", "folder"),
        ("predict model empty.txt --issues all --out out.csv", "empty.txt"),
        ("predict model folder --issues all --out out.csv", "folder"),
        (f"{PREDICT} --issues no_fly_zon", "no_fly_zone"),
        (f"{PREDICT} --issues issue.yaml", "issue.yaml proposition"),
        (f"{PREDICT} --issues nothing.yaml", "nothing.yaml"),
        (f"{PREDICT} --issues ,", "--issues"),
        ("predict nothing good.txt --out out.csv", "nothing"),
        ("predict folder good.txt --out out.csv", "folder model.json"),
        ("predict good.txt good.txt --out out.csv", "out.csv folder"),
        ("predict damaged good.txt --out out.csv", "damaged/weights.json"),
        ("predict mended good.txt --out out.csv", "mended/model.json"),
        ("predict model good.txt --issues all --out out.xlsx", "out.xlsx .csv .parquet"),
        ("predict model good.txt --issues all --out out", "out .csv"),
        ("predict model good.txt --issues all --out nowhere/out.csv", "nowhere"),
        ("predict model good.txt", "--out"),
        ("predict model --out out.csv", "model files"),
        (f"check {'x' * 300}", "name too long"),
        ("check nothing.jsonl", "nothing.jsonl layer"),
        ("labels fictionl", "fictional"),
        (f"labels ./{'x' * 300}", "corpus.yaml"),
        (f"labels tk-ukraine --transcript {'x' * 300}", "transcripts"),
        ("labels folder", "corpus.yaml"),
        ("labels fictional --layer lm-c", "lm-c lm-b"),
        ("labels tk-ukraine", VARIABLE),
        ("labels tk-ukraine --transcript nothing.txt", "nothing.txt"),
        ("labels tk-ukraine --transcript folder", "folder"),
        ("labels tk-ukraine --transcript good.txt", "turn"),
        ("agreement fictionl", "fictional"),
        ("agreement nothing.jsonl", "nothing.jsonl"),
        ("agreement fictional --resamples -1", "resamples"),
        ("agreement fictional --seed -1", "seed"),
        ("agreement fictional --nuance", "leaning codebook 2"),
        ("agreement fictional --nuance --arguments", "--nuance"),
        ("turns good.txt --colour", "--colour"),
        ("turns good.txt --format xml", "xml jsonl"),
        ("turns", "FILE"),
        ("turns good.txt good.txt", "good.txt"),
        ("turn good.txt", "turn"),
        ("--colour", "--colour"),
        ("run", "EXPERIMENT"),
        ("run baseline", "baselines"),
        ("run folder", "folder"),
        ("run nothing.yaml", "nothing.yaml"),
        ("run baselines seeds=1", "seeds"),
        ("run baselines model=tfdif -m", "tfdif"),
        ("run baselines model=nothing hydra.mode=RUN", "nothing"),
        ("run baselines model.c=", "model.c"),
        ("run baselines seed=first", "seed"),
        ("run baselines =", "="),
        (f"{SINGLE} +foo=1", "foo"),
        (f"{SINGLE} +model.foo=1", "model.foo"),
        (f"{SINGLE} seed=first", "seed"),
        ("run baselines split.unit=speakers", "split.unit speaker"),
        ("run baselines evaluation.cluster=speakers", "evaluation.cluster speaker"),
        (f"{SINGLE} corpus.name=???", "corpus.name"),
        (f"{SINGLE} name=../../x", "name ../../x paths.runs"),
        ("run baselines -m name=/tmp/x", "name /tmp/x paths.runs"),
        ("run baselines name=a/./b", "name a/./b paths.runs"),
    ],
)
def test_mistake(standpunt, files, command, mentions):
    before = listing(files)
    done = standpunt(*command.split())
    check(done, 2, *mentions.split())
    assert done.stdout == ""
    assert listing(files) == before


def test_every_wrong_layer_of_a_corpus_is_told(standpunt, corpus, tmp_path):
    first, second, *rest = sorted((tmp_path / "small").glob("*/*.jsonl"))
    for path in (first, second):
        path.write_text("{}\n")
    done = standpunt("check", corpus)
    assert done.returncode == 2
    one, other = done.stderr.splitlines()
    assert (first.name in one, second.name in other) == (True, True)
    assert len(done.stdout.splitlines()) == len([path for path in rest if path.name.count(".") == 2])


@pytest.mark.parametrize("place", [None, "nothing"])
def test_missing_transcript(standpunt, tmp_path, place):
    env = {VARIABLE: place} if place else {}
    check(standpunt("labels", "tk-ukraine", env=env), 2, VARIABLE, *env.values())
    assert listing(tmp_path) == []
    check(standpunt("run", "ukraine", "debug=smoke", "model=majority", env=env), 2, VARIABLE, *env.values())
    assert listing(tmp_path) == []


def test_no_command_shows_the_help(standpunt):
    done = standpunt()
    assert "Usage: standpunt" in done.stdout + done.stderr
    assert "standpunt: Usage" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    ["turns good.txt", "turns good.txt --format csv", "turns good.txt --format table", "labels fictional", "--help"]
    + ["run baselines --show-config", SINGLE],
)
def test_full_standard_output(program, files, command):
    with open("/dev/full", "w") as full:
        done = program(*command.split(), stdout=full)
    check(done, 1, "No space left on device")


@pytest.fixture
def small_disk(tmp_path):
    """Mount a file system of 16 kilobytes."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_full_disk_keeps_the_older_file(standpunt, files, small_disk, suffix):
    (small_disk / f"out.{suffix}").write_text("last year's")
    done = standpunt("predict", "model", "good.txt", "--issues", "all", "--out", f"small/out.{suffix}", "--force")
    check(done, 1, f"small/out.{suffix}", "No space left on device")
    assert listing(small_disk) == [f"out.{suffix}"]
    assert (small_disk / f"out.{suffix}").read_text() == "last year's"


@pytest.mark.parametrize("mode", ["RUN", "MULTIRUN"])
def test_full_disk_leaves_no_run(standpunt, small_disk, mode):
    done = standpunt("run", "baselines", "debug=smoke", "model=majority", "paths.runs=small", f"hydra.mode={mode}")
    check(done, 1, "No space left on device")
    assert [name for name in listing(small_disk) if "majority" in name] == []


@pytest.mark.parametrize("out", ["/proc/out.csv", "/dev/null/out.csv", "x" * 300 + ".csv"])
def test_file_that_cannot_be_made(standpunt, files, out):
    before = listing(files)
    done = standpunt("predict", "model", "good.txt", "--issues", "all", "--out", out)
    check(done, done.returncode, out[:40])
    assert done.returncode in (1, 2)
    assert listing(files) == before


def test_folder_that_cannot_be_made_for_runs(standpunt, files):
    before = listing(files)
    for mode in ("RUN", "MULTIRUN"):
        for place in ("good.txt", "/proc/runs"):
            done = standpunt(*SINGLE.split(), f"hydra.mode={mode}", f"paths.runs={place}")
            check(done, 2, place, "paths.runs")
            assert listing(files) == before
