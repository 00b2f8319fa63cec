"""Metrics of stance classification, all computed from confusion matrices so that they can be resampled fast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

POLES = ("favor", "against")
Confusion = NDArray[np.float64]


def confusion(gold: Sequence[str], predicted: Sequence[str], labels: Sequence[str]) -> Confusion:
    """Count pairs of gold and predicted label, shape (n_labels, n_labels), gold in rows."""
    index = {label: position for position, label in enumerate(labels)}
    matrix = np.zeros((len(labels), len(labels)))
    for a, b in zip(gold, predicted, strict=True):
        matrix[index[a], index[b]] += 1
    return matrix


def metric_names(labels: Sequence[str]) -> list[str]:
    """Return the names of the metrics of a label scheme, in the order `metrics` gives them."""
    poles = ["favor_against_f1"] if set(POLES) <= set(labels) else []
    return ["macro_f1", *poles, *(f"f1_{label}" for label in labels), "mcc", "accuracy"]


def metrics(matrices: Confusion, labels: Sequence[str], scored: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Compute the metrics of confusion matrices.

    Args:
        matrices: shape (..., n_labels, n_labels).
        labels: the label scheme.
        scored: shape (n_labels,); macro-F1 is the mean over these, the labels that occur in the gold rows.

    Returns:
        shape (..., n_metrics), in the order of `metric_names`. F1 is nan for a label neither gold nor predicted; means
        leave it out. The mean of favor and against F1 is the usual measure since SemEval-2016 task 6. MCC is Matthews'
        correlation for several labels (J. Gorodkin, Comparing two K-category assignments, 2004), 0 where all gold or
        all predicted labels are the same.
    """
    matrices = np.asarray(matrices, dtype=float)
    hits = np.diagonal(matrices, axis1=-2, axis2=-1)
    either = matrices.sum(axis=-1) + matrices.sum(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        f1 = np.where(either > 0, 2 * hits / either, np.nan)
        accuracy = hits.sum(axis=-1) / matrices.sum(axis=(-2, -1))
    columns = [
        _mean(f1, scored)[..., None],
        np.where(scored, f1, np.nan),
        _mcc(matrices)[..., None],
        accuracy[..., None],
    ]
    if set(POLES) <= set(labels):
        poles = np.array([label in POLES for label in labels]) & scored
        columns.insert(1, _mean(f1, poles)[..., None])
    return np.concatenate(columns, axis=-1)


def _mcc(matrices: Confusion) -> NDArray[np.float64]:
    n = matrices.sum(axis=(-2, -1))
    gold, predicted = matrices.sum(axis=-1), matrices.sum(axis=-2)
    covariance = n * np.trace(matrices, axis1=-2, axis2=-1) - (gold * predicted).sum(axis=-1)
    product = (n**2 - (gold**2).sum(axis=-1)) * (n**2 - (predicted**2).sum(axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(product > 0, covariance / np.sqrt(product), np.where(n > 0, 0.0, np.nan))


def _mean(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    picked = values[..., chosen]
    present = ~np.isnan(picked)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(present, picked, 0).sum(axis=-1) / present.sum(axis=-1)
