"""Processes that clean up when they are told to end, and do not outlive the one that they work for."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

GRACE = 5.0  # seconds that a process has to clean up
_LOOK = 1.0  # seconds between two looks, where the system does not tell of an end
_SIGNALS = ("SIGTERM", "SIGHUP", "SIGBREAK")  # those that ask a process to end; no system has all of them
_MOMENT = 0.02  # seconds after which a signal that was lost comes again


class TerminatedError(KeyboardInterrupt):
    """A signal asked this process to end. What cleans up after Ctrl-C cleans up after it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.exit_code = 128 + number


def end_as_interrupted() -> None:
    """Let signals that ask the process to end raise `TerminatedError` in the main thread, unless they are ignored.

    Python drops an exception that comes within a callback of a weak reference or a `__del__`. This one, and that of
    Ctrl-C, is then raised again.
    """

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        global _told
        _told = number
        raise TerminatedError(number)

    _handle(interrupt)
    sys.unraisablehook = _raise_again


def raise_if_told() -> None:
    """Call this where an exception may stand for `TerminatedError`: a library can replace it by one of its own.

    Raises:
        TerminatedError: a signal has asked this process to end.
    """
    if _told is not None:
        raise TerminatedError(_told)


def serve(pid: int) -> None:
    """Make this process one that works for another: it ends, having cleaned up, with that one or when it is told to.

    Call it from the main thread. A second call changes nothing.

    Args:
        pid: the other process, of this machine.
    """
    global _served
    if pid in (_served, os.getpid()):
        return
    _served = pid
    _handle(_leave)
    signal.signal(signal.SIGTERM, _leave)  # submitit lets it pass
    sys.unraisablehook = _raise_again
    threading.Thread(target=_end_with, args=(pid,), name="end with parent", daemon=True).start()


@contextmanager
def leaving() -> Generator[None]:
    """End a process that serves another at once where it is told to while the block runs, when that has cleaned up.

    A pool of processes would take the end for the outcome of the work, and keep the process; so it would an error by
    which a library replaced the end.
    """
    try:
        yield
    finally:
        if _served is not None and _told is not None:
            os._exit(128 + _told)


_served: int | None = None
_told: int | None = None


class _ToldError(SystemExit):
    """A process that serves another is to end; unlike KeyboardInterrupt it prints nothing."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


def _raise_again(dropped: sys.UnraisableHookArgs) -> None:
    if not isinstance(dropped.exc_value, KeyboardInterrupt | _ToldError):
        sys.__unraisablehook__(dropped)
        return
    number = getattr(dropped.exc_value, "number", signal.SIGINT)
    again = threading.Timer(_MOMENT, _signal_main_thread, [number])  # raised here it would be dropped once more
    again.daemon = True
    again.start()


def _signal_main_thread(number: int) -> None:
    main = threading.main_thread().ident
    if sys.platform == "win32" or main is None:
        signal.raise_signal(number)
    else:
        signal.pthread_kill(main, number)  # which also wakes it


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    global _told
    _told = number
    raise _ToldError(number)


def _handle(handler: signal.Handlers | object) -> None:
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # nohup, submitit: theirs is meant
            signal.signal(number, handler)  # ty: ignore[invalid-argument-type]


def _end_with(pid: int) -> None:
    _wait_for(pid)
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
    os._exit(1)


def _wait_for(pid: int) -> None:
    """Return when a process has ended."""
    if sys.platform == "win32":
        parent = multiprocessing.parent_process()  # that of a pool, loky's too
        if parent is None or parent.pid != pid:
            threading.Event().wait()
        else:
            parent.join()
        return
    if sys.platform == "linux":
        with suppress(OSError):  # an old kernel, or no such process any more
            select.select([os.pidfd_open(pid)], [], [])
            return
    while _is_alive(pid):
        time.sleep(_LOOK)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
