"""JSON Lines that people write or edit: one value a line, empty lines between them do no harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.errors import InputError


def json_lines(path: Path, expected: str) -> Iterator[tuple[str, Any]]:
    """Yield the value of each line that is not empty, and its place for errors; None where a line is no JSON.

    Args:
        path: the file, UTF-8 with or without a byte order mark.
        expected: what the file should hold, for the error.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InputError(f"{path}: cannot be read ({reason}); expected {expected}") from None
    # JSON keeps other line separators (U+2028) inside its strings.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = None
            yield f"{path}, line {number}", value
