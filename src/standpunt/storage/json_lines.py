"""JSON Lines: one object a line, plain or gzip; empty lines between them do no harm."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.errors import InputError
from standpunt.storage.unpacking import UnpackedError, unpacked


def text_lines(path: Path, advice: str, *, error: type[InputError] = InputError) -> Iterator[str]:
    """Yield the lines of a text file, each with its end, as they are asked for.

    Args:
        path: the file, UTF-8 with or without a byte order mark; `.gz` is unpacked.
        advice: what to do where it cannot be read, for the error.
        error: the kind of error.

    Raises:
        InputError: the file cannot be read, is not UTF-8, or unfolds to too much.
    """
    try:
        with path.open("rb") as file:
            content = unpacked(file) if path.suffix == ".gz" else file
            yield from io.TextIOWrapper(content, encoding="utf-8-sig")
    except UnpackedError as reason:
        raise error(f"{path}: {reason}") from None
    except UnicodeDecodeError:
        raise error(f"{path}: cannot be read (not UTF-8 text); {advice}") from None
    except (OSError, EOFError, zlib.error) as reason:
        what = getattr(reason, "strerror", None) or str(reason)
        raise error(f"{path}: cannot be read ({what}); {advice}") from None


def json_lines(
    path: Path, expected: str, *, advice: str | None = None, error: type[InputError] = InputError
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the object on each line that is not empty, with its place for errors.

    Args:
        path: the file; see `text_lines`.
        expected: what the lines should be, for the error.
        advice: what to do where the file cannot be read; by default what is expected.
        error: the kind of error.

    Raises:
        InputError: the file cannot be read, or a line is no JSON object.
    """
    for number, line in enumerate(text_lines(path, advice or f"expected {expected}", error=error), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise error(f"{where}: not valid JSON; expected {expected}") from None
        if not isinstance(record, dict):
            raise error(f"{where}: not a JSON object; expected {expected}")
        yield where, record
