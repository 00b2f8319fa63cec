"""How well a score ranks rows of one class before those of another, with resampled clusters."""

from __future__ import annotations

from collections.abc import Iterator

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
    areas = np.full(len(weights), np.nan)
    if not positive.any() or positive.all():
        return areas
    for part, ahead, pairs in _counted(score, positive, codes, weights):
        with np.errstate(invalid="ignore", divide="ignore"):
            areas[part] = ahead / pairs
    return areas


def auc_within(
    score: NDArray[np.float64],
    positive: NDArray[np.bool_],
    groups: NDArray[np.int_],
    codes: NDArray[np.int_],
    weights: NDArray[np.int_],
) -> NDArray[np.float64]:
    """Return the area under the ROC curve over pairs of rows of one group, in each resample; ties count half.

    Every pair of a positive and a negative row of a group counts alike, so that a group counts by how many it has. A
    group whose rows are of one cluster comes as often as the cluster was drawn; rows of one group in several clusters
    make pairs across them.

    Args:
        score: shape (n_rows,).
        positive: which rows are of the class that should be ranked first, shape (n_rows,).
        groups: the group of each row, shape (n_rows,).
        codes: cluster of each row, shape (n_rows,).
        weights: how often each cluster was drawn, shape (n_resamples, n_clusters).

    Returns:
        Shape (n_resamples,); nan where no group has both classes.
    """
    ahead, pairs = np.zeros((2, len(weights)))
    ones = np.ones((1, weights.shape[1]), dtype=int)
    for group in np.unique(groups):
        rows = groups == group
        own, good, clusters = score[rows], positive[rows], codes[rows]
        if not good.any() or good.all():
            continue
        if (clusters == clusters[0]).all():
            ((_, in_order, of),) = _counted(own, good, clusters, ones)
            ahead += weights[:, clusters[0]] * in_order
            pairs += weights[:, clusters[0]] * of
            continue
        for part, in_order, of in _counted(own, good, clusters, weights):
            ahead[part] += in_order
            pairs[part] += of
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, ahead / pairs, np.nan)


def _counted(
    score: NDArray[np.float64], positive: NDArray[np.bool_], codes: NDArray[np.int_], weights: NDArray[np.int_]
) -> Iterator[tuple[slice, NDArray[np.float64], NDArray[np.float64]]]:
    """Yield, for some resamples at a time, how many pairs are in order and how many there are."""
    order = np.argsort(score, kind="stable")
    positive, codes = positive[order], codes[order]
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0])  # rows of equal score are one step of the curve
    for begin in range(0, len(weights), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        drawn = weights[part][:, codes].astype(float)
        ahead = np.add.reduceat(drawn * positive, starts, axis=1)
        behind = np.add.reduceat(drawn * ~positive, starts, axis=1)
        below = np.cumsum(behind, axis=1) - behind / 2
        yield part, (ahead * below).sum(axis=1), ahead.sum(axis=1) * behind.sum(axis=1)
