"""Vectors kept in a folder between runs: experiments over one corpus share nearly all of their texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standpunt.storage.sqlite import SqliteFile, rows_of

_TABLE = "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
_ADVICE = "remove it, or set model.cache to another folder or null"


class VectorStore:
    """A file of vectors by text; jobs side by side may read and write it.

    Only hashes of texts are kept, and vectors as they are: what is read is what was written, to the last digit.
    """

    def __init__(self, folder: Path, fingerprint: bytes) -> None:
        """Open or make the file of what `fingerprint` stands for: an encoder and how it reads.

        Raises:
            StandpuntError: the folder cannot be written to.
        """
        name = f"{hashlib.sha256(fingerprint).hexdigest()[:16]}.sqlite"
        self._file = SqliteFile(folder / name, _TABLE, setting="model.cache", advice=_ADVICE)

    def read(self, texts: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors that are known, by text."""
        keys = {_key(text): text for text in texts}
        with self._file.open() as connection:
            rows = rows_of(connection, "vectors", "text", "vector", keys)
            return {keys[key]: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}

    def write(self, vectors: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
        """Keep vectors, all of them or none.

        Raises:
            StandpuntError: they cannot be written (disk full).
        """
        rows = [(_key(text), vector.astype(np.float32).tobytes()) for text, vector in vectors]
        with self._file.open() as connection:
            connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
