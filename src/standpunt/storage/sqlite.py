"""SQLite files that keep something by a key; threads and processes side by side may read and write one."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from standpunt.errors import StandpuntError

_PATIENCE = 60  # seconds to wait for a process beside this one that is writing
_AT_A_TIME = 500  # keys a question


class SqliteFile:
    """One file, opened anew for each use."""

    def __init__(self, path: Path, tables: str, *, setting: str, advice: str) -> None:
        """Open or make the file.

        Args:
            path: of the file; its folder is made.
            tables: SQL that makes those that are not there.
            setting: by which users say where it is.
            advice: what to do where the file cannot be used.

        Raises:
            StandpuntError: the folder cannot be written to, or the file is something else.
        """
        self.path, self._advice = path, advice
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StandpuntError(
                f"{path.parent}: cannot be made ({error.strerror}); set {setting} to another"
            ) from None
        with self.open() as connection:
            connection.executescript(tables)

    @contextmanager
    def open(self) -> Generator[sqlite3.Connection]:
        """Give a connection; what is written within the block is kept where it ends well, and else nothing of it.

        Raises:
            StandpuntError: the file cannot be used, or what it holds cannot be read.
        """
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as connection, connection:
                yield connection
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            raise StandpuntError(f"{self.path}: cannot be used ({error}); {self._advice}") from None


def rows_of(
    connection: sqlite3.Connection, table: str, key: str, value: str, wanted: Iterable[Any]
) -> Iterator[tuple[Any, Any]]:
    """Yield the key and the value of those wanted that a table has.

    Args:
        connection: to the file.
        table: by name.
        key: the column of the keys.
        value: the column of the values.
        wanted: keys, as many as there are.
    """
    keys = list(wanted)
    for start in range(0, len(keys), _AT_A_TIME):
        part = keys[start : start + _AT_A_TIME]
        marks = ",".join("?" * len(part))
        yield from connection.execute(f"SELECT {key}, {value} FROM {table} WHERE {key} IN ({marks})", part)
