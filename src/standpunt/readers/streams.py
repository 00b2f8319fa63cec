"""Opening report files: what they are is told by their content, compressed or not."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from standpunt.errors import ReadError

HEAD = 8192
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


@contextmanager
def open_report(path: str | os.PathLike[str]) -> Generator[tuple[BinaryIO, bytes]]:
    """Open a report, unpacking gzip; give the stream, at its beginning, and its first bytes.

    Raises:
        ReadError: the file cannot be read, is empty, or is a ZIP archive.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == _GZIP
            stream = io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=file) if packed else file), 4 * HEAD)
            head = stream.peek(HEAD)[:HEAD]
            if head[:4] == _ZIP:
                raise ReadError("a ZIP archive; unpack it first")
            if not head.strip():
                raise ReadError("the file is empty; expected the report of a debate")
            yield cast(BinaryIO, stream), head
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from None
    except (EOFError, zlib.error):
        raise ReadError(f"{path}: the compressed file is damaged or breaks off; get the whole file") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReadError(f"{path}: cannot be read ({reason}); expected the report of a debate") from error
