"""The printed layout, restored where a text has lost it: `standpunt.readers.plain` reads nothing else.

Only white space changes: empty lines are put around motions and stage directions and between paragraphs, blanks that
come in runs become one. Running heads and page numbers become page breaks of the same length. What is read in the
restored text is mapped back to the text as it came.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from standpunt.readers.directions import (
    CLAUSE_WITHIN,
    DIRECTION_WITHIN,
    MOTION_END_WITHIN,
    MOTION_WITHIN,
    STAGE_DIRECTION,
)
from standpunt.readers.edits import Edited
from standpunt.readers.furniture import blank_out, find_furniture
from standpunt.readers.headers import Header, begins_block, find_headers
from standpunt.readers.lines import Line, closes, ends_block, goes_on, lines_of, width_of
from standpunt.readers.normalise import plain_spaces
from standpunt.text.alignment import VISIBLE, Span
from standpunt.text.letters import CAPITAL

_FEW = 20  # lines
_GLUED = re.compile(rf"(?<=[a-zà-ÿ\d)])[.?!](?={CAPITAL})")  # the end of a sentence and the next one
_LONG_DIRECTIONS = ("heading", "vote")  # may go on on the next line
_NO_CHARACTER = "\ufffe"
_RUNS = re.compile(r"(?<=[^\s]) {2,}(?=[^\s])")
_MENDED = re.compile(rf"{_NO_CHARACTER}|{_RUNS.pattern}")


@dataclass(frozen=True)
class Layout:
    """A report in the printed layout.

    Attributes:
        text: with blanks for all white space but line feeds and form feeds, and with what was put in.
        headers: of the speakers, in order; their offsets count `text`.
        passed: where something looks like a header and was not taken for one, in the text as it came.
        furniture: running heads and page numbers, in the text as it came.
        repeated: where a line comes back that was not taken for one of them, in the text as it came.
        steps: how the text became what it is.
    """

    text: str
    headers: list[Header]
    passed: list[int]
    furniture: list[Span]
    repeated: list[int]
    steps: tuple[Edited, ...]

    def place_in_source(self, place: int) -> int:
        """Map where a visible character of `text` is."""
        for step in reversed(self.steps):
            place = step.back(place)
        return place

    def in_source(self, start: int, end: int) -> Span:
        """Map a range of `text` that begins and ends with a visible character."""
        return self.place_in_source(start), self.place_in_source(end - 1) + 1

    def spans_in_source(self, start: int, end: int) -> tuple[Span, ...]:
        """Map such a range to the parts of the text as it came that it is made of: no running head is in them."""
        start, end = self.in_source(start, end)
        first, last = bisect_left(self.furniture, (start, start)), bisect_left(self.furniture, (end, end))
        edges = [start, *(edge for span in self.furniture[first:last] for edge in span), end]
        return tuple(zip(edges[::2], edges[1::2], strict=True))


def restore(source: str) -> Layout:
    """Bring the text of a report into the printed layout."""
    mended = _mend(plain_spaces(source))
    lines = lines_of(mended.text)
    spans, repeated = find_furniture(mended.text, lines)
    text = _close_up(blank_out(mended.text, spans), lines)
    headers, passed = find_headers(text)
    filled = Edited(text)
    if sum(begins_block(text, header.start) for header in headers) * 2 < len(headers):
        blocks = {*_paragraphs(text), *_motions(text, headers), *_directions(text)}
        glued = {place.end(): " " for place in _GLUED.finditer(text)}
        filled = Edited.put_in(text, glued | dict(_breaks(text, blocks)))
        headers = [Header(filled.forth(start), filled.forth(end - 1) + 1, who) for start, end, who in headers]
    furniture = [(mended.back(start), mended.back(end - 1) + 1) for start, end in spans]
    return Layout(
        filled.text,
        headers,
        [mended.back(place) for place in passed],
        furniture,
        [mended.back(place) for place in repeated if headers and place > headers[0].start],
        (mended, filled),
    )


def _mend(text: str) -> Edited:
    """Mend what extractors leave: U+FFFE for a hyphen with the line break behind it, several blanks for one.

    Only where blanks come in runs all over the text; a few may be meant.
    """
    edits: list[tuple[int, int]] = []
    parts, position = [], 0
    runs = text.count("  ") * 50 > text.count(" ")
    for match in _MENDED.finditer(text) if runs or _NO_CHARACTER in text else ():
        if match[0] == _NO_CHARACTER:
            parts += [text[position : match.start()], "-\n"]
            edits.append((match.end(), 1))
        elif runs:
            parts += [text[position : match.start()], " "]
            edits.append((match.start() + 1, 1 - len(match[0])))
        else:
            continue
        position = match.end()
    return Edited("".join([*parts, text[position:]]), edits) if edits else Edited(text)


def _close_up(text: str, lines: Sequence[Line]) -> str:
    """Take the empty lines out of a text that has one below every line, and so none that says anything.

    The length stays the same: the second line break of two becomes a blank.
    """
    if text.count("\n\n") * 5 < len(lines) * 3:
        return text
    gaps = [(line, after, text.count("\n", line.end, after.start)) for line, after in pairwise(lines)]
    double = [(line, after) for line, after, count in gaps if count >= 2]
    if len(double) < _FEW or len(double) * 5 < len(gaps) * 4:
        return text
    if sum(goes_on(line.text, after.text) for line, after in double) * 4 < len(double):
        return text
    parts, position = [], 0
    for line, after, count in gaps:
        gap = text[line.end : after.start]
        if count == 2 and "\f" not in gap:
            parts += [text[position : line.end], "\n" + " " * (len(gap) - 1)]
            position = after.start
    return "".join([*parts, text[position:]])


def _paragraphs(text: str) -> Iterator[int]:
    """Yield where a line begins a paragraph or is a stage direction, though no empty line is above it."""
    lines = lines_of(text)
    width = width_of(lines)
    for line, after in pairwise(lines):
        if text.count("\n", line.end, after.start) != 1:
            continue
        opens, closed = STAGE_DIRECTION.match(text, after.start), STAGE_DIRECTION.fullmatch(line.text)
        if (
            ends_block(line.text, after.text, width)
            or (opens and (opens["heading"] or closes(text, line.end)))
            or (closed and closed.lastgroup not in _LONG_DIRECTIONS)
        ):
            yield after.start


def _motions(text: str, headers: Sequence[Header]) -> Iterator[int]:
    """Yield where motions and their paragraphs begin, and where what follows them does."""
    motions = [
        motion
        for motion in MOTION_WITHIN.finditer(text)
        if motion["title"] or closes(text, motion.start(), also=":") or begins_block(text, motion.start())
    ]
    limits = sorted([*(header.start for header in headers), *(motion.start() for motion in motions), len(text)])
    for motion in motions:
        limit = limits[bisect_right(limits, motion.start())]
        last = MOTION_END_WITHIN.search(text, motion.end(), limit)
        end = last.end() if last else limit
        yield from (motion.start(), motion.end("title") if motion["title"] else motion.start(), motion.end(), end)
        yield from (clause.end() for clause in CLAUSE_WITHIN.finditer(text, motion.end(), end))


def _directions(text: str) -> Iterator[int]:
    """Yield where stage directions begin, and where what follows them does."""
    for direction in DIRECTION_WITHIN.finditer(text):
        if closes(text, direction.start()):
            yield direction.start()
            yield direction.end()


def _breaks(text: str, places: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield where line breaks are missing for these places to begin a block, and those that are."""
    for place in sorted(places):
        after = VISIBLE.search(text, place)
        if after is None:
            return
        gap = _blanks_before(text, after.start())
        if "\f" not in gap and gap.count("\n") < 2:
            yield after.start(), "\n" * (2 - gap.count("\n"))


def _blanks_before(text: str, place: int) -> str:
    start = place
    while start > 0 and text[start - 1].isspace():
        start -= 1
    return text[start:place]
