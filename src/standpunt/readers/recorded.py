"""A debate whose turns are recorded one by one: in which order, of which kind, and which one each answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from standpunt.annotation.sources import Source
from standpunt.debate import Debate, Kind, Role, Speaker
from standpunt.errors import InputError
from standpunt.readers.build import Draft, Piece
from standpunt.readers.dates import check_date
from standpunt.readers.normalise import one_paragraph
from standpunt.storage.json_lines import json_lines

_EXPECTED = "a turn a line with turn, speaker, role, kind and text (and party, replies_to)"
_ROLES, _KINDS = get_args(Role), get_args(Kind)


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """A turn as it is recorded: who speaks, what it is, the ordinal of the turn that it answers, what is said."""

    speaker: Speaker
    kind: Kind
    replies_to: int | None
    text: str


def recorded_debate(
    turns: Sequence[RecordedTurn], *, title: str, date: str | None = None, debate_id: str | None = None
) -> Debate:
    """Make a debate of recorded turns; motions, their numbers and the advice on them are read as in any report.

    Args:
        turns: in the order spoken.
        title: what the debate is about.
        date: its day, ISO 8601.
        debate_id: the id to give it; by default the beginning of its hash.
    """
    draft = Draft(title=title, date=date)
    draft.pieces.extend(Piece(turn.speaker, paragraphs(turn.text), turn.kind == "motion") for turn in turns)
    debate = draft.build(debate_id)
    ids = [turn.id for turn in debate.turns]
    placed, floor = [], None
    for known, turn in zip(turns, debate.turns, strict=True):
        if known.kind in ("speech", "reply"):
            floor = known.speaker.name
        answered = None if known.replies_to is None else ids[known.replies_to - 1]
        who = {"speaker": known.speaker, "kind": known.kind, "floor": floor, "replies_to": answered}
        placed.append(replace(turn, **who))
    return replace(debate, turns=tuple(placed))


def debate_of_source(source: Source, texts: Sequence[str], debate_id: str | None = None) -> Debate:
    """Return the debate that a recorded source describes, given the text of each turn."""
    turns = []
    for known, text in zip(source.turns, texts, strict=True):
        recorded = known.recorded
        assert recorded is not None
        speaker = Speaker(known.speaker, recorded.party, cast(Role, known.role))
        turns.append(RecordedTurn(speaker, cast(Kind, recorded.kind), recorded.replies_to, text))
    return recorded_debate(turns, title=source.title, date=source.date, debate_id=debate_id)


def read_recorded(path: Path, *, title: str, date: str | None = None, debate_id: str | None = None) -> Debate:
    """Read a debate from JSON Lines, a turn a line in the order spoken.

    A line has `turn` (its ordinal, from 1), `speaker`, `role`, `kind` and `text`, and may have `party` and `replies_to`
    (the ordinal of an earlier turn).

    Raises:
        InputError: the file cannot be read, or a line is no such turn; the message names it.
    """
    check_date(date)
    turns = []
    for where, record in json_lines(path, _EXPECTED):
        turns.append(_turn(record, len(turns) + 1, where))
    if not turns:
        raise InputError(f"{path}: no turn in it; expected {_EXPECTED}")
    return recorded_debate(turns, title=title, date=date, debate_id=debate_id)


def _turn(record: dict[str, Any], ordinal: int, where: str) -> RecordedTurn:
    for name in ("speaker", "role", "kind", "text"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            raise InputError(f"{where}: {name} is {record.get(name)!r}; expected {_EXPECTED}")
    if record.get("turn") != ordinal:
        raise InputError(
            f"{where}: turn is {record.get('turn')!r}; expected {ordinal}, turns are numbered from 1 in order"
        )
    if record["role"] not in _ROLES:
        raise InputError(f"{where}: role is {record['role']!r}; expected one of {', '.join(_ROLES)}")
    if record["kind"] not in _KINDS:
        raise InputError(f"{where}: kind is {record['kind']!r}; expected one of {', '.join(_KINDS)}")
    party, answered = record.get("party"), record.get("replies_to")
    if not isinstance(party, str | None):
        raise InputError(f"{where}: party is {party!r}; expected a text or null")
    if answered is not None and not (type(answered) is int and 1 <= answered < ordinal):
        raise InputError(f"{where}: replies_to is {answered!r}; expected the number of an earlier turn, or null")
    speaker = Speaker(record["speaker"], party or None, record["role"])
    return RecordedTurn(speaker, record["kind"], answered, record["text"])


def paragraphs(text: str) -> str:
    """Return a text with its white space normalised, in paragraphs where empty lines part them."""
    return "\n\n".join(said for part in text.split("\n\n") if (said := one_paragraph(part)))
