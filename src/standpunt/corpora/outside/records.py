"""Records of data sets that do not ship: files of the user's, a record a line, plain or gzip."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from standpunt.errors import InputError
from standpunt.storage.json_lines import json_lines

ADVICE = "set paths.data (or STANDPUNT_DATA) to the folder of your data sets"


def read_records(path: Path, check: Callable[[dict[str, Any]], None], what: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a file, one JSON object a line.

    Args:
        path: the file; `.gz` is unpacked.
        check: raises TypeError, KeyError or ValueError where a record is not what is expected.
        what: what a record is and which module says so, for the error.

    Raises:
        InputError: the file cannot be read, or a line is malformed; the message names it.
    """
    for where, record in json_lines(path, what, advice=ADVICE):
        try:
            check(record)
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{where}: not {what}") from None
        yield record


def files_in(path: Path, pattern: str) -> list[Path]:
    """Return the files of a data set that is a folder; a single file stands for itself.

    Raises:
        InputError: there is none.
    """
    files = [path] if path.is_file() else sorted(path.glob(pattern))
    if not files:
        raise InputError(f"{path}: no file {pattern} there; {ADVICE}")
    return files


def texts(record: dict[str, Any], *names: str) -> None:
    """Refuse, with a TypeError or KeyError, a record in which one of these fields is no text."""
    if not all(isinstance(record[name], str) for name in names):
        raise TypeError


def plain(text: str) -> str:
    """Return a text with its white space normalised."""
    return " ".join(text.split())


def bucket(text: str, n: int) -> int:
    """Return a number from 0 to n - 1 that depends on the words of a text alone: the same on every machine."""
    return int(hashlib.sha256(plain(text).casefold().encode()).hexdigest(), 16) % n
