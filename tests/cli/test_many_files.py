"""`standpunt predict` and `standpunt check` on many files, and files that hold several debates."""

import csv
import io
import json

import pandas as pd
import pytest

from standpunt import Model, predict_debate
from standpunt.prediction.folder import read_predictions
from standpunt.readers import read_debates
from standpunt.readers.inspection import COLUMNS

GOOD = (("De voorzitter", "Het woord is aan mevrouw Smit."), ("Mevrouw Smit (Geel)", "Voorzitter. De brug is oud."))
ODD = (("Mevrouw Smit (Geel)", "De brug is oud."), ("Mevrouw Smit (Paars)", "De brug is nieuw."))


def item(number):
    return (
        f"<agendapunt><item-titel>Brug {number}</item-titel><spreekbeurt nieuw='ja'><spreker><voorvoegsels>Mevrouw"
        "</voorvoegsels> <naam>Smit</naam> (<politiek>Geel</politiek>)</spreker><tekst>"
        f"<al>Voorzitter. Brug {number} is scheef.</al></tekst></spreekbeurt></agendapunt>"
    )


@pytest.fixture
def files(tmp_path, report):
    """Put two good files (a report, a sitting of two debates), an odd and an unreadable one into the folder."""
    (tmp_path / "good.txt").write_text(report(*GOOD), "utf-8")
    (tmp_path / "odd.txt").write_text(report(*ODD), "utf-8")
    (tmp_path / "notes.txt").write_text("Geen verslag.\n")
    items = f"<handelingen>{item(1)}{item(2)}</handelingen>"
    (tmp_path / "sitting.xml").write_text(f"<officiele-publicatie>{items}</officiele-publicatie>", "utf-8")


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def outcome(done):
    return done.returncode, done.stdout, done.stderr


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("files")]


def test_several_files_become_a_folder(standpunt, trained, tmp_path):
    done = standpunt("predict", "--issues", "all", trained, "good.txt", "sitting.xml", "--out", "out")
    assert outcome(done) == (0, "", "6 rows of 2 files: out\n")
    found = read_predictions(tmp_path / "out")
    assert found.groupby("file").size().to_dict() == {"good.txt": 2, "sitting.xml": 4}
    (debate,) = read_debates(tmp_path / "good.txt")
    rows = found[found["file"] == "good.txt"].drop(columns=["file", "year"]).reset_index(drop=True)
    expected = predict_debate(Model.load(trained), debate, brought_up=False)
    pd.testing.assert_frame_equal(rows, expected.astype(rows.dtypes))  # Parquet keeps None as what its column calls so


ASKED = ("--issues", "all")
DOUBTFUL = "De voorzitter:\nWelkom.\nJan Smit (Geel):\nDank.\nMevrouw Smit (Geel):\nDank.\n"
WARNING = "standpunt: doubtful.txt: header-like text not taken: 1 (line 3); see standpunt check"


