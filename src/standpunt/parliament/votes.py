"""How the parties voted on motions: from the official source or a file, beside the motions of a debate."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standpunt.debate import Motion
from standpunt.errors import InputError
from standpunt.storage.json_lines import json_lines

FOR, AGAINST = "Voor", "Tegen"
_EXPECTED = "votes as standpunt fetch tk --votes writes them"


@dataclass(frozen=True, slots=True)
class MotionVote:
    """A motion and how the parties voted on it.

    Attributes:
        dossier: the dossier as `standpunt.debate.Motion` has it, e.g. "36045" or "36800-X".
        number: the number of the motion in its dossier.
        title: e.g. "Motie van het lid Aalbers over de bruggen".
        result: what was decided, e.g. "aangenomen", "verworpen", "aangehouden"; None where nothing is yet.
        votes: "Voor", "Tegen" or "Niet deelgenomen" for each party; in a vote by person what most of its members who
            took part voted, "Verdeeld" where they were evenly split. Empty where there was no vote.
        by_person: whether members were called one by one.
    """

    dossier: str | None
    number: int | None
    title: str
    result: str | None
    votes: Mapping[str, str]
    by_person: bool

    def record(self) -> dict[str, object]:
        """Return the vote as a flat record, as `standpunt fetch tk --votes` writes it."""
        return {name: getattr(self, name) for name in self.__slots__} | {"votes": dict(self.votes)}


def join_votes(motions: Iterable[Motion], votes: Iterable[MotionVote]) -> list[tuple[Motion, MotionVote | None]]:
    """Put the vote beside each motion of a debate, by dossier and number; None where there is none."""
    known = {(vote.dossier, vote.number): vote for vote in votes if vote.dossier and vote.number is not None}
    # Printed reports write some dossiers with a space, "36 045".
    return [(motion, known.get(("".join((motion.dossier or "").split()), motion.number))) for motion in motions]


def read_votes(path: str | os.PathLike[str]) -> list[MotionVote]:
    """Read the file that `standpunt fetch tk --votes` writes, one vote a line.

    Raises:
        InputError: the file cannot be read, or a line is no vote.
    """
    found = []
    for where, record in json_lines(Path(path), _EXPECTED):
        try:
            found.append(_vote(**record))
        except TypeError:
            raise InputError(f"{where}: no vote; expected {_EXPECTED}") from None
    return found


def _vote(**fields: Any) -> MotionVote:
    """Return a vote made of a record.

    Raises:
        TypeError: a field is missing, unknown, or not of its type.
    """
    vote = MotionVote(**fields)
    known = (
        (vote.dossier, str | None),
        (vote.number, int | None),
        (vote.title, str),
        (vote.result, str | None),
        (vote.votes, dict),
        (vote.by_person, bool),
    )
    if not all(isinstance(value, kind) for value, kind in known):
        raise TypeError
    if not all(isinstance(cast, str) for cast in vote.votes.values()):
        raise TypeError
    return vote
