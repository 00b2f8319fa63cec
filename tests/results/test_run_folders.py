"""Run folders: how they are named and found, and what is said of those that are not whole."""

import pytest

from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig
from standpunt.experiment.run import run
from standpunt.models.controls.majority import MajorityConfig
from standpunt.results.comparison import compare
from standpunt.results.runs import CONFIG, PREDICTIONS, STATUS, Run, latest, runs_in


@pytest.fixture
def made(tmp_path):
    """Return a function that makes a small run of a model of this name."""

    def make(name="majority"):
        model, few = MajorityConfig(name=name), EvaluationConfig(resamples=10)
        return run(
            Config("trial", corpus=CorpusConfig("fictional"), model=model, evaluation=few, limit_rows=40), tmp_path
        )

    return make


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (STATUS, "{}"),
        (CONFIG, None),
        (CONFIG, ""),
        (CONFIG, "model: ["),
        (CONFIG, "a: 1"),
        (PREDICTIONS, None),
        (PREDICTIONS, "x"),
    ],
)
def test_file_of_a_run_that_is_missing_or_damaged_is_named(made, name, content):
    path = made().folder / name
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=rf"{name}: .*damaged.* again or repeat the run"):
        compare([path.parent], resamples=10)


def test_run_of_a_model_with_any_name_is_found_in_its_sweep(made, tmp_path):
    made("groups/e5 large: ü")
    (found,) = runs_in(tmp_path)
    assert found.finished
    assert "groups-e5-large--ü" in found.folder.name


def test_latest_sweep_is_told_by_its_time(tmp_path):
    for name in ("sweep-20310101-000000-000001", "sweep-20310102-000000-000001", "sweep-old", "sweep-20310102.bak"):
        (tmp_path / name).mkdir()
    assert latest(tmp_path, "sweep-") == tmp_path / "sweep-20310102-000000-000001"
    assert latest(tmp_path, "search-") is None


@pytest.mark.parametrize("content", [None, "[]", "{"])
def test_what_is_no_run_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / STATUS).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="not a run"):
        Run.load(tmp_path)
