"""Opening report files: what they are is told by their content, compressed or not."""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from standpunt.errors import ReadError
from standpunt.readers.refusals import archive
from standpunt.storage.unpacking import UnpackedError, unpacked

HEAD = 8192
_LONGEST_PROLOG = 1 << 22  # bytes of white space and comments before the first element that are looked through
_BLANK = b"\xef\xbb\xbf \t\r\n"
_PROLOG = re.compile(rb"(?s:(?:\xef\xbb\xbf)?+\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+)")
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


@contextmanager
def open_report(path: str | os.PathLike[str]) -> Generator[tuple[BinaryIO, bytes]]:
    """Open a report, unpacking gzip; give the stream, at its beginning, and its first bytes.

    Of XML these go on for some way after the comments that stand before the root element.

    Raises:
        ReadError: the file cannot be read, is empty, is a ZIP archive, or unfolds to too much.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == _GZIP
            raw = cast(io.RawIOBase, unpacked(file) if packed else file)
            stream = io.BufferedReader(raw, 4 * HEAD)
            head = _head(stream)
            if head[:4] == _ZIP:
                raise ReadError(archive(head))
            if not head.strip():
                raise ReadError("the file is empty; expected the report of a debate")
            yield cast(BinaryIO, stream), head
    except (ReadError, UnpackedError) as error:
        raise ReadError(f"{path}: {error}") from None
    except (EOFError, zlib.error):
        raise ReadError(f"{path}: the compressed file is damaged or breaks off; get the whole file") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReadError(f"{path}: cannot be read ({reason}); expected the report of a debate") from error


def _head(stream: io.BufferedReader[io.RawIOBase]) -> bytes:
    head = stream.peek(HEAD)[:HEAD]
    size = HEAD
    while _is_short(head) and len(head) == size < _LONGEST_PROLOG and stream.seekable():
        size *= 8
        head = stream.read(size)
        stream.seek(0)
    return head


def _is_short(head: bytes) -> bool:
    """Tell whether too little of a file is there to know what it is."""
    if not head.lstrip(_BLANK).startswith((b"<!--", b"<?")):
        return not head.strip()
    end = prolog.end() if (prolog := _PROLOG.match(head)) else 0
    return len(head) - end < HEAD // 2 or head.startswith((b"<!--", b"<?"), end)
