"""Commands that are ended from outside: nothing half done stays, and no process of theirs goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ended import is_running, wait_until
from standpunt.results.runs import STATUS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
]
TAG = "STANDPUNT_TEST_OF_ENDINGS"
SWEEP = ("run", "baselines", "evaluation.test=[]", "save_model=false", "split.unit=debate", "-m", "model=tfidf")


def processes(tag):
    """Return the processes that run and have this tag in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if is_running(folder.name) and f"{TAG}={tag}".encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


def hidden(folder):
    return {path.name for path in folder.rglob(".*")}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_predict_with_workers(start, trained, tmp_path, report, number):
    turns = [("Mevrouw Smit (Geel)", f"De brug is {word} oud.") for word in range(400)]
    for place in range(300):
        text = report(("De voorzitter", f"Het woord is aan mevrouw Smit, nummer {place}."), *turns)
        (tmp_path / f"{place}.txt").write_text(text, "utf-8")
    files, out = [f"{place}.txt" for place in range(300)], tmp_path / "out"
    process = start("predict", trained, *files, "--out", "out", "--workers", 2, env={TAG: str(tmp_path)})
    assert wait_until(lambda: len(list(out.glob("year=*/part-*"))) >= 3, 60)
    assert len(processes(tmp_path)) >= 3
    process.send_signal(number)
    _, stderr = process.communicate()
    if number == signal.SIGTERM:
        assert (process.returncode, stderr) == (128 + signal.SIGTERM, "standpunt: terminated\n")
    assert wait_until(lambda: not processes(tmp_path), 20)
    assert len(list(out.glob("year=*/part-*"))) < 300
    assert hidden(out) <= {".predictions.json", ".lock"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("launcher", ["basic", "joblib"])
def test_sweep(start, tmp_path, corpus, launcher, number):
    settings = [f"corpus.name={corpus}", "seed=range(24)", f"hydra/launcher={launcher}"]
    settings += ["hydra.launcher.n_jobs=2"] if launcher == "joblib" else []
    process = start(*SWEEP, *settings, env={TAG: str(tmp_path)})
    runs = tmp_path / "runs" / "baselines"
    assert wait_until(lambda: len(list(runs.glob(f"sweep-*/[!.]*/{STATUS}"))) >= 2, 60)
    process.send_signal(number)
    process.wait()
    assert wait_until(lambda: not processes(tmp_path), 20)
    process.communicate()
    assert len(list(runs.glob(f"sweep-*/[!.]*/{STATUS}"))) < 24
    if number == signal.SIGTERM:
        assert process.returncode == 128 + signal.SIGTERM
        assert hidden(runs) <= {".lock", ".gpus"}


# What a library can make of an interruption: Hydra's `_read_config`, for one, raises UnboundLocalError in its place.
REPLACED = """
import signal, sys
from standpunt.cli.main import main
from standpunt.errors import InputError
from standpunt.experiment import run, sweep
def told(*values, **options):
    try:
        signal.raise_signal(signal.SIGTERM)
    except KeyboardInterrupt:
        raise ERROR("something else")
PLACE = told
main()
"""


@pytest.mark.parametrize("place", ["run.execute", "run.to_yaml", "sweep.to_config"])
@pytest.mark.parametrize("error", ["ValueError", "InputError"])
def test_sweep_where_a_library_replaces_the_interruption(tmp_path, corpus, place, error):
    script = REPLACED.replace("PLACE", place).replace("ERROR", error)
    command = [sys.executable, "-c", script, *SWEEP, f"corpus.name={corpus}", "seed=range(3)"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120)
    assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, "standpunt: terminated\n")
    assert not list(tmp_path.rglob(STATUS))
    assert hidden(tmp_path / "runs") <= {".lock"}


def test_sweep_that_is_resumed_twice_at_a_time(start, standpunt, tmp_path, corpus):
    command = (*SWEEP, f"corpus.name={corpus}", "seed=range(6)", "--resume")
    first = start(*command)
    runs = tmp_path / "runs" / "baselines"
    assert wait_until(lambda: len(list(runs.glob(f"sweep-*/[!.]*/{STATUS}"))) >= 1, 60)
    os.kill(first.pid, signal.SIGSTOP)  # so that it is at work for as long as the second takes
    second = standpunt(*command)
    os.kill(first.pid, signal.SIGCONT)
    (sweep,) = runs.iterdir()
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"standpunt: runs/baselines/{sweep.name}: another process is at work there; wait until it has ended and give "
        "the command again\n"
    )
    _, stderr = first.communicate(timeout=120)
    assert (first.returncode, stderr) == (0, "")
    assert len(list(sweep.glob(f"[!.]*/{STATUS}"))) == 6
