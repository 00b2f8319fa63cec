"""Speed of the plain-text reader, as a multiple of a bare `str.splitlines` pass over the same text in the same run.

Usage: python benchmarks/reader.py [REPORT ...]; by default the shipped fictional debates.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from standpunt.paths import CORPORA
from standpunt.readers import decode
from standpunt.readers.plain import parse

REPEATS = 15


def fastest(function: Callable[[str], object], texts: list[str]) -> float:
    """Return the shortest of several times in seconds: the one least disturbed by the rest of the machine."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        for text in texts:
            function(text)
        times.append(perf_counter() - start)
    return min(times)


def main() -> None:
    """Print throughput, the ratio to splitlines, and what doubling the input does to the time."""
    paths = [Path(name) for name in sys.argv[1:]] or sorted(CORPORA.glob("fictional/*/report.txt"))
    texts = [decode(path.read_bytes()) for path in paths]
    size = sum(len(text.encode()) for text in texts) / 1e6
    doubled = [f"{text}\n\n{text}" for text in texts]
    fastest(parse, texts)
    bare, read, twice = fastest(str.splitlines, texts), fastest(parse, texts), fastest(parse, doubled)
    print(f"{size:.2f} MB in {len(texts)}: splitlines {size / bare:.0f} MB/s, reader {size / read:.1f} MB/s")
    print(f"reader / splitlines: {read / bare:.1f} (at most 40)")
    print(f"twice the input / once: {twice / read:.2f} (2 is linear)")


if __name__ == "__main__":
    main()
