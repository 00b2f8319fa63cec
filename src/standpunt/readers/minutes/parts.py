"""An agenda item of a sitting on its way to a debate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from standpunt.debate import Debate, MotionVote, Note
from standpunt.readers.build import Piece, Submission, build_debate


@dataclass(slots=True)
class SubmittedMotion:
    """A motion of the sitting: by whom it was submitted, under which title; `key` is its number however printed."""

    submission: Submission
    title: str
    key: tuple[str, int | str] | None


@dataclass(slots=True)
class Part:
    """A debate in the making.

    Attributes:
        title: what it is about.
        keys: letters or numbers of the agenda items that are spoken of.
        entries: pieces and notes in the order printed.
        votes: on its motions, or said in it on others.
        oddities: what was not expected, counted.
        is_open: whether the deliberation is.
        tail: entries from here on belong to the votes, if these are what follows.
    """

    title: str
    keys: tuple[str, ...] = ()
    entries: list[Piece | Note] = field(default_factory=list)
    votes: list[MotionVote] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    is_open: bool = False
    tail: int | None = None

    @property
    def pieces(self) -> list[Piece]:
        """What is spoken, motions included."""
        return [entry for entry in self.entries if isinstance(entry, Piece)]

    def build(
        self,
        debate_id: str | None,
        *,
        motions: Mapping[int, SubmittedMotion],
        source: str,
        date: str | None,
        calls_printed: bool,
    ) -> Debate:
        """Make a debate of it.

        Args:
            debate_id: the id to give it; by default the beginning of its hash.
            motions: of the sitting, by where their texts begin.
            source: the report as decoded.
            date: of the sitting, ISO 8601.
            calls_printed: whether the report has the chair's calls.
        """
        pieces = self.pieces
        notes: list[Note] = []
        pauses: dict[int, set[str]] = {}
        place = 0
        for entry in self.entries:
            if isinstance(entry, Note):
                notes.append(entry)
                pauses.setdefault(place, set()).add(entry.kind)
            else:
                place += 1
        own = {index: motions[piece.spans[0][0]] for index, piece in enumerate(pieces) if piece.is_motion}
        debate = build_debate(
            pieces,
            title=self.title,
            date=date,
            pauses={index: frozenset(kinds) for index, kinds in pauses.items()},
            notes=notes,
            filed={index: motion.submission for index, motion in own.items()},
            source=source,
            debate_id=debate_id,
            oddities=self.oddities,
            calls_printed=calls_printed,
        )
        titled = zip(debate.motions, own.values(), strict=True)
        return replace(
            debate,
            motions=tuple(replace(motion, title=known.title) for motion, known in titled),
            votes=tuple(self.votes),
        )
