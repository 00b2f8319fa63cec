"""Tables as debates: with floor and answers where the turns of a debate are in them, else as texts that stand alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from standpunt.debate import Debate, Speaker, Turn
from standpunt.errors import InputError, ReadError
from standpunt.readers.build import UNKNOWN, Draft, Piece
from standpunt.readers.directions import CLAUSE_WITHIN, MOTION_END_WITHIN, MOTION_WITHIN
from standpunt.readers.normalise import one_paragraph
from standpunt.readers.tables.columns import Columns, columns_of
from standpunt.readers.tables.texts import TableText, role_of, texts_of
from standpunt.storage.tables.opening import has_table_name, open_table
from standpunt.storage.tables.table import Table

As = Literal["debate", "texts"]


@dataclass(frozen=True)
class TableOptions:
    """How a table is read, where it is not found out.

    Attributes:
        columns: which column holds what, see `standpunt.readers.tables.columns.columns_of`.
        encoding: of CSV and TSV.
        sheet: of Excel.
        read_as: "debate" for the turns of debates, "texts" for texts that stand alone; by default a table whose rows
            say who speaks in which role is of debates.
    """

    columns: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None
    sheet: str | None = None
    read_as: As | None = None

    def open(self, path: str | os.PathLike[str]) -> OpenTable:
        """Open a table, and tell what it holds.

        Raises:
            InputError: it cannot be read, or its columns cannot be told.
        """
        table = open_table(path, encoding=self.encoding, sheet=self.sheet)
        columns = columns_of(table, self.columns)
        if self.read_as == "debate" and columns.speaker is None:
            raise InputError("no column says who speaks, so the table is no debate; give --column speaker=NAME")
        told = self.read_as is None and bool(columns.speaker and columns.role)
        return OpenTable(table, columns, self.read_as == "debate" or told)


class OpenTable(NamedTuple):
    """A table that is open, which column holds what, and whether its rows are the turns of debates."""

    table: Table
    columns: Columns
    of_debates: bool


def is_table(path: str | os.PathLike[str], options: TableOptions | None) -> bool:
    """Tell whether a file is read as a table: by its name, or because it is said how."""
    return options is not None or has_table_name(path)


def table_debates(path: Path, debate_id: str | None, options: TableOptions | None = None) -> Iterator[Debate]:
    """Yield the debates of a table one by one.

    The turns of a debate are those with the same debate, or the same date where no column names debates. A motion that
    is read out within a turn becomes a turn of its own. Texts that stand alone are speeches without floor or answers.

    Raises:
        ReadError: a row is no turn or text; the message names row and column.
    """
    try:
        table, columns, debate = (options or TableOptions()).open(path)
        groups: dict[str, list[TableText]] = {}
        for text in texts_of(table, columns, of_debates=debate):
            groups.setdefault(text.debate or (debate and text.date) or "", []).append(text)
    except InputError as error:
        raise ReadError(str(error)) from None
    make = _debate if debate else _texts
    count = 0
    for name, texts in groups.items():
        if any(text.text for text in texts):
            count += 1
            yield make(name or path.name.split(".")[0], texts, path, debate_id, count)
    if not count:
        raise ReadError(f"{path}: column {columns.text} holds no text; expected turns or texts")


def _debate(name: str, texts: list[TableText], path: Path, debate_id: str | None, number: int) -> Debate:
    draft = Draft(title=next((text.title for text in texts if text.title), name))
    if all(text.order is not None for text in texts):
        texts = sorted(texts, key=lambda text: text.order or 0)
    for text in texts:
        draft.date = draft.date or text.date
        if text.date not in (None, draft.date):
            draft.oddities["row of another date than the debate's first"] += 1
        if text.speaker is None and text.noted:
            draft.note(text.noted, text.text)
            continue
        role = role_of(text)
        for what, there in (("row without text", text.text), ("row without speaker", text.speaker)):
            if not there:
                draft.oddities[what] += 1
        speaker = Speaker(text.speaker or UNKNOWN.name, text.party if role == "member" else None, role)
        draft.pieces.extend(_pieces(speaker, text.text))
    return draft.build(debate_id, number)


def _texts(name: str, texts: list[TableText], path: Path, debate_id: str | None, number: int) -> Debate:
    """Return texts as turns, in the order of the table."""
    identifier = name if debate_id is None else f"{debate_id}-{number}" if number > 1 else debate_id
    ids = [text.id or f"{identifier}-{ordinal:03d}" for ordinal, text in enumerate(texts, start=1)]
    seen: dict[str, str] = {}
    for own, text in zip(ids, texts, strict=True):
        if seen.setdefault(own, text.place) != text.place:
            raise ReadError(f"{path}, {text.place}: the id {own!r} is that of {seen[own]} too; ids must differ")
    turns = tuple(
        Turn(
            own, ordinal, speaker_of(text), "speech", 1, None, text.replies_to if text.replies_to in seen else None,
            None, None, text.text,
        )
        for ordinal, (own, text) in enumerate(zip(ids, texts, strict=True), start=1)
    )  # fmt: skip
    title = next((text.title for text in texts if text.title), name)
    return Debate(identifier, title, turns, date=next((text.date for text in texts if text.date), None))


def speaker_of(text: TableText) -> Speaker:
    """Return who says a text that stands alone; it is never the chair's, whom nobody labels."""
    role = role_of(text)
    return Speaker(text.speaker or UNKNOWN.name, text.party, role if role != "chair" else "guest")


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
    said = [one for part in parts if (one := one_paragraph(part))]
    if said:
        yield Piece(speaker, "\n\n".join(said), is_motion)
