"""CSV that people open in a spreadsheet: UTF-8 with its mark, no cell a formula, a decimal sign that it reads."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from math import isnan
from numbers import Integral, Real

DELIMITERS = (",", ";")
MARK = "\ufeff"  # a spreadsheet takes a file without it for one of a single-byte encoding
# A spreadsheet takes such a cell for a formula; with an apostrophe before it, for text.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def sheet(columns: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> bytes:
    """Return a CSV file that opens safely in a spreadsheet.

    Args:
        columns: the head.
        rows: the cells: text, numbers, lists and mappings (as JSON), nothing.
        delimiter: between cells. Where it is a semicolon the decimal sign is a comma: Excel expects both together, and
            reads 0.123 as 123 there.
    """
    return (MARK + "".join(lines(columns, rows, delimiter))).encode("utf-8")


def lines(columns: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> Iterator[str]:
    """Yield the lines of `sheet` one by one, without the mark."""
    writer = csv.writer(_Passing(), delimiter=delimiter, lineterminator="\r\n")
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_written(cell, delimiter) for cell in row])


def read_text(content: bytes) -> tuple[str, str]:
    """Return a CSV file as text without its mark, and the sign between its cells, whichever spreadsheet saved it.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    text = content.decode("utf-8-sig")
    head = text.split("\n", 1)[0]
    return text, max(",;\t", key=head.count)


def disarmed(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """Return what a cell was before it was disarmed."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


class _Passing:
    """What a csv writer writes to, so that it returns the line."""

    def write(self, line: str) -> str:
        return line


def _written(cell: object, delimiter: str) -> object:
    if cell is None:
        return ""
    if isinstance(cell, Real):  # numbers of numpy, too
        if isinstance(cell, Integral):
            return str(cell)
        number = float(cell)
        return "" if isnan(number) else repr(number).replace(".", "," if delimiter == ";" else ".")
    return disarmed(json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | tuple | dict) else str(cell))
