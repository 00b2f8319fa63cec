"""One sentence where memory is short; and memory that is freed goes back to the system."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache

from standpunt.errors import StandpuntError

# What torch says; everything else raises MemoryError.
_NO_MEMORY = re.compile(r"can't allocate memory|out of memory", re.IGNORECASE)


@contextmanager
def enough_memory(to: str, name: str) -> Generator[None]:
    """Say in one sentence where memory ran out.

    Args:
        to: what was being done, e.g. "predict with".
        name: of the model.

    Raises:
        StandpuntError: it ran out within the block.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and not _NO_MEMORY.search(str(error)):
            raise
        raise StandpuntError(
            f"too little memory to {to} model {name}; give it less at a time (a smaller model.batch_size or "
            "model.max_tokens, fewer rows) or take a machine with more"
        ) from error


def return_freed() -> None:
    """Give the memory that was freed back to the system, where the C library (glibc) keeps it.

    Tensors of many sizes, made and freed by turns, leave gaps between those that stay, and a process that reads texts
    of every length for an hour would grow to several times what it uses. A call takes milliseconds.
    """
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
