"""How much a compressed file may unfold to: a file of three megabytes can be made to fill the memory of a machine."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from standpunt.errors import InputError

VARIABLE = "STANDPUNT_UNPACKED_MB"
DEFAULT = 200  # a year of a parliament's debates in plain text
_BLOCK = 1 << 16
_CELL = 8  # bytes that a value of a table takes at least


class UnpackedError(InputError):
    """A compressed file unfolds to more than is allowed. The message does not name the file."""


def limit() -> int:
    """Return how many bytes a compressed file may unfold to.

    Raises:
        InputError: the environment variable is no whole number above 0.
    """
    given = os.environ.get(VARIABLE, "").strip() or str(DEFAULT)
    if not (given.isascii() and given.isdecimal() and int(given)):
        raise InputError(f"environment variable {VARIABLE} is {given!r}; expected whole megabytes, such as {DEFAULT}")
    return int(given) * 1_000_000


def check_unpacked(size: int) -> None:
    """Refuse what unfolds to so many bytes.

    Raises:
        UnpackedError: they are more than is allowed.
    """
    if size > limit():
        raise _too_much(limit())


def unpacked(file: BinaryIO) -> BinaryIO:
    """Return what a gzip file holds, as a stream that can be read up to the limit and raises `UnpackedError` there."""
    return cast(BinaryIO, io.BufferedReader(_Limited(file), _BLOCK // 2))


def inflated_size(packed: bytes, start: int = 0) -> int:
    """Return to how many bytes a zlib stream within other data unfolds, as far as it is one; it is not kept.

    A stream that goes beyond the limit is followed no further.
    """
    unpacker, most, size = zlib.decompressobj(), limit(), 0
    view = memoryview(packed)[start:]
    at, left = 0, b""
    try:
        while size <= most and not unpacker.eof and (left or at < len(view)):
            piece = left or view[at : (at := at + _BLOCK)]
            size += len(unpacker.decompress(piece, _BLOCK))
            left = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return size


def check_parquet(path: Path) -> None:
    """Refuse a Parquet file that unfolds to too much, by what it says of itself. A file that is none passes.

    Raises:
        UnpackedError: its columns, or its values however short, take more than is allowed.
    """
    from pyarrow import ArrowException, parquet

    try:
        facts = parquet.read_metadata(path)
    except (ArrowException, OSError):
        return
    columns = sum(facts.row_group(number).total_byte_size for number in range(facts.num_row_groups))
    check_unpacked(max(columns, facts.num_rows * facts.num_columns * _CELL))


class _Limited(io.RawIOBase):
    """A gzip file that is read no further than the limit."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._limit = gzip.GzipFile(fileobj=file), limit()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._file.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # ty: ignore[incompatible-method-override]
        read = self._file.readinto(buffer)
        if self._file.tell() > self._limit:
            raise _too_much(self._limit)
        return read


def _too_much(most: int) -> UnpackedError:
    return UnpackedError(
        f"unpacked it is larger than {most // 1_000_000} MB, as a damaged or malicious file may be; if it is what you "
        f"expect, allow more with the environment variable {VARIABLE} (in megabytes)"
    )
