"""Hold out every speaker, debate, party or issue in turn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from standpunt.corpora.rows import Rows
from standpunt.errors import InputError
from standpunt.splits.folds import Division
from standpunt.splits.protocol import Protocol, unit_values
from standpunt.text.duplicates import Duplicates


class LeaveOneOut(Protocol):
    """A fold for each value of the unit, ordered by value; together the test sides cover every row once.

    Rows without a party are held out together. With the issue as unit, a turn that is tested on one issue is not
    trained on under another, since its text is the same.
    """

    @property
    def words(self) -> str:
        """Name the unit."""
        return f"leave one {self.settings.unit} out"

    @property
    def held_out(self) -> str:
        """The unit."""
        return self.settings.unit

    def divide(self, rows: Rows, duplicates: Duplicates, seed: int) -> Iterator[Division]:
        """Yield a division for each value; see `Protocol.divide`."""
        unit = self.settings.unit
        values = unit_values(rows, unit)
        names = sorted(set(values.tolist()))
        if len(names) < 2:
            raise InputError(f"split by {unit}: the corpus has only {names}; leave-one-{unit}-out needs two or more")
        for name in names:
            yield Division(np.flatnonzero(values != name), {name: np.flatnonzero(values == name)}, values=values)
