"""A line a run on a terminal, nothing in a log."""

import json
import sys

from standpunt.cli.run_progress import run_progress


def add_run(sweep, name, **status):
    hidden = sweep / f".{name}"  # runs appear whole
    hidden.mkdir()
    (hidden / "status.json").write_text(json.dumps(status))
    hidden.rename(sweep / name)


def test_a_line_for_each_run_that_ends(tmp_path, monkeypatch, capsys):
    where = []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with run_progress(2, lambda: where[0] if where else None, seconds=0.01):
        where.append(tmp_path)
        add_run(tmp_path, "a", state="finished", seconds=12.4, job=0)
        add_run(tmp_path, "b", state="failed", job=1)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["[1/2] finished in 12 s: a", "[2/2] failed: b"]


def test_nothing_is_shown_in_a_log_or_for_a_single_run(tmp_path, capsys):
    add_run(tmp_path, "a", state="finished", job=0)
    with run_progress(2, lambda: tmp_path, seconds=0.01):
        pass
    assert capsys.readouterr() == ("", "")


def test_a_single_run_has_no_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    add_run(tmp_path, "a", state="finished", job=0)
    with run_progress(1, lambda: tmp_path, seconds=0.01):
        pass
    assert capsys.readouterr() == ("", "")
