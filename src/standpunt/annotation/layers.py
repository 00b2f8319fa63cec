"""Standoff annotation layers: the labels of one annotator on one debate, without its text.

A layer is a JSON Lines file, sorted, one record a line. Its first line says what it is; every other line is the label
of one turn on one issue, with evidence as character offsets into the turn's normalised text. The header of a layer that
a model made says so (`made_by`), and behind the labels come its probabilities, a line for each turn and issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from standpunt.annotation.issues import shipped_issues
from standpunt.annotation.made_by import Answer, MadeBy, read_answer, read_made_by
from standpunt.annotation.nuance import NUANCE_FIELDS, Nuance, read_nuance
from standpunt.annotation.sources import Source
from standpunt.annotation.standoff import (
    check_anchor,
    check_source,
    check_texts,
    read_standoff,
    standoff_header,
    whole_number,
    whole_span,
    write_standoff,
)
from standpunt.debate import Debate, Span
from standpunt.errors import LayerError, unknown_name

SIDES = ("favor", "against")
STANCES = (*SIDES, "neutral")
OPPOSITE = {"favor": "against", "against": "favor"}
NONE = "none"  # of a pair whose turn does not address the issue; layers have no record of it
# The version of docs/codebook.md; the first that knows the finer fields of a label.
CODEBOOK = 2
_RECORD_FIELDS = {"turn", "speaker", "issue", "label", "evidence"}


@dataclass(frozen=True, slots=True)
class Label:
    """The stance of one turn on one issue.

    Attributes:
        turn: ordinal of the turn in the debate, from 1.
        issue: name of the issue.
        label: favor, against or neutral.
        speaker: who speaks the turn; checked against the debate.
        evidence: spans [start, end) in the turn's text, the strongest first.
        nuance: leaning, strength, conditional and asks, where the annotator gave them; the label follows from it.
    """

    turn: int
    issue: str
    label: str
    speaker: str
    evidence: tuple[Span, ...] = ()
    nuance: Nuance | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """All labels of one annotator on one debate, on the issues named (no record: the turn does not address it).

    Attributes:
        annotator: whose labels they are.
        issues: names of the issues that were annotated.
        sha256: of the text.
        labels: the labels.
        codebook: the version of the codebook that they follow.
        made_by: the model that made the layer; None where people did.
        answers: what that model said of each pair: its probabilities, or that it gave no answer.
    """

    annotator: str
    issues: tuple[str, ...]
    sha256: str
    labels: tuple[Label, ...]
    codebook: int = CODEBOOK
    made_by: MadeBy | None = None
    answers: tuple[Answer, ...] = ()

    @classmethod
    def load(cls, path: str | Path) -> Layer:
        """Read a layer file.

        Raises:
            LayerError: the file cannot be read, or a line is malformed; the message names the line.
        """
        path = Path(path)
        header, records = read_standoff(path, "stance", ("issues",))
        issues = header["issues"]
        if not isinstance(issues, list):
            raise LayerError(f"{path}, line 1: 'issues' must be a list of names")
        for issue in issues:
            check_texts({"issues": issue}, f"{path}, line 1")
        issues = tuple(issues)
        codebook = header["codebook"]
        made_by = read_made_by(header["made_by"], f"{path}, line 1") if "made_by" in header else None
        labels: dict[tuple[int, str], Label] = {}
        answers: list[Answer] = []
        for where, record in records:
            if "p" in record:
                answers.append(read_answer(record, made_by, issues, where))
                continue
            label = _label(record, issues, codebook, where)
            if (label.turn, label.issue) in labels:
                raise LayerError(f"{where}: turn {label.turn} has a second label on {label.issue}")
            labels[label.turn, label.issue] = label
        sha256 = header["source"]["sha256"]
        return cls(header["annotator"], issues, sha256, tuple(labels.values()), codebook, made_by, tuple(answers))

    def save(self, path: str | Path, source: Source) -> None:
        """Write the layer, sorted by turn and issue."""
        header = standoff_header("stance", self.annotator, self.codebook, source) | {"issues": list(self.issues)}
        if self.made_by is not None:
            header["made_by"] = self.made_by.record()
        records = [
            {
                "turn": label.turn,
                "speaker": label.speaker,
                "issue": label.issue,
                "label": label.label,
                "evidence": [list(span) for span in label.evidence],
                **(label.nuance.record() if label.nuance else {}),
            }
            for label in sorted(self.labels, key=lambda label: (label.turn, label.issue))
        ]
        answers = sorted(self.answers, key=lambda answer: (answer.turn, answer.issue))
        write_standoff(path, header, [*records, *(answer.record() for answer in answers)])

    def check(self, debate: Debate, source: Source, where: str) -> None:
        """Make sure that the layer belongs to `debate` and that every anchor lies inside its turn.

        Raises:
            LayerError: the text differs (the first turn that differs is named), or an anchor is wrong.
        """
        check_source(debate, source, self.sha256, where)
        for label in self.labels:
            what = f"evidence on {label.issue}"
            check_anchor(debate, label.turn, label.speaker, label.evidence, what, where)
        for answer in self.answers:
            if not 1 <= answer.turn <= len(debate.turns):
                raise LayerError(f"{where}: there is no turn {answer.turn}; the debate has {len(debate.turns)}")

    def by_pair(self) -> dict[tuple[int, str], str]:
        """Return the label of each (turn ordinal, issue) pair that has one."""
        return {(label.turn, label.issue): label.label for label in self.labels}

    @property
    def unanswered(self) -> frozenset[tuple[int, str]]:
        """The pairs (turn ordinal, issue) that the model gave no answer on: they have no label, not even "none"."""
        return frozenset((answer.turn, answer.issue) for answer in self.answers if answer.probabilities is None)

    def probabilities(self) -> dict[tuple[int, str], dict[str, float]]:
        """Return the probabilities of the labels, by name, for each (turn ordinal, issue) pair that has them."""
        names = self.made_by.labels if self.made_by else ()
        return {
            (answer.turn, answer.issue): dict(zip(names, answer.probabilities, strict=True))
            for answer in self.answers
            if answer.probabilities is not None
        }

    def records(self, debate: Debate) -> Iterator[dict[str, object]]:
        """Yield a flat record a label, with offsets into the report as read, as `standpunt labels` prints it.

        Offsets, also those of each piece of evidence, are None where the format has none (XML). The finer fields are
        there where the label has them.
        """
        for label in self.labels:
            turn = debate.turn(label.turn)
            yield {
                "turn": turn.id,
                "ordinal": turn.ordinal,
                "speaker": turn.speaker.name,
                "start": turn.start,
                "end": turn.end,
                "issue": label.issue,
                "label": label.label,
                "annotator": self.annotator,
                "evidence": [
                    list(debate.to_source(turn, *span)) if turn.spans else [None, None] for span in label.evidence
                ],
                **(label.nuance.record() if label.nuance else {}),
            }


def quotes_to_spans(text: str, quotes: Iterable[str]) -> tuple[Span, ...]:
    """Find quotes in a turn's text and return their spans in the order given.

    Raises:
        LayerError: a quote does not occur in the text.
    """
    spans = []
    for quote in quotes:
        start = text.find(quote)
        if start < 0 or not quote.strip():
            raise LayerError(f"the quote {quote[:60]!r} does not occur in the turn")
        spans.append((start, start + len(quote)))
    return tuple(spans)


def _label(data: dict, issues: tuple[str, ...], codebook: int, where: str) -> Label:
    if set(data) - set(NUANCE_FIELDS) != _RECORD_FIELDS:
        raise LayerError(
            f"{where}: expected the fields {', '.join(sorted(_RECORD_FIELDS))}, and at will all of "
            f"{', '.join(NUANCE_FIELDS)}"
        )
    try:
        evidence = tuple(map(whole_span, data["evidence"]))
        turn, speaker = whole_number(data["turn"]), str(data["speaker"])
    except (TypeError, ValueError):
        raise LayerError(f"{where}: 'turn' must be a whole number and 'evidence' pairs of them") from None
    label = Label(turn, data["issue"], data["label"], speaker, evidence, read_nuance(data, where))
    check_label(label, issues, codebook, where)
    return label


def check_label(label: Label, issues: Sequence[str], codebook: int, where: str) -> None:
    """Make sure that a label is one of `STANCES`, on one of these issues, and the one that its finer fields make.

    Args:
        label: the label.
        issues: names of the issues of its layer.
        codebook: the version of the codebook that its layer follows.
        where: the place to name in the error.

    Raises:
        LayerError: it is not, or it has finer fields that this codebook does not know.
    """
    if label.label not in STANCES:
        raise LayerError(f"{where}: {unknown_name('label', str(label.label), STANCES)}")
    if label.issue not in issues:
        raise LayerError(f"{where}: {unknown_name('issue', str(label.issue), issues or shipped_issues())}")
    if label.nuance is None:
        return
    if codebook < CODEBOOK:
        raise LayerError(
            f"{where}: {', '.join(NUANCE_FIELDS)} belong to codebook {CODEBOOK}, and the layer names {codebook}"
        )
    if label.label != label.nuance.label:
        strength = f" of strength {label.nuance.strength}" if label.nuance.strength else ""
        raise LayerError(
            f"{where}: label {label.label} beside leaning {label.nuance.leaning}{strength}, which makes "
            f"{label.nuance.label}; correct one of them"
        )
