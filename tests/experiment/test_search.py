"""A search: on dev rows only, the same after a kill, and the best settings run once."""

import importlib.util
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset

from standpunt.corpora.rows import column
from standpunt.errors import InputError, RunError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, SearchConfig, SplitConfig
from standpunt.experiment.preparation import prepare
from standpunt.experiment.progress import Progress
from standpunt.experiment.search import STUDY, TRIALS, Development, run_search
from standpunt.models.tfidf import TfidfConfig
from standpunt.results.runs import runs_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("optuna") is None, reason="Optuna is not installed (standpunt[search])"
    ),
]
SPACE = {"model.c": {"low": 0.01, "high": 10.0, "log": True}, "model.max_ngram": [1, 2]}


def composer(**search):
    """Return a function that makes the configuration with overrides of the model's settings."""
    settings = {"sampler": "tpe", "trials": 3, "space": SPACE} | search
    split = settings.pop("split", SplitConfig("time_forward"))

    def compose(*overrides):
        model = TfidfConfig("tfidf", "tfidf")
        for override in overrides:
            key, _, value = override.partition("=")
            name = key.removeprefix("model.")
            setattr(model, name, type(getattr(model, name))(float(value)))
        return Config(
            "trial",
            corpus=CorpusConfig("fictional"),
            split=split,
            model=model,
            evaluation=EvaluationConfig(resamples=10, test=["contrast"]),
            search=SearchConfig(**settings),
            save_model=False,
            limit_rows=150,
        )

    return compose


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    return run_search(composer(), tmp_path_factory.mktemp("runs"))


def test_the_best_trial_is_run_once(outcome):
    trials = pd.read_csv(outcome.folder / TRIALS)
    assert len(trials) == outcome.trials == 3
    assert outcome.value == trials["macro_f1"].max()
    best = trials.loc[trials["macro_f1"].idxmax(), "overrides"]
    assert outcome.overrides == tuple(best.split())
    (run,) = runs_in(outcome.folder)
    assert run.folder == outcome.run.folder
    assert run.finished
    assert f"model.c={run.config()['model']['c']}" in outcome.overrides
    assert "fictional" in {record["corpus"] for record in run.metrics()}


def test_a_search_that_was_killed_goes_on_as_if_it_had_not_been(outcome, tmp_path):
    class Killed(BaseException):
        pass

    def kill(done, total):
        assert total == 3
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        run_search(composer(), tmp_path, progress=Progress(show=kill))
    (folder,) = tmp_path.iterdir()
    again = run_search(composer(), tmp_path, folder)
    assert (again.folder, again.trials) == (folder, 3)
    assert (again.overrides, again.value) == (outcome.overrides, outcome.value)
    assert len((folder / STUDY).read_text().splitlines()) > 0


def test_resumed_at_its_end_nothing_is_run_again(outcome):
    again = run_search(composer(), outcome.folder.parent, outcome.folder)
    assert again == outcome


def test_another_search_is_not_gone_on_with(outcome):
    with pytest.raises(InputError, match="the search there is another one"):
        run_search(composer(sampler="random"), outcome.folder.parent, outcome.folder)


def test_dev_rows_are_neither_trained_on_nor_tested_on():
    config = composer()()
    fold = Development(config).fold
    prepared = prepare(config, tests=False)
    (outer,), rows = prepared.folds, prepared.corpora[0].rows
    assert prepared.tests == ()
    assert not set(fold.train) & set(fold.test)
    assert not (set(fold.train) | set(fold.test)) & set(outer.test)
    speakers = np.array(column(rows, "speaker"))
    assert not set(speakers[fold.train]) & set(speakers[fold.test])


def test_labels_of_test_rows_play_no_part():
    config = composer()()
    development = Development(config)
    before = development.score(config)
    prepared = development._prepared
    (outer,), rows = prepared.folds, prepared.corpora[0].rows.to_pandas()
    rows.loc[outer.test, "label"] = "neutral"
    changed = replace(prepared.corpora[0], rows=Dataset.from_pandas(rows, preserve_index=False))
    development._prepared = replace(prepared, corpora=(changed,))
    assert development.score(config) == before


def test_a_split_that_tests_on_every_row_is_refused(tmp_path):
    with pytest.raises(InputError, match="tests on every row"):
        run_search(composer(split=SplitConfig("leave_one_out", "debate")), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "space",
    [
        {"split.seed": [0, 1]},
        {"evaluation.cluster": ["speaker"]},
        {"model.c": []},
        {"model.c": 3},
        {"model.c": {"low": 2, "high": 1}},
        {"model.c": {"low": 0, "high": 1, "log": True}},
        {"model.c": {"low": 1, "high": 2, "between": 3}},
        {"model.c": {"low": 0.1, "high": 2, "log": True, "step": 0.1}},
        {"model.c": {"low": 0.1, "high": 2, "step": -1}},
        {"model.c": {"low": 0.1, "high": 2, "step": "abc"}},
        {"model.max_ngram": {"low": 1, "high": 3, "step": 0.5}},
        {"model.max_ngram": {"low": 1, "high": 3, "step": 0}},
        {},
    ],
    ids=str,
)
def test_spaces_that_are_none_are_refused(tmp_path, space):
    with pytest.raises(InputError, match=r"search\.space"):
        run_search(composer(space=space), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_search_whose_trials_all_fail_says_why(tmp_path, monkeypatch):
    def fail(self, config):
        raise InputError("no such encoder")

    monkeypatch.setattr(Development, "score", fail)
    with pytest.raises(RunError, match="all 2 trials of the search failed: no such encoder"):
        run_search(composer(trials=2), tmp_path)
    (folder,) = tmp_path.iterdir()
    assert pd.read_csv(folder / TRIALS)["error"].tolist() == ["no such encoder"] * 2


@pytest.mark.parametrize(("key", "value"), [("sampler", "grid"), ("trials", 0), ("share", 1.0), ("unit", "word")])
def test_settings_out_of_range_are_refused(key, value):
    with pytest.raises(InputError, match=rf"search\.{key}"):
        SearchConfig(**{key: value})
