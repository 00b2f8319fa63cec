"""Rows of a table as texts, with who says them, when, where and in answer to what; a cell that is wrong is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast, get_args

from standpunt.debate import NoteKind, Role
from standpunt.errors import InputError
from standpunt.readers.recorded import paragraphs
from standpunt.readers.tables.columns import Columns
from standpunt.readers.tables.days import EXPECTED, parse_day
from standpunt.storage.tables.table import Table

ROLES, NOTES = get_args(Role), get_args(NoteKind)
_CALLED: dict[str, Role] = {
    "voorzitter": "chair", "president": "chair", "speaker of the house": "chair", "lid": "member", "kamerlid": "member",
    "raadslid": "member", "mp": "member", "staatssecretaris": "state secretary", "wethouder": "alderman",
    "burgemeester": "mayor", "gast": "guest", "executive": "alderman", "cabinet": "minister",
}  # fmt: skip
_CHAIRS = ("de voorzitter", "voorzitter", "(chair)", "chair", "the speaker", "the president", "le président")
_TITLES: tuple[tuple[str, Role], ...] = (
    ("minister", "minister"), ("staatssecretaris", "state secretary"), ("wethouder", "alderman"),
    ("burgemeester", "mayor"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableText:
    """A text of a table; None for what its row does not say.

    Attributes:
        number: of the row, from 1; see `Table.rows` for which count.
        place: of the row, for errors.
        text: with its white space normalised; it may be empty.
        order: its place in its debate.
        noted: what it is where nobody speaks it, as a vote.
    """

    number: int
    place: str
    text: str
    id: str | None
    speaker: str | None
    party: str | None
    role: Role | None
    date: str | None
    debate: str | None
    title: str | None
    order: int | None
    kind: str | None
    replies_to: str | None
    noted: NoteKind | None = None


def texts_of(table: Table, columns: Columns, *, of_debates: bool = False) -> Iterator[TableText]:
    """Yield the texts of a table in its order.

    Args:
        table: the table.
        columns: which holds what.
        of_debates: whether they are the turns of debates; roles must then be known ones.

    Raises:
        InputError: a cell is not what it must be; the message names row and column.
    """
    for number, row in enumerate(table.rows(), start=1):
        where = f"{table.path}, {row.place}"

        def cell(what: str, cells: dict[str, Any] = row.cells, where: str = where) -> str | None:
            return _said(cells, getattr(columns, what), where)

        said = (cell("role") or "").casefold()
        noted = cast(NoteKind, said) if said in NOTES else None
        yield TableText(
            number,
            row.place,
            paragraphs(cell("text") or ""),
            cell("id"),
            cell("speaker"),
            cell("party"),
            _role(cell("role"), columns.role, where if of_debates and noted is None else None),
            _day(row.cells, columns.date, where),
            cell("debate"),
            cell("title"),
            _order(cell("order"), columns.order, where),
            cell("kind"),
            cell("replies_to"),
            noted,
        )


def role_of(text: TableText) -> Role:
    """Return the role of who speaks: as the table has it, or as name and party tell."""
    if text.role is not None:
        return text.role
    name = (text.speaker or "").casefold()
    if name in _CHAIRS:
        return "chair"
    titled = next((role for title, role in _TITLES if name.startswith((f"{title} ", f"{title}-"))), None)
    return titled or ("member" if text.party else "guest")


def _said(cells: dict[str, Any], column: str | None, where: str) -> str | None:
    """Return a cell as text; None for one that is empty or that the table lacks."""
    value = None if column is None else cells.get(column)
    if value is None or value != value:  # not a number, as pandas has what is missing
        return None
    if isinstance(value, list | dict | tuple | bytes):
        raise InputError(f"{where}, column {column}: {_kind(value)}; expected a text")
    return str(value).strip() or None


def _kind(value: object) -> str:
    return "a record" if isinstance(value, dict) else "bytes" if isinstance(value, bytes) else "a list"


def _role(said: str | None, column: str | None, where: str | None) -> Role | None:
    """Return a role; where it is none that is known, None, or an error that names the place."""
    plain = (said or "").casefold()
    role = cast(Role, plain) if plain in ROLES else _CALLED.get(plain)
    if role is None and said and where:
        raise InputError(f"{where}, column {column}: role {said[:40]!r}; expected one of {', '.join(ROLES)}")
    return role


def _day(cells: dict[str, Any], column: str | None, where: str) -> str | None:
    value = None if column is None else cells.get(column)
    if value is None or value != value:
        return None
    try:
        return parse_day(value)
    except ValueError:
        raise InputError(
            f"{where}, column {column}: {str(value)[:40]!r} is no day; expected {EXPECTED} (or leave the column "
            "out with --column date=)"
        ) from None


def _order(said: str | None, column: str | None, where: str) -> int | None:
    if said is None:
        return None
    try:
        return int(float(said))
    except ValueError:
        raise InputError(
            f"{where}, column {column}: {said[:40]!r}; expected the place of the turn in its debate, a number (or "
            "leave the column out with --column order=)"
        ) from None
