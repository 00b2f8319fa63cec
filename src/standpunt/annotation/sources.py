"""What a layer is laid upon: a debate named by hashes, so that labels can ship where the text cannot."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import LANGUAGE
from standpunt.annotation.recorded import Recorded, digest_text
from standpunt.debate import Debate, Turn
from standpunt.errors import LayerError
from standpunt.storage.files import write_text

SOURCE = "source.json"


@dataclass(frozen=True, slots=True)
class SourceTurn:
    """One turn of a source: its hash, who speaks it in which role, and its paragraphs.

    `breaks` counts the words before each empty line of the annotated text: hashes know no white space, offsets do. None
    in descriptions that were written before there was such a field. `recorded` says what the place of the text, a table
    whose rows are in another order or not only of this debate, does not.
    """

    digest: str
    speaker: str
    role: str
    breaks: tuple[int, ...] | None = None
    recorded: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The identity of a debate: title, date, hash of the normalised text, and one hash a turn."""

    title: str
    date: str
    language: str
    sha256: str
    turns: tuple[SourceTurn, ...]

    @classmethod
    def from_debate(
        cls, debate: Debate, *, title: str, date: str, language: str = LANGUAGE, recorded: bool = False
    ) -> Source:
        """Describe a debate that is at hand.

        Args:
            debate: the debate.
            title: what it is about.
            date: its day, ISO 8601.
            language: of it.
            recorded: whether order, kinds and answers are recorded too, for a debate whose texts are found one by one.
        """
        turns = tuple(
            SourceTurn(
                digest,
                turn.speaker.name,
                turn.speaker.role,
                _breaks(turn.text),
                _recorded(debate, turn) if recorded else None,
            )
            for digest, turn in zip(debate.turn_digests, debate.turns, strict=True)
        )
        return cls(title, date, language, debate.sha256, turns)

    @classmethod
    def load(cls, path: Path) -> Source:
        """Read `source.json`.

        Raises:
            LayerError: the file is missing or malformed.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            turns = tuple(_source_turn(*turn) for turn in data.pop("turns"))
            return cls(**data, turns=turns)
        except OSError as error:
            raise LayerError(f"{path}: cannot be read ({error.strerror}); a layer needs its source.json") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise LayerError(f"{path}: not a source description (title, date, language, sha256, turns)") from None

    def save(self, path: Path) -> None:
        """Write `source.json`, one turn a line."""
        about = {"title": self.title, "date": self.date, "language": self.language, "sha256": self.sha256}
        head = json.dumps(about, ensure_ascii=False, indent=1)[:-2]
        lines = ",\n".join("  " + json.dumps(_record(turn), ensure_ascii=False) for turn in self.turns)
        write_text(path, f'{head},\n "turns": [\n{lines}\n ]\n}}\n')

    @property
    def is_recorded(self) -> bool:
        """Whether it says what a table with the texts does not, see `SourceTurn`."""
        return bool(self.turns) and all(turn.recorded is not None for turn in self.turns)

    def restore(self, debate: Debate) -> Debate:
        """Give the turns the paragraphs that were annotated, so that the offsets of layers hold in them.

        A copy of a report may break its pages, and so its paragraphs, elsewhere. The debate gets the date of this
        description where its report does not say. A debate of other words is returned as it is, for `check` to refuse.
        """
        if debate.sha256 != self.sha256:
            return debate
        turns = tuple(
            turn
            if known.breaks is None or known.breaks == _breaks(turn.text)
            else replace(turn, text=_broken(turn.text, known.breaks))
            for known, turn in zip(self.turns, debate.turns, strict=True)
        )
        return replace(debate, turns=turns, date=debate.date or self.date)

    def check(self, debate: Debate, where: str) -> None:
        """Make sure that `debate` is the text this source describes.

        Args:
            debate: the debate as read.
            where: the file to name in the error.

        Raises:
            LayerError: it differs; the message names the first turn that does.
        """
        if debate.sha256 == self.sha256:
            self._check_paragraphs(debate, where)
            return
        for ordinal, (expected, digest, turn) in enumerate(
            zip(self.turns, debate.turn_digests, debate.turns, strict=False), start=1
        ):
            if expected.digest != digest:
                raise LayerError(
                    f"{where}: turn {ordinal} ({turn.speaker.name}, characters {turn.start}-{turn.end}) is not the "
                    f"text that was annotated ({expected.speaker}, {self.title}, {self.date}); nothing was loaded, use "
                    "the transcript the layer names"
                )
        raise LayerError(
            f"{where}: {len(debate.turns)} turns where the annotated text ({self.title}, {self.date}) has "
            f"{len(self.turns)}, the first {min(len(debate.turns), len(self.turns))} of them the same; turn "
            f"{min(len(debate.turns), len(self.turns)) + 1} is the first that differs; nothing was loaded"
        )

    def _check_paragraphs(self, debate: Debate, where: str) -> None:
        for known, turn in zip(self.turns, debate.turns, strict=True):
            if known.breaks is not None and known.breaks != _breaks(turn.text):
                raise LayerError(
                    f"{where}: turn {turn.ordinal} ({turn.speaker.name}) has the annotated words in other paragraphs, "
                    "which shifts offsets; take the debate that Source.restore makes of it"
                )


def _breaks(text: str) -> tuple[int, ...]:
    """Count the words before each empty line."""
    return tuple(accumulate(len(paragraph.split()) for paragraph in text.split("\n\n")))[:-1]


def _broken(text: str, breaks: tuple[int, ...]) -> str:
    """Put the empty lines of a text after these numbers of words and nowhere else."""
    words = text.split()
    return "\n\n".join(" ".join(words[start:end]) for start, end in pairwise((0, *breaks, len(words))))


def _recorded(debate: Debate, turn: Turn) -> Recorded:
    answered = None if turn.replies_to is None else debate.turn(turn.replies_to).ordinal
    return Recorded(digest_text(turn.text), turn.speaker.party, turn.kind, answered)


def _record(turn: SourceTurn) -> list[object]:
    known: list[object] = [] if turn.breaks is None else [list(turn.breaks)]
    if turn.recorded is not None:
        known.append(turn.recorded.record())
    return [turn.digest, turn.speaker, turn.role, *known]


def _source_turn(
    digest: str, speaker: str, role: str, breaks: list[int] | None = None, recorded: dict[str, Any] | None = None
) -> SourceTurn:
    known = None if recorded is None else Recorded.of(recorded)
    return SourceTurn(digest, speaker, role, None if breaks is None else tuple(map(int, breaks)), known)
