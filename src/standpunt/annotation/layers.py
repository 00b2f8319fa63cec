"""Standoff annotation layers: the labels of one annotator on one debate, without its text.

A layer is a JSON Lines file, sorted, one record a line. Its first line says what it is; every other line is the label
of one turn on one issue, with evidence as character offsets into the turn's normalised text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from standpunt.annotation.issues import shipped_issues
from standpunt.annotation.sources import Source
from standpunt.debate import Debate, Span
from standpunt.errors import LayerError, unknown_name
from standpunt.files import write_text

STANCES = ("favor", "against", "neutral")
_HEADER_FIELDS = ("layer", "annotator", "codebook", "source", "issues")
_RECORD_FIELDS = {"turn", "speaker", "issue", "label", "evidence"}


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """The stance of one turn on one issue.

    Attributes:
        turn: ordinal of the turn in the debate, from 1.
        issue: name of the issue.
        label: favor, against or neutral.
        speaker: who speaks the turn; checked against the debate.
        evidence: spans [start, end) in the turn's text, the strongest first.
    """

    turn: int
    issue: str
    label: str
    speaker: str
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """All labels of one annotator on one debate, on the issues named (no record: the turn does not address it)."""

    annotator: str
    issues: tuple[str, ...]
    sha256: str
    labels: tuple[Label, ...]
    codebook: int = 1

    @classmethod
    def load(cls, path: str | Path) -> Layer:
        """Read a layer file.

        Raises:
            LayerError: the file cannot be read, or a line is malformed; the message names the line.
        """
        path = Path(path)
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise LayerError(f"{path}: cannot be read ({error.strerror}); expected an annotation layer") from None
        except UnicodeDecodeError:
            raise LayerError(f"{path}: not UTF-8 text; expected an annotation layer (JSON Lines)") from None
        if not lines:
            raise LayerError(f"{path}: the file is empty; expected an annotation layer (JSON Lines)")
        header = _parse(lines[0], path, 1)
        missing = [field for field in _HEADER_FIELDS if field not in header]
        if missing or header.get("layer") != "stance":
            raise LayerError(f"{path}, line 1: expected the header of a stance layer with {', '.join(_HEADER_FIELDS)}")
        source, issues = header["source"], header["issues"]
        if not (isinstance(source, dict) and isinstance(source.get("sha256"), str)):
            raise LayerError(f"{path}, line 1: 'source' must give title, date and sha256")
        if not (isinstance(issues, list) and all(isinstance(issue, str) for issue in issues)):
            raise LayerError(f"{path}, line 1: 'issues' must be a list of names")
        issues = tuple(issues)
        labels = [_label(_parse(line, path, n), issues, path, n) for n, line in enumerate(lines[1:], start=2)]
        seen: set[tuple[int, str]] = set()
        for number, label in enumerate(labels, start=2):
            if (label.turn, label.issue) in seen:
                raise LayerError(f"{path}, line {number}: turn {label.turn} has a second label on {label.issue}")
            seen.add((label.turn, label.issue))
        return cls(header["annotator"], issues, source["sha256"], tuple(labels), header["codebook"])

    def save(self, path: str | Path, source: Source) -> None:
        """Write the layer, sorted by turn and issue."""
        header = {
            "layer": "stance",
            "annotator": self.annotator,
            "codebook": self.codebook,
            "source": {"title": source.title, "date": source.date, "sha256": self.sha256},
            "issues": list(self.issues),
        }
        records = [
            {
                "turn": label.turn,
                "speaker": label.speaker,
                "issue": label.issue,
                "label": label.label,
                "evidence": [list(span) for span in label.evidence],
            }
            for label in sorted(self.labels, key=lambda label: (label.turn, label.issue))
        ]
        lines = [json.dumps(item, ensure_ascii=False) for item in (header, *records)]
        write_text(path, "\n".join(lines) + "\n")

    def check(self, debate: Debate, source: Source, where: str) -> None:
        """Make sure that the layer belongs to `debate` and that every anchor lies inside its turn.

        Raises:
            LayerError: the text differs (the first turn that differs is named), or an anchor is wrong.
        """
        if self.sha256 != source.sha256:
            raise LayerError(f"{where}: the layer names another text ({self.sha256[:12]}) than source.json does")
        source.check(debate, where)
        for label in self.labels:
            if not 1 <= label.turn <= len(debate.turns):
                raise LayerError(f"{where}: there is no turn {label.turn}; the debate has {len(debate.turns)}")
            turn = debate.turn(label.turn)
            if turn.speaker.name != label.speaker or turn.speaker.role == "chair":
                raise LayerError(f"{where}: turn {label.turn} is spoken by {turn.speaker.name}, not {label.speaker}")
            for start, end in label.evidence:
                if not 0 <= start < end <= len(turn.text) or not turn.text[start:end].strip():
                    raise LayerError(f"{where}: evidence {start}-{end} lies outside turn {label.turn} ({label.issue})")

    def by_pair(self) -> dict[tuple[int, str], str]:
        """Return the label of each (turn ordinal, issue) pair that has one."""
        return {(label.turn, label.issue): label.label for label in self.labels}

    def records(self, debate: Debate) -> Iterator[dict[str, object]]:
        """Yield a flat record a label, with offsets into the report as read, as `standpunt labels` prints it."""
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
                "evidence": [list(debate.to_source(turn, *span)) for span in label.evidence],
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


def _parse(line: str, path: Path, number: int) -> dict:
    try:
        data = json.loads(line)
    except ValueError:
        raise LayerError(f"{path}, line {number}: not valid JSON; expected one record a line") from None
    if not isinstance(data, dict):
        raise LayerError(f"{path}, line {number}: expected a JSON object")
    return data


def _label(data: dict, issues: tuple[str, ...], path: Path, number: int) -> Label:
    where = f"{path}, line {number}"
    if set(data) != _RECORD_FIELDS:
        raise LayerError(f"{where}: expected the fields {', '.join(sorted(_RECORD_FIELDS))}")
    if data["label"] not in STANCES:
        raise LayerError(f"{where}: {unknown_name('label', str(data['label']), STANCES)}")
    if data["issue"] not in issues:
        raise LayerError(f"{where}: {unknown_name('issue', str(data['issue']), issues or shipped_issues())}")
    try:
        evidence = tuple((int(start), int(end)) for start, end in data["evidence"])
        return Label(int(data["turn"]), data["issue"], data["label"], str(data["speaker"]), evidence)
    except (TypeError, ValueError):
        raise LayerError(f"{where}: 'turn' must be a number and 'evidence' pairs of numbers") from None
