"""Train on the past, test on what came after."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError
from standpunt.splits.folds import Division
from standpunt.splits.protocol import Protocol
from standpunt.text.duplicates import Duplicates


class TimeForward(Protocol):
    """One fold, named by the first day that is tested on: that day and what came after. A day is never divided."""

    chronological = True

    @property
    def words(self) -> str:
        """Say which rows are tested on."""
        return "tested on the latest days"

    def divide(self, rows: Rows, duplicates: Duplicates, seed: int) -> Iterator[Division]:
        """Yield the division; rows need a `date` (ISO 8601). See `Protocol.divide`."""
        if None in column(rows, "date"):
            raise InputError("split time_forward: a row has no date")
        dates = np.array(column(rows, "date"))
        days = sorted(set(dates.tolist()))
        if len(days) < 2:
            raise InputError(f"split time_forward: all rows are of {days}; it needs two days or more")
        ordered = np.sort(dates)
        place = min(int(len(ordered) * (1 - self.settings.test_share)), len(ordered) - 1)
        first = str(max(ordered[place], days[1]))
        yield Division(np.flatnonzero(dates < first), {first: np.flatnonzero(dates >= first)}, values=dates)
