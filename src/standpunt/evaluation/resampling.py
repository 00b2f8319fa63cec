"""Resampling whole clusters: the one bootstrap behind every interval of the package.

Rows of one speaker (issue, debate) are not independent, so clusters are drawn, not rows. What is resampled is computed
from sums over clusters, so that a thousand resamples cost one matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.evaluation.metrics import metrics

# With fewer clusters than this a bootstrap says nothing; speakers are resampled instead.
FEWEST_CLUSTERS = 5


@dataclass(frozen=True, slots=True)
class Score:
    """A metric: its value (mean over seeds), the interval from resampling clusters, the spread over seeds.

    `spread` is the standard deviation over seeds, nan for a single one; the interval is nan where none is given.
    """

    value: float
    low: float
    high: float
    spread: float


UNDEFINED = Score(np.nan, np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class Resamples:
    """Draws of clusters.

    `codes` is the cluster of each row, shape (n_rows,), `weights` how often each was drawn, shape (n_resamples,
    n_clusters), `confidence` the mass of intervals.
    """

    codes: NDArray[np.int_]
    weights: NDArray[np.int_]
    confidence: float

    @classmethod
    def draw(cls, clusters: pd.Series, resamples: int, confidence: float, seed: int) -> Resamples:
        """Draw as many clusters as there are, with replacement; rows without a cluster are one together."""
        codes, names = pd.factorize(clusters.fillna("none").astype(str), sort=True)
        n = len(names)
        weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
        return cls(codes, weights, confidence)

    @property
    def clusters(self) -> int:
        """The number of clusters."""
        return self.weights.shape[1]

    def subset(self, chosen: NDArray[np.bool_]) -> Resamples:
        """Return the same draws for some of the rows."""
        return Resamples(self.codes[chosen], self.weights, self.confidence)

    def interval(self, draws: NDArray[np.float64]) -> tuple[float, float]:
        """Return the percentile interval of a metric's values in the resamples; undefined ones are left out."""
        draws = draws[~np.isnan(draws)]
        if len(draws) == 0:
            return np.nan, np.nan
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(draws, [tail, 1 - tail])
        return float(low), float(high)

    def score(self, per_seed: NDArray[np.float64], draws: NDArray[np.float64]) -> Score:
        """Return the score of a metric from its value for each seed and the mean over seeds in each resample.

        Rows of a single cluster have no interval: every resample of them is the same.
        """
        value = np.nan if np.isnan(per_seed).all() else float(np.nanmean(per_seed))
        spread = float(np.std(per_seed, ddof=1)) if len(per_seed) > 1 else np.nan
        interval = self.interval(draws) if len(np.unique(self.codes)) > 1 else (np.nan, np.nan)
        return Score(value, *interval, spread)


def cluster_for(asked: str | None, own: str, predictions: pd.DataFrame) -> str:
    """Return the column to resample by: the one asked for, or the protocol's own.

    Args:
        asked: `evaluation.cluster` of the configuration.
        own: what the protocol resamples, see `standpunt.splits.protocol.Protocol.cluster`.
        predictions: the rows that are scored.

    Returns:
        The protocol's own, unless the rows have fewer than `FEWEST_CLUSTERS` of it, as where a model is tested on one
        debate: then "speaker".
    """
    if asked is not None:
        return asked
    return own if own in predictions and predictions[own].nunique() >= FEWEST_CLUSTERS else "speaker"


def resampled_metrics(
    frame: pd.DataFrame, labels: Sequence[str], scored: NDArray[np.bool_], resamples: Resamples
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the metrics of predictions and of their resamples.

    Args:
        frame: columns `seed`, `gold`, `predicted`, a row for each code of `resamples`.
        labels: the label scheme.
        scored: shape (n_labels,), as for `metrics`.
        resamples: the draws.

    Returns:
        The values of each seed, shape (n_seeds, n_metrics), and the mean over seeds in each resample, shape
        (n_resamples, n_metrics); nan where undefined.
    """
    labels, seeds = list(labels), sorted(frame["seed"].unique())
    matrices = np.zeros((len(seeds), resamples.clusters, len(labels), len(labels)))
    gold, predicted = (frame[name].map(labels.index) for name in ("gold", "predicted"))
    places = (frame["seed"].map(seeds.index), resamples.codes, gold, predicted)
    np.add.at(matrices, tuple(np.asarray(place) for place in places), 1.0)
    per_seed = metrics(matrices.sum(axis=1), labels, scored)
    drawn = metrics(np.einsum("rc,scij->rsij", resamples.weights, matrices), labels, scored)
    draws = np.full(drawn.shape[::2], np.nan)
    filled = ~np.isnan(drawn).all(axis=1)
    draws[filled] = np.nanmean(np.swapaxes(drawn, 1, 2)[filled], axis=1)
    return per_seed, draws


def resampled_means(
    values: NDArray[np.float64],
    seeds: NDArray[np.int_],
    resamples: Resamples,
) -> Score:
    """Score the mean of a value that every row (or pair of rows) has.

    Args:
        values: shape (n_rows,).
        seeds: number of the seed of each row, from 0; shape (n_rows,).
        resamples: the draws.
    """
    sums, counts = np.zeros((2, int(seeds.max(initial=0)) + 1, resamples.clusters))
    np.add.at(sums, (seeds, resamples.codes), values)
    np.add.at(counts, (seeds, resamples.codes), 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        per_seed = sums.sum(axis=1) / counts.sum(axis=1)
        draws = (resamples.weights @ sums.T / (resamples.weights @ counts.T)).mean(axis=1)
    return resamples.score(per_seed, draws)
