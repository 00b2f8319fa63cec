"""How the benchmarks take time."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TypeVar

Item = TypeVar("Item")


def fastest(function: Callable[[Item], object], items: Sequence[Item], repeats: int = 15) -> float:
    """Return the shortest of several times over all items, in seconds: the one least disturbed by the machine."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        for item in items:
            function(item)
        times.append(perf_counter() - start)
    return min(times)
