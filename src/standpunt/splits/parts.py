"""Follow the division that a data set comes with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from standpunt.corpora.rows import DEV, TRAIN, Rows, column
from standpunt.errors import InputError
from standpunt.splits.folds import Division
from standpunt.splits.protocol import Protocol
from standpunt.text.duplicates import Duplicates


class Parts(Protocol):
    """A fold for each part to test on (column `part`), all with the same training and dev rows.

    Those are the rows of the parts "train" and "dev" whose text is in no part that is tested on.
    """

    by_part = True

    @property
    def words(self) -> str:
        """Say whose division it is."""
        return "parts of the data set"

    def divide(self, rows: Rows, duplicates: Duplicates, seed: int) -> Iterator[Division]:
        """Yield the division; see `Protocol.divide`."""
        try:
            values = np.array(column(rows, "part"))
        except KeyError:
            raise InputError("split parts: the rows have no column 'part'; choose another split") from None
        names = sorted(set(values.tolist()) - {TRAIN, DEV})
        if TRAIN not in values or not names:
            got = sorted(set(values.tolist()))
            raise InputError(f"split parts: got the parts {got}; it needs {TRAIN} and another one")
        dev = np.flatnonzero(values == DEV) if DEV in values else None
        tests = {name: np.flatnonzero(values == name) for name in names}
        yield Division(np.flatnonzero(values == TRAIN), tests, dev, values)
