"""Progress of a training: a bar on a terminal, nothing elsewhere."""

import io
import sys

import pytest
from rich.console import Console
from rich.progress import track

from standpunt.cli.progress import file_progress, say, show, training_progress, watching_models, working
from standpunt.models import Model, build
from standpunt.models.controls.majority import MajorityConfig
from standpunt.prediction.block import Done


@pytest.fixture
def console():
    return Console(file=io.StringIO(), force_terminal=True, width=100)


def watched():
    return build(MajorityConfig(), ("favor", "against"), {}).watch


def test_bar_shows_examples_and_loss(console):
    with training_progress(console):
        watched()(16, 48, 1.25)
        watched()(48, 48, 0.5)
    shown = console.file.getvalue()
    assert "48/48" in shown
    assert "loss 0.500" in shown
    assert Model.watch is None


def test_each_training_has_a_bar_of_its_own_among_others(console):
    with training_progress(console):
        for _ in track(range(2), console=console, transient=True):
            watched()(16, 16, 1.0)
            watched()(7, 7, float("nan"))
    shown = console.file.getvalue()
    assert "16/16" in shown
    assert "7/7" in shown
    assert "nan" not in shown


def test_training_that_fails_leaves_the_terminal_as_it_was(console):
    def train():
        with training_progress(console):
            watched()(16, 48, 1.25)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train()
    assert Model.watch is None
    assert console.file.getvalue().count("\x1b[?25l") == console.file.getvalue().count("\x1b[?25h") > 0  # the cursor


def test_nothing_is_shown_in_a_log(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with training_progress():
        assert watched() is None
    assert log.getvalue() == ""


def test_on_a_terminal_it_is_shown_on_standard_error(monkeypatch, capsys):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with training_progress():
        watched()(16, 16, 1.0)
    assert "16/16" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_work_within_work_is_shown_in_its_place(console):
    with working("outer [1]", console):
        show(1, 4)
        with working("inner", console):
            show(2, 2)
        say("outer again")
        show(3, None, "so far")
    shown = console.file.getvalue()
    assert shown.index("outer [1]") < shown.index("inner") < shown.index("outer again")
    assert "2/2" in shown
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") > 0
    show(1, 1)  # nobody works


def test_models_tell_how_far_they_are_within_work_only(console):
    with watching_models():
        assert watched() is None
    with working("classifying", console), watching_models():
        watched()(50, 50, float("nan"))
    assert "50/50" in console.file.getvalue()
    assert Model.watch is None


def test_files_are_counted_nowhere_but_on_a_terminal(capsys):
    with file_progress(2) as advance:
        advance(Done("a.txt", rows=3))
        advance(Done("b.txt"))
    assert capsys.readouterr() == ("", "")
