"""What a table is to the rest of the package: names of columns, and rows that come one by one with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from standpunt.errors import InputError

LONGEST = 10_000_000  # characters of a cell; the report of a sitting has half a million


class Row(NamedTuple):
    """A row: its place for errors ("line 3", "row 3"), and what stands in each column; None where nothing does."""

    place: str
    cells: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table that can be read any number of times.

    Attributes:
        path: the file.
        kind: "CSV", "JSON Lines", "Parquet" or "Excel".
        columns: their names, in order; of JSON Lines those of the first lines.
        said: what was found out that the file does not say itself, such as its encoding.
        read: begins again and yields the rows. It raises InputError, naming row and column, where one is broken.
        of_records: whether each row was put there on purpose, as in a data frame, Parquet and JSON Lines, so that one
            that holds nothing counts too. An empty line of CSV or of a sheet is no row.
    """

    path: Path
    kind: str
    columns: tuple[str, ...]
    said: tuple[str, ...]
    read: Callable[[], Iterator[Row]]
    of_records: bool = False

    def rows(self) -> Iterator[Row]:
        """Yield the rows from the first on: of records all, of lines those that hold anything.

        Raises:
            InputError: a row is broken, or a cell is longer than any text; the message names row and column.
        """
        for row in self.read():
            empty = True
            for name, cell in row.cells.items():
                if cell is None or cell == "":
                    continue
                empty = False
                if isinstance(cell, str) and len(cell) > LONGEST:
                    raise InputError(
                        f"{self.path}, {row.place}, column {name}: {len(cell):,} characters in one cell, the most is "
                        f"{LONGEST:,}; a quotation mark may be open, or the file is no table of texts"
                    )
            if self.of_records or not empty:
                yield row


def check_columns(names: Sequence[object], path: Path, place: str) -> tuple[str, ...]:
    """Return the names of columns as text; one without a name is called by its number.

    Raises:
        InputError: two have one name, or there is none.
    """
    columns: list[str] = []
    for number, name in enumerate(names, start=1):
        said = "" if name is None else str(name).strip()
        if said and said in columns:
            raise InputError(
                f"{path}, {place}: the column {said!r} is there twice, as number {columns.index(said) + 1} and "
                f"{number}; rename one of them"
            )
        columns.append(said or f"column {number}")
    if not columns:
        raise InputError(f"{path}: the table is empty; expected a row with the names of its columns")
    return tuple(columns)
