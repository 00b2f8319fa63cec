"""What a row says of each label, and how much: people say one label, a model may say how sure it was of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import PROBABILITIES, WEIGHT, Rows, column, column_names

_LEAST = 0.01  # a label that is less probable teaches nothing, and costs as much as any


def label_shares(row: Mapping[str, Any], labels: Sequence[str]) -> dict[str, float]:
    """Return how much a row counts for each label; it sums to the weight of the row, which is mostly one.

    All of it is for the row's label, unless a model labelled the row and told the probability of every label of the
    scheme: then those, where they are more than 0.01.

    Args:
        row: with `label`, and `probabilities` and `weight` where there are any.
        labels: the label scheme.
    """
    given = row.get(PROBABILITIES)
    if not given or any(given.get(label) is None for label in labels):
        return {row["label"]: weight_of(row)}
    kept = {label: float(given[label]) for label in labels if given[label] >= _LEAST or label == row["label"]}
    total = sum(kept.values())
    if not total:
        return {row["label"]: weight_of(row)}
    return {label: share / total * weight_of(row) for label, share in kept.items()}


def weight_of(row: Mapping[str, Any]) -> float:
    """Return how much a row counts in training: one, unless its corpus was given a weight (`corpus.weights`)."""
    weight = row.get(WEIGHT)
    return 1.0 if weight is None else float(weight)


def row_weights(rows: Rows) -> NDArray[np.float64]:
    """Return how much each row counts in training, shape (n_rows,)."""
    if isinstance(rows, Sequence):  # of mappings, each with its own columns
        return np.array([weight_of(row) for row in rows])
    if WEIGHT not in column_names(rows):
        return np.ones(len(rows))
    return np.array([1.0 if weight is None else weight for weight in column(rows, WEIGHT)], dtype=float)
