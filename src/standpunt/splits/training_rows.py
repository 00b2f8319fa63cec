"""Which rows the models of one experiment are trained on: none whose text is tested on, in whatever corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.loading import LoadedRows
from standpunt.corpora.rows import DEV, TRAIN, column
from standpunt.errors import InputError
from standpunt.splits.folds import Fold
from standpunt.splits.protocol import Protocol
from standpunt.splits.shared_units import Shared
from standpunt.text.duplicates import Duplicates

if TYPE_CHECKING:
    from datasets import Dataset


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows for one model: for each corpus trained on, the indices of its rows; `dropped` is how many were left out."""

    train: list[NDArray[np.int_]]
    dev: list[NDArray[np.int_]]
    dropped: int


class TrainingRows:
    """Chooses the rows to train on and to stop early on, over all corpora of an experiment.

    Of a corpus with parts, rows to train on are those of the part "train", outside the folds.

    Rows with the same or nearly the same text as a row of a test corpus are never trained on, nor are rows of a further
    training corpus with the text of a row that the fold tests on; formulas of a few words do not count. Nor are rows of
    a further corpus whose speaker, party, debate or issue the fold tests on, where the protocol holds that out, or that
    are not from before the days it tests on, where it goes by time. What `split.disjoint` names is on one side only of
    all corpora, and what is trained on is not among the dev rows, since what is tuned on them is for what was not.

    Attributes:
        duplicates: over the rows of all corpora, those of the first come first.
    """

    def __init__(self, corpora: Sequence[LoadedRows], tests: Sequence[LoadedRows], protocol: Protocol) -> None:
        """Compare all rows; of `corpora` the first is divided into folds, the others are only ever trained on.

        Raises:
            InputError: the protocol goes by time, and a row of a further corpus has no date.
        """
        self._corpora = list(corpora)
        everything = [item.rows for item in (*corpora, *tests)]
        self.duplicates = Duplicates([text for rows in everything for text in column(rows, "text")])
        self._ends = np.cumsum([len(rows) for rows in everything])
        several, held_out = len(corpora) > 1, protocol.held_out
        self._disjoint = [Shared(everything, unit) for unit in protocol.settings.disjoint]
        self._held_out = [Shared(everything, held_out)] if several and held_out is not None else []
        self._days = _days(corpora) if several and protocol.chronological else None
        tested = np.arange(self._ends[len(corpora) - 1], self._ends[-1])
        self._tested = self.duplicates.like(tested, formulas=False) | self._shared(self._disjoint, tested)

    def trainable(self, fold: Fold | None) -> tuple[NDArray[np.int_], NDArray[np.int_] | None]:
        """Return the indices of the first corpus to train on and those to stop early on, before any is left out."""
        return (of_part(self._corpora[0].rows, TRAIN), None) if fold is None else (fold.train, fold.dev)

    def unseen(self, fold: Fold | None) -> NDArray[np.int_]:
        """Return the rows of the first corpus that a fold tests on, or another fold that shares its model would."""
        if fold is None:
            return np.zeros(0, dtype=int)
        others = [fold.train, fold.dropped] if fold.dev is None else [fold.train, fold.dropped, fold.dev]
        return np.setdiff1d(np.arange(len(self._corpora[0].rows)), np.concatenate(others))

    def chosen(self, fold: Fold | None) -> Chosen:
        """Return the rows to train on where a fold is tested on, or without one where no fold is.

        Raises:
            InputError: no row is left to train on.
        """
        banned = self._banned(fold)
        train, dev = self.trainable(fold)
        train = self._everywhere(train, TRAIN)
        dev = np.zeros(0, dtype=int) if dev is None else self._everywhere(dev, DEV)
        wanted = len(train) + len(dev)
        train = train[~banned[train]]
        dev = dev[~(banned | self._shared(self._disjoint, train))[dev]]
        if not len(train):
            raise InputError(
                "nothing is left to train on: all texts, or all that split.disjoint names, are tested on too"
            )
        dropped = wanted - len(train) - len(dev) + (0 if fold is None else len(fold.dropped))
        return Chosen(self._of_each(train), self._of_each(dev), dropped)

    def _banned(self, fold: Fold | None) -> NDArray[np.bool_]:
        """Return for every row of all corpora whether it must not be trained on where a fold is tested on."""
        unseen = self.unseen(fold)
        banned = self.duplicates.like(unseen, formulas=False) | self._shared(self._held_out, unseen)
        if self._days is not None and len(unseen):
            known = np.delete(self._days[: self._ends[0]], unseen)
            ahead = self._days[unseen] > known.max()  # not all, where a search holds out some of the past as well
            banned[: len(self._days)] |= self._days >= self._days[unseen][ahead].min()
        banned[: self._ends[0]] = False  # in the first corpus the fold has seen to it
        return banned | self._tested | self._shared(self._disjoint, unseen)

    def _everywhere(self, main: NDArray[np.int_], part: str) -> NDArray[np.int_]:
        """Return indices of the first corpus and those of a part of the others, into all corpora one after another."""
        others = [
            end - len(item.rows) + of_part(item.rows, part)
            for item, end in zip(self._corpora[1:], self._ends[1:], strict=False)
        ]
        return np.concatenate([main, *others])

    def _of_each(self, rows: NDArray[np.int_]) -> list[NDArray[np.int_]]:
        """Return indices into all corpora as indices into each that is trained on."""
        ends = self._ends[: len(self._corpora)]
        starts = ends - [len(item.rows) for item in self._corpora]
        return [rows[(rows >= start) & (rows < end)] - start for start, end in zip(starts, ends, strict=True)]

    def _shared(self, units: list[Shared], rows: NDArray[np.int_]) -> NDArray[np.bool_]:
        """Return for every row of all corpora whether it shares one of the units with one of `rows`."""
        return np.any([np.zeros(self._ends[-1], dtype=bool), *(shared.sharing(rows) for shared in units)], axis=0)


def of_part(rows: Dataset, part: str) -> NDArray[np.int_]:
    """Return the indices of a part of a data set; rows that are not divided are all to train on."""
    if "part" not in rows.column_names:
        return np.arange(len(rows) if part == TRAIN else 0)
    return np.flatnonzero(np.array(column(rows, "part")) == part)


def _days(corpora: Sequence[LoadedRows]) -> NDArray[np.int_]:
    """Return the day of every row to train on, shape (n_rows,): its place among all of their dates."""
    for item in corpora[1:]:
        if None in column(item.rows, "date"):
            raise InputError(
                f"split by time: a row of corpus {item.name} has no date, so nothing says that it is from before "
                "the days tested on; leave it out of corpus.also, or take another split"
            )
    dates = [date for item in corpora for date in column(item.rows, "date")]
    return np.unique(dates, return_inverse=True)[1]
