"""CSV and TSV: encoding, delimiter and quotes are found out, and a row that does not fit the head is refused."""

from __future__ import annotations

import codecs
import csv
import io
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from standpunt.errors import InputError
from standpunt.storage.tables.table import Row, Table, check_columns
from standpunt.storage.unpacking import UnpackedError, unpacked

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FALLBACK = "windows-1252"  # what spreadsheets of Western Europe write that do not write UTF-8
_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20
_SAMPLE = 200  # records by which delimiter and quotes are told
_LONGEST_FIELD = 100_000_000  # characters that the csv module reads into one cell; `Table.rows` refuses much less
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def delimited_table(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Open a CSV or TSV file, plain or gzip.

    Args:
        path: the file.
        encoding: by default UTF-8 (or UTF-16 by its mark) if all of it is, and else `FALLBACK`.
        delimiter: between cells; by default the one of `DELIMITERS` that most rows agree on.

    Raises:
        InputError: it cannot be read, is in no known encoding, is empty, or has a column twice.
    """
    said = []
    if encoding is None:
        encoding, why = _encoding(path)
        said += [f"encoding {encoding}{why}"] if encoding != "utf-8" else []
    else:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise InputError(
                f"encoding {encoding!r} is unknown; expected a name such as utf-8 or windows-1252"
            ) from None
    with _lines(path, encoding) as stream:
        sample = "".join(islice(_capped(stream), _SAMPLE))
    if not sample.strip():
        raise InputError(f"{path}: the table is empty; expected a row with the names of its columns")
    head = sample.lstrip("\r\n").split("\n", 1)[0]
    if delimiter is None:
        delimiter = _delimiter(sample)
        if delimiter != "," and delimiter in head:
            said.append(f"delimiter {DELIMITERS[delimiter]}")
    quoted = delimiter != "\t" or _has_quotes(sample)
    skip = len(sample) - len(sample.lstrip("\r\n"))
    columns = check_columns(next(_reader(io.StringIO(sample.lstrip("\r\n")), delimiter, quoted), []), path, "line 1")

    def read() -> Iterator[Row]:
        with _lines(path, encoding) as stream:
            stream.read(skip) if skip else None
            reader = _reader(stream, delimiter, quoted)
            yield from _rows(path, reader, columns, delimiter, sample[:skip].count("\n"))

    return Table(path, "TSV" if delimiter == "\t" else "CSV", columns, tuple(said), read)


def _rows(path: Path, reader: Any, columns: Sequence[str], delimiter: str, above: int) -> Iterator[Row]:
    """Yield the rows below the head; `above` counts the empty lines before it."""
    width, line = len(columns), 1
    try:
        next(reader)
        line = above + reader.line_num + 1
        for cells in reader:
            if len(cells) != width and cells:
                cells = _fitted(cells, width)
                if cells is None:
                    raise InputError(
                        f"{path}, line {line}: more cells than the {width} columns ({', '.join(columns[:6])}); a "
                        f"{DELIMITERS.get(delimiter, delimiter)} within a text needs quotation marks around the text"
                    )
            yield Row(f"line {line}", {name: cell or None for name, cell in zip(columns, cells, strict=False)})
            line = above + reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise InputError(
                f"{path}, line {line}: more than {_LONGEST_FIELD:,} characters in one cell; a quotation mark may be "
                "open"
            ) from None
        if "unexpected end" in str(error):
            raise InputError(
                f"{path}, line {line}: a quotation mark is opened in this row and never closed; close it, or write two "
                "of them for one that is part of the text"
            ) from None
        raise InputError(
            f"{path}, line {line}: not well-formed CSV ({error}); a quotation mark within a text is written twice"
        ) from None


def _fitted(cells: list[str], width: int) -> list[str] | None:
    """Return the cells of a row that is shorter than the head, or longer by empty cells; None for any other."""
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    return cells[:width] if not any(cells[width:]) else None


def _reader(stream: Iterable[str], delimiter: str, quoted: bool) -> Any:
    csv.field_size_limit(_LONGEST_FIELD)
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return csv.reader(stream, delimiter=delimiter, quoting=quoting, strict=quoted)


@contextmanager
def open_bytes(path: Path) -> Generator[BinaryIO]:
    """Open a file, unpacking gzip.

    Raises:
        InputError: it cannot be read, or unfolds to too much.
    """
    try:
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == _GZIP
            yield unpacked(file) if packed else file
    except UnpackedError as error:
        raise InputError(f"{path}: {error}") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read ({reason}); expected a table") from None


@contextmanager
def _lines(path: Path, encoding: str) -> Generator[io.TextIOWrapper]:
    try:
        with open_bytes(path) as file:
            # A lone carriage return within a cell is part of the text.
            yield io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, newline="")
    except UnicodeError as error:
        raise InputError(f"{path}: not {encoding} ({error}); give the right one with --encoding") from None


def _capped(stream: io.TextIOWrapper) -> Iterator[str]:
    """Yield lines until there is enough: a file without line ends is not read whole to learn its delimiter."""
    left = 4 * _BLOCK
    while left > 0 and (line := stream.readline(_BLOCK)):
        left -= len(line)
        yield line


def _encoding(path: Path) -> tuple[str, str]:
    """Return the encoding of a file, and why it is taken for it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as file:
        block = file.read(_BLOCK)
        for mark, name in _MARKS:
            if block.startswith(mark):
                return name, " (by its mark)" if name != "utf-8" else ""
        if b"\0" in block[:4096]:
            zeros = block[:4096:2].count(0), block[1:4096:2].count(0)
            if max(zeros) > 4 * min(zeros):
                return ("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"), " (by its zero bytes)"
            raise InputError(f"{path}: a binary file; expected a table as CSV, TSV, JSON Lines, Parquet or Excel")
        valid, line = 0, 1
        while block:
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                valid += sum(byte >= 0xC2 for byte in error.object[: error.start])
                line += error.object[: error.start].count(b"\n")
                if valid > 20:
                    raise InputError(
                        f"{path}, line {line}: the byte 0x{error.object[error.start]:02x} is not UTF-8, as the rest "
                        "before it is; mend that line, or say with --encoding what the file is in"
                    ) from None
                return FALLBACK, " (not UTF-8)"
            valid += len(text) - len(text.encode("ascii", "ignore"))
            line += text.count("\n")
            block = file.read(_BLOCK)
    return "utf-8", ""


def _delimiter(sample: str) -> str:
    """Return the delimiter by which most rows have as many cells as the head, two at least."""
    best, chosen = (0.0, 0), ","
    for delimiter in DELIMITERS:
        try:
            rows = [
                row for row in _reader(io.StringIO(sample), delimiter, delimiter != "\t" or _has_quotes(sample)) if row
            ]
        except csv.Error:
            rows = _until_broken(sample, delimiter)
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        agree = sum(len(row) == width for row in rows[:-1] or rows) / max(1, len(rows) - 1)
        if (agree, width) > best:
            best, chosen = (agree, width), delimiter
    return chosen


def _until_broken(sample: str, delimiter: str) -> list[list[str]]:
    """Return the rows before one that is broken: the sample may end within a cell."""
    rows: list[list[str]] = []
    try:
        for row in _reader(io.StringIO(sample), delimiter, True):
            if row:
                rows.append(row)
    except csv.Error:
        pass
    return rows


def _has_quotes(sample: str) -> bool:
    """Tell whether quotation marks stand around cells of a TSV file, rather than within its texts."""
    rows = 0
    try:
        for _ in _reader(io.StringIO(sample), "\t", True):
            rows += 1
    except csv.Error as error:  # the sample may end within a cell
        return "unexpected end" in str(error) and 2 * rows > sample.count("\n")
    return True
