"""Sheets of Excel (.xlsx), read row by row with openpyxl (standpunt[excel])."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import Any

from standpunt.errors import InputError
from standpunt.storage.tables.table import Row, Table, check_columns
from standpunt.storage.unpacking import UnpackedError, check_unpacked

NEEDED = "openpyxl"


def is_excel(path: Path) -> bool:
    """Tell whether a file is a workbook, by what lies in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def excel_table(path: Path, *, sheet: str | None = None) -> Table:
    """Open a sheet of a workbook.

    Args:
        path: the file.
        sheet: its name; by default the first that holds anything.

    Raises:
        InputError: openpyxl is not installed, the file is damaged or unfolds to too much, there is no such sheet, or a
            column is there twice.
    """
    if find_spec(NEEDED) is None:
        raise InputError(f"{path}: reading Excel needs {NEEDED}; install it with: pip install 'standpunt[excel]'")
    _check_size(path)
    with _workbook(path) as book:
        names = book.sheetnames
        if sheet is not None and sheet not in names:
            raise InputError(f"{path}: no sheet {sheet!r}; its sheets are {', '.join(names)}")
        chosen = next((name for name in ([sheet] if sheet else names) if _head(book[name])[1]), None)
        if chosen is None:
            raise InputError(f"{path}: the table is empty; expected a row with the names of its columns")
        at, head = _head(book[chosen])
    columns = check_columns(_trimmed(head), path, f"row {at}")
    said = (f"sheet {chosen!r}, the first with anything of {len(names)}",) if len(names) > 1 and sheet is None else ()

    def read() -> Iterator[Row]:
        with _workbook(path) as book:
            for number, cells in enumerate(_values(book[chosen]), start=1):
                if number <= at:
                    continue
                if any(cell is not None for cell in cells[len(columns) :]):
                    raise InputError(
                        f"{path}, row {number}: a cell beyond the {len(columns)} columns; give each a name"
                    )
                values = [_plain(cell) for cell in cells[: len(columns)]]
                yield Row(f"row {number}", dict(zip_longest(columns, values)))

    return Table(path, "Excel", columns, said, read)


def _check_size(path: Path) -> None:
    """Refuse a workbook that unfolds to too much; Python's zipfile reads no more of a part than it says to hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_unpacked(sum(part.file_size for part in archive.infolist()))
    except UnpackedError as error:
        raise InputError(f"{path}: {error}") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: cannot be read as Excel ({error}); save it again as .xlsx or as CSV") from None


@contextmanager
def _workbook(path: Path) -> Generator[Any]:
    openpyxl: Any = import_module(NEEDED)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # whatever a damaged part raises
        raise InputError(f"{path}: cannot be read as Excel ({error}); save it again as .xlsx or as CSV") from None
    try:
        yield book
    except InputError:
        raise
    except Exception as error:  # likewise, and while rows are read
        raise InputError(f"{path}: damaged ({error}); save it again as .xlsx or as CSV") from None
    finally:
        book.close()


def _values(sheet: Any) -> Iterator[tuple[Any, ...]]:
    if not hasattr(sheet, "iter_rows"):  # a sheet that is a chart
        return
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong
    yield from sheet.iter_rows(values_only=True)


def _head(sheet: Any) -> tuple[int, tuple[Any, ...]]:
    """Return the first row that holds anything, and its number."""
    for number, cells in enumerate(_values(sheet), start=1):
        if any(cell is not None for cell in cells):
            return number, cells
    return 0, ()


def _trimmed(cells: tuple[Any, ...]) -> list[Any]:
    """Return cells without the empty ones at the end."""
    filled = [place for place, cell in enumerate(cells) if cell is not None]
    return list(cells[: filled[-1] + 1]) if filled else []


def _plain(cell: Any) -> Any:
    """Return a cell as other tables have it: a day as ISO 8601, a whole number without a decimal sign."""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell
