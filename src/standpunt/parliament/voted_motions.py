"""Motions of the Tweede Kamer with who signed them, what the cabinet advised and how each party voted, from a file.

One JSON object a line (`.gz` allowed) with `zaak_id`, `date`, `date_vote`, `title`, `text`, `sponsors`,
`kabinetsappreciatie` and `votes`. The file is the user's; none of it ships.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from standpunt.errors import InputError
from standpunt.parliament.requests import request_of
from standpunt.parliament.votes import ABSENT, AGAINST, FOR, SPLIT, check_cast, most_voted
from standpunt.storage.json_lines import json_lines
from standpunt.text.letters import unaccented

NO_VOTE = "no vote by party"  # withdrawn, held over, not voted on yet
TWICE = "its number is another motion's too"
EXPECTED = "a motion with its votes as standpunt.parliament.voted_motions expects"
# What the official source calls the advice; the other values say that there is none.
ADVICE = {
    "Oordeel Kamer": "oordeel Kamer",
    "Ontraden": "ontraden",
    "Ontraden, tenzij gewijzigd": "ontraden",
    "Ontijdig": "ontijdig",
    "Verzocht motie aan te houden": "ontijdig",
    "Overbodig": "overbodig",
    "Overgenomen": "overgenomen",
}
_HEAD = re.compile(
    r"Kamerstukken\s+(\d\d)\s*(\d{3})(?:\s*\(?([A-Z]+)\)?)?(?:\s*-\s*(\d+|[A-Z]+))?\s.*?Nr\.\s*(\d+)", re.DOTALL
)
# The printed motion without its head and the names below it, which would tell the party.
_BODY = re.compile(r"De Kamer,(.*?)(?:en )?gaat over tot de orde(?: van de dag)?\.?", re.DOTALL)
_NO_NAME = re.compile(r"[^\w)]+$")


@dataclass(frozen=True, slots=True)
class VotedMotion:
    """A motion as printed, and the vote on it.

    Attributes:
        id: of the source.
        dossier: e.g. "36045" or "36800-X"; None where the text does not say.
        number: in its dossier, likewise.
        tabled: the day it was submitted, ISO 8601.
        voted: the day of the vote, or a later one where the source does not know better.
        title: e.g. "Motie van het lid Aalbers over de bruggen".
        text: the motion without its head and the names below it, a paragraph a line; None where it is not known.
        signed: the names below it, in order.
        sponsors: the parties that the file gives for those it names, None where it does not know.
        advice: the cabinet's, in the words of `Motion.advice`.
        votes: "Voor" or "Tegen" for each party; of one whose members were called one by one what most of them voted.
        divided: the parties of whose members as many were for as against.
        by_person: whether members of some party are counted one by one.
        result: e.g. "aangenomen"; None where the file does not say.
    """

    id: str
    dossier: str | None
    number: int | None
    tabled: str
    voted: str
    title: str
    text: str | None
    signed: tuple[str, ...]
    sponsors: tuple[tuple[str, str | None], ...]
    advice: str | None
    votes: Mapping[str, str]
    by_person: bool = False
    result: str | None = None
    divided: tuple[str, ...] = ()

    @property
    def request(self) -> str:
        """What it asks or declares, empty where its text is not known."""
        return request_of((self.text or "").replace("\n", "\n\n"))


@dataclass(frozen=True)
class VotedMotions:
    """The motions of a file that parties voted on, and how many it has that are of no use, by why.

    `unusable` says why a motion is of no use, by dossier and number.
    """

    motions: tuple[VotedMotion, ...]
    left_out: Mapping[str, int]
    unusable: Mapping[tuple[str | None, int | None], str] = field(default_factory=dict)


def check_record(record: dict[str, Any]) -> None:
    """Refuse a record whose fields are not what a motion is made of.

    Raises:
        TypeError: a field has another type.
        KeyError: one is missing.
        ValueError: a day is none.
    """
    if not all(isinstance(record[name], str) for name in ("zaak_id", "date")):
        raise TypeError
    if not all(isinstance(record[name], str | None) for name in ("text", "kabinetsappreciatie")):
        raise TypeError
    for name, party in record.get("sponsors") or []:
        if not (isinstance(name, str) and isinstance(party, str | None)):
            raise TypeError
    date.fromisoformat(record["date"])


def body_of(text: str | None) -> str | None:
    """Return the text of a printed motion without its head and the names below it, which would tell the party."""
    body = _BODY.search(text or "")
    return body[1].strip() if body else None


def read_voted_motions(path: str | os.PathLike[str], *, advice: str | None = None) -> VotedMotions:
    """Read a file of motions with their votes.

    Left out and counted are motions without a vote by party (withdrawn, held over, not voted on yet) and those that
    share dossier and number with another, whether parties voted on it or not.

    Args:
        path: the file.
        advice: what to do where it cannot be read, for the error.

    Raises:
        InputError: it cannot be read, a line is no such motion, or two have one id.
    """
    motions: dict[str, VotedMotion] = {}
    for where, record in json_lines(Path(path), EXPECTED, advice=advice):
        try:
            check_record(record)
            motion = _motion(record)
        except (TypeError, KeyError, ValueError):
            raise InputError(f"{where}: not {EXPECTED}") from None
        for party, cast in record["votes"].items():
            check_cast(where, party, [cast] if isinstance(cast, str) else cast)
        if motion.voted < motion.tabled:
            raise InputError(f"{where}: voted on {motion.voted}, before it was tabled on {motion.tabled}")
        if motion.id in motions:
            raise InputError(f"{where}: a second motion with the id {motion.id!r}; give each motion once")
        motions[motion.id] = motion
    numbers = Counter(_number(motion) for motion in motions.values())
    kept, left_out, unusable = [], Counter[str](), {}
    for motion in motions.values():
        if motion.number is not None and numbers[_number(motion)] > 1:
            why = TWICE
        elif not motion.votes:
            why = NO_VOTE
        else:
            kept.append(motion)
            continue
        left_out[why] += 1
        if motion.number is not None:
            unusable[_number(motion)] = why
    return VotedMotions(tuple(kept), dict(left_out), unusable)


def members_of(motions: Iterable[VotedMotion], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the party of those who sign motions, by name as `standpunt.text.letters.unaccented` gives it.

    A name has none where the file does not know it or gives it two, and where its party stands for another name that
    it ends in: "Inge van Dijk" is not of the party of "Dijk" because the two end alike.

    Args:
        motions: with their sponsors.
        known: parties that are known otherwise, as from the speakers of reports; they go before the file's.
    """
    given: dict[str, set[str]] = {}
    for motion in motions:
        for name, party in motion.sponsors:
            if party:
                given.setdefault(unaccented(name), set()).add(party)
    found = {name: next(iter(parties)) for name, parties in given.items() if len(parties) == 1}
    alike = {name for name, party in found.items() if found.get(name.split()[-1]) == party and " " in name}
    sure = {name: party for name, party in found.items() if name not in alike}
    return sure | {unaccented(name): party for name, party in (known or {}).items()}


