"""Run folders: how they are named and found, and what is said of those that are not whole."""

import shutil

import pytest

from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig
from standpunt.experiment.run import run
from standpunt.models.controls.majority import MajorityConfig
from standpunt.results.comparison import compare
from standpunt.results.runs import CONFIG, PREDICTIONS, STATUS, Run, latest, runs_in


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a small run of a model with an odd name; tests must not change it."""
    few = {"evaluation": EvaluationConfig(resamples=10), "limit_rows": 40, "limit_folds": 3}
    model = MajorityConfig(name="groups/e5 large: ü")
    return run(Config("trial", corpus=CorpusConfig("fictional"), model=model, **few), tmp_path_factory.mktemp("runs"))


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
def test_file_of_a_run_that_is_missing_or_damaged_is_named(made, tmp_path, name, content):
    path = shutil.copytree(made.folder, tmp_path / "run") / name
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=rf"{name}: .*damaged.* again or repeat the run"):
        compare([path.parent], resamples=10)


def test_run_of_a_model_with_any_name_is_found_in_its_sweep(made):
    (found,) = runs_in(made.folder.parent)
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
