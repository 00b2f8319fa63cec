"""What a layer is laid upon: a debate named by hashes, so that labels can ship where the text cannot."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from standpunt.debate import Debate
from standpunt.errors import LayerError
from standpunt.files import write_text

SOURCE = "source.json"


@dataclass(frozen=True, slots=True)
class SourceTurn:
    """One turn of a source: its hash, and who speaks it in which role."""

    digest: str
    speaker: str
    role: str


@dataclass(frozen=True, slots=True)
class Source:
    """The identity of a debate: title, date, hash of the normalised text, and one hash a turn."""

    title: str
    date: str
    language: str
    sha256: str
    turns: tuple[SourceTurn, ...]

    @classmethod
    def of(cls, debate: Debate, *, title: str, date: str, language: str = "nl") -> Source:
        """Describe a debate that is at hand."""
        turns = tuple(
            SourceTurn(digest, turn.speaker.name, turn.speaker.role)
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
            turns = tuple(SourceTurn(*turn) for turn in data.pop("turns"))
            return cls(**data, turns=turns)
        except OSError as error:
            raise LayerError(f"{path}: cannot be read ({error.strerror}); a layer needs its source.json") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise LayerError(f"{path}: not a source description (title, date, language, sha256, turns)") from None

    def save(self, path: Path) -> None:
        """Write `source.json`, one turn a line."""
        data = asdict(self)
        turns = data.pop("turns")
        lines = ",\n".join("  " + json.dumps(list(turn.values()), ensure_ascii=False) for turn in turns)
        head = json.dumps(data, ensure_ascii=False, indent=1)[:-2]
        write_text(path, f'{head},\n "turns": [\n{lines}\n ]\n}}\n')

    def check(self, debate: Debate, where: str) -> None:
        """Make sure that `debate` is the text this source describes.

        Args:
            debate: the debate as read.
            where: the file to name in the error.

        Raises:
            LayerError: it differs; the message names the first turn that does.
        """
        if debate.sha256 == self.sha256:
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
