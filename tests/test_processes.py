"""Processes that end: told to, or because the one that they work for did, killed without a warning."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ended import is_running, wait_until
from standpunt import processes
from standpunt.processes import TerminatedError, end_as_interrupted, raise_if_told

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

# A parent that starts a worker and waits; the worker writes that it is there, and cleans up when it is to end.
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]])
time.sleep(60)
"""
WORKER = """
import os, sys, time, weakref
from pathlib import Path
from standpunt.processes import leaving, serve
serve(os.getppid())
place = Path(sys.argv[1])
try:
    with leaving():
        try:
            (place / "started").write_text(str(os.getpid()))
            WORK
        finally:
            (place / "cleaned").write_text("up")
except BaseException:
    (place / "went on").write_text("as a pool does")
    time.sleep(60)
"""


def started(tmp_path):
    assert wait_until(lambda: (tmp_path / "started").exists() and (tmp_path / "started").read_text())
    return int((tmp_path / "started").read_text())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
@pytest.mark.parametrize(
    "work",
    [
        "time.sleep(60)",
        "while True: sum(range(1000))",
        # Python drops what is raised in a callback of a weak reference.
        "thing = {0}\nkept = weakref.ref(thing, lambda _: time.sleep(60))\ndel thing\ntime.sleep(60)",
        "try: time.sleep(60)\nexcept SystemExit: raise ValueError('of a library')",
    ],
    ids=["asleep", "busy", "in a callback", "replaced"],
)
def test_worker_ends_with_a_parent_that_is_killed(tmp_path, work):
    script = WORKER.replace("WORK", work.replace("\n", "\n            "))
    parent = subprocess.Popen([sys.executable, "-c", PARENT, script, tmp_path])
    worker = started(tmp_path)
    assert is_running(worker)
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not is_running(worker))
    assert (tmp_path / "cleaned").read_text() == "up"
    assert not (tmp_path / "went on").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
def test_worker_that_is_told_to_end_does_and_its_parent_goes_on(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, WORKER.replace("WORK", "time.sleep(60)"), tmp_path])
    worker = started(tmp_path)
    os.kill(worker, signal.SIGTERM)
    assert wait_until(lambda: not is_running(worker))
    assert (tmp_path / "cleaned").read_text() == "up"
    assert parent.poll() is None
    parent.kill()
    parent.wait()


# A signal comes while a callback of a weak reference runs, as the garbage collector calls it at any time.
DROPPED = """
import signal, sys, time, weakref
from standpunt.processes import end_as_interrupted
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background inherits that it is ignored
end_as_interrupted()
class Thing: pass
thing = Thing()
reference = weakref.ref(thing, lambda _: signal.raise_signal(int(sys.argv[1])))
try:
    del thing
    time.sleep(60)
except KeyboardInterrupt as told:
    print(type(told).__name__)
"""


@pytest.mark.parametrize(
    ("number", "told"), [(signal.SIGTERM, "TerminatedError"), (signal.SIGINT, "KeyboardInterrupt")]
)
def test_signal_that_python_drops_comes_again(number, told):
    command = [sys.executable, "-c", DROPPED, str(int(number))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=50)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{told}\n", "")


def test_other_errors_that_python_drops_are_printed():
    script = DROPPED.replace("signal.raise_signal(int(sys.argv[1]))", "1 / 0").replace("time.sleep(60)", "")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=50)
    assert (done.returncode, done.stdout) == (0, "")
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_signals_interrupt(name, monkeypatch):
    monkeypatch.setattr(processes, "_told", None)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)
    raise_if_told()
    try:
        end_as_interrupted()
        with pytest.raises(TerminatedError) as told:
            signal.raise_signal(number)
        assert told.value.exit_code == 128 + number
        assert isinstance(told.value, KeyboardInterrupt)
        with pytest.raises(TerminatedError):
            raise_if_told()
    finally:
        signal.signal(number, before)


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        end_as_interrupted()
        signal.raise_signal(signal.SIGHUP)  # as under nohup
    finally:
        signal.signal(signal.SIGHUP, before)
