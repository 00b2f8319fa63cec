"""A look at report files: what is in them and what is odd about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from standpunt.debate import Debate
from standpunt.readers import read_debates

COLUMNS = (
    "file", "debate", "date", "title", "turns", "chair", "speakers", "parties", "interruptions", "motions", "advised",
    "notes", "words", "oddities",
)  # fmt: skip


def inspect_file(path: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    """Yield a record of counts and oddities for each debate in a file.

    Raises:
        ReadError: the file cannot be read.
    """
    for debate in read_debates(path):
        yield {"file": os.fspath(path), **inspect_debate(debate)}


def inspect_debate(debate: Debate) -> dict[str, Any]:
    """Count what is in a debate; `oddities` adds what can be seen on any debate to what its reader met."""
    others = [turn for turn in debate.turns if turn.speaker.role != "chair"]
    oddities = dict(debate.oddities)
    for name, count in (
        ("no chair", int(len(others) == len(debate.turns))),
        ("member without party", sum(turn.speaker.role == "member" and not turn.speaker.party for turn in others)),
        ("motion without number", sum(motion.number is None for motion in debate.motions)),
        ("one speaker in two parties", _changes_of_party(debate)),
    ):
        if count:
            oddities[name] = oddities.get(name, 0) + count
    return {
        "debate": debate.id,
        "date": debate.date,
        "title": debate.title,
        "turns": len(debate.turns),
        "chair": len(debate.turns) - len(others),
        "speakers": len({turn.speaker for turn in others}),
        "parties": len({turn.speaker.party for turn in others if turn.speaker.party}),
        "interruptions": sum(turn.kind == "interruption" for turn in others),
        "motions": len(debate.motions),
        "advised": sum(motion.advice is not None for motion in debate.motions),
        "notes": len(debate.notes),
        "words": sum(len(turn.text.split()) for turn in debate.turns),
        "oddities": oddities,
    }


def _changes_of_party(debate: Debate) -> int:
    """Count members who speak under two parties: in the middle of a debate that is more likely an error."""
    parties: dict[str, set[str]] = {}
    for turn in debate.turns:
        if turn.speaker.role == "member" and turn.speaker.party:
            parties.setdefault(turn.speaker.name, set()).add(turn.speaker.party)
    return sum(len(found) > 1 for found in parties.values())