def _motion(record: Mapping[str, Any]) -> VotedMotion:
    text = record["text"] or ""
    begin = text.find("De Kamer,")
    head = _HEAD.search(text[:begin] if begin >= 0 else text)
    body = _BODY.search(text)
    names = text[body.end() :].split("\n") if body else []
    votes, divided, by_person = _votes(record["votes"])
    result = record.get("result")
    if not isinstance(result, str | None):
        raise TypeError
    if not isinstance(record["title"], str) or not isinstance(record["date_vote"], str):
        raise TypeError
    return VotedMotion(
        id=record["zaak_id"],
        dossier=_dossier(head) if head else None,
        number=int(head[5]) if head else None,
        tabled=record["date"],
        voted=date.fromisoformat(record["date_vote"]).isoformat(),
        title=record["title"],
        text=body[1].strip() if body else None,
        signed=tuple(name for one in names if (name := _NO_NAME.sub("", one.strip())) and name[0].isupper()),
        sponsors=tuple((name, party) for name, party in record.get("sponsors") or []),
        advice=ADVICE.get(record["kabinetsappreciatie"] or ""),
        votes=votes,
        by_person=by_person,
        result=(result or "").removeprefix("Stemmen - ").lower() or None,
        divided=divided,
    )


def _number(motion: VotedMotion) -> tuple[str | None, int | None]:
    return motion.dossier, motion.number


def _dossier(head: re.Match[str]) -> str:
    part = head[3] or head[4]
    return f"{head[1]}{head[2]}-{part}" if part else f"{head[1]}{head[2]}"


def _votes(cast: Mapping[str, str | Mapping[str, int]]) -> tuple[dict[str, str], tuple[str, ...], bool]:
    """Return how each party voted, which were divided, and whether members were counted one by one.

    Raises:
        TypeError: a vote is neither a word nor a count of words.
    """
    if not isinstance(cast, Mapping):
        raise TypeError
    votes: dict[str, str] = {}
    divided: list[str] = []
    by_person = False
    for party, vote in cast.items():
        if isinstance(vote, str):
            decided = vote
        else:
            if not isinstance(vote, Mapping) or not all(type(n) is int and n >= 0 for n in vote.values()):
                raise TypeError
            by_person = True
            took_part = [word for word, count in vote.items() if word in (FOR, AGAINST) for _ in range(count)]
            decided = most_voted(took_part) if took_part else ABSENT
        if decided in (FOR, AGAINST):
            votes[party] = decided
        elif decided == SPLIT:
            divided.append(party)
    return votes, tuple(divided), by_person
