"""Bytes of a report in plain text, and what is said where they are none."""

from __future__ import annotations

from standpunt.errors import ReadError


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
