"""Scores with intervals, from the predictions of one run or of the seeds of one model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.errors import unknown_name
from standpunt.evaluation.metrics import metric_names, metrics

OVERALL = "overall"
# In a contrast set: the share of pairs of which both rows are right.
PAIRS = "pair_accuracy"
# A data set of thousands of statements gets no scores for each of them.
MAX_ISSUES = 60
CLUSTERS = ("speaker", "debate", "party", "issue", "turn")


@dataclass(frozen=True, slots=True)
class Score:
    """A metric: its value (mean over seeds), the interval from resampling clusters, the spread over seeds.

    `spread` is the standard deviation over seeds, nan for a single one.
    """

    value: float
    low: float
    high: float
    spread: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All scores on a set of rows: `scores[scope][metric]`, scope "overall" or an issue (none for over 60)."""

    scores: dict[str, dict[str, Score]]
    rows: dict[str, int]
    clusters: int
    cluster: str
    seeds: int
    warnings: tuple[str, ...]
    confidence: float = 0.95

    def record(self) -> dict[str, Any]:
        """Return everything as plain data; a score that is not defined is null."""
        data = asdict(self)
        for scope in data["scores"].values():
            for score in scope.values():
                score.update({key: None if np.isnan(value) else value for key, value in score.items()})
        return data


def evaluate(
    predictions: pd.DataFrame,
    labels: Sequence[str],
    *,
    cluster: str = "speaker",
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Evaluation:
    """Score predictions, with percentile bootstrap intervals over clusters.

    Rows of one speaker (or debate) are not independent, so whole clusters are resampled; every seed sees the same
    resamples, and the interval is that of the mean over seeds.

    Args:
        predictions: columns `seed`, `issue`, `gold`, `predicted` and the cluster's; every seed covers the same rows.
        labels: the label scheme.
        cluster: the column whose values are resampled whole.
        resamples: number of bootstrap resamples.
        confidence: mass of the interval.
        seed: seed of the bootstrap.

    Raises:
        InputError: there is no column named `cluster`.
    """
    if cluster not in predictions.columns:
        raise unknown_name("cluster", cluster, CLUSTERS)
    predictions = predictions.reset_index(drop=True)
    names, clusters = pd.factorize(predictions[cluster].fillna("none").astype(str), sort=True)
    seeds = sorted(predictions["seed"].unique())
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(clusters), np.full(len(clusters), 1 / len(clusters)), size=resamples)
    issues = sorted(predictions["issue"].unique())
    scores, rows = {}, {}
    for scope in [OVERALL, *(issues if len(issues) <= MAX_ISSUES else [])]:
        chosen = np.ones(len(predictions), bool) if scope == OVERALL else (predictions["issue"] == scope).to_numpy()
        scores[scope] = _scope(
            predictions[chosen], names[chosen], len(clusters), seeds, list(labels), weights, confidence
        )
        rows[scope] = int(chosen.sum() / len(seeds))
    if "pair" in predictions and predictions["pair"].notna().all():
        scores[OVERALL][PAIRS] = _pairs(predictions, names, seeds, weights, confidence)
    return Evaluation(scores, rows, len(clusters), cluster, len(seeds), tuple(_warnings(predictions)), confidence)


def _scope(
    part: pd.DataFrame,
    names: NDArray[np.int_],
    n_clusters: int,
    seeds: list[int],
    labels: list[str],
    weights: NDArray[np.int_],
    confidence: float,
) -> dict[str, Score]:
    scored = np.array([label in set(part["gold"]) for label in labels])
    matrices = np.zeros((len(seeds), n_clusters, len(labels), len(labels)))
    codes = [part["seed"].map(seeds.index), names, part["gold"].map(labels.index), part["predicted"].map(labels.index)]
    np.add.at(matrices, tuple(np.asarray(code) for code in codes), 1.0)
    per_seed = metrics(matrices.sum(axis=1), labels, scored)
    resampled = metrics(np.einsum("rc,scij->rsij", weights, matrices), labels, scored)
    drawn = np.full(resampled.shape[::2], np.nan)
    filled = ~np.isnan(resampled).all(axis=1)
    drawn[filled] = np.nanmean(np.swapaxes(resampled, 1, 2)[filled], axis=1)
    tail = (1 - confidence) / 2
    result = {}
    for position, name in enumerate(metric_names(labels)):
        values = per_seed[:, position]
        draws = drawn[:, position][~np.isnan(drawn[:, position])]
        low, high = np.quantile(draws, [tail, 1 - tail]) if len(draws) else (np.nan, np.nan)
        value = np.nan if np.isnan(values).all() else np.nanmean(values)
        spread = np.std(values, ddof=1) if len(values) > 1 else np.nan
        result[name] = Score(float(value), float(low), float(high), float(spread))
    return result


def _pairs(
    predictions: pd.DataFrame,
    names: NDArray[np.int_],
    seeds: list[int],
    weights: NDArray[np.int_],
    confidence: float,
) -> Score:
    """Score the share of pairs that are right as a whole; a pair lies in one cluster."""
    right = (predictions["gold"] == predictions["predicted"]).to_numpy()
    table = pd.DataFrame({"seed": predictions["seed"], "pair": predictions["pair"], "right": right, "cluster": names})
    pairs = table.groupby(["seed", "pair"]).agg(right=("right", "all"), cluster=("cluster", "first")).reset_index()
    hits, counts = np.zeros((2, len(seeds), weights.shape[1]))
    place = (pairs["seed"].map(seeds.index).to_numpy(), pairs["cluster"].to_numpy())
    np.add.at(hits, place, pairs["right"].to_numpy(float))
    np.add.at(counts, place, 1.0)
    per_seed = hits.sum(axis=1) / counts.sum(axis=1)
    with np.errstate(invalid="ignore"):
        drawn = (weights @ hits.T / (weights @ counts.T)).mean(axis=1)
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    spread = float(np.std(per_seed, ddof=1)) if len(seeds) > 1 else float("nan")
    return Score(float(per_seed.mean()), float(low), float(high), spread)


def _warnings(predictions: pd.DataFrame) -> list[str]:
    answers = predictions["predicted"].unique()
    if len(answers) == 1 and predictions["gold"].nunique() > 1:
        return [f"answers {answers[0]!r} for every row"]
    return []
