"""A terminal that a process is started on, and what it shows."""

import os
import pty
import re
from contextlib import contextmanager

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """One end of a terminal: the other, `theirs`, is for the process."""

    def __init__(self, ours, theirs):
        self._ours, self.theirs = ours, theirs

    def shown(self):
        """Return all that is shown until the process ends, control sequences too."""
        os.close(self.theirs)
        parts = []
        try:
            while part := os.read(self._ours, 1 << 16):
                parts.append(part)
        except OSError:  # the process has ended
            pass
        return b"".join(parts).decode("utf-8")


@contextmanager
def terminal():
    ours, theirs = pty.openpty()
    try:
        yield Terminal(ours, theirs)
    finally:
        os.close(ours)


def words(shown):
    """Return what a reader sees of what a terminal shows."""
    return _CONTROL.sub("", shown)
