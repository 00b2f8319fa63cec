"""Predictions as they lie on disk, a file or a folder: one way to read either."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from standpunt.errors import InputError
from standpunt.prediction.folder import columns_of, distinct_predictions, header_of_folder, read_predictions
from standpunt.prediction.header import Header
from standpunt.prediction.reading import header_of
from standpunt.prediction.reading import read_predictions as read_file


class Stored(Protocol):
    """Rows of predictions, and what is said of them."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rows have."""

    def distinct(self, names: Sequence[str]) -> pd.DataFrame:
        """Return which values of some columns occur together, each once."""

    def rows(self, names: Sequence[str] | None = None, without: Sequence[str] = ()) -> pd.DataFrame:
        """Return the rows, or some columns of them; those with some labels are left out."""

    def header(self) -> Header | None:
        """Return what the predictions say of themselves; None where they say nothing."""


def open_predictions(path: str | os.PathLike[str]) -> Stored:
    """Open a file or a folder that `standpunt predict` wrote.

    Raises:
        InputError: it cannot be read, holds no predictions, or a value in a file is not what it must be. What is opened
            raises it too, where a file of a folder turns out to be damaged.
    """
    place = Path(path)
    return _Folder(place) if place.is_dir() else _File(place)


class _Folder:
    """A folder, of which no more is read into memory than is asked for."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.columns: tuple[str, ...] = self._read(columns_of)

    def distinct(self, names: Sequence[str]) -> pd.DataFrame:
        return self._read(distinct_predictions, names)

    def rows(self, names: Sequence[str] | None = None, without: Sequence[str] = ()) -> pd.DataFrame:
        return self._read(read_predictions, names, without=without)

    def header(self) -> Header | None:
        return self._read(header_of_folder)

    def _read(self, read: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Return what a function reads from the folder; what is wrong with its files is told in a sentence."""
        from pyarrow import ArrowException

        try:
            return read(self._place, *arguments, **options)
        except (ArrowException, OSError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"{self._place}: cannot be read ({reason}); predict into a new folder") from None


class _File:
    """A single file."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._rows = read_file(place)
        self.columns = tuple(map(str, self._rows))

    def distinct(self, names: Sequence[str]) -> pd.DataFrame:
        return self._rows[[*names]].drop_duplicates(ignore_index=True)

    def rows(self, names: Sequence[str] | None = None, without: Sequence[str] = ()) -> pd.DataFrame:
        kept = ~self._rows["label"].isin(without) if without else slice(None)
        return self._rows.loc[kept, self._rows.columns if names is None else [*names]].reset_index(drop=True)

    def header(self) -> Header | None:
        return header_of(self._place, self._rows)
