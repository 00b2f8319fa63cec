"""How well votes were told: ranked over all pairs, within a motion and within a party, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.evaluation.ranking import auc, auc_within
from standpunt.evaluation.resampling import Resamples

METRICS = ("AUC", "AUC within a motion", "AUC within a party", "accuracy", "Brier")
COLUMNS = ("metric", "value", "low", "high", "motions_low", "motions_high")


def vote_scores(
    pairs: pd.DataFrame, names: Iterable[str], *, resamples: int = 2000, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Score probabilities of a vote for.

    Args:
        pairs: with `debate`, `motion`, `party`, `vote` (whether for), and a column of probabilities for each name.
        names: of the columns to score.
        resamples: number of bootstrap resamples.
        confidence: mass of the intervals.
        seed: of the bootstrap.

    Returns:
        One row a (name, metric): `name` and `COLUMNS`. `low` and `high` are from resampling whole debates, which are
        few; the other two from resampling motions.
    """
    rows = []
    draws = _draws(pairs, resamples, confidence, seed)
    for name in names:
        values = [_values(pairs, name, own) for own in draws]
        rows += [{"name": name, **row} for row in _rows(values, draws)]
    return pd.DataFrame(rows, columns=["name", *COLUMNS])


def vote_differences(
    pairs: pd.DataFrame,
    compared: Sequence[tuple[str, str]],
    *,
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how much better the first of two columns is than the second, on the same pairs and resamples.

    Returns:
        One row a (first, second, metric), otherwise as `vote_scores`; of the Brier score less is better.
    """
    rows = []
    draws = _draws(pairs, resamples, confidence, seed)
    for first, second in compared:
        values = [_values(pairs, first, own) - _values(pairs, second, own) for own in draws]
        rows += [{"first": first, "second": second, **row} for row in _rows(values, draws)]
    return pd.DataFrame(rows, columns=["first", "second", *COLUMNS])


def _draws(pairs: pd.DataFrame, resamples: int, confidence: float, seed: int) -> list[Resamples]:
    return [Resamples.draw(pairs[cluster], resamples, confidence, seed) for cluster in ("debate", "motion")]


def _rows(values: Sequence[NDArray[np.float64]], draws: Sequence[Resamples]) -> Iterable[dict[str, object]]:
    for place, metric in enumerate(METRICS):
        (low, high), (motions_low, motions_high) = (
            own.interval(part[1:, place]) if own.clusters > 1 else (np.nan, np.nan)
            for part, own in zip(values, draws, strict=True)
        )
        row = (metric, float(values[0][0, place]), low, high, motions_low, motions_high)
        yield dict(zip(COLUMNS, row, strict=True))


def _values(pairs: pd.DataFrame, name: str, draws: Resamples) -> NDArray[np.float64]:
    """Return the metrics of all pairs, then of each resample, shape (1 + n_resamples, n_metrics)."""
    given, vote = pairs[name].to_numpy(float), pairs["vote"].to_numpy(bool)
    weights = np.concatenate([np.ones((1, draws.clusters), dtype=int), draws.weights])
    motion, party = (pd.factorize(pairs[column])[0] for column in ("motion", "party"))
    columns = [
        auc(given, vote, draws.codes, weights),
        auc_within(given, vote, motion, draws.codes, weights),
        auc_within(given, vote, party, draws.codes, weights),
    ]
    for each in ((given > 0.5) == vote, (given - vote) ** 2):
        sums = np.bincount(draws.codes, each, draws.clusters)
        counts = np.bincount(draws.codes, minlength=draws.clusters)
        columns.append((weights @ sums) / (weights @ counts))
    return np.stack(columns, axis=1)
