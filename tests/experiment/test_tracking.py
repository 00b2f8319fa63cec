"""Trackers: told of losses and scores, and writing nowhere but into the run folder."""

import importlib.util
import os

import pytest

from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, SplitConfig, TrackerConfig
from standpunt.experiment.run import config_hash, run
from standpunt.experiment.tracking import FOLDER, TRACKERS, Tracker
from standpunt.models.controls.majority import Majority, MajorityConfig


def config_of(tracker):
    return Config(
        "trial",
        corpus=CorpusConfig("fictional"),
        split=SplitConfig("time_forward"),
        model=MajorityConfig("majority", "majority"),
        evaluation=EvaluationConfig(resamples=10),
        tracker=TrackerConfig(tracker),
        save_model=False,
        limit_rows=60,
    )


@pytest.fixture
def told(monkeypatch):
    """Register a tracker that notes what it is told, and a model that goes in steps; return the notes."""
    monkeypatch.setattr(TRACKERS, "_things", dict(TRACKERS._things))
    notes = []

    @TRACKERS.register("notes")
    class Notes(Tracker):
        def log(self, values, step):
            notes.extend((name, value, step) for name, value in values.items())

        def close(self):
            notes.append(("closed", self.folder.name, self.folder.parent.name))

    fit = Majority._fit

    def in_steps(self, *args):
        if self.watch:
            self.watch(3, 3, float("nan"))  # texts that are read before anything is learnt have no loss
            self.watch(10, 20, 0.5)
        fit(self, *args)

    monkeypatch.setattr(Majority, "_fit", in_steps)
    return notes


def test_tracker_is_told_losses_and_scores_and_closed(told, tmp_path):
    done = run(config_of("notes"), tmp_path)
    assert done.finished, done.status
    losses = [entry for entry in told if entry[0].startswith("train/")]
    assert [entry[1:] for entry in losses] == [(0.5, 10)]  # one split; no model of all rows where none is kept
    scores = {name: value for name, value, _ in told if name.startswith("scores/fictional/")}
    assert scores["scores/fictional/macro_f1"] == done.metrics()[0]["overall"]["scores"]["macro_f1"]["value"]
    assert told[-1][0] == "closed"
    assert (done.folder / FOLDER).is_dir()


def test_tracker_is_closed_where_the_run_fails(told, tmp_path, monkeypatch):
    def fail(self, *args):
        raise ZeroDivisionError

    monkeypatch.setattr(Majority, "_fit", fail)
    done = run(config_of("notes"), tmp_path)
    assert not done.finished
    assert [entry[0] for entry in told] == ["closed"]


def test_unknown_tracker_fails_the_run_with_a_hint(tmp_path):
    done = run(config_of("tensorbord"), tmp_path)
    assert (done.finished, done.status["exit_code"]) == (False, 2)
    assert "did you mean 'tensorboard'" in done.status["error"]


def test_tracker_does_not_change_what_a_run_is():
    assert config_hash(config_of("none")) == config_hash(config_of("tensorboard"))


@pytest.mark.skipif(importlib.util.find_spec("tensorboard") is None, reason="TensorBoard is not installed")
def test_tensorboard_gets_the_scores_and_nothing_is_written_elsewhere(tmp_path, monkeypatch):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = run(config_of("tensorboard"), tmp_path / "runs")
    assert done.finished, done.status
    events = EventAccumulator(str(done.folder / FOLDER))
    events.Reload()
    (point,) = events.Scalars("scores/fictional/macro_f1")
    wanted = done.metrics()[0]["overall"]["scores"]["macro_f1"]["value"]
    assert point.value == pytest.approx(wanted, abs=1e-6)
    assert os.listdir(tmp_path / "here") == []
    assert os.listdir(tmp_path / "runs") == [done.folder.name]
