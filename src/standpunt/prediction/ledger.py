"""Of which files a folder of predictions has the rows, and in which of its Parquet files they lie.

A Parquet file says itself whose rows it has: by its name where they are those of one file, by its metadata where they
are those of several. So what is done and what is written cannot differ, whenever a call is ended.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from standpunt.prediction.output import write_parquet, write_table

WHOLE, FIRST = "part", "some"  # how the names of Parquet files begin; "some": there are more, in other years
_KEYS = "standpunt.files"  # in the metadata of a Parquet file
_LENGTH = 24  # of the hash of content


@dataclass(frozen=True, slots=True)
class Key:
    """A file that was done: the hash of its content, and that of its place."""

    content: str
    place: str

    @classmethod
    def of(cls, file: str | os.PathLike[str]) -> Key:
        """Return the key of a file as it is now."""
        return cls(content_of(file), place_of(file))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that go into one Parquet file."""

    key: Key
    frames: Sequence[pd.DataFrame]


def place_of(file: str | os.PathLike[str]) -> str:
    """Return the hash of where a file lies."""
    return _digest(os.fsencode(os.path.abspath(file)))[: _LENGTH // 2]


def content_of(file: str | os.PathLike[str]) -> str:
    """Return the hash of what is in a file; of one that cannot be read, of its name: reading it will say why."""
    try:
        with open(file, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:_LENGTH]
    except OSError:
        return _digest(os.fsencode(os.path.abspath(file)))[:_LENGTH]


def write_rows(years: Sequence[tuple[Path, Sequence[Rows]]], notes: Mapping[str, str] | None = None) -> int:
    """Write the rows of one or more files, a Parquet file for each year; return how many they are.

    They are done when the last of those Parquet files is there.

    Args:
        years: the folder of each year and what goes there.
        notes: what else stands in the metadata of the Parquet files.
    """
    spread = Counter(rows.key for _, files in years for rows in files)
    keys = sorted((key.content, key.place) for key in spread)
    name = "-".join(keys[0]) if len(keys) == 1 else _digest(json.dumps(keys).encode())[:_LENGTH]
    written = 0
    for left, (folder, files) in reversed(list(enumerate(years))):
        frames = [frame for rows in files for frame in rows.frames]
        whose = {rows.key: _Note(sum(map(len, rows.frames)), spread[rows.key]) for rows in files}
        path = folder / f"{FIRST if left else WHOLE}-{name}.parquet"
        written += write_parquet(frames, path, {**(notes or {}), **(_written(whose) if len(keys) > 1 else {})})
    return written


class _Note(NamedTuple):
    """What a Parquet file of several files says of one: the rows it has of it, and in how many files there are some."""

    rows: int
    parts: int


class Ledger:
    """What a folder has; one process at a time may change it."""

    def __init__(self, parts: dict[Path, dict[Key, _Note]] | None = None) -> None:
        """Set up with the files whose rows each Parquet file has, in their order."""
        self._parts = parts or {}

    @classmethod
    def read(cls, folder: Path) -> Ledger:
        """Read what a folder has; what a call that was ended left half written, or half removed, is removed."""
        paths = sorted(folder.glob("year=*/[!.]*-*.parquet"))
        whole = {_name(path) for path in paths if _is_whole(path)}
        for path in paths:
            if path.stem.startswith(f"{FIRST}-") and _name(path) not in whole:
                path.unlink()
        ledger = cls({path: _noted(path) for path in paths if _name(path) in whole})
        spread = Counter(key for notes in ledger._parts.values() for key in notes)
        ledger.drop(key for notes in ledger._parts.values() for key, note in notes.items() if spread[key] < note.parts)
        return ledger

    def keys(self) -> set[Key]:
        """Return the files whose rows are there."""
        return {key for notes in self._parts.values() for key in notes}

    def drop(self, keys: Iterable[Key]) -> None:
        """Remove the rows of files, which may be no longer what they were."""
        gone = {*keys}
        touched = {_name(path) for path, notes in self._parts.items() if not gone.isdisjoint(notes)}
        for name in sorted(touched):
            # The one that says that those of other years are whole comes first: without it they count for nothing.
            paths = sorted((path for path in self._parts if _name(path) == name), key=_is_whole, reverse=True)
            before = {path: self._parts.pop(path) for path in paths}
            after = {path: {key: note for key, note in before[path].items() if key not in gone} for path in paths}
            for path in paths:
                if after[path] and after[path] != before[path]:
                    _rewrite(path, before[path], after[path])
            kept = {path: notes for path, notes in after.items() if notes}
            if kept and not after[paths[0]]:
                heir = next(iter(kept))
                kept[heir.replace(heir.with_name(paths[0].name))] = kept.pop(heir)
            for path in paths:
                if not after[path]:
                    path.unlink()
            self._parts |= kept


def _rewrite(path: Path, notes: dict[Key, _Note], left: dict[Key, _Note]) -> None:
    """Write a Parquet file of several files again, with the rows of some of them."""
    import pyarrow
    from pyarrow import parquet

    table = parquet.read_table(path, partitioning=None)
    starts = dict(zip(notes, accumulate((note.rows for note in notes.values()), initial=0), strict=False))
    kept = pyarrow.concat_tables([table.slice(starts[key], note.rows) for key, note in left.items()])
    others = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    write_table(kept, path, others | _written(left))


def _written(notes: Mapping[Key, _Note]) -> dict[str, str]:
    return {_KEYS: json.dumps([[key.content, key.place, *note] for key, note in notes.items()])}


def _noted(path: Path) -> dict[Key, _Note]:
    content, *place = _name(path).split("-")
    if place:
        return {Key(content, place[0]): _Note(-1, 1)}
    from pyarrow import parquet

    written = (parquet.read_metadata(path).metadata or {}).get(_KEYS.encode(), b"[]")
    return {Key(content, place): _Note(rows, parts) for content, place, rows, parts in json.loads(written)}


def _is_whole(path: Path) -> bool:
    return path.stem.startswith(f"{WHOLE}-")


def _name(path: Path) -> str:
    return path.stem.partition("-")[2]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
