"""The lines of minutes that come out of a PDF: whole paragraphs of them, without the numbers of the pages.

There are no empty lines. A paragraph ends where the printer did not leave the blank at which it wraps a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from standpunt.debate import Span
from standpunt.readers import lines
from standpunt.readers.normalise import normalise, plain_spaces

TERMINAL = re.compile(r"[.?!:;…][\"”’')\]]*$")
_LIST_ITEM = re.compile(r"[▪•●○■◦–−*-] |o (?=[A-Z])")
# What opens a part of a motion.
_CLAUSE = re.compile(
    r"(?:constaterende|overwegende|gehoord|gelezen|van (?:mening|oordeel)|verzoekt|besluit|spreekt|draagt|roept|nodigt"
    r"|keurt|en gaat over)\b",
    re.IGNORECASE,
)
_FEW = 20  # one line in so many is wrapped at least
SHORT = 70  # characters; a shorter line was not wrapped
# At the top of a page, or below its last line.
_PAGE_NUMBER = re.compile(
    r"(?:\A|\f)[ \n]*(?P<top>(?:Pagina +)?\d{1,4}(?: +van +\d{1,4})?) *\n|\n *(?P<bottom>\d{1,4})[ \n]*(?=\f|\Z)"
)
_BROKEN_HYPHEN = "\ufffe"  # what PDFium gives for a hyphen at the end of a line, which it joins with the next


class Line(NamedTuple):
    """A printed line: its visible part, and whether the printer wrapped it at a blank."""

    start: int
    end: int
    text: str
    wrapped: bool
    below_gap: bool


def clean(source: str) -> tuple[str, tuple[Span, ...]]:
    """Return a text of the same length with plain blanks, without page numbers, and where those stand.

    A page break inside a paragraph is then a line break like any other.
    """
    text = plain_spaces(source).replace(_BROKEN_HYPHEN, "-")
    pages: list[Span] = []

    def blank(match: re.Match[str]) -> str:
        pages.append(match.span("top" if match["top"] else "bottom"))
        breaks = 1 if match.start() else 0  # but before the first line
        return "\n" * breaks + " " * (len(match[0]) - breaks)

    return _PAGE_NUMBER.sub(blank, text).replace("\f", "\n"), tuple(pages)


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text that have something on them.

    Where the blanks are lost at which lines were wrapped, a line was if the next word did not fit.
    """
    printed: list[Line] = []
    gap = False
    for match in re.finditer(r"[^\n]+", text):
        words = match[0].strip(" ")
        if words:
            start = match.start() + len(match[0]) - len(match[0].lstrip(" "))
            printed.append(Line(start, start + len(words), words, match[0].endswith(" "), gap))
        gap = not words
    if sum(line.wrapped for line in printed) * _FEW > len(printed):
        return printed
    width = lines.width_of([lines.Line(line.start, line.end, line.text) for line in printed])
    follows = [*(line.text for line in printed[1:]), ""]
    return [
        line._replace(wrapped=not lines.fits(line.text, after, width))
        for line, after in zip(printed, follows, strict=True)
    ]


def paragraphs(printed: Sequence[Line], *, is_motion: bool = False) -> str:
    """Return the words of some lines, paragraphs separated by an empty line."""
    parts: list[str] = []
    for index, line in enumerate(printed):
        parts.append(line.text)
        if index + 1 < len(printed):
            following = printed[index + 1]
            ends = ends_paragraph(line, following) or (is_motion and opens_part(following, line))
            parts.append("\n\n" if ends else " \n" if line.wrapped else "\n")
    return normalise("".join(parts))


def ends_paragraph(line: Line, following: Line) -> bool:
    """Tell whether a line is the last one of its paragraph."""
    if following.below_gap:
        return True
    if TERMINAL.search(line.text):
        return not line.wrapped or len(line.text) < SHORT
    return not line.wrapped and len(line.text) < SHORT


def opens_part(line: Line, before: Line) -> bool:
    """Tell whether a line of a motion opens one of its parts or an item of a list."""
    if _LIST_ITEM.match(line.text):
        return True
    return _CLAUSE.match(line.text) is not None and (line.text[0].isupper() or not before.wrapped)
