"""The ratio of two totals from predictions for all rows and labels for a sample, with its variance.

The estimate is that of the labelled sample, less what the same sample says about the predictions in excess of what all
predictions say: a regression estimator with one coefficient. The coefficient decides how far predictions are trusted.
It is 0 where they tell nothing, and then the estimate is that of the labels alone; so wrong predictions cost width, not
validity. This is the power-tuned prediction-powered estimator (A. Angelopoulos, J. Duchi and T. Zrnic, PPI++: Efficient
Prediction-Powered Inference, 2023; A. Angelopoulos et al., Prediction-powered inference, Science 2023), with the design
weights of design-based supervised learning (N. Egami, M. Hinck, B. Stewart and H. Wei, Using Imperfect Surrogates for
Downstream Inference, NeurIPS 2023), whose estimator it is for a coefficient of 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ROUNDING = 1e-12  # a share of a number: far above what a sum of many rows loses, far below what predictions tell


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn and labelled of all rows.

    Attributes:
        weights: one over the probability of inclusion where a row was drawn and 0 elsewhere; shape (n_rows,).
        clusters: ways of dividing the rows into clusters, each shape (n_rows,), numbers from 0; none where only the
            chance of the draw counts.
    """

    weights: Floats
    clusters: tuple[NDArray[np.int_], ...] = ()

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Which rows were drawn."""
        return self.weights > 0


@dataclass(frozen=True, slots=True)
class Ratio:
    """An estimated ratio.

    Attributes:
        value: the estimate.
        influence: of each row on it, shape (n_rows,); 0 outside the rows it is about.
        error: the part of the influence that comes from the draw: the weighted residual of a drawn row.
        counted: the drawn rows that are in the denominator.
        about: which rows it is about, shape (n_rows,).
        least: the least variance that is believed: where all labels agree with one another, or with the predictions,
            that of one of two further rows differing.
    """

    value: float
    influence: Floats
    error: Floats
    counted: NDArray[np.bool_]
    about: NDArray[np.bool_]
    least: float

    def less(self, other: Ratio) -> Ratio:
        """Return the difference of two ratios of the same sample."""
        return Ratio(
            self.value - other.value,
            self.influence - other.influence,
            self.error - other.error,
            self.counted | other.counted,
            self.about | other.about,
            self.least + other.least,
        )


def coefficient(numerator: Floats, denominator: Floats, predicted: tuple[Floats, Floats], sample: Sample) -> float:
    """Return how far predictions are trusted: where the variance that the draw brings is smallest, and no less than 0.

    It is 1 for predictions that are as sure as they should be, and more for those that are less sure.

    Args:
        numerator: of each row by its label, shape (n_rows,); what stands where nothing was drawn does not count.
        denominator: likewise.
        predicted: both by the predictions, for all rows.
        sample: what was drawn.
    """
    drawn = sample.drawn
    weights = sample.weights[drawn]
    residual, control = (
        _deviation(top[drawn], bottom[drawn], weights) for top, bottom in ((numerator, denominator), predicted)
    )
    spread = weights * (weights - 1)  # in the variance of a row that is drawn independently of the others
    variance = spread @ control**2
    return max(float(spread @ (residual * control) / variance), 0.0) if variance > 0 else 0.0


def ratio(
    numerator: Floats,
    denominator: Floats,
    predicted: tuple[Floats, Floats],
    sample: Sample,
    trust: float,
    about: NDArray[np.bool_] | None = None,
) -> Ratio | None:
    """Estimate the sum of numerators over the sum of denominators, of all rows or of some.

    Args:
        numerator: as for `coefficient`.
        denominator: as for `coefficient`.
        predicted: as for `coefficient`.
        sample: what was drawn.
        trust: the coefficient; 0 for the estimate of the labels alone.
        about: the rows wanted, shape (n_rows,); all by default.

    Returns:
        The estimate; None where no drawn row is in the denominator.
    """
    about = np.ones(len(sample.weights), dtype=bool) if about is None else about
    weights = np.where(about, sample.weights, 0.0)
    drawn = weights > 0
    top, bottom = np.where(drawn, numerator, 0.0), np.where(drawn, denominator, 0.0)
    total = weights @ bottom
    if not total:
        return None
    control = trust * _control(*predicted, about)
    value = (weights @ top - weights @ control) / total
    error = weights * (top - value * bottom - control) / total
    counted = drawn & (bottom != 0)
    agreed = np.ptp(top[counted] / bottom[counted]) == 0 or np.allclose(error[counted], 0)
    least = _of_one_more(weights[counted]) if agreed else 0.0
    return Ratio(float(value), error + control / total, error, counted, about, least)


def variance(estimate: Ratio, sample: Sample) -> tuple[float, int]:
    """Return the variance of an estimate, and how many independent parts it was estimated from.

    With clusters it is that of the sum of the influences of whole clusters: between samples of such clusters, each
    sampled in turn. With two ways of clustering it is the sum of both less that of their crossing (C. Cameron, J.
    Gelbach and D. Miller, Robust Inference With Multiway Clustering, 2011), and no less than either. Without clusters
    it is that of the draw from these very rows (J. Hájek, Asymptotic Theory of Rejective Sampling, 1964).
    """
    if not sample.clusters:
        return max(_of_draw(estimate, sample), estimate.least), int(estimate.counted.sum())
    single = [_of_clusters(estimate, codes) for codes in sample.clusters]
    value = np.max([found for found, _ in single])  # nan where one is undefined
    if len(sample.clusters) > 1:
        crossed, _ = _of_clusters(estimate, _crossed(sample.clusters))
        value = np.maximum(value, sum(found for found, _ in single) - crossed)
    return float(np.maximum(value, estimate.least)), min(number for _, number in single)


def _control(top: Floats, bottom: Floats, about: NDArray[np.bool_]) -> Floats:
    """Return what predictions add to each row, which is 0 in sum over all rows that count."""
    return _deviation(top, bottom, about.astype(float)) * about


def _deviation(top: Floats, bottom: Floats, weights: Floats) -> Floats:
    """Return how much each row adds to the numerator beyond the ratio of the weighted totals.

    What is left of rounding is 0: of rows that are all alike, a coefficient would else be one such rest by another.
    """
    total = weights @ bottom
    expected = (weights @ top / total if total else 0.0) * bottom
    return np.where(np.isclose(top, expected, rtol=_ROUNDING, atol=0.0), 0.0, top - expected)


def _of_one_more(weights: Floats) -> float:
    """Return the variance of a share of so many rows and two more, of which one is different."""
    number = weights.sum() ** 2 / (weights @ weights)
    other = 1 / (number + 2)
    return float(other * (1 - other) / number)


def _of_draw(estimate: Ratio, sample: Sample) -> float:
    drawn = sample.drawn & estimate.about
    chance = 1 / sample.weights[drawn]
    number = int(drawn.sum())
    errors = estimate.error[drawn]
    if number < 2 or (chance == 1).all():
        return 0.0
    centre = ((1 - chance) @ errors) / (1 - chance).sum()
    return float(number / (number - 1) * ((1 - chance) * (errors - centre) ** 2).sum())


def _of_clusters(estimate: Ratio, codes: NDArray[np.int_]) -> tuple[float, int]:
    """Return the variance of the sum of clusters, and how many clusters have a labelled row that counts."""
    about = np.unique(codes[estimate.about])
    sums = np.bincount(codes, weights=estimate.influence, minlength=int(codes.max(initial=0)) + 1)[about]
    labelled = len(np.unique(codes[estimate.counted]))
    if labelled < 2:
        return np.nan, labelled
    return float(labelled / (labelled - 1) * (sums**2).sum()), labelled


def _crossed(clusters: Sequence[NDArray[np.int_]]) -> NDArray[np.int_]:
    return np.unique(np.stack(clusters, axis=1), axis=0, return_inverse=True)[1].ravel()
