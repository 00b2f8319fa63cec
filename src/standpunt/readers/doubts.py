"""What a reader of plain text was in doubt about: counted, and said where in the file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from standpunt.errors import ReadError
from standpunt.readers.layout import Layout

NOT_TAKEN = "header-like text not taken"
PREAMBLE = "large preamble"
REPEATED = "repeated line in a turn"
PAGES = "running head or page number left out"
_LARGE = 2000  # characters of a preamble
_SHARE = 0.2  # of the report that a preamble takes
_MOST = 0.5
_LONG_LINES = 1000  # characters a line has on average where lines mean nothing
_SHOWN = 50
_LINE_BREAK = re.compile(r"\r\n?|\n")


class Doubts:
    """What was odd, counted by name, and where the first of each are."""

    def __init__(self, text: str) -> None:
        self.counts: Counter[str] = Counter()
        self.places: dict[str, tuple[str, ...]] = {}
        self._text = text
        self._breaks = [match.start() for match in _LINE_BREAK.finditer(text)]

    def add(self, name: str, positions: Sequence[int]) -> None:
        """Count what was met at these characters of the text, once a name."""
        if positions:
            self.counts[name] += len(positions)
            self.places[name] = tuple(map(self.place, positions[:_SHOWN]))

    def place(self, position: int) -> str:
        """Name a place as an editor shows it: its line, or its character in a text without lines."""
        if len(self._text) > _LONG_LINES * (len(self._breaks) + 1):
            return f"character {position}"
        return f"line {bisect_left(self._breaks, position) + 1}"


def doubts_of(text: str, layout: Layout) -> Doubts:
    """Return what is odd about how the text of a report is laid out."""
    doubts = Doubts(text)
    doubts.add(NOT_TAKEN, layout.passed)
    doubts.add(REPEATED, layout.repeated)
    doubts.add(PAGES, [start for start, _ in layout.furniture])
    if _preamble_share(text, layout) > _SHARE:
        doubts.add(PREAMBLE, [layout.place_in_source(layout.headers[0].start)])
    return doubts


def refuse_preamble(text: str, layout: Layout) -> None:
    """Refuse a text of which most stands before the first header: it is another kind of text.

    Raises:
        ReadError: that is so.
    """
    share = _preamble_share(text, layout)
    if share > _MOST:
        first = layout.headers[0]
        place = Doubts(text).place(layout.place_in_source(first.start))
        raise ReadError(
            f"{share:.0%} of the text stands before the first header of a speaker ({first.speaker.name}, {place}); "
            "expected a report whose speakers have headers such as 'De heer Jansen (Partij):', or pass --partial"
        )


def _preamble_share(text: str, layout: Layout) -> float:
    blank = len(text) - len(text.lstrip())
    before = layout.place_in_source(layout.headers[0].start) - blank
    return before / len(text.strip()) if before > _LARGE else 0.0
