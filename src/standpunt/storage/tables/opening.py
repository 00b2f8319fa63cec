"""Opening a table: what a file is shows in its content, and in its name where content cannot tell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from standpunt.errors import InputError
from standpunt.storage.json_lines import json_lines
from standpunt.storage.tables.delimited import delimited_table, open_bytes
from standpunt.storage.tables.excel import excel_table, is_excel
from standpunt.storage.tables.table import Row, Table, check_columns
from standpunt.storage.unpacking import UnpackedError, check_unpacked

SUFFIXES = (
    ".csv",
    ".tsv",
    ".tab",
    ".jsonl",
    ".ndjson",
    ".json",
    ".parquet",
    ".xlsx",
)  # of tables; texts may have .gz behind it
_LINES = (".jsonl", ".ndjson")
_OLD = (".xls", ".ods", ".xlsb", ".numbers")
_FIRST = 100  # lines of JSON whose names are those of the table
_GROUP = 2048  # rows of Parquet at a time
_HEAD = 512
_VALUE = 8  # bytes that a value takes at least


def has_table_name(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is a table by its name."""
    return _suffix(Path(path)) in (*SUFFIXES, *_OLD)


def open_table(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:
    """Open a table.

    Args:
        path: CSV, TSV or JSON Lines (plain or gzip), Parquet, or Excel (.xlsx).
        encoding: of CSV and TSV, where it is not to be found out.
        delimiter: likewise.
        sheet: of Excel, where it is not the first that holds anything.

    Raises:
        InputError: it cannot be read, is no table, is empty, or has a column twice.
    """
    path = Path(path)
    suffix = _suffix(path)
    if suffix in _OLD:
        raise InputError(f"{path}: a spreadsheet of another kind ({suffix}); save it as .xlsx or as CSV in UTF-8")
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected a table") from None
    if not head:
        raise InputError(f"{path}: the file is empty; expected a table")
    if head == b"PAR1":
        return _parquet(path)
    if head == b"PK\x03\x04":
        if not is_excel(path):
            raise InputError(f"{path}: an archive that holds no workbook; expected a table (CSV, Parquet, .xlsx, ...)")
        return excel_table(path, sheet=sheet)
    if suffix in (".parquet", ".xlsx"):
        raise InputError(f"{path}: not a file of this kind, or damaged; get or save it again")
    beginning = _beginning(path)
    if suffix == ".json" and beginning != b"{":
        raise InputError(f"{path}: JSON that is no record a line; save it as JSON Lines (.jsonl), a record a line")
    if suffix in _LINES or beginning == b"{":
        return _json_lines(path)
    return delimited_table(path, encoding=encoding, delimiter=delimiter)


def _beginning(path: Path) -> bytes:
    """Return the first byte that is no white space."""
    with open_bytes(path) as file:
        return file.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]


def _suffix(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _json_lines(path: Path) -> Table:
    expected = 'a record a line, such as {"text": "..."}'

    def read() -> Iterator[Row]:
        for where, record in json_lines(path, expected):
            yield Row(where.removeprefix(f"{path}, "), record)

    names: dict[str, None] = {}
    for row in islice(read(), _FIRST):
        names |= dict.fromkeys(row.cells)
    return Table(path, "JSON Lines", check_columns(list(names), path, "line 1"), (), read, of_records=True)


def _parquet(path: Path) -> Table:
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(path) as file:
            columns = check_columns(file.schema_arrow.names, path, "schema")
            groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
        for group in groups:  # one is read at a time
            check_unpacked(max(group.total_byte_size, group.num_rows * len(columns) * _VALUE))
    except UnpackedError as error:
        raise InputError(f"{path}: a group of rows: {error}") from None
    except (ArrowException, OSError) as error:
        raise InputError(f"{path}: cannot be read as Parquet ({_first_line(error)}); get it again") from None

    def read() -> Iterator[Row]:
        number = 0
        try:
            with parquet.ParquetFile(path) as file:
                for batch in file.iter_batches(_GROUP):
                    for record in batch.to_pylist():
                        number += 1
                        yield Row(f"row {number}", record)
        except ArrowException as error:
            raise InputError(f"{path}, behind row {number}: damaged ({_first_line(error)}); get it again") from None

    return Table(path, "Parquet", columns, (), read, of_records=True)


def _first_line(error: Any) -> str:
    return (str(error).strip() or "no reason given").splitlines()[0]
