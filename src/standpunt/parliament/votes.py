"""How the parties voted on motions: from the official source or a file, beside the motions of a debate."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from standpunt.debate import Motion, MotionVote
from standpunt.errors import InputError
from standpunt.storage.json_lines import json_lines

FOR, AGAINST, ABSENT, SPLIT = "Voor", "Tegen", "Niet deelgenomen", "Verdeeld"
CAST = (FOR, AGAINST, ABSENT, SPLIT)  # what a party can have done
EXPECTED = "votes as standpunt fetch tk --votes writes them"

Key = tuple[str, int | str | None]  # dossier and number


def join_votes(motions: Iterable[Motion], votes: Iterable[MotionVote]) -> list[tuple[Motion, MotionVote | None]]:
    """Put the vote beside each motion of a debate, by dossier and number; None where there is none.

    There is none either where two votes that differ have one number, or two motions of the debate: nothing says which
    belongs to which. Only of a motion that was changed and kept its number, as in a council, the version that is
    printed last under the title of the vote has it.
    """
    motions = list(motions)
    known: dict[Key, list[MotionVote]] = {}
    for vote in votes:
        if vote.dossier and vote.number is not None and vote not in (same := known.setdefault(key_of(vote), [])):
            same.append(vote)
    read: dict[Key, list[Motion]] = {}
    for motion in motions:
        read.setdefault(key_of(motion), []).append(motion)
    pairs: list[tuple[Motion, MotionVote | None]] = []
    for motion in motions:
        (vote, *others) = known.get(key_of(motion), [None])
        sure = vote is not None and not others and _is_on(vote, motion, read[key_of(motion)])
        pairs.append((motion, vote if sure else None))
    return pairs


def _is_on(vote: MotionVote, motion: Motion, numbered: Sequence[Motion]) -> bool:
    """Tell whether a vote is on a motion, of those that have its number."""
    if len({one.text for one in numbered}) == 1:
        return True
    named = [one for one in numbered if one.title is not None and one.title == vote.title]
    return bool(named) and motion is named[-1]


def key_of(motion: Motion | MotionVote) -> Key:
    """Return dossier and number; printed reports write some dossiers with a space, "36 045"."""
    return "".join((motion.dossier or "").split()), motion.number


def check_cast(where: str, party: str, words: Iterable[str]) -> None:
    """Refuse votes that are none of `CAST`: they are of another parliament, or of another file.

    Args:
        where: file and line.
        party: whose votes they are.
        words: what it, or its members, voted.

    Raises:
        InputError: one is none of them.
    """
    for word in words:
        if word not in CAST:
            raise InputError(f"{where}: {party} voted {word!r}; expected {', '.join(CAST[:-1])} or {CAST[-1]}")


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
            vote = _vote(**record)
        except TypeError:
            raise InputError(f"{where}: no vote; expected {EXPECTED}") from None
        for party, word in vote.votes.items():
            check_cast(where, party, [word])
        votes.append(vote)
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
