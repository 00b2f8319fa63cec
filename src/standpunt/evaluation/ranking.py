"""How well a score ranks rows of one class before those of another, with resampled clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CHUNK = 50  # resamples at a time, so that a data set of tens of thousands of rows fits into the memory


def auc(
    score: NDArray[np.float64], positive: NDArray[np.bool_], codes: NDArray[np.int_], weights: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Return the area under the ROC curve in each resample; ties count half.

    It is the share of pairs of a positive and a negative row in which the positive one has the higher score.

    Args:
        score: shape (n_rows,).
        positive: which rows are of the class that should be ranked first, shape (n_rows,).
        codes: cluster of each row, shape (n_rows,).
        weights: how often each cluster was drawn, shape (n_resamples, n_clusters).

    Returns:
        Shape (n_resamples,); nan where one of the classes is missing.
    """
    order = np.argsort(score, kind="stable")
    positive, codes = positive[order], codes[order]
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0]) if len(order) else np.zeros(0, int)
    areas = np.full(len(weights), np.nan)
    if not positive.any() or positive.all():
        return areas
    for begin in range(0, len(weights), _CHUNK):
        drawn = weights[begin : begin + _CHUNK][:, codes].astype(float)
        ahead = np.add.reduceat(drawn * positive, starts, axis=1)  # rows of equal score are one step of the curve
        behind = np.add.reduceat(drawn * ~positive, starts, axis=1)
        below = np.cumsum(behind, axis=1) - behind / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            areas[begin : begin + _CHUNK] = (ahead * below).sum(axis=1) / (ahead.sum(axis=1) * behind.sum(axis=1))
    return areas
