"""Long turns are cut into overlapping windows of whole sentences, and read with the turn they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.debate import Span
from standpunt.text.sentences import split_sentences

# A turn is asked about every issue, and models of models cut it into windows of several sizes.
_sentences = lru_cache(maxsize=4096)(split_sentences)


@lru_cache(maxsize=4096)
def windows(text: str, max_words: int) -> tuple[Span, ...]:
    """Divide a text into windows of whole sentences that overlap by about half.

    Args:
        text: the text of a turn.
        max_words: words a window holds; a longer sentence is a window of its own.

    Returns:
        Spans [start, end) in characters, in order, that together hold every sentence; one empty span for a text
        without words.
    """
    sentences = _sentences(text)
    if not sentences:
        return ((0, 0),)
    words = [len(text[start:end].split()) for start, end in sentences]
    spans: list[Span] = []
    first = 0
    while True:
        last, total = first, words[first]
        while last + 1 < len(sentences) and total + words[last + 1] <= max_words:
            last += 1
            total += words[last]
        spans.append((sentences[first][0], sentences[last][1]))
        if last + 1 == len(sentences):
            return tuple(spans)
        first = _next_start(words, first, last)
        # One that would end where this one ends says nothing new.
        while first <= last and sum(words[first : last + 2]) > max_words:
            first += 1


def _next_start(words: Sequence[int], first: int, last: int) -> int:
    """Return the sentence at which the next window starts: the first past half of this one's words, or the next."""
    half, passed = sum(words[first : last + 1]) / 2, 0.0
    for index in range(first, last + 1):
        passed += words[index]
        if passed >= half and index + 1 <= last:
            return index + 1
    return last + 1


# The field of a row whose text is part of a turn: the text of the turn, and where in it the part begins.
PART = "part_of"


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a row is read at a time.

    Attributes:
        window_words: words a window of the turn holds.
        context_words: words of the turn that is answered, its last ones, put before every window; 0 for none.
        separator: stands between the two.
    """

    window_words: int
    context_words: int = 0
    separator: str = ""

    def spans(self, row: dict[str, Any]) -> tuple[Span, ...]:
        """Return the windows of a row's text; of a row that is part of a turn, those of the turn that meet the part.

        So the windows of a turn are the same whichever parts of it are read on which issues, and are encoded once. The
        first may begin before the text, and the last end behind it.
        """
        if row.get(PART) is None:
            return windows(row["text"], self.window_words)
        turn, start = row[PART]
        cut, end = windows(turn, self.window_words), start + len(row["text"])
        return tuple((a - start, b - start) for a, b in cut if a < end and start < b) or ((0, 0),)

    def text(self, row: dict[str, Any], span: Span) -> str:
        """Return a window as it is read: behind the end of the turn that is answered, where that is wanted."""
        text, start = row.get(PART) or (row["text"], 0)
        window = text[span[0] + start : span[1] + start]
        words = (row.get("context") or "").split()[-self.context_words :] if self.context_words else []
        return " ".join([*words, self.separator, window]) if words else window


def cut(rows: Sequence[dict[str, Any]], reading: Reading) -> tuple[NDArray[np.int_], list[Span]]:
    """Return the row of each window of all rows, and its span."""
    pieces = [(index, span) for index, row in enumerate(rows) for span in reading.spans(row)]
    return np.array([index for index, _ in pieces], dtype=int), [span for _, span in pieces]
