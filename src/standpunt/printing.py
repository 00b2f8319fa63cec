"""The printed layout of a report: the inverse of `standpunt.readers.plain`.

Paragraphs are wrapped as the PDF's text is (a blank stays at the end of a line that was wrapped at it, words break
after a hyphen that is part of them) and pages end inside sentences and words. Used for the fictional debates and the
tests.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from standpunt.readers.normalise import ends_paragraph

_WIDTH = 92
_PAGE_LINES = 42
# Where a line may end: after a blank, or after a hyphen inside a word.
_PIECE = re.compile(r"\S+?[\w'’\"”)]-(?=[\w'’\"“(])|\S+ ?")


def lay_out(text: str, *, width: int = _WIDTH, page_lines: int = _PAGE_LINES) -> str:
    """Lay a report out as printed.

    Args:
        text: blocks separated by an empty line; a speaker's header is a line of its own on top of its block.
        width: characters a line holds.
        page_lines: lines a page holds; a page break is three empty lines.

    Returns:
        The same words in the printed layout.
    """
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if lines:
            lines.append("")
        for paragraph in block.split("\n"):
            lines.extend(_wrap(paragraph.strip(), width))
    return "\n".join(_paginate(lines, page_lines)) + "\n"


def _wrap(paragraph: str, width: int) -> list[str]:
    lines, line = [], ""
    pieces = _PIECE.findall(paragraph)
    for piece, following in zip_longest(pieces, pieces[1:], fillvalue=""):
        # A suspended hyphen that no conjunction follows must not end a line: it would read as part of a word.
        unit = len(piece) + len(following.rstrip()) if piece.endswith("- ") else len(piece.rstrip())
        if line and len(line) + unit > width:
            lines.append(line)
            line = ""
        line += piece
    if line:
        lines.append(line.rstrip())
    # A line that is full has no room for the blank it was wrapped at.
    return [entry if len(entry) <= width else entry.rstrip() for entry in lines]


def _paginate(lines: list[str], page_lines: int) -> list[str]:
    pages: list[str] = []
    used = 0
    for index, line in enumerate(lines):
        if used >= page_lines and _may_break(lines, index):
            pages.extend(["", "", ""] if line else ["", ""])
            used = 0
        pages.append(line)
        used += 1
    return pages


def _may_break(lines: list[str], index: int) -> bool:
    """Tell whether a page may end before line `index`, so that a reader can tell paragraphs from wrapped lines."""
    if index == 0 or not lines[index - 1]:
        return False
    between = not lines[index]
    follows = lines[index + 1] if between and index + 1 < len(lines) else lines[index]
    if between:
        # Between a header and its text, or around one, nothing is in doubt.
        return ends_paragraph(lines[index - 1], follows)
    return not lines[index - 1].endswith(":") and not ends_paragraph(lines[index - 1], follows)
