"""A rough split into sentences, for reading cues out of the words of chair and cabinet."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BREAK = re.compile(r"[.?!…][\"”’']?\s+|\n+")
_ABBREVIATION = re.compile(r"\b(?:nrs?|dr|mr|art|resp|o\.a|m\.b\.t)\.\s+$", re.IGNORECASE)


def rough_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text` in order, without the white space between them."""
    start = 0
    for match in _BREAK.finditer(text):
        if match[0].startswith(".") and _ABBREVIATION.search(text, max(start, match.start() - 5), match.end()):
            continue
        yield text[start : match.end()].strip()
        start = match.end()
    if text[start:].strip():
        yield text[start:].strip()
