"""The lines of a report: which end a sentence or a paragraph, and at what width the printer wrapped them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_ENDS = re.compile(r"[.?!…:;)][\"”’'»)\]]*$")
_SENTENCE_END = re.compile(r"[.?!…)][\"”’'»)\]]*$")
_GOES_ON = re.compile(r"[\w%€]$")
_LINE = re.compile(r"\S[^\n\f]*")
_FEW = 20  # lines from which a width is told
_NEAR = 120


class Line(NamedTuple):
    """A line with something on it: where that begins and the line ends, and its words without blanks around them."""

    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text that are not empty."""
    return [Line(match.start(), match.end(), match[0].rstrip()) for match in _LINE.finditer(text)]


def width_of(lines: Sequence[Line]) -> int:
    """Return the width at which lines are wrapped, in characters; 0 where they are not.

    A line that ends between two words is full: the next word did not fit. What it would have taken is more than the
    width, and in the type of a printed page by little, so the lower end of that is taken.
    """
    needed = sorted(
        len(line.text) + 1 + len(following.text.split(maxsplit=1)[0])
        for line, following in pairwise(lines)
        if goes_on(line.text, following.text)
    )
    if len(needed) < _FEW or len(needed) * 5 < len(lines):
        return 0
    return needed[len(needed) // 10]


def goes_on(line: str, follows: str) -> bool:
    """Tell whether a line ends between two words of a sentence."""
    return _GOES_ON.search(line) is not None and follows[0].islower()


def fits(line: str, follows: str, width: int) -> bool:
    """Tell whether the first word of `follows` would have fitted on a line, so that it was broken on purpose."""
    word = follows.split(maxsplit=1)[0] if follows.strip() else ""
    return not width or len(line) + 1 + len(word) <= width


def ends_block(line: str, follows: str, width: int) -> bool:
    """Tell whether a line is the last of its paragraph, where no empty line says so."""
    return _ENDS.search(line) is not None and fits(line, follows, width)


def closes(text: str, end: int, also: str = "") -> bool:
    """Tell whether what stands before `end` ends a sentence, or nothing stands there.

    Args:
        text: the report.
        end: where a sentence may begin.
        also: characters that will do as well, a colon for instance.
    """
    before = text[max(0, end - _NEAR) : end].rstrip()
    return not before or before.endswith(tuple(also)) or _SENTENCE_END.search(before) is not None
