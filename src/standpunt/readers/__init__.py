"""Readers of debate reports: one module a source format behind `read_debate`."""

from __future__ import annotations

import os
from pathlib import Path

from standpunt.debate import Debate
from standpunt.errors import ReadError
from standpunt.readers import plain

__all__ = ["decode", "read_debate"]


def read_debate(path: str | os.PathLike[str], *, debate_id: str | None = None, partial: bool = False) -> Debate:
    """Read the report of a debate from a file.

    Args:
        path: the plain text of a printed report, UTF-8.
        debate_id: the id to give the debate; by default the beginning of its hash.
        partial: accept a report that breaks off in the middle of a sentence.

    Returns:
        The debate; its offsets count the characters of the file decoded as UTF-8, with nothing removed.

    Raises:
        ReadError: the file cannot be read, is empty or binary, or holds no debate.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror}); expected the report of a debate") from error
    try:
        return plain.parse(decode(raw, partial=partial), debate_id=debate_id, partial=partial)
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from None


def decode(raw: bytes, *, partial: bool = False) -> str:
    """Decode a report as UTF-8, naming the place where that fails; a partial one may end inside a character.

    Raises:
        ReadError: the bytes are empty, binary, or not UTF-8.
    """
    if not raw.strip():
        raise ReadError("the file is empty; expected the report of a debate")
    if b"\0" in raw:
        raise ReadError(f"a binary file (zero byte at {raw.index(0)}); expected the text of a debate report in UTF-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if partial and error.end == len(raw) and error.reason == "unexpected end of data":
            return raw[: error.start].decode("utf-8")
        raise ReadError(
            f"not UTF-8 text (byte {error.start}: 0x{raw[error.start]:02x}); save the report as UTF-8"
        ) from None
