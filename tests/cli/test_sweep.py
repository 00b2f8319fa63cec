"""Sweeps that end early and go on: what finished is kept, failures are repeated, nothing is half there."""

import importlib.util
import os
import re
import shutil
import signal
import time

import pytest

from standpunt.results.runs import CONFIG, ENVIRONMENT, METRICS, PAGE, PREDICTIONS, STATUS, runs_in
from standpunt.storage.locks import LOCK

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

BARE = ("run", "baselines", "evaluation.test=[]", "evaluation.resamples=10", "save_model=false")
COMMON = (*BARE, "split.unit=debate")


def sweep_of(tmp_path):
    (sweep,) = (tmp_path / "runs" / "baselines").iterdir()
    return sweep


def names(runs):
    return {run.folder.name for run in runs}


def hidden(sweep):
    return {path.name for path in sweep.iterdir() if path.name.startswith(".")} - {LOCK}


@pytest.mark.slow
def test_killed_sweep_loses_the_run_in_flight_and_goes_on(start, standpunt, tmp_path, corpus):
    command = (*COMMON, f"corpus.name={corpus}", "-m", "model=majority", f"seed={','.join(map(str, range(6)))}")
    process = start(*command, start_new_session=True)
    runs = tmp_path / "runs" / "baselines"
    deadline = time.monotonic() + 120
    while len(list(runs.glob(f"sweep-*/[!.]*/{STATUS}"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = runs_in(sweep_of(tmp_path))
    assert 2 <= len(before) < 6
    whole = {CONFIG, STATUS, METRICS, PREDICTIONS, ENVIRONMENT, PAGE, "error.log"}
    for path in sweep_of(tmp_path).glob("[!.]*/"):
        assert {file.name for file in path.iterdir()} == whole

    done = standpunt(*command, "--resume")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"resuming runs/baselines/{sweep_of(tmp_path).name}: {len(before)} runs are finished")
    after = runs_in(sweep_of(tmp_path))
    assert names(before) < names(after)
    assert [(run.status["job"], run.config()["seed"], run.finished) for run in after] == [
        (seed, seed, True) for seed in range(6)
    ]
    assert hidden(sweep_of(tmp_path)) == set()

    again = standpunt(*command, "--resume")
    assert again.returncode == 0, again.stderr
    assert names(runs_in(sweep_of(tmp_path))) == names(after)


def test_failures_are_repeated_and_no_longer_listed(standpunt, tmp_path, corpus):
    command = (*COMMON, "-m", "model=majority", f"corpus.name={corpus},./later")
    first = standpunt(*command)
    assert first.returncode == 2
    assert re.search(r"failed runs:\n  job 1  \S+  .*later", first.stderr)
    kept = [run for run in runs_in(sweep_of(tmp_path)) if run.finished]
    shutil.copytree(tmp_path / "small", tmp_path / "later")
    second = standpunt(*command, "--resume")
    assert (second.returncode, second.stderr) == (0, "")
    after = runs_in(sweep_of(tmp_path))
    assert names(kept) < names(after)
    assert [run.finished for run in after] == [True, True]
    assert hidden(sweep_of(tmp_path)) == {".failed"}


@pytest.fixture
def launched(launcher, program, standpunt):
    """Return the function that runs a command with this launcher: joblib's processes do not end below a fork."""
    return program if launcher == "joblib" else standpunt


@pytest.mark.parametrize("launcher", ["basic", pytest.param("joblib", marks=pytest.mark.slow)])
def test_fail_fast_starts_nothing_after_a_failure(launched, tmp_path, corpus, launcher):
    one = (f"hydra/launcher={launcher}", *(["hydra.launcher.n_jobs=1"] if launcher == "joblib" else []))
    command = (*COMMON, *one, "--fail-fast", "-m", "model=majority", f"corpus.name={corpus},./nope", "seed=0,1")
    done = launched(*command)
    assert done.returncode == 2
    assert [run.finished for run in runs_in(sweep_of(tmp_path))] == [True, True, False]
    (tmp_path / "nope").symlink_to("small")
    done = launched(*command, "--resume")
    assert done.returncode == 0, done.stderr
    assert [run.status["job"] for run in runs_in(sweep_of(tmp_path))] == [0, 1, 2, 3]


def test_resume_of_a_single_run_is_refused(standpunt, tmp_path):
    done = standpunt(*COMMON, "hydra.mode=RUN", "model=majority", "--resume")
    assert done.returncode == 2
    assert "--resume goes on with a sweep" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_resume_without_an_earlier_sweep_begins_one(standpunt, tmp_path, corpus):
    done = standpunt(*COMMON, f"corpus.name={corpus}", "model=majority", "-m", "--resume")
    assert done.returncode == 0, done.stderr
    assert len(runs_in(sweep_of(tmp_path))) == 1


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("optuna") is None, reason="Optuna is not installed (standpunt[search])")
def test_search_runs_its_best_settings_once_and_goes_on(standpunt, tmp_path, corpus):
    settings = ("split=time_forward", "model=tfidf", "search=random", "search.unit=issue", f"corpus.name={corpus}")
    settings += ("+search.space={model.c:{low:0.01,high:100,log:true}}",)
    done = standpunt(*BARE, *settings, "search.trials=1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("best of 1 trials, macro-F1 on dev 0.")
    done = standpunt(*BARE, *settings, "search.trials=2", "--resume")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("best of 2 trials, macro-F1 on dev 0.")
    (search,) = (tmp_path / "runs" / "baselines").iterdir()
    assert 1 <= len(runs_in(search)) <= 2
    assert {"trials.csv", "study.jsonl"} <= {path.name for path in search.iterdir()}
    for sweep in ("-m", "seed=1,2"):
        refused = standpunt(*BARE, *settings, sweep)
        assert refused.returncode == 2
        assert "a search is no sweep" in refused.stderr
