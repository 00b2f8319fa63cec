"""One sentence where memory is short."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

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
