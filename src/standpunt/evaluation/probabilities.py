"""How good probabilities are: calibration error, Brier score, log loss, accuracy where a model may abstain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from standpunt.evaluation.calibration import SMALLEST_PROBABILITY

COVERAGE = 0.8
BINS = 10
_CELLS = 4_000_000  # of a dense matrix at a time


def brier(probabilities: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Brier score of each row, 0 (right and certain) to 2 (wrong and certain).

    Source: G. Brier, Verification of Forecasts Expressed in Terms of Probability, 1950; the sum over all labels.

    Args:
        probabilities: shape (n_rows, n_labels).
        target: shape (n_rows, n_labels): one for the gold label, or the shares of the annotators.
    """
    return ((probabilities - target) ** 2).sum(axis=1)


def cross_entropy(probabilities: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cross-entropy of each row in nats, the log loss where `target` is one label; shapes as for `brier`."""
    return -(target * np.log(np.clip(probabilities, SMALLEST_PROBABILITY, None))).sum(axis=1)


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int_]]:
    """Return the reliability diagram: how often a model is right where it is how sure, in bins of equal mass.

    Source: J. Nixon et al., Measuring Calibration in Deep Learning, CVPR workshops 2019. Rows of the same confidence
    are in one bin, so a model that is always equally sure has one.

    Args:
        confidence: probability of the answer, shape (n_rows,), at least one row.
        right: whether the answer is the gold label, shape (n_rows,).
        bins: their number at the most.

    Returns:
        Mean confidence, share right and number of rows of each bin, shape (n_bins,) each.
    """
    confidence = np.round(confidence, 9)
    edges = np.unique(np.quantile(confidence, np.linspace(0, 1, bins + 1)[1:-1], method="higher"))
    _, bin_of = np.unique(np.searchsorted(edges, confidence, side="right"), return_inverse=True)
    rows = np.bincount(bin_of)
    return np.bincount(bin_of, weights=confidence) / rows, np.bincount(bin_of, weights=right) / rows, rows


def ece(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy in `reliability`.

    Source: Guo et al. 2017 (see `standpunt.evaluation.calibration`). There is no interval: in resamples the error is
    larger than in the rows themselves. Arguments as for `reliability`.
    """
    sure, correct, rows = reliability(confidence, right, bins)
    return float((np.abs(sure - correct) * rows).sum() / rows.sum())


def risk_coverage(
    confidence: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the risk-coverage curve: the share of wrong answers among the rows a model is surest of.

    Source: R. El-Yaniv and Y. Wiener, On the Foundations of Noise-free Selective Classification, JMLR 2010. Rows of the
    same confidence come together, so a model that is always equally sure has one point.

    Returns:
        Coverage, ascending to 1, and risk at it; a point for each distinct confidence.
    """
    _, group = np.unique(-np.round(confidence, 9), return_inverse=True)
    covered = np.cumsum(np.bincount(group))
    return covered / len(confidence), 1 - np.cumsum(np.bincount(group, weights=right)) / covered


def selective_accuracy(
    confidence: NDArray[np.float64],
    right: NDArray[np.bool_],
    codes: NDArray[np.int_],
    weights: NDArray[np.int_],
    coverage: float = COVERAGE,
) -> NDArray[np.float64]:
    """Return the accuracy on the share of the rows that a model is surest of, in each resample of clusters.

    Of rows of the same confidence that are only partly covered, the expectation over their order counts.

    Args:
        confidence: probability of the answer, shape (n_rows,).
        right: whether the answer is the gold label, shape (n_rows,).
        codes: the cluster of each row, shape (n_rows,).
        weights: how often each cluster was drawn, shape (n_resamples, n_clusters).
        coverage: the share of rows, above 0.

    Returns:
        Shape (n_resamples,); nan where none of the rows was drawn.
    """
    _, group = np.unique(-np.round(confidence, 9), return_inverse=True)
    shape = (weights.shape[1], int(group.max()) + 1)
    counts, hits = (sparse.csr_matrix((x, (codes, group)), shape) for x in (np.ones(len(group)), right.astype(float)))
    parts = []
    for chunk in np.array_split(weights, max(1, -(-weights.shape[0] * shape[1] // _CELLS))):
        covered, correct = np.cumsum(chunk @ counts, axis=1), np.cumsum(chunk @ hits, axis=1)
        target = coverage * covered[:, -1]
        last = (covered < target[:, None] - 1e-9).sum(axis=1)  # the group that is only partly covered
        row = np.arange(len(chunk))
        before = np.where(last > 0, covered[row, last - 1], 0)
        correct_before = np.where(last > 0, correct[row, last - 1], 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (target - before) / (covered[row, last] - before)
            parts.append((correct_before + share * (correct[row, last] - correct_before)) / target)
    return np.concatenate(parts)
