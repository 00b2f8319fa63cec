"""Speed of the plain-text reader, as a multiple of a bare `str.splitlines` pass over the same text in the same run.

Usage: python benchmarks/reader.py [REPORT ...]; by default the transcripts under STANDPUNT_TRANSCRIPTS
and the shipped fictional debates.
"""

import sys
from pathlib import Path

from standpunt.corpora.transcripts import transcripts_paths
from standpunt.readers.decoding import decode
from standpunt.readers.plain import parse
from standpunt.storage.paths import CORPORA
from timing import fastest


def measure(name: str, paths: list[Path]) -> None:
    """Print throughput, the ratio to splitlines, and what doubling the input does to the time."""
    texts = [decode(path.read_bytes()) for path in paths]
    size = sum(len(text.encode()) for text in texts) / 1e6
    doubled = [f"{text}\n\n{text}" for text in texts]
    fastest(parse, texts)
    bare, read, twice = fastest(str.splitlines, texts), fastest(parse, texts), fastest(parse, doubled)
    print(f"{name} ({size:.2f} MB): splitlines {size / bare:.0f} MB/s, reader {size / read:.1f} MB/s")
    print(f"  reader / splitlines: {read / bare:.1f}")
    print(f"  twice the input / once: {twice / read:.2f} (2 is linear)")


def main() -> None:
    """Measure the reports named, or the real one where it is found and the shipped ones."""
    named = [Path(name) for name in sys.argv[1:]]
    if named:
        measure(", ".join(path.name for path in named), named)
        return
    places = transcripts_paths()
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.glob("*.txt")))]
    if files:
        measure("real reports (the bound is 40)", files)
    # Their turns are half as long as real ones, and time goes by the turn as well as by the character.
    measure("fictional reports", sorted(CORPORA.glob("fictional/*/report.txt")))


if __name__ == "__main__":
    main()
