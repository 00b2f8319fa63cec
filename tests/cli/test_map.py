"""`standpunt map`, on a small folder of predictions."""

import re

import pandas as pd
import pytest

from fictional_predictions import write_folder
from predicted_rows import a_few
from standpunt.analysis.across.positions import MIN_DEBATES, MIN_TURNS
from standpunt.cli import map as command
from standpunt.prediction.output import write_predictions

ALL = ("--min-turns", 1, "--min-debates", 1, "--resamples", 50)


@pytest.fixture
def rows():
    return a_few()


@pytest.fixture
def folder(rows, tmp_path):
    return write_folder(rows, tmp_path / "predictions")


@pytest.fixture
def standpunt(standpunt):
    """Return a function that runs the command and returns its exit code, standard output and standard error."""

    def call(*arguments):
        done = standpunt(*arguments)
        return done.returncode, done.stdout, done.stderr

    return call


def test_prints_a_table_for_each_issue(standpunt, folder):
    code, out, err = standpunt("map", folder, "--by", "party,year", *ALL)
    assert code == 0
    assert "green_bridges: 17 turns, 4 debates; model: usable (9 of 10 right)" in out
    assert re.search(r"^ Bomen +2033 +▼ -0\.6\d +\[-\d\.\d\d, -?\d\.\d\d\] +2/2/1 *$", out, re.M)
    assert "tunnels: 1 turn, 1 debate" in out
    assert "debates and speakers resampled" in out
    assert "1 of 18 stances are of speakers without a party" in err


def test_a_file_of_predictions_will_do(standpunt, rows, folder, tmp_path):
    write_predictions(rows, tmp_path / "all.csv")
    code, out, err = standpunt("map", "all.csv", *ALL)
    assert code == 0, err
    assert out == standpunt("map", folder, *ALL)[1]
    code, _, err = standpunt("map", "all.csv", *ALL, "--out", "all.csv")
    assert (code, "lies among the predictions" in err) == (2, True)


def test_tables_fit_a_terminal_of_80_columns(standpunt, folder):
    _, out, _ = standpunt("map", folder, "--by", "party,quarter", *ALL)
    assert max(map(len, out.splitlines())) <= 80


def test_issues_that_are_rarely_addressed_are_left_out_and_that_is_said(standpunt, folder):
    code, out, err = standpunt("map", folder, "--min-turns", 2, "--min-debates", 2)
    assert code == 0
    assert "tunnels" not in out
    assert "1 of 2 issues are shown: those that at least 2 turns in at least 2 debates address" in err
    code, out, err = standpunt("map", folder)
    assert (code, out) == (0, "")
    assert "No issue is addressed often enough; see --min-turns" in err


def test_an_issue_that_is_named_is_shown_however_often(standpunt, folder):
    code, out, _ = standpunt("map", folder, "--issues", "tunnels")
    assert code == 0
    assert "tunnels" in out
    assert "green_bridges" not in out


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_out_has_every_cell_with_trust_and_versions(standpunt, folder, tmp_path, suffix):
    code, _, err = standpunt("map", folder, "--by", "party,year", *ALL, "--out", f"cells.{suffix}")
    path = tmp_path / f"cells.{suffix}"
    readers = {
        "csv": pd.read_csv,
        "jsonl": lambda path: pd.read_json(path, lines=True),
        "parquet": pd.read_parquet,
    }
    table = readers[suffix](path)
    assert code == 0
    assert f"{len(table)} rows: cells.{suffix}" in err
    assert list(table) == [
        "issue", "party", "year", "value", "low", "high", "turns", "debates", "speakers", "trust", "measured_right",
        "measured_of", "model", "standpunt_version",
    ]  # fmt: skip
    assert len(table) == 10
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    assert set(table["model"]) == {"small"}


def test_parquet_says_what_it_rests_on(standpunt, folder, tmp_path):
    from pyarrow import parquet

    standpunt("map", folder, *ALL, "--out", "cells.parquet")
    notes = parquet.read_metadata(tmp_path / "cells.parquet").metadata
    assert notes[b"resamples"] == b"50"
    assert notes[b"model"] == b"small"


def test_pictures(standpunt, folder, tmp_path):
    options = ("--heat-map", "h.png", "--course", "c.svg", "--parties", "p.pdf")
    code, _, err = standpunt("map", folder, "--by", "party,year", "--issues", "green_bridges", *options)
    assert code == 0, err
    assert (tmp_path / "h.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "c.svg").read_text("utf-8")
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")


def test_page(standpunt, folder, tmp_path):
    code, _, err = standpunt("map", folder, *ALL, "--page", "site", "--language", "nl")
    assert code == 0
    assert "page: site/index.html" in err
    assert "4 debatten" in (tmp_path / "site" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--by", "partij"), "unknown division of a map 'partij': did you mean 'party'?"),
        (("--by", ","), "nothing is named"),
        (("--issues", "bridges"), "unknown issue of the predictions 'bridges'"),
        (("--out", "cells.xlsx"), "cells.xlsx: expected a name that ends in .csv, .jsonl, .parquet"),
        (("--out", "nowhere/cells.csv"), "the folder nowhere does not exist"),
        (("--out", "predictions/cells.csv"), "lies among the predictions"),
        (("--page", "predictions/site"), "lies among the predictions"),
        (("--heat-map", "h.gif"), "h.gif: expected a name that ends in .png, .svg, .pdf"),
        (("--course", "c.png"), "--course: draws one issue, and 2 are shown; name one with --issues"),
        (("--parties", "p.png", "--issues", "tunnels"), "--parties: draws parties over time; divide by both"),
        (("--page", "full"), "full: exists already; choose a new folder for the pages"),
        (("--out", "cells.csv", "--course", "c.png"), "--course: draws one issue"),
        (("--delimiter", ";"), "--delimiter is for CSV"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(standpunt, folder, tmp_path, options, message):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    before = sorted(tmp_path.rglob("*"))
    code, _, err = standpunt("map", "predictions", *ALL, *options)
    assert code == 2
    assert message in " ".join(err.split())
    assert "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before


def test_no_folder_of_predictions_is_refused(standpunt, tmp_path):
    code, _, err = standpunt("map", "nowhere")
    assert code == 2
    assert "nowhere: there is no such folder; make one with standpunt predict REPORTS... --out nowhere" in err


def test_predictions_without_a_stance_are_refused(standpunt, rows, tmp_path):
    write_folder(rows[rows["label"] == "none"].reset_index(drop=True), tmp_path / "silent")
    code, _, err = standpunt("map", "silent", "--out", "cells.csv")
    assert code == 2
    assert "silent: no turn of its 4 debates takes a stance" in err
    assert not (tmp_path / "cells.csv").exists()


def test_the_defaults_of_the_command_are_those_of_the_function():
    assert (command._MIN_TURNS, command._MIN_DEBATES) == (MIN_TURNS, MIN_DEBATES)
