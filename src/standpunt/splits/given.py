"""The division that a data set comes with."""

from __future__ import annotations

import numpy as np

from standpunt.corpora.rows import DEV, TRAIN, Rows, column
from standpunt.errors import InputError
from standpunt.splits.folds import Fold, divided
from standpunt.text.duplicates import Duplicates


def parts(rows: Rows, duplicates: Duplicates | None = None) -> list[Fold]:
    """Follow the division that a data set comes with: its column `part`.

    Args:
        rows: with a `part` in each: "train", "dev", or the name of a part to test on.
        duplicates: over the rows, where it is known already.

    Returns:
        A fold for each part to test on, all with the same training and dev rows: those whose text is not in any part
        that is tested on.

    Raises:
        InputError: there is no such column, no training rows, or nothing to test on.
        LeakageError: a text is on both sides (a defect in this module, not in the data).
    """
    try:
        values = np.array(column(rows, "part"))
    except KeyError:
        raise InputError("split parts: the rows have no column 'part'; choose another split") from None
    names = sorted(set(values.tolist()) - {TRAIN, DEV})
    if TRAIN not in values or not names:
        raise InputError(f"split parts: got the parts {sorted(set(values.tolist()))}; it needs {TRAIN} and another one")
    duplicates = duplicates or Duplicates(column(rows, "text"))
    tested = np.flatnonzero(np.isin(values, names))
    train, dev = np.flatnonzero(values == TRAIN), np.flatnonzero(values == DEV) if DEV in values else None
    whole = divided("parts", " and ".join(names), train, tested, duplicates, dev=dev, values=values)
    return [Fold(name, whole.train, np.flatnonzero(values == name), whole.dev, whole.dropped) for name in names]
