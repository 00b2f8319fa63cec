"""Argument layers: what each sentence of a turn does, which claim a premise is about, and what it appeals to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standpunt.annotation.sources import Source
from standpunt.annotation.standoff import (
    check_anchor,
    check_source,
    read_standoff,
    standoff_header,
    whole_number,
    whole_span,
    write_standoff,
)
from standpunt.debate import Debate, Span
from standpunt.errors import LayerError, unknown_name

COMPONENTS = ("claim", "premise", "none")
RELATIONS = ("support", "attack")
# The dimensions of the Policy Frames Codebook (A. Boydstun, J. Gross, P. Resnik, N. Smith, 2013).
FRAMES = (
    "economic", "capacity", "morality", "fairness", "legality", "policy", "crime", "security", "health",
    "quality_of_life", "cultural_identity", "public_opinion", "political", "external", "other",
)  # fmt: skip
_KIND = "arguments"
_FIELDS = {"turn", "speaker", "start", "end", "component", "frame", "relation", "target"}


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """A sentence of a turn and its part in the argument.

    Attributes:
        turn: ordinal of the turn in the debate, from 1.
        span: [start, end) in the turn's text.
        speaker: who speaks the turn; checked against the debate.
        component: claim, premise or none.
        frame: of a premise, what it appeals to.
        relation: of a premise that points to a claim of its turn, support or attack.
        target: the span of that claim.
    """

    turn: int
    span: Span
    speaker: str
    component: str
    frame: str | None = None
    relation: str | None = None
    target: Span | None = None

    def record(self) -> dict[str, Any]:
        """Return the sentence as it stands in a layer file."""
        return {
            "turn": self.turn,
            "speaker": self.speaker,
            "start": self.span[0],
            "end": self.span[1],
            "component": self.component,
            "frame": self.frame,
            "relation": self.relation,
            "target": list(self.target) if self.target else None,
        }


@dataclass(frozen=True, slots=True)
class ArgumentLayer:
    """The sentences of the turns that one annotator read; a turn that is not there was not read."""

    annotator: str
    sha256: str
    sentences: tuple[Sentence, ...]
    codebook: int = 1

    @classmethod
    def load(cls, path: str | Path) -> ArgumentLayer:
        """Read a layer file.

        Raises:
            LayerError: the file cannot be read, or a line is malformed; the message names the line.
        """
        path = Path(path)
        header, records = read_standoff(path, _KIND)
        placed = [(_sentence(record, where), where) for where, record in records]
        check_links(placed)
        sentences = tuple(sentence for sentence, _ in placed)
        return cls(header["annotator"], header["source"]["sha256"], sentences, header["codebook"])

    def save(self, path: str | Path, source: Source) -> None:
        """Write the layer, sorted by turn and place."""
        header = standoff_header(_KIND, self.annotator, self.codebook, source)
        write_standoff(path, header, [sentence.record() for sentence in sorted(self.sentences, key=_order)])

    def check(self, debate: Debate, source: Source, where: str) -> None:
        """Make sure that the layer belongs to `debate` and that every sentence lies inside its turn.

        Raises:
            LayerError: the text differs (the first turn that differs is named), or an anchor is wrong.
        """
        check_source(debate, source, self.sha256, where)
        for item in self.sentences:
            check_anchor(debate, item.turn, item.speaker, [item.span], "sentence", where)

    @property
    def turns(self) -> tuple[int, ...]:
        """The ordinals of the turns that were read."""
        return tuple(sorted({sentence.turn for sentence in self.sentences}))

    def by_sentence(self) -> dict[tuple[int, Span], Sentence]:
        """Return the sentences by turn and span."""
        return {(sentence.turn, sentence.span): sentence for sentence in self.sentences}


def _order(sentence: Sentence) -> tuple[int, Span]:
    return sentence.turn, sentence.span


def _sentence(data: dict[str, Any], where: str) -> Sentence:
    if set(data) != _FIELDS:
        raise LayerError(f"{where}: expected the fields {', '.join(sorted(_FIELDS))}")
    try:
        span = whole_span([data["start"], data["end"]])
        target = whole_span(data["target"]) if data["target"] is not None else None
        values = str(data["speaker"]), data["component"], data["frame"], data["relation"]
        sentence = Sentence(whole_number(data["turn"]), span, *values, target)
    except (TypeError, ValueError):
        raise LayerError(f"{where}: 'turn', 'start' and 'end' must be whole numbers, 'target' a pair of them") from None
    check_sentence(sentence, where)
    return sentence


def check_sentence(item: Sentence, where: str) -> None:
    """Make sure that the values of a sentence are known and go together.

    Raises:
        LayerError: they do not.
    """
    for name, known in (("component", COMPONENTS), ("frame", FRAMES), ("relation", RELATIONS)):
        value = getattr(item, name)
        if value not in known and (value is not None or name == "component"):
            raise LayerError(f"{where}: {unknown_name(name, str(value), known)}")
    if (item.component == "premise") != (item.frame is not None):
        raise LayerError(
            f"{where}: a premise has a frame and nothing else has; got {item.component}, {item.frame or 'no frame'}"
        )
    if (item.target is None) != (item.relation is None) or (item.target is not None and item.component != "premise"):
        raise LayerError(f"{where}: relation and target go together, on a premise only")


def check_links(sentences: Sequence[tuple[Sentence, str]]) -> None:
    """Make sure that no sentence of a layer is there twice and that premises point to claims of their turn.

    Args:
        sentences: each with its place, which an error names.

    Raises:
        LayerError: they do not.
    """
    known: dict[tuple[int, Span], Sentence] = {}
    for item, where in sentences:
        if (item.turn, item.span) in known:
            raise LayerError(f"{where}: sentence {item.span} of turn {item.turn} stands there twice")
        known[item.turn, item.span] = item
    for item, where in sentences:
        aim = known.get((item.turn, item.target)) if item.target is not None else None
        if item.target is not None and (aim is None or aim.component != "claim"):
            raise LayerError(f"{where}: the target {item.target} is no claim of turn {item.turn}")
