"""Differences between models on the same rows: paired bootstrap over clusters, McNemar's test, Holm's correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.errors import InputError
from standpunt.evaluation.metrics import metric_names
from standpunt.evaluation.resampling import Resamples, resampled_metrics


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better `first` is than `second` on the same rows.

    Attributes:
        first: a model.
        second: another.
        metric: what is compared.
        value: the metric of `first` less that of `second`, means over the seeds of each.
        low: lower end of the interval from resampling clusters, the same for both models; nan, as `high` and `p` are,
            where all rows are of one cluster.
        high: upper end.
        p: two-sided, from the same resamples: twice the share of them on the less frequent side of zero, and never
            below 2 / (resamples + 1).
        p_holm: the same, corrected for all differences of the table.
        only_first: rows that only `first` has right, on the first seed of each.
        only_second: rows that only `second` has right.
        mcnemar: p of McNemar's exact test on those two counts. It takes rows for independent, which rows of one speaker
            are not, so it is too small; `p` is the one to go by.
        resamples: how many `p` is from.
        mcnemar_holm: the same, corrected for all differences of the table.
    """

    first: str
    second: str
    metric: str
    value: float
    low: float
    high: float
    p: float
    only_first: int
    only_second: int
    mcnemar: float
    resamples: int
    p_holm: float = float("nan")
    mcnemar_holm: float = float("nan")

    def record(self) -> dict[str, Any]:
        """Return it as plain data; what is not defined is null."""
        return {key: None if value != value else value for key, value in asdict(self).items()}


def check_same_rows(entries: Sequence[tuple[str, pd.DataFrame]], corpus: str) -> None:
    """Make sure that all models were scored on the same rows with the same gold labels, seed by seed where shared.

    Raises:
        InputError: two were not.
    """
    name, frame = entries[0]
    for other_name, other in entries[1:]:
        shared = set(frame["seed"]) & set(other["seed"])
        pairs = [(_rows(frame, seed), _rows(other, seed)) for seed in shared] or [(_rows(frame), _rows(other))]
        for rows, other_rows in pairs:
            if rows != other_rows:
                sizes = f"{len(rows)} and {len(other_rows)}"
                what = (
                    sizes if len(rows) != len(other_rows) else f"{len(rows)} each, not the same or labelled otherwise"
                )
                raise InputError(
                    f"{name} and {other_name} were not scored on the same rows of {corpus} ({what}); compare runs that "
                    "share corpus, layer, issues, task and limits"
                )


def differences(
    entries: Sequence[tuple[str, pd.DataFrame]],
    labels: Sequence[str],
    *,
    cluster: str = "speaker",
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
    metric: str = "macro_f1",
) -> list[Difference]:
    """Compare every two models, later ones with earlier ones.

    Sources: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 15, with clusters as
    the unit; Q. McNemar, Psychometrika 12 (1947), exact binomial form; S. Holm, Scandinavian Journal of Statistics 6
    (1979).

    Args:
        entries: (model name, predictions) with the columns of `evaluate` and `id`.
        labels: the label scheme.
        cluster: the column whose values are resampled whole.
        resamples: number of bootstrap resamples.
        confidence: mass of the interval.
        seed: seed of the bootstrap.
        metric: one of `metric_names(labels)`.

    Returns:
        A difference for every two models, none where there is one model. The rows must be the same; see
        `check_same_rows`.
    """
    if len(entries) < 2:
        return []
    place = metric_names(labels).index(metric)
    frames = [frame.sort_values(["seed", "id"], kind="stable") for _, frame in entries]
    together = pd.concat(frames, ignore_index=True)
    # One numbering of the clusters for all models, so that all see the same resamples.
    draws = Resamples.draw(together[cluster], resamples, confidence, seed)
    owner = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    values, drawn, right = {}, {}, {}
    for number, ((name, _), frame) in enumerate(zip(entries, frames, strict=True)):
        scored = np.array([label in set(frame["gold"]) for label in labels])
        per_seed, draws_of = resampled_metrics(frame, labels, scored, draws.subset(owner == number))
        values[name], drawn[name] = float(per_seed[:, place].mean()), draws_of[:, place]
        one = frame[frame["seed"] == frame["seed"].min()]
        right[name] = (one["gold"] == one["predicted"]).to_numpy()
    compared = []
    for second, first in combinations([name for name, _ in entries], 2):
        gap = drawn[first] - drawn[second]
        low, high, p = (*draws.interval(gap), bootstrap_p(gap))
        if draws.clusters < 2:  # every resample is the same
            low = high = p = float("nan")
        only_first = int((right[first] & ~right[second]).sum())
        only_second = int((right[second] & ~right[first]).sum())
        tests = (p, only_first, only_second, mcnemar(only_first, only_second), resamples)
        compared.append(Difference(first, second, metric, values[first] - values[second], low, high, *tests))
    corrected = zip(holm([d.p for d in compared]), holm([d.mcnemar for d in compared]), strict=True)
    return [replace(d, p_holm=p, mcnemar_holm=m) for d, (p, m) in zip(compared, corrected, strict=True)]


def least_p_holm(differences: Sequence[Difference]) -> float:
    """Return the smallest p after Holm's correction that so many differences from so few resamples can have."""
    return max((2 * len(differences) / (d.resamples + 1) for d in differences), default=0.0)


def bootstrap_p(gaps: NDArray[np.float64]) -> float:
    """Return the two-sided p of no difference from the differences in resamples; see `Difference.p`."""
    gaps = gaps[~np.isnan(gaps)]
    side = min((gaps <= 0).sum(), (gaps >= 0).sum())
    return float(min(1.0, 2 * (side + 1) / (len(gaps) + 1)))


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the p of McNemar's exact test: 1 where the models are right on the same rows."""
    from scipy.stats import binomtest

    discordant = only_first + only_second
    return float(binomtest(only_first, discordant).pvalue) if discordant else 1.0


def holm(p: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number (step-down; controls the chance of any false finding)."""
    order = np.argsort(p, kind="stable")
    steps = np.asarray(p, dtype=float)[order] * np.arange(len(p), 0, -1)
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return corrected.tolist()


def _rows(frame: pd.DataFrame, seed: int | None = None) -> list[tuple[str, str]]:
    """Return the rows of a seed, by default the first."""
    one = frame[frame["seed"] == (frame["seed"].min() if seed is None else seed)]
    return sorted(zip(one["id"], one["gold"], strict=True))
