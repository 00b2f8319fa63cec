"""Speakers, debates, parties and issues that must not be trained on where they are tested on, across corpora."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.text.duplicates import Duplicates, common_ngrams

# Debates of two corpora are one where they have so many word n-grams in common, and so large a part of those of the one
# that has fewer. Of the corpora and data sets that we have, the same debate under two names has 41 or more and 0.12 or
# more, and other debates, which quote the same motion, at most 0.07 or fewer than 5.
_LEAST_COMMON, _LEAST_SHARE = 25, 0.1


class Shared:
    """Which rows of several corpora are of the same speaker, debate, party or issue.

    Two rows are of one issue where its name is the same, or its proposition is, or nearly (see `Duplicates`): the
    statements of data sets are their own names, and differ in a comma. They are of one debate where its name is the
    same, or where two corpora name it differently and what was said is the same: annotators and data sets name and cut
    the same debate in their own ways. Rows without a value share nothing.
    """

    def __init__(self, corpora: Sequence[Rows], unit: str) -> None:
        """Compare rows by a unit.

        Args:
            corpora: rows with that column, and with `proposition` beside it where the unit is the issue, `text` where
                it is the debate.
            unit: one of `UNITS`.
        """
        values = [value for rows in corpora for value in column(rows, unit)]
        names, self._value = np.unique([str(value) for value in values], return_inverse=True)  # (n_rows,)
        self._known = np.array([value is not None for value in values], dtype=bool)
        self._propositions = self._same = None
        if unit == "issue":
            self._propositions = Duplicates([text for rows in corpora for text in column(rows, "proposition")])
        if unit == "debate" and len(corpora) > 1:
            self._same = self._same_debates(corpora, len(names))

    def sharing(self, rows: NDArray[np.int_]) -> NDArray[np.bool_]:
        """Return for every row of all corpora, shape (n_rows,), whether it shares the unit with one of `rows`.

        Args:
            rows: indices into the corpora, one after the other.
        """
        wanted = np.unique(self._value[rows[self._known[rows]]])
        if self._same is not None:
            wanted = np.flatnonzero(self._same[wanted].any(axis=0))
        shared = self._known & np.isin(self._value, wanted)
        return shared if self._propositions is None else shared | self._propositions.like(rows)

    def _same_debates(self, corpora: Sequence[Rows], n_debates: int) -> NDArray[np.bool_]:
        """Return which names are of the same debate, shape (n_debates, n_debates); each is of its own."""
        sizes = [len(rows) for rows in corpora]
        owners = np.repeat(np.arange(len(corpora)), sizes)
        has = np.zeros((len(corpora), n_debates), dtype=int)
        has[owners[self._known], self._value[self._known]] = 1
        texts = [text for rows in corpora for text in column(rows, "text")]
        said = {(int(at), text) for at, text, known in zip(self._value, texts, self._known, strict=True) if known}
        groups, distinct = np.array([at for at, _ in said], dtype=int), [text for _, text in said]
        common = common_ngrams(distinct, groups, n_debates)
        sizes_of = np.diag(common)
        fewer = np.minimum(sizes_of[:, None], sizes_of[None, :])
        same = (common >= _LEAST_COMMON) & (common >= _LEAST_SHARE * fewer)
        same &= has.T @ has == 0  # a corpus tells its own debates apart
        return same | np.eye(n_debates, dtype=bool)
