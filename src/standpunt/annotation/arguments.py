"""Argument layers: what each sentence of a turn does, which claim a premise is about, and what it appeals to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standpunt.annotation.sources import Source
from standpunt.annotation.standoff import check_anchor, check_source, read_standoff, standoff_header, write_standoff
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
        sentences = [_sentence(record, f"{path}, line {number}") for number, record in enumerate(records, start=2)]
        _check_links(sentences, path)
        return cls(header["annotator"], header["source"]["sha256"], tuple(sentences), header["codebook"])

    def save(self, path: str | Path, source: Source) -> None:
        """Write the layer, sorted by turn and place."""
        header = standoff_header(_KIND, self.annotator, self.codebook, source)
        write_standoff(path, header, [sentence.record() for sentence in sorted(self.sentences, key=_place)])

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

    def records(self, debate: Debate) -> Iterator[dict[str, object]]:
        """Yield a flat record a sentence, with offsets into the report as read."""
        for item in self.sentences:
            turn = debate.turn(item.turn)
            start, end = debate.to_source(turn, *item.span)
            yield {
                "turn": turn.id,
                "ordinal": turn.ordinal,
                "speaker": turn.speaker.name,
                "start": start,
                "end": end,
                "component": item.component,
                "frame": item.frame,
                "relation": item.relation,
                "target": list(debate.to_source(turn, *item.target)) if item.target else None,
                "annotator": self.annotator,
            }


def _place(sentence: Sentence) -> tuple[int, Span]:
    return sentence.turn, sentence.span


def _sentence(data: dict[str, Any], where: str) -> Sentence:
    if set(data) != _FIELDS:
        raise LayerError(f"{where}: expected the fields {', '.join(sorted(_FIELDS))}")
    for name, known in (("component", COMPONENTS), ("frame", FRAMES), ("relation", RELATIONS)):
        if data[name] not in known and not (data[name] is None and name != "component"):
            raise LayerError(f"{where}: {unknown_name(name, str(data[name]), known)}")
    component, target = data["component"], data["target"]
    if (component == "premise") != (data["frame"] is not None):
        raise LayerError(f"{where}: a premise has a frame and nothing else has; got {component}, {data['frame']}")
    if (target is None) != (data["relation"] is None) or (target is not None and component != "premise"):
        raise LayerError(f"{where}: 'relation' and 'target' go together, on a premise only")
    try:
        span = (int(data["start"]), int(data["end"]))
        aim = (int(target[0]), int(target[1])) if target is not None else None
        return Sentence(int(data["turn"]), span, str(data["speaker"]), component, data["frame"], data["relation"], aim)
    except (TypeError, ValueError, IndexError):
        raise LayerError(f"{where}: 'turn', 'start' and 'end' must be numbers and 'target' a pair of them") from None


def _check_links(sentences: list[Sentence], path: Path) -> None:
    known: dict[tuple[int, Span], Sentence] = {}
    for number, item in enumerate(sentences, start=2):
        if (item.turn, item.span) in known:
            raise LayerError(f"{path}, line {number}: sentence {item.span} of turn {item.turn} stands there twice")
        known[item.turn, item.span] = item
    for number, item in enumerate(sentences, start=2):
        if item.target is not None:
            aim = known.get((item.turn, item.target))
            if aim is None or aim.component != "claim":
                raise LayerError(f"{path}, line {number}: the target {item.target} is no claim of turn {item.turn}")