@pytest.mark.parametrize("more", [[], ["good.txt"], ["good.txt", "--workers", 2]], ids=["alone", "of two", "elsewhere"])
def test_a_report_that_is_doubtful_is_warned_of(standpunt, trained, tmp_path, more):
    (tmp_path / "doubtful.txt").write_text(DOUBTFUL, "utf-8")
    done = standpunt(
        "predict", "--issues", "all", trained, "doubtful.txt", *more, "--out", "out" if more else "out.csv"
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert [line for line in done.stderr.splitlines() if line.startswith("standpunt")] == [WARNING]


def test_check_says_where_something_is_odd(standpunt, tmp_path):
    (tmp_path / "doubtful.txt").write_text(DOUBTFUL, "utf-8")
    done = standpunt("check", "doubtful.txt")
    assert (done.returncode, done.stderr) == (0, "")
    (record,) = records(done.stdout)
    assert record["oddities"] == {"header-like text not taken": 1}
    assert record["places"] == {"header-like text not taken": "line 3"}


def test_date_is_given_where_a_report_does_not_say(standpunt, trained, tmp_path):
    for names, out in ((["good.txt"], "one.parquet"), (["good.txt", "odd.txt"], "out")):
        done = standpunt("predict", "--issues", "all", trained, *names, "--out", out, "--date", "2031-03-04")
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    found = read_predictions(tmp_path / "out")
    assert (set(found["year"]), set(found["date"])) == ({"2031"}, {"2031-03-04"})
    done = standpunt("predict", "--issues", "all", trained, "good.txt", "--out", "two.csv", "--date", "4 maart 2031")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("expected a day as YYYY-MM-DD, e.g. 2025-09-11\n")


def test_a_second_call_does_what_is_left(standpunt, trained):
    assert standpunt("predict", "--issues", "all", trained, "good.txt", "odd.txt", "--out", "out").returncode == 0
    done = standpunt("predict", "--issues", "all", trained, "good.txt", "odd.txt", "--out", "out")
    assert outcome(done) == (0, "", "nothing to do, all files were done before: out\n")
    done = standpunt(
        "predict", "--issues", "all", trained, "good.txt", "odd.txt", "sitting.xml", "--out", "out", "--workers", 2
    )
    assert outcome(done) == (0, "", "4 rows of 1 files: out\n")


@pytest.mark.parametrize("out", ["out", "v1.0"])
def test_one_file_goes_into_a_folder_that_is_there(standpunt, trained, tmp_path, out):
    (tmp_path / out).mkdir()
    assert outcome(standpunt("predict", "--issues", "all", trained, "good.txt", "--out", out)) == (
        0,
        "",
        f"2 rows of 1 files: {out}\n",
    )


def test_a_folder_with_one_report_becomes_a_folder(standpunt, trained, tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "good.txt").rename(tmp_path / "reports" / "good.txt")
    done = standpunt("predict", trained, "reports", *ASKED, "--out", "new")
    assert (done.returncode, len(read_predictions(tmp_path / "new"))) == (0, 2), done.stderr
    done = standpunt("predict", trained, "reports", *ASKED, "--out", "new.csv")
    assert (done.returncode, len(pd.read_csv(tmp_path / "new.csv"))) == (0, 2), done.stderr
    done = standpunt("predict", trained, "reports/good.txt", *ASKED, "--out", "newer")
    assert (done.returncode, "unknown output format" in done.stderr) == (2, True)


def test_what_cannot_be_read_is_told_and_the_others_are_done(standpunt, trained, tmp_path):
    done = standpunt("predict", "--issues", "all", trained, "notes.txt", "good.txt", "missing.txt", "--out", "out")
    assert (done.returncode, done.stdout) == (2, "")
    first, summary, last = done.stderr.splitlines()
    assert first.startswith("standpunt: notes.txt: no speaker header")
    assert summary == "2 rows of 1 files: out"
    assert last.startswith("standpunt: missing.txt: cannot be read")
    assert last.endswith("(2 of 3 files could not be read)")
    assert set(read_predictions(tmp_path / "out")["file"]) == {"good.txt"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--out", "out", "--issues", "no_fly_zon"], "unknown issue"),
        (["--out", "out", "--engine", "rya"], "--engine"),
        (["--out", "out", "--workers", 0], "--workers"),
        (["--out", "mine.txt"], "mine.txt"),
        ([], "--out"),
    ],
)
def test_mistakes_are_told_in_one_line_with_exit_code_2(standpunt, trained, tmp_path, arguments, why):
    (tmp_path / "mine.txt").write_text("mine")
    done = standpunt("predict", "--issues", "all", trained, "good.txt", "odd.txt", *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("standpunt: ")
    assert done.stderr.count("\n") == 1
    assert why in done.stderr
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_folder_of_other_issues_is_refused(standpunt, trained):
    assert standpunt("predict", "--issues", "all", trained, "good.txt", "odd.txt", "--out", "out").returncode == 0
    done = standpunt(
        "predict", "--issues", "all", trained, "good.txt", "odd.txt", "--out", "out", "--issues", "no_fly_zone"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "for other issues" in done.stderr


def test_partial_holds_for_several_files_too(standpunt, trained, tmp_path, report):
    (tmp_path / "part.txt").write_text(report(*GOOD).replace(" oud.\n", ""), "utf-8")
    arguments = ("predict", "--issues", "all", trained, "part.txt", "good.txt", "--out", "out")
    assert standpunt(*arguments).returncode == 2
    done = standpunt(*arguments, "--partial")
    assert (done.returncode, done.stderr) == (0, "2 rows of 1 files: out\n")


def test_a_file_of_several_debates_into_one_table(standpunt, trained, tmp_path):
    # Either all of them are in it, or what is said about it can be followed on the command line.
    done = standpunt("predict", "--issues", "all", trained, "sitting.xml", "--out", "a.csv")
    if done.returncode == 0:
        assert len(pd.read_csv(tmp_path / "a.csv")) == 4
    else:
        assert "2 debates" in done.stderr
        assert "folder" in done.stderr
        assert "read_debates" not in done.stderr


def test_turns_and_motions_of_every_debate_in_a_file(standpunt, tmp_path):
    debates = list(read_debates(tmp_path / "sitting.xml"))
    assert [debate.title for debate in debates] == ["Brug 1", "Brug 2"]
    done = standpunt("turns", "sitting.xml")
    assert (done.returncode, done.stderr) == (0, "")
    assert records(done.stdout) == [turn.record() for debate in debates for turn in debate.turns]
    assert outcome(standpunt("motions", "sitting.xml")) == (0, "", "")


def test_check_as_json_lines(standpunt):
    done = standpunt("check", "good.txt", "sitting.xml", "odd.txt")
    assert (done.returncode, done.stderr) == (0, "")
    good, one, two, odd = records(done.stdout)
    assert tuple(good) == COLUMNS
    counts = ("file", "turns", "chair", "speakers", "parties", "motions", "words", "oddities")
    assert [good[name] for name in counts] == ["good.txt", 2, 1, 1, 1, 0, 11, {}]
    assert [(record["file"], record["title"]) for record in (one, two)] == [
        ("sitting.xml", "Brug 1"),
        ("sitting.xml", "Brug 2"),
    ]
    assert one["oddities"] == {"no chair": 1}
    assert odd["oddities"] == {"no chair": 1, "one speaker in two parties": 1}


def test_check_as_csv_and_as_a_table(standpunt):
    as_csv = standpunt("check", "good.txt", "odd.txt", "--format", "csv")
    assert (as_csv.returncode, as_csv.stderr) == (0, "")
    good, odd = csv.DictReader(io.StringIO(as_csv.stdout.removeprefix("\ufeff")))
    assert (tuple(good), good["file"], good["turns"]) == (COLUMNS, "good.txt", "2")
    assert json.loads(odd["oddities"]) == {"no chair": 1, "one speaker in two parties": 1}
    as_table = standpunt("check", "good.txt", "odd.txt", "--format", "table")
    assert (as_table.returncode, as_table.stderr) == (0, "")
    head, *lines = [line for line in as_table.stdout.splitlines() if line.strip(" ─-")]
    assert tuple(head.split()) == COLUMNS
    assert [line.split()[0] for line in lines] == ["good.txt", "odd.txt"]
    assert "no chair: 1, one speaker in two parties: 1" in lines[1]


@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_check_tells_unreadable_files_and_prints_the_others(standpunt, form):
    done = standpunt("check", "notes.txt", "good.txt", "missing.txt", "--format", form)
    assert done.returncode == 2
    assert done.stdout.count("good.txt") == 1
    assert "notes.txt" not in done.stdout
    first, last = done.stderr.splitlines()
    assert first.startswith("standpunt: notes.txt: no speaker header")
    assert last.startswith("standpunt: missing.txt: cannot be read")


def test_check_keeps_the_debates_before_a_break(standpunt, tmp_path):
    text = (tmp_path / "sitting.xml").read_text("utf-8")
    (tmp_path / "cut.xml").write_text(text[: -len("</agendapunt></handelingen></officiele-publicatie>")], "utf-8")
    done = standpunt("check", "cut.xml")
    assert done.returncode == 2
    assert [record["title"] for record in records(done.stdout)] == ["Brug 1"]
    assert done.stderr.startswith("standpunt: cut.xml: not well-formed XML")
    assert done.stderr.count("\n") == 1


def test_folders_and_lists_of_files(standpunt, trained, tmp_path):
    for name in ("in/one.txt", "in/deep/two.txt", "in/readme.md", "in/.hidden.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((tmp_path / "good.txt").read_text("utf-8") + f"\nDit is {name}.\n", "utf-8")
    (tmp_path / "list").write_text("good.txt\n\nin\n", "utf-8")
    taken = "2 files taken from folders (.txt 2); 1 others left out (.md 1)"
    for number, arguments in enumerate((("in", "good.txt"), ("--files-from", "list"), ("in", "--files-from", "list"))):
        done = standpunt("predict", trained, *arguments, *ASKED, "--out", f"out{number}")
        assert done.returncode == 0, done.stderr
        lines = done.stderr.splitlines()
        assert lines[0].startswith("4 files taken" if number == 2 else taken)
        assert lines[-1].endswith(f" of 3 files: out{number}")
        assert len(set(read_predictions(tmp_path / f"out{number}")["file"])) == 3
    done = standpunt("predict", trained, "in", "good.txt", *ASKED, "--out", "out0")
    assert done.stderr.splitlines()[-1] == "nothing to do, all files were done before: out0"
    apart = standpunt("predict", trained, "in", *ASKED, "--out", "apart", "--part-size", 0)
    assert apart.returncode == 0, apart.stderr
    assert len(list((tmp_path / "apart").glob("year=*/part-*"))) == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["empty"], "empty: no reports in this folder"),
        (["good.txt", "empty"], "empty: no reports in this folder"),
        (["--files-from", "none"], "none: cannot be read"),
        ([], "name reports, folders of them, or --files-from a list"),
        (["empty", "good.txt", "odd.txt"], "no model.json in it"),
        (["good.txt", "--part-size", -1], "--part-size"),
    ],
)
def test_folders_and_lists_that_name_nothing(standpunt, tmp_path, arguments, why):
    (tmp_path / "empty").mkdir()
    done = standpunt("predict", *arguments, "--out", "out")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.count("\n") == 1
    assert why in done.stderr
    assert not (tmp_path / "out").exists()
