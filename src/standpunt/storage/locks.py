"""One process at a time in a folder."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from standpunt.errors import InputError, StandpuntError

LOCK = ".lock"


@contextmanager
def claimed(folder: Path, advice: str) -> Generator[None]:
    """Keep a folder, which is made where it is missing, for this process while the block runs.

    One that was made, and in which nothing came to be, is removed in the end. The system lets go of the folder when the
    process ends, however that ends.

    Args:
        folder: the folder; the lock is a hidden file in it.
        advice: what to do where the folder cannot be made or used.

    Raises:
        InputError: it cannot be made or used.
        StandpuntError: another process has it.
    """
    new = not folder.exists()
    make_folder(folder, advice)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise StandpuntError(
            f"{folder}: another process is at work there; wait until it has ended and give the command again"
        ) from None
    except OSError as error:
        raise _unusable(folder, error, advice) from None
    try:
        yield
    finally:
        lock.release()
        if new and folder.is_dir() and {path.name for path in folder.iterdir()} <= {LOCK}:
            shutil.rmtree(folder, ignore_errors=True)


def make_folder(folder: Path, advice: str) -> None:
    """Make a folder, and those above it, where it is missing.

    Raises:
        InputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error, advice) from None


def _unusable(folder: Path, error: OSError, advice: str) -> StandpuntError:
    kind = StandpuntError if error.errno in (errno.ENOSPC, errno.EDQUOT) else InputError  # the place is right, but full
    return kind(f"{folder}: cannot be used as a folder ({error.strerror or error}); {advice}")
