"""A turn's text cut into pieces that carry the same marks, a list of them a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from standpunt.annotation.arguments import Sentence
from standpunt.debate import Span

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence for a stance: a span, the number of its issue on the page, the stance."""

    span: Span
    issue: int
    stance: str


@dataclass(slots=True)
class Piece:
    """A piece of text and what it is part of.

    Attributes:
        text: as in the turn.
        evidence: for which stances it is evidence.
        starts: whether that evidence begins here.
        sentence: the claim or premise it is part of.
        opens: whether that sentence begins here.
    """

    text: str
    evidence: list[Evidence] = field(default_factory=list)
    starts: bool = False
    sentence: Sentence | None = None
    opens: bool = False

    @property
    def stances(self) -> dict[int, str]:
        """The stance it is evidence for, by the number of the issue."""
        return {item.issue: item.stance for item in self.evidence}

    @property
    def sides(self) -> list[str]:
        """The stances it is evidence for, each once."""
        return list(dict.fromkeys(self.stances.values()))


def paragraphs(text: str, evidence: Sequence[Evidence] = (), sentences: Sequence[Sentence] = ()) -> list[list[Piece]]:
    """Cut a text at its paragraphs and at the borders of all marks.

    Args:
        text: the normalised text of a turn.
        evidence: may overlap; spans of one (issue, stance) should not.
        sentences: claims and premises, which do not overlap; other sentences are passed over.
    """
    arguments = [sentence for sentence in sentences if sentence.component != "none"]
    spans = [item.span for item in evidence] + [sentence.span for sentence in arguments]
    return [list(_pieces(text, match.span(), spans, evidence, arguments)) for match in _PARAGRAPH.finditer(text)]


def _pieces(
    text: str, whole: Span, spans: Sequence[Span], evidence: Sequence[Evidence], sentences: Sequence[Sentence]
) -> Iterator[Piece]:
    first, last = whole
    borders = {first, last} | {border for span in spans for border in span if first < border < last}
    for start, end in pairwise(sorted(borders)):
        marks = [item for item in evidence if item.span[0] < end and start < item.span[1]]
        sentence = next((item for item in sentences if item.span[0] < end and start < item.span[1]), None)
        yield Piece(
            text[start:end],
            marks,
            any(item.span[0] == start for item in marks),
            sentence,
            sentence is not None and sentence.span[0] == start,
        )
