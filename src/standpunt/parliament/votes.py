"""How the parties voted on motions: from the official source or a file, beside the motions of a debate."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from standpunt.debate import Motion, MotionVote
from standpunt.errors import InputError
from standpunt.storage.json_lines import json_lines

FOR, AGAINST, SPLIT = "Voor", "Tegen", "Verdeeld"
EXPECTED = "votes as standpunt fetch tk --votes writes them"


def join_votes(motions: Iterable[Motion], votes: Iterable[MotionVote]) -> list[tuple[Motion, MotionVote | None]]:
    """Put the vote beside each motion of a debate, by dossier and number; None where there is none."""
    known = {(vote.dossier, vote.number): vote for vote in votes if vote.dossier and vote.number is not None}
    # Printed reports write some dossiers with a space, "36 045".
    return [(motion, known.get(("".join((motion.dossier or "").split()), motion.number))) for motion in motions]


def most_voted(cast: Iterable[str]) -> str:
    """Return what most of those who voted for or against did; "Verdeeld" where they were evenly split."""
    counts = Counter(vote for vote in cast if vote in (FOR, AGAINST))
    return SPLIT if counts[FOR] == counts[AGAINST] else counts.most_common(1)[0][0]


def read_votes(path: str | os.PathLike[str]) -> list[MotionVote]:
    """Read the file that `standpunt fetch tk --votes` writes, one vote a line.

    Raises:
        InputError: the file cannot be read, or a line is no vote.
    """
    votes = []
    for where, record in json_lines(Path(path), EXPECTED):
        try:
            votes.append(_vote(**record))
        except TypeError:
            raise InputError(f"{where}: no vote; expected {EXPECTED}") from None
    return votes


def _vote(**fields: Any) -> MotionVote:
    """Return a vote made of a record.

    Raises:
        TypeError: a field is missing, unknown, or not of its type.
    """
    vote = MotionVote(**fields)
    known = (
        (vote.dossier, str | None),
        (vote.number, int | str | None),
        (vote.title, str),
        (vote.result, str | None),
        (vote.votes, dict),
        (vote.by_person, bool),
        (vote.counts, dict),
    )
    if not all(isinstance(value, kind) for value, kind in known):
        raise TypeError
    if not all(isinstance(cast, str) for cast in vote.votes.values()):
        raise TypeError
    if not all(isinstance(count, int) for count in vote.counts.values()):
        raise TypeError
    return vote
