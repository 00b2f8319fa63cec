"""A look at report files: what is in them and what is odd about it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from standpunt.debate import Debate
from standpunt.readers import doubts, read_debates

COLUMNS = (
    "file", "debate", "date", "title", "turns", "chair", "speakers", "parties", "interruptions", "motions", "advised",
    "notes", "words", "oddities", "places",
)  # fmt: skip
LONG = "turn of more than 5,000 words"
_LONG = 5000  # three of 3,954 turns of the Belgian Chamber have more; none of 6,900 of the Tweede Kamer
_SHOWN = 10
# What makes it doubtful that speakers and their words are read as they are printed.
_DOUBTFUL = (doubts.NOT_TAKEN, doubts.PREAMBLE, doubts.REPEATED, LONG)


def inspect_file(path: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    """Yield a record of counts and oddities for each debate in a file.

    Raises:
        ReadError: the file cannot be read.
    """
    for debate in read_debates(path):
        yield {"file": os.fspath(path), **inspect_debate(debate)}


def inspect_debate(debate: Debate) -> dict[str, Any]:
    """Count what is in a debate; `oddities` adds what can be seen on any debate to what its reader met.

    `places` says where in the report the oddities are, for those of which it is known.
    """
    others = [turn for turn in debate.turns if turn.speaker.role != "chair"]
    oddities = dict(debate.oddities)
    long = [turn for turn in debate.turns if len(turn.text) > _LONG and len(turn.text.split()) > _LONG]
    places = {**debate.places, **({LONG: tuple(f"turn {turn.ordinal}" for turn in long)} if long else {})}
    for name, count in (
        ("no chair", int(len(others) == len(debate.turns))),
        ("member without party", sum(turn.speaker.role == "member" and not turn.speaker.party for turn in others)),
        ("motion without number", sum(motion.number is None for motion in debate.motions)),
        ("one speaker in two parties", _changes_of_party(debate)),
        (LONG, len(long)),
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
        "places": {name: _listed(places[name]) for name in oddities if name in places},
    }


def warnings_of(debate: Debate) -> list[str]:
    """Return what makes it doubtful that a debate was read as it is printed, a line each; see `standpunt check`."""
    facts = inspect_debate(debate)
    return [
        f"{name}: {count}" + (f" ({facts['places'][name]})" if name in facts["places"] else "")
        for name, count in facts["oddities"].items()
        if name in _DOUBTFUL
    ]


def _listed(places: Sequence[str]) -> str:
    more = len(places) - _SHOWN
    return ", ".join(places[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _changes_of_party(debate: Debate) -> int:
    """Count members who speak under two parties: in the middle of a debate that is more likely an error."""
    parties: dict[str, set[str]] = {}
    for turn in debate.turns:
        if turn.speaker.role == "member" and turn.speaker.party:
            parties.setdefault(turn.speaker.name, set()).add(turn.speaker.party)
    return sum(len(named) > 1 for named in parties.values())
