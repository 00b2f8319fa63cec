"""Printing tables: in a pipe as long as they need, on a terminal with nothing cut, and CSV that a spreadsheet opens."""

import re

import pytest

from standpunt.cli import output
from standpunt.cli.output import print_table
from standpunt.evaluation.trust import Tally

AGREEMENT = ("issue", "turns", "alpha", "alpha_low", "alpha_high", "pairs", "stance_alpha", "same_stance")
ROW = ("boots_on_the_ground", "214", "0.9153", "0.8608", "0.9613", "66", "0.8418", "0.8939")
SCORES = ("model", "macro-F1", "favor/against F1", "MCC", "accuracy at 80 %", "ECE")
INTERVALS = ("majority", *["0.53 ±0.01 [0.47, 0.58]"] * 4, "0.08")


@pytest.fixture
def terminal(monkeypatch, capsys):
    """Return a function that prints a table on a terminal of so many columns and returns its lines."""

    def show(width, columns, rows, title=None):
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(output.sys.stdout, "isatty", lambda: True, raising=False)
        print_table(columns, rows, title)
        return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()

    return show


def test_lines_in_a_pipe_are_as_long_as_they_need(capsys):
    columns = [f"model {number} with a long name" for number in range(40)]
    print_table(columns, [["0.50 [0.40, 0.60]"] * 40], "a title")
    printed = capsys.readouterr().out
    assert all(column in printed for column in columns)
    assert "…" not in printed


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize(("columns", "row"), [(AGREEMENT, ROW), (SCORES, INTERVALS)])
def test_on_a_terminal_nothing_is_cut(terminal, width, columns, row):
    lines = terminal(
        width, columns, [row, row], "a title that is longer than sixty letters, so that it has to be broken"
    )
    assert max(map(len, lines)) <= width
    printed = " ".join(" ".join(lines).split())
    assert "…" not in printed
    for cell in (*columns, *row):
        assert all(word in printed for word in output._BLANK.split(cell)), cell  # an interval stays in one piece


def test_a_table_that_fits_when_its_cells_are_broken_stays_a_table(terminal):
    lines = terminal(80, SCORES, [("majority", *["0.53 [0.47, 0.58]"] * 4, "0.08")])
    assert [line.split() for line in lines if "majority" in line] == [["majority", *["0.53"] * 4, "0.08"]]
    assert sum(line.count("[0.47, 0.58]") for line in lines) == 4


def test_a_stacked_table_leaves_out_what_is_empty(terminal):
    lines = terminal(40, AGREEMENT, [(*ROW[:2], "", *ROW[3:])])
    assert lines[1] == "issue: boots_on_the_ground"
    assert not any("alpha: " in line and "stance_alpha" not in line for line in lines)


def test_paths_are_not_cut_and_long_texts_are():
    assert output._short("/a" * 200) == "/a" * 200
    assert len(output._short("woord " * 200)) == output._LONGEST
    assert output._short(Tally(1, 1, 1, 1).share) == "1.0"
