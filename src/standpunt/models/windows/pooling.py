"""How what is said of the windows of a text becomes one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standpunt.evaluation.calibration import SMALLEST_PROBABILITY, fit_temperature, scaled


@dataclass(frozen=True, slots=True)
class Pooling:
    """How the probabilities of a turn's windows become those of the turn.

    A window weighs by how sure it is: by its probability of addressing the issue where the label scheme has "none", by
    one minus the entropy of its probabilities elsewhere. `sharpness` is the power of that weight (0: the plain mean,
    large: the surest window alone); `temperature` divides the logarithms of the pooled probabilities. Both are fitted
    on dev.
    """

    sharpness: float = 2.0
    temperature: float = 1.0

    def pool(
        self,
        probabilities: NDArray[np.float64],
        owners: NDArray[np.int_],
        none: int | None,
        after: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
        """Pool windows to rows.

        Args:
            probabilities: of the windows, shape (n_windows, n_labels).
            owners: the row each window belongs to, sorted, every row from 0 at least once.
            none: the column of the label "none", or None where the scheme has none.
            after: what is done to the probabilities of rows before their answer is read off.

        Returns:
            Probabilities, shape (n_rows, n_labels), and the window that carried each row's answer, shape (n_rows,).
        """
        n_rows, n_labels = int(owners[-1]) + 1, probabilities.shape[1]
        starts = np.searchsorted(owners, np.arange(n_rows))
        stance = probabilities.copy()
        if none is None:
            entropy = -(stance * np.log(np.clip(stance, SMALLEST_PROBABILITY, None))).sum(axis=1) / np.log(n_labels)
            certainty = np.clip(1 - entropy, 1e-6, None)
        else:
            certainty = np.clip(1 - stance[:, none], 1e-6, None)
            stance[:, none] = 0
            stance /= np.clip(stance.sum(axis=1, keepdims=True), SMALLEST_PROBABILITY, None)
        weight = certainty**self.sharpness
        weighted = stance * weight[:, None]
        pooled = np.add.reduceat(weighted, starts, axis=0) / np.add.reduceat(weight, starts)[:, None]
        if none is not None:
            addressed = np.maximum.reduceat(certainty, starts)[:, None]
            pooled *= addressed
            pooled[:, none] = 1 - addressed[:, 0]
        pooled = scaled(pooled, self.temperature)
        if after is not None:
            pooled = after(pooled)
        answers = pooled.argmax(axis=1)
        support = np.where(
            answers[owners] == (-1 if none is None else none),
            -weight,
            weighted[np.arange(len(owners)), answers[owners]],
        )
        carried = np.array(
            [start + int(part.argmax()) for start, part in zip(starts, np.split(support, starts[1:]), strict=True)]
        )
        return pooled, carried


def fit_pooling(
    probabilities: NDArray[np.float64],
    owners: NDArray[np.int_],
    gold: NDArray[np.int_],
    none: int | None,
    weights: NDArray[np.float64] | None = None,
) -> Pooling:
    """Choose sharpness and temperature by the log loss on rows that were not trained on.

    Args:
        probabilities: of the windows, shape (n_windows, n_labels).
        owners: as for `Pooling.pool`.
        gold: label of each row as a column index, shape (n_rows,).
        none: as for `Pooling.pool`.
        weights: what each row counts, shape (n_rows,); all alike by default.
    """
    best, chosen = np.inf, Pooling()
    for sharpness in (0.0, 0.5, 1.0, 2.0, 4.0, 8.0):
        pooled, _ = Pooling(sharpness).pool(probabilities, owners, none)
        temperature = fit_temperature(pooled, gold, weights)
        given = scaled(pooled, temperature)[np.arange(len(gold)), gold]
        loss = float(np.average(-np.log(np.clip(given, SMALLEST_PROBABILITY, None)), weights=weights))
        if loss < best - 1e-9:
            best, chosen = loss, Pooling(sharpness, temperature)
    return chosen
