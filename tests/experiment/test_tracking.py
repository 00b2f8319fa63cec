"""Trackers: told of losses and scores, and writing nowhere but into the run folder."""

import importlib.util
import json
import os
import sys

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


def first(folder, pattern):
    return next(iter(folder.rglob(pattern)))


@pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed")
def test_mlflow_finds_the_run_in_its_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = run(config_of("mlflow"), tmp_path / "runs")
    assert done.finished, done.status
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=(done.folder / FOLDER).as_uri())
    experiment = client.get_experiment_by_name("trial")
    (found,) = client.search_runs([experiment.experiment_id])
    assert (found.info.run_name, found.info.status) == ("majority, seed 0", "FINISHED")
    assert found.data.params["corpus.name"] == "fictional"
    assert found.data.params["evaluation.resamples"] == "10"
    wanted = done.metrics()[0]["overall"]["scores"]["macro_f1"]["value"]
    assert found.data.metrics["scores/fictional/macro_f1"] == pytest.approx(wanted)
    assert os.listdir(tmp_path / "here") == []
    assert os.listdir(tmp_path / "runs") == [done.folder.name]


@pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed")
def test_mlflow_writes_to_the_store_that_is_named(told, tmp_path, monkeypatch):
    store = (tmp_path / "store").as_uri()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)
    for _ in range(2):
        done = run(config_of("mlflow"), tmp_path / "runs")
        assert done.finished, done.status
        assert os.listdir(done.folder / FOLDER) == []
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=store)
    found = client.search_runs([client.get_experiment_by_name("trial").experiment_id])
    assert len(found) == 2  # of one experiment
    (curve,) = [name for name in found[0].data.metrics if name.startswith("train/")]
    assert [(one.value, one.step) for one in client.get_metric_history(found[0].info.run_id, curve)] == [(0.5, 10)]


def kept_by_wandb(content):
    """Yield the records of an offline run: LevelDB's log format, blocks of 32 KiB with pieces of records."""
    place, block, record = 7, 32768, b""  # behind the mark of the file
    while place + 7 <= len(content):
        if block - place % block < 7:  # too short for a piece
            place += block - place % block
        length, kind = int.from_bytes(content[place + 4 : place + 6], "little"), content[place + 6]
        record += content[place + 7 : place + 7 + length]
        place += 7 + length
        if kind in (1, 4):  # whole, or the last piece
            yield record
            record = b""


@pytest.mark.skipif(importlib.util.find_spec("wandb") is None, reason="Weights & Biases is not installed")
def test_wandb_keeps_the_run_in_its_folder_and_sends_nothing(told, tmp_path, monkeypatch):
    from wandb.proto.wandb_internal_pb2 import Record

    monkeypatch.delenv("WANDB_MODE", raising=False)
    for name in ("CACHE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"WANDB_{name}_DIR", str(tmp_path / name))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = run(config_of("wandb"), tmp_path / "runs")
    assert done.finished, done.status
    logged, settings, title = {}, {}, ""
    for data in kept_by_wandb(first(done.folder / FOLDER, "*.wandb").read_bytes()):
        record = Record()
        record.ParseFromString(data)
        for item in record.history.item:
            logged["/".join(item.nested_key) or item.key] = json.loads(item.value_json)
        for item in record.run.config.update:
            settings[item.key] = json.loads(item.value_json)
        title = record.run.display_name or title
    wanted = done.metrics()[0]["overall"]["scores"]["macro_f1"]["value"]
    assert logged["scores/fictional/macro_f1"] == pytest.approx(wanted)
    assert [value for name, value in logged.items() if name.endswith("/loss")] == [0.5]
    assert settings["corpus.name"] == "fictional"
    assert title == "majority, seed 0"
    assert os.listdir(tmp_path / "here") == []


@pytest.mark.parametrize(
    ("name", "package"), [("mlflow", "mlflow"), ("wandb", "wandb"), ("tensorboard", "torch.utils")]
)
def test_a_tracker_that_is_not_installed_says_what_to_install(tmp_path, monkeypatch, name, package):
    monkeypatch.setitem(sys.modules, {"torch.utils": "torch.utils.tensorboard"}.get(package, package), None)
    done = run(config_of(name), tmp_path)
    assert (done.finished, done.status["exit_code"]) == (False, 2)
    assert f"pip install 'standpunt[{name}]'" in done.status["error"]
