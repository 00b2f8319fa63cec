"""What families have in common that read a turn in windows and pool the answers to the turn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import NONE, Rows
from standpunt.debate import Span
from standpunt.models.base import Model
from standpunt.models.reading import Reading, records
from standpunt.models.windows import Pooling, fit_pooling

_MOST_NONE = 500  # rows with "none" that the pooling is chosen on

Records = Sequence[dict[str, Any]]
Answers = tuple[NDArray[np.float64], NDArray[np.int_], list[Span]]


class WindowedModel(Model):
    """A classifier of windows. A subclass says in `_windows` what it answers for each."""

    calibrates_itself = True  # by the temperature of its pooling
    _pooling: Pooling

    @abstractmethod
    def _windows(self, rows: Records) -> Answers:
        """Return the probabilities of all windows of all rows, the row of each window, and its span."""

    @property
    def _none(self) -> int | None:
        return self.labels.index(NONE) if NONE in self.labels else None

    def _pool_by(self, rows: Records) -> None:
        """Choose the pooling on labelled records that were not trained on; without any, windows weigh alike."""
        self._pooling = Pooling()
        if rows:
            rows, weights = _fewer(rows)
            probabilities, owners, _ = self._windows(rows)
            gold = np.array([self.labels.index(row["label"]) for row in rows])
            self._pooling = fit_pooling(probabilities, owners, gold, self._none, weights)

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return self.predict_with_evidence(rows)[0]

    def predict_with_evidence(self, rows: Rows) -> tuple[NDArray[np.float64], list[Span]]:
        """Return probabilities, shape (n_rows, n_labels), and the span [start, end) of each text that carried them."""
        probabilities, owners, spans = self._windows(records(rows))
        pooled, carried = self._pooling.pool(probabilities, owners, self._none)
        return pooled, [spans[index] for index in carried]


def _fewer(rows: Records) -> tuple[Records, NDArray[np.float64]]:
    """Return rows to choose the pooling on, and what each counts.

    Where every turn has a row for every issue nearly all have the label "none", and to read them takes longer than
    training; so a share of them, spread evenly, stands for all.
    """
    none = [place for place, row in enumerate(rows) if row["label"] == NONE]
    kept = np.linspace(0, len(none) - 1, min(len(none), _MOST_NONE)).astype(int)
    left = sorted({*range(len(rows))} - {*none} | {none[place] for place in kept})
    each = len(none) / len(kept) if none else 1.0
    return [rows[place] for place in left], np.array([each if rows[place]["label"] == NONE else 1.0 for place in left])


def cut(rows: Records, reading: Reading) -> tuple[NDArray[np.int_], list[Span]]:
    """Return the row of each window of all rows, and its span."""
    found = [(index, span) for index, row in enumerate(rows) for span in reading.spans(row)]
    return np.array([index for index, _ in found], dtype=int), [span for _, span in found]
