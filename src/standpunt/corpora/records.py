"""Records of data sets that do not ship: JSON Lines files of the user's, plain or gzip."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from standpunt.errors import InputError


def read_records(path: Path, check: Callable[[dict[str, Any]], None], what: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a file, one JSON object a line.

    Args:
        path: the file; `.gz` is unpacked.
        check: raises TypeError, KeyError or ValueError where a record is not what is expected.
        what: what a record is and which module says so, for the error.

    Raises:
        InputError: the file cannot be read, or a line is malformed; the message names it.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    record = json.loads(line)
                    check(record)
                except (ValueError, KeyError, TypeError):
                    raise InputError(f"{path}, line {number}: not {what}") from None
                yield record
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"{path}: cannot be read ({reason}); set paths.data (or STANDPUNT_DATA) to the folder of your data sets"
        ) from None


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
