"""Where predictions on many debates come from: a folder, of which only what is asked for is read, or a single file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from standpunt.errors import InputError
from standpunt.prediction.folder import MANIFEST, columns_of, distinct_predictions, headers_of, read_predictions
from standpunt.prediction.header import Header
from standpunt.prediction.reading import SUFFIXES, header_of
from standpunt.prediction.reading import read_predictions as read_file
from standpunt.results.runs import STATUS

_MAKE = "make one with standpunt predict REPORTS..."


class Source(Protocol):
    """Where rows of predictions come from."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rows have."""

    def distinct(self, names: list[str]) -> pd.DataFrame:
        """Return which values of some columns occur together, each once."""

    def rows(self, names: list[str], without: tuple[str, ...]) -> pd.DataFrame:
        """Return some columns of the rows, those with some labels left out."""

    def headers(self) -> list[Header]:
        """Return what the predictions say of themselves."""


def source_of(place: Path) -> Source:
    """Open a folder or a file of predictions.

    Raises:
        InputError: it is neither.
    """
    _check(place)
    return _File(place) if place.is_file() else _Folder(place)


class _Folder:
    """A folder, of which no more is read into memory than is asked for."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.columns: tuple[str, ...] = _readable(place, columns_of, place)

    def distinct(self, names: list[str]) -> pd.DataFrame:
        return _readable(self._place, distinct_predictions, self._place, names)

    def rows(self, names: list[str], without: tuple[str, ...]) -> pd.DataFrame:
        return _readable(self._place, partial(read_predictions, without=without), self._place, names)

    def headers(self) -> list[Header]:
        return headers_of(self._place)


class _File:
    """A single file."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._rows = read_file(place)
        self.columns = tuple(map(str, self._rows))

    def distinct(self, names: list[str]) -> pd.DataFrame:
        return self._rows[names].drop_duplicates(ignore_index=True)

    def rows(self, names: list[str], without: tuple[str, ...]) -> pd.DataFrame:
        kept = ~self._rows["label"].isin(without) if without else slice(None)
        return self._rows.loc[kept, names].reset_index(drop=True)

    def headers(self) -> list[Header]:
        header = header_of(self._place, self._rows)
        return [] if header is None else [header]


def _check(folder: Path) -> None:
    """Refuse what holds no predictions."""
    if folder.is_file():
        if folder.suffix not in SUFFIXES:
            raise InputError(
                f"{folder}: no predictions; expected a folder or a file ({', '.join(SUFFIXES)}) that standpunt predict "
                "wrote"
            )
        return
    if not folder.is_dir():
        what = "file" if folder.suffix in SUFFIXES else "folder"
        raise InputError(f"{folder}: there is no such {what}; {_MAKE} --out {folder}")
    if (folder / STATUS).is_file():
        raise InputError(f"{folder}: the folder of a run, not of predictions; {_MAKE} --out FOLDER")
    if any(folder.glob("year=*/*.parquet")):
        return
    within = sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}"))
    if within:
        raise InputError(
            f"{folder}: holds {len(within)} folder{'s' * (len(within) > 1)} of predictions ({', '.join(within[:5])}), "
            "each of a model and issues of its own; name one of them"
        )


def _readable(folder: Path, read: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function reads from a folder; what is wrong with its files is told in a sentence."""
    from pyarrow import ArrowException

    try:
        return read(*arguments)
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{folder}: cannot be read ({reason}); predict into a new folder") from None
