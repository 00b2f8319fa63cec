import sys
from pathlib import Path

import numpy as np
import pytest

from standpunt.models.memory import return_freed

PIECE = 100_000  # bytes, few enough for the heap


def resident() -> int:
    """Return the memory of this process that is in use, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_in_the_gaps_between_what_stays_is_given_back():
    pieces = [np.ones(PIECE, dtype=np.uint8) for _ in range(3000)]
    kept = pieces[::50]
    del pieces
    before = resident()
    return_freed()
    assert before - resident() > 2000 * PIECE
    assert len(kept) == 60
