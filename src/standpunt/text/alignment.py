"""Positions in a normalised text and in the report it came from.

Normalising a report touches white space and nothing else (and composes letters from their accents): the characters that
are not blank are the same ones in the same order on both sides. That invariant is the map; nothing has to be recorded
while reading.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

Span = tuple[int, int]  # characters [start, end)
INVISIBLE = "\u00ad\ufeff"  # soft hyphen, byte order mark
# Marks that may be composed with the letter before them, of all scripts.
_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x3100)) if unicodedata.category(mark).startswith("M"))
# One visible character: a base with the marks that follow it, so that a decomposed "e" + accent is one unit.
VISIBLE = re.compile(rf"[^\s{INVISIBLE}][{_MARKS}]*")


class Alignment:
    """The visible characters of a text, and where each stands in the source."""

    def __init__(self, text: str, source: str, spans: Sequence[tuple[int, int]]) -> None:
        """Align `text` with the parts of `source` named by `spans`.

        Raises:
            ValueError: the two do not hold the same visible characters.
        """
        self._text = [match.span() for match in VISIBLE.finditer(text)]
        self._source = [match.span() for start, end in spans for match in VISIBLE.finditer(source, start, end)]
        if len(self._text) != len(self._source):
            # A composed letter may stand for a base with marks on one side only; compare what is really there.
            raise ValueError(f"text has {len(self._text)} visible characters, its source {len(self._source)}")

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Map text range [start, end) to a source range that begins and ends at visible characters."""
        return _map(self._text, self._source, start, end)

    def to_text(self, start: int, end: int) -> tuple[int, int]:
        """Map source range [start, end) to a text range that begins and ends at visible characters."""
        return _map(self._source, self._text, start, end)


def _map(origin: list[tuple[int, int]], target: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    first = bisect_right(origin, start, key=lambda span: span[1])
    last = bisect_left(origin, end, key=lambda span: span[0]) - 1
    if start >= end or first > last:
        raise ValueError(f"no visible character between {start} and {end}")
    return target[first][0], target[last][1]


def visible(text: str) -> str:
    """Return the visible characters of a text, composed (NFC): what two copies of it must have in common."""
    return unicodedata.normalize("NFC", "".join(VISIBLE.findall(text)))
