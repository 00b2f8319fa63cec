"""White space put into a text or taken out of it, and the way back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise


@dataclass(frozen=True)
class Edited:
    """A text that white space was put into or taken out of.

    Attributes:
        text: as it is now.
        edits: places in the text as it was, in order, and how many characters were put in there, or (below zero) taken
            out from there on.
    """

    text: str
    edits: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def put_in(cls, text: str, gaps: Mapping[int, str]) -> Edited:
        """Put white space into a text at these places."""
        if not gaps:
            return cls(text)
        places = sorted(gaps)
        parts = [text[start:end] for start, end in pairwise([0, *places, len(text)])]
        filled = "".join(gap + part for gap, part in zip(["", *map(gaps.__getitem__, places)], parts, strict=True))
        return cls(filled, [(place, len(gaps[place])) for place in places])

    @cached_property
    def _sums(self) -> list[int]:
        return list(accumulate((count for _, count in self.edits), initial=0))

    @cached_property
    def _ends(self) -> list[int]:
        """Where in `text` each of the edits is done."""
        return [place + total + max(count, 0) for (place, count), total in zip(self.edits, self._sums, strict=False)]

    @cached_property
    def _places(self) -> list[int]:
        return [place for place, _ in self.edits]

    def back(self, place: int) -> int:
        """Map where a visible character is to where it was."""
        return place - self._sums[bisect_right(self._ends, place)]

    def forth(self, place: int) -> int:
        """Map where a visible character was to where it is."""
        return place + self._sums[bisect_right(self._places, place)]
