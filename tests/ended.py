"""Whether processes have ended, for tests of how they do."""

import time
from pathlib import Path


def wait_until(condition, seconds=30):
    """Wait until something is so, at most some seconds; return whether it is."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def is_running(pid):
    """Tell whether a process goes on; for systems with /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
