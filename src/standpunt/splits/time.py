"""Train on the past, test on what came after."""

from __future__ import annotations

import numpy as np

from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError
from standpunt.splits.folds import Fold, divided
from standpunt.text.duplicates import Duplicates


def time_forward(rows: Rows, test_share: float, duplicates: Duplicates | None = None) -> list[Fold]:
    """Train on what came before a day and test on that day and what came after.

    Args:
        rows: with a `date` (ISO 8601) in each.
        test_share: about which share of the rows, the latest ones, is tested on; a day is never divided.
        duplicates: over the rows, where it is known already.

    Returns:
        One fold, named by the first day that is tested on.

    Raises:
        InputError: a row has no date, all have the same one, or nothing is left to train on.
        LeakageError: a day or a text is on both sides (a defect in this module, not in the data).
    """
    if None in column(rows, "date"):
        raise InputError("split time_forward: a row has no date")
    dates = np.array(column(rows, "date"))
    days = sorted(set(dates.tolist()))
    if len(days) < 2:
        raise InputError(f"split time_forward: all rows are of {days}; it needs two days or more")
    ordered = np.sort(dates)
    place = min(int(len(ordered) * (1 - test_share)), len(ordered) - 1)
    first = str(max(ordered[place], days[1]))
    duplicates = duplicates or Duplicates(column(rows, "text"))
    train, test = np.flatnonzero(dates < first), np.flatnonzero(dates >= first)
    return [divided("time_forward", first, train, test, duplicates, values=dates)]
