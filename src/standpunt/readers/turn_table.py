"""Turns as a table: JSON Lines, a turn a line, as data sets of debates are often published.

A line has `debate` (a title), `speaker`, `role` and `text`, and may have `party`, `date` (ISO 8601) and `i`, the place
of the turn in its debate; without it turns are in the order of the file. A motion that is read out within a turn
becomes a turn of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast, get_args

from standpunt.debate import Debate, Role, Speaker
from standpunt.errors import InputError, ReadError
from standpunt.readers.build import Draft, Piece
from standpunt.readers.dates import check_date
from standpunt.readers.directions import CLAUSE_WITHIN, MOTION_END_WITHIN, MOTION_WITHIN
from standpunt.readers.formats import Format, Report
from standpunt.readers.normalise import one_paragraph

_NAMES = ("debate", "speaker", "role", "text")
_EXPECTED = f"a turn a line with {', '.join(_NAMES)}"
_ROLES = get_args(Role)


def sniff(report: Report) -> bool:
    """Tell by its first line whether a file is such a table."""
    line = report.head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    return line.startswith(b"{") and all(f'"{name}":'.encode() in line for name in ("debate", "speaker", "text"))


def read(report: Report, debate_id: str | None) -> Iterator[Debate]:
    """Yield the debates of a table one by one.

    Raises:
        ReadError: a line is no turn; the message says which.
    """
    debates: dict[str, list[dict[str, Any]]] = {}
    for number, line in enumerate(report.text.split("\n"), start=1):
        if line.strip():
            record = _record(number, line)
            debates.setdefault(record["debate"], []).append(record)
    for count, (title, turns) in enumerate(debates.items(), start=1):
        draft = Draft(title=title)
        for turn in sorted(turns, key=lambda turn: turn.get("i") or 0):
            draft.date = draft.date or turn.get("date")
            party = turn.get("party") if turn["role"] == "member" else None
            draft.pieces.extend(_pieces(Speaker(turn["speaker"], party, cast(Role, turn["role"])), turn["text"]))
        if draft.pieces:
            yield draft.build(debate_id, count)


def _record(number: int, line: str) -> dict[str, Any]:
    """Return a turn.

    Raises:
        ReadError: the line is none.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ReadError(f"line {number}: not valid JSON; expected {_EXPECTED}") from None
    fits = isinstance(record, dict) and all(isinstance(record.get(name), str) for name in _NAMES)
    if not fits or not isinstance(record.get("party"), str | None):
        raise ReadError(f"line {number}: expected {_EXPECTED}, all of them text")
    if not isinstance(record.get("i"), int | None):
        raise ReadError(f"line {number}: i is {record['i']!r}; expected the place of the turn in its debate, a number")
    if record["role"] not in _ROLES:
        raise ReadError(f"line {number}: role {record['role']!r}; expected one of {', '.join(_ROLES)}")
    try:
        check_date(record.get("date"))
    except InputError as error:
        raise ReadError(f"line {number}: {error}") from None
    return record


def _pieces(speaker: Speaker, text: str) -> Iterator[Piece]:
    """Yield what is said in a turn and the motions that are read out in it, in order."""
    place = 0
    while motion := MOTION_WITHIN.search(text, place):
        end = MOTION_END_WITHIN.search(text, motion.end())
        if end is None:
            break
        yield from _piece(speaker, [text[place : motion.start()]])
        clauses = [found.start() for found in CLAUSE_WITHIN.finditer(text, motion.end(), end.end())]
        edges = [motion.end("title") if motion["title"] else motion.start(), motion.end(), *clauses, end.end()]
        parts = [text[start:stop] for start, stop in pairwise(edges)]
        yield from _piece(speaker, parts, is_motion=True)
        place = end.end()
    yield from _piece(speaker, text[place:].split("\n\n"))


def _piece(speaker: Speaker, parts: list[str], *, is_motion: bool = False) -> Iterator[Piece]:
    paragraphs = [said for part in parts if (said := one_paragraph(part))]
    if paragraphs:
        yield Piece(speaker, "\n\n".join(paragraphs), is_motion)


FORMAT = Format("turn_table", xml=False, sniff=sniff, read=read)
