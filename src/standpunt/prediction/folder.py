"""The folder that predictions over many files go to: what is done, what is left, and whose predictions they are.

It is partitioned by the year of the debate (year=2025, or year=unknown). Every file becomes one Parquet file in it,
written in one step and named by what is in the file and where the file is, so that a second call does what is left and
nothing twice, and a file that changed takes the place of what it was. A file whose debates are of several years becomes
one a year, and counts as done when the last of them is there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from standpunt.debate import Debate
from standpunt.errors import InputError
from standpunt.prediction.description import Description
from standpunt.prediction.output import write_parquet
from standpunt.prediction.predictor import Predictor
from standpunt.storage.files import write_text
from standpunt.storage.locks import make_folder

MANIFEST = ".predictions.json"  # hidden: what reads a folder of Parquet takes every visible file for Parquet
ADVICE = "name another for --out"
UNDATED = "unknown"
_WHOLE, _FIRST = "part", "some"  # how the names of Parquet files begin; "some": of a file that has more
_DIFFERENCES = {
    "model": "of another model",
    "issues": "for other issues (or for issues that were defined otherwise)",
    "options": "with other options",
}


@dataclass(frozen=True, slots=True)
class FileTask:
    """One file to do.

    Attributes:
        name: of the file, as the caller gave it, where that is text.
        file: its absolute path.
        folder: where its rows go.
        key: of its content and place.
        replaces: Parquet files with the rows of what the file was before.
        partial: whether a plain-text report may break off in the middle of a sentence.
        date: the day of its debates, ISO 8601, where it does not say; empty where none was given.
    """

    name: str
    file: str
    folder: str
    key: str
    replaces: tuple[str, ...] = ()
    partial: bool = False
    date: str = ""

    def write(self, years: Mapping[str, Sequence[pd.DataFrame]]) -> int:
        """Write the rows of the file's debates, by year, in place of what the file was; return their number."""
        rows = 0
        for left, (year, frames) in reversed(list(enumerate(years.items()))):
            # The whole is done when the last part is: a call that was killed before writes the first ones once more.
            name = f"{_FIRST if left else _WHOLE}-{self.key}.parquet"
            rows += write_parquet(frames, _partition(self.folder, year) / name)
        _remove(self.replaces)
        return rows


def check_claim(folder: Path, description: Description) -> None:
    """Refuse a folder that is for the predictions of another predictor; nothing is written.

    Raises:
        InputError: it holds other Parquet files, or predictions of another model, for other issues or with other
            options.
    """
    path = folder / MANIFEST
    if not path.is_file():
        if any(folder.rglob("*.parquet")):
            raise InputError(f"{folder}: holds Parquet files but no {MANIFEST}; choose another folder")
        return
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        there = None
    if not isinstance(there, dict):
        raise InputError(f"{path}: damaged; choose another folder")
    if there.get("fingerprint") != description.fingerprint:
        ours = description.identity()
        differ = [said for name, said in _DIFFERENCES.items() if there.get(name) != ours[name]]
        raise InputError(f"{path.parent}: holds predictions {' and '.join(differ)}; choose another folder")


def claim_folder(folder: Path, predictor: Predictor) -> None:
    """Note whose predictions a folder is for, or refuse one that is for those of another predictor.

    Raises:
        InputError: the folder cannot be used, or as for `check_claim`.
    """
    description, path = predictor.description, folder / MANIFEST
    make_folder(folder, ADVICE)
    check_claim(folder, description)
    if not path.is_file():
        manifest = {"fingerprint": description.fingerprint, **description.identity()}
        write_text(path, json.dumps(manifest, indent=1) + "\n")
    # A table without rows for debates without a date, so that readers take `year` for text in every folder: they guess
    # its type from the names of the partitions, and would take numbers for numbers if there were no other.
    empty = _partition(folder, UNDATED) / "empty.parquet"
    if not empty.is_file():
        write_parquet([predictor.on(Debate("", "", ())).assign(file="", date="")], empty)


def files_to_do(
    files: Iterable[str | os.PathLike[str]], folder: Path, *, partial: bool = False, date: str | None = None
) -> list[FileTask]:
    """Return the files that have no result in a folder yet, each content once."""
    given = [(file, _content(Path(file)), _identity(Path(file))) for file in files]
    now = {place: content for _, content, place in given}
    seen: set[str] = set()
    stale: dict[str, list[str]] = {}
    for part in folder.glob("year=*/[!.]*-*.parquet"):
        kind, content, *place = part.stem.split("-")
        if place and now.get(place[0], content) != content:
            stale.setdefault(place[0], []).append(os.fspath(part))
        elif kind == _WHOLE:
            seen.add(content)
    to_do = []
    for file, content, place in given:
        replaces = tuple(stale.pop(place, ()))
        if content in seen:
            _remove(replaces)
            continue
        seen.add(content)
        absolute, key = os.fspath(Path(file).absolute()), f"{content}-{place}"
        to_do.append(FileTask(_text(file), absolute, os.fspath(folder), key, replaces, partial, date or ""))
    return to_do


def read_predictions(out: str | os.PathLike[str]) -> pd.DataFrame:
    """Return all predictions in a folder as one table, with a column `year` (text).

    For more than fits into memory use `pyarrow.dataset.dataset(out, partitioning="hive")`.

    Raises:
        InputError: there are none.
    """
    from pyarrow import dataset

    files = sorted(map(os.fspath, Path(out).glob("year=*/[!.]*.parquet")))  # not what a kill or somebody left
    if not any(Path(file).name.startswith(f"{_WHOLE}-") for file in files):
        raise InputError(f"{os.fspath(out)}: no predictions in it (year=*/{_WHOLE}-*.parquet)")
    table = dataset.dataset(files, format="parquet", partitioning="hive", partition_base_dir=os.fspath(out))
    return table.to_table().to_pandas()


def _partition(folder: str | Path, year: str) -> Path:
    path = Path(folder) / f"year={year}"
    make_folder(path, ADVICE)
    return path


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:24]
    except OSError:
        return _digest(path)[:24]  # reading it will say what is wrong


def _identity(path: Path) -> str:
    return _digest(path.absolute())[:12]


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()


def _text(file: str | os.PathLike[str]) -> str:
    """Return the name of a file as text that can be written; bytes of it that are none are spelt out."""
    return os.fspath(file).encode("utf-8", "backslashreplace").decode("utf-8")


def _remove(parts: Iterable[str]) -> None:
    for part in parts:
        Path(part).unlink(missing_ok=True)
