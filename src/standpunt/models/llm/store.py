"""Answers kept in one SQLite file, so that none is paid twice and what was answered is never lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from standpunt.models.llm.answers import Reply
from standpunt.storage.sqlite import SqliteFile, rows_of

FILE = "answers.sqlite"
_ADVICE = "copy it from a backup, or set model.cache to another folder"
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, address TEXT, model TEXT, prompt TEXT, answered TEXT, tokens_in INTEGER, tokens_out INTEGER,
    reply TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (id TEXT PRIMARY KEY, address TEXT, sent TEXT, keys TEXT) WITHOUT ROWID;
"""


class AnswerStore:
    """A file of answers by the hash of what was asked: address, model, messages and settings.

    An answer is written when it comes. Threads and processes side by side may use one file. Of the question only hashes
    are kept; of the answer all is, a quotation of the turn too.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the file.

        Raises:
            StandpuntError: the folder cannot be written to.
        """
        self._file = SqliteFile(folder / FILE, _TABLES, setting="model.cache", advice=_ADVICE)

    def read(self, keys: Iterable[str]) -> dict[str, Reply]:
        """Return the replies that are known, by key.

        Raises:
            StandpuntError: the file cannot be used.
        """
        with self._file.open() as connection:
            rows = rows_of(connection, "answers", "key", "reply", keys)
            return {key: Reply.from_json(reply) for key, reply in rows}

    def write(self, key: str, reply: Reply, *, address: str, model: str, prompt: str) -> None:
        """Keep a reply.

        Args:
            key: the hash of all that was asked.
            reply: what was answered.
            address: of the server.
            model: by its name there.
            prompt: the hash of the messages.

        Raises:
            StandpuntError: it cannot be written (disk full).
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (key, address, model, prompt, now, reply.tokens_in, reply.tokens_out, reply.to_json())
        with self._file.open() as connection:
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def batches(self, address: str) -> dict[str, frozenset[str]]:
        """Return the batches that were sent to an address and not fetched yet: by id, the keys of their questions."""
        with self._file.open() as connection:
            rows = connection.execute("SELECT id, keys FROM batches WHERE address = ?", (address,)).fetchall()
        return {name: frozenset(keys.split()) for name, keys in rows}

    def sent(self, batch: str, address: str, keys: Iterable[str]) -> None:
        """Note that a batch was sent, so that a process after this one fetches it rather than paying for another."""
        row = (batch, address, datetime.now(UTC).isoformat(timespec="seconds"), " ".join(keys))
        with self._file.open() as connection:
            connection.execute("INSERT OR REPLACE INTO batches VALUES (?, ?, ?, ?)", row)

    def fetched(self, batch: str) -> None:
        """Forget a batch whose answers are kept."""
        with self._file.open() as connection:
            connection.execute("DELETE FROM batches WHERE id = ?", (batch,))
