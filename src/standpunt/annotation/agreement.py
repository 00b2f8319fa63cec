"""Agreement between annotators: Krippendorff's alpha (nominal) with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MISSING = -1


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha with its interval; `units` is the number of units with at least two labels, `observed` the share that agree."""

    alpha: float
    low: float
    high: float
    units: int
    observed: float


def krippendorff_alpha(
    codes: NDArray[np.int_],
    *,
    clusters: Sequence[object] | None = None,
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Krippendorff's alpha for nominal labels, with a percentile bootstrap over units or clusters of units.

    Source: K. Krippendorff, Content Analysis (4th ed., 2018), chapter 12; bootstrap by resampling units.

    Args:
        codes: shape (n_annotators, n_units), labels as integers from 0, `MISSING` (-1) where an annotator gave none.
        clusters: what each unit belongs to; resampled whole. By default every unit is its own.
        resamples: number of bootstrap resamples.
        confidence: mass of the interval.
        seed: seed of the bootstrap.

    Returns:
        The agreement; alpha is nan where fewer than two units have two labels or only one label occurs.
    """
    codes = np.asarray(codes)
    n_labels = int(codes.max(initial=0)) + 1
    # Per unit, the matrix of label pairs divided by (labels in the unit - 1): alpha depends on their sum only.
    counts = np.stack([(codes == label).sum(axis=0) for label in range(n_labels)], axis=1).astype(float)
    per_unit = counts.sum(axis=1)
    pairable = per_unit > 1
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, np.arange(n_labels), np.arange(n_labels)] -= counts
    pairs[pairable] /= (per_unit[pairable] - 1)[:, None, None]
    pairs[~pairable] = 0
    alpha = float(_alpha(pairs.sum(axis=0)[None])[0])
    names = np.arange(len(per_unit)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    by_cluster = np.zeros((int(names.max(initial=-1)) + 1, n_labels, n_labels))
    np.add.at(by_cluster, names, pairs)
    rng = np.random.default_rng(seed)
    n = len(by_cluster)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=resamples) if n else np.zeros((resamples, 0))
    values = _alpha(np.tensordot(weights, by_cluster, axes=1))
    values = values[~np.isnan(values)]
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail]) if len(values) else (np.nan, np.nan)
    agree = (counts.max(axis=1) == per_unit) & pairable
    observed = float(agree.sum() / pairable.sum()) if pairable.any() else float("nan")
    return Agreement(alpha, float(low), float(high), int(pairable.sum()), observed)


def _alpha(coincidences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Alpha from coincidence matrices, shape (n, labels, labels)."""
    totals = coincidences.sum(axis=2)
    n = totals.sum(axis=1)
    observed = n - np.trace(coincidences, axis1=1, axis2=2)
    expected = (n**2 - (totals**2).sum(axis=1)) / np.where(n > 1, n - 1, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)
