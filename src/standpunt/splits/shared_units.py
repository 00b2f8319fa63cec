"""Speakers, debates, parties and issues that must not be trained on where they are tested on, across corpora."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.text.duplicates import Duplicates


class Shared:
    """Which rows of several corpora are of the same speaker, debate, party or issue.

    Two rows are of one issue where its name is the same, or its proposition is, or nearly (see `Duplicates`): the
    statements of data sets are their own names, and differ in a comma. Rows without a value share nothing.
    """

    def __init__(self, corpora: Sequence[Rows], unit: str) -> None:
        """Compare rows by a unit.

        Args:
            corpora: rows with that column, and `proposition` beside it where the unit is the issue.
            unit: one of `UNITS`.
        """
        values = [value for rows in corpora for value in column(rows, unit)]
        _, self._value = np.unique([str(value) for value in values], return_inverse=True)  # (n_rows,)
        self._known = np.array([value is not None for value in values], dtype=bool)
        self._propositions = None
        if unit == "issue":
            self._propositions = Duplicates([text for rows in corpora for text in column(rows, "proposition")])

    def sharing(self, rows: NDArray[np.int_]) -> NDArray[np.bool_]:
        """Return for every row of all corpora, shape (n_rows,), whether it shares the unit with one of `rows`.

        Args:
            rows: indices into the corpora, one after the other.
        """
        shared = self._known & np.isin(self._value, self._value[rows[self._known[rows]]])
        return shared if self._propositions is None else shared | self._propositions.like(rows)
