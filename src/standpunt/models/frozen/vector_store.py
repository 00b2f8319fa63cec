"""Vectors kept in a folder between runs: experiments over one corpus share nearly all of their texts."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standpunt.errors import StandpuntError

_PATIENCE = 60  # seconds to wait for a job beside this one that is writing
_AT_A_TIME = 500  # keys a question


class VectorStore:
    """A file of vectors by text; jobs side by side may read and write it.

    Only hashes of texts are kept, and vectors as they are: what is read is what was written, to the last digit.
    """

    def __init__(self, folder: Path, fingerprint: bytes) -> None:
        """Open or make the file of what `fingerprint` stands for: an encoder and how it reads.

        Raises:
            StandpuntError: the folder cannot be written to.
        """
        self._file = folder / f"{hashlib.sha256(fingerprint).hexdigest()[:16]}.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StandpuntError(f"{folder}: cannot be made ({error.strerror}); set model.cache to another") from None
        with self._open() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def read(self, texts: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors that are known, by text."""
        keys = {_key(text): text for text in texts}
        wanted, vectors = list(keys), {}
        with self._open() as connection:
            for start in range(0, len(wanted), _AT_A_TIME):
                part = wanted[start : start + _AT_A_TIME]
                marks = ",".join("?" * len(part))
                rows = connection.execute(f"SELECT text, vector FROM vectors WHERE text IN ({marks})", part)
                vectors |= {keys[key]: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}
        return vectors

    def write(self, vectors: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
        """Keep vectors, all of them or none.

        Raises:
            StandpuntError: they cannot be written (disk full).
        """
        rows = [(_key(text), vector.astype(np.float32).tobytes()) for text, vector in vectors]
        with self._open() as connection:
            connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, timeout=_PATIENCE)) as connection, connection:
                yield connection
        except sqlite3.Error as error:
            raise StandpuntError(
                f"{self._file}: cannot be used ({error}); remove it, or set model.cache to another folder or null"
            ) from None


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
