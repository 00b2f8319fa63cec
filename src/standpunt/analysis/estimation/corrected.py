"""Predictions for all rows and labels for a sample of them, checked and brought together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.estimation.intervals import plain_interval, share_interval
from standpunt.analysis.estimation.ratios import Floats, Ratio, Sample, coefficient, ratio, variance
from standpunt.annotation.layers import NONE, STANCES
from standpunt.debate import holder_of
from standpunt.errors import InputError, unknown_name
from standpunt.evaluation.resampling import FEWEST_CLUSTERS

LABELS = (*STANCES, NONE)
_ADDRESSED, _ALL = (1.0, 1.0, 1.0, 0.0), (1.0, 1.0, 1.0, 1.0)
# What is counted, and out of what, by label.
MEASURES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "addressed": (_ADDRESSED, _ALL),
    "favor": ((1.0, 0.0, 0.0, 0.0), _ADDRESSED),
    "against": ((0.0, 1.0, 0.0, 0.0), _ADDRESSED),
    "neutral": ((0.0, 0.0, 1.0, 0.0), _ADDRESSED),
    "balance": ((1.0, -1.0, 0.0, 0.0), _ADDRESSED),
}
BALANCE = "balance"
# With fewer labelled turns in a share's denominator there is no interval: none holds what it says.
FEWEST = 10


@dataclass(frozen=True)
class Corrected:
    """Predictions for all rows and labels for those drawn, as numbers.

    Attributes:
        rows: the predictions, one row a pair of turn and issue.
        said: 1 where a row's label is that of the column (`LABELS`), 0 where nothing was labelled; shape (n_rows, 4).
        predicted: the probabilities of the model, likewise.
        sample: what was drawn.
        cluster: the columns by which rows are clustered; none where only the chance of the draw counts.
        trust: of each measure, how far predictions are trusted (see `coefficient`).
    """

    rows: pd.DataFrame
    said: Floats
    predicted: Floats
    sample: Sample
    cluster: tuple[str, ...]
    trust: dict[str, float]

    @classmethod
    def of(
        cls, rows: pd.DataFrame, said: Floats, predicted: Floats, weights: Floats, cluster: Sequence[str]
    ) -> Corrected:
        """Bring numbers together: as the attributes, with the weights of `Sample`."""
        # A speaker's name alone would make one of two people in two parties.
        codes = tuple(pd.factorize(_cluster(rows, name))[0] for name in cluster)
        sample = Sample(weights, codes)
        trust = {name: coefficient(*parts(name, said), parts(name, predicted), sample) for name in MEASURES}
        return cls(rows, said, predicted, sample, tuple(cluster), trust)

    def within(self, places: NDArray[np.int_]) -> Corrected:
        """Return what concerns some of the rows, given by their places; predictions are trusted as in all."""
        sample = Sample(self.sample.weights[places], tuple(codes[places] for codes in self.sample.clusters))
        return replace(
            self, rows=self.rows.iloc[places], said=self.said[places], predicted=self.predicted[places], sample=sample
        )

    def ratio(self, measure: str, about: NDArray[np.bool_] | None = None, *, labels_only: bool = False) -> Ratio | None:
        """Estimate a measure of some of the rows; None where no labelled row counts."""
        trust = 0.0 if labels_only else self.trust[measure]
        return ratio(*parts(measure, self.said), parts(measure, self.predicted), self.sample, trust, about)

    def interval(self, estimate: Ratio, confidence: float, *, difference: bool, balance: bool) -> tuple[float, float]:
        """Return the interval of an estimate; nan where too few rows were labelled."""
        if not self.cluster and (self.sample.weights[estimate.about] == 1).all():
            return estimate.value, estimate.value  # all is labelled
        counted = int(estimate.counted.sum())
        if counted < FEWEST:
            return np.nan, np.nan
        spread, number = variance(estimate, self.sample)
        if difference or balance:
            return plain_interval(estimate.value, spread, number, confidence, 2.0 if difference and balance else 1.0)
        weights = self.sample.weights[estimate.counted]
        return share_interval(estimate.value, spread, number, weights.sum() ** 2 / (weights @ weights), confidence)


def prepare(
    predictions: pd.DataFrame, labels: pd.DataFrame, *, by: Sequence[str] = (), cluster: Sequence[str] | None = None
) -> Corrected:
    """Bring predictions and labels together, checked; see `standpunt.analysis.estimation.shares.estimate_shares`."""
    rows = _rows(predictions, by)
    if cluster is None:
        several = "debate" in rows and rows["debate"].nunique() >= FEWEST_CLUSTERS
        cluster = [name for name in (("debate", "speaker") if several else ("speaker",)) if name in rows]
    for name in (*by, *cluster):
        if name not in rows:
            raise InputError(f"the predictions have no column {name}; they have {', '.join(map(str, rows.columns))}")
    said, weights = _said(rows, labels)
    predicted = rows[[f"p_{label}" for label in LABELS]].to_numpy(float)
    return Corrected.of(rows, said, predicted, weights, cluster)


def parts(measure: str, values: Floats) -> tuple[Floats, Floats]:
    """Return what rows add to the numerator and to the denominator of a measure, by how much each label is theirs."""
    top, bottom = MEASURES[measure]
    return values @ np.array(top), values @ np.array(bottom)


def _rows(predictions: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the predictions with all that is asked of them, a row a pair."""
    for name in ("turn", "issue", *(f"p_{label}" for label in STANCES)):
        if name not in predictions:
            raise InputError(f"the predictions have no column {name}; expected those of a model trained for stance")
    probabilities = [f"p_{label}" for label in LABELS]
    rows = predictions.reset_index(drop=True)
    if f"p_{NONE}" not in rows:
        rows = rows.assign(**{f"p_{NONE}": 0.0})
    if rows[probabilities].isna().to_numpy().any():
        raise InputError("the predictions have a row without a probability; predict again")
    if "seed" in rows and rows["seed"].nunique() > 1:
        means = rows.groupby(["turn", "issue"], sort=False)[probabilities].mean().reset_index()
        rows = means.merge(rows.drop(columns=probabilities).drop_duplicates(["turn", "issue"]), on=["turn", "issue"])
    twice = rows.duplicated(["turn", "issue"])
    if twice.any():
        first = rows[twice].iloc[0]
        raise InputError(
            f"turn {first['turn']} is there twice on {first['issue']}; expected one prediction of a pair, so "
            "give those of one model"
        )
    if "party" in rows:
        holders = [
            holder_of(role, None if pd.isna(party) else party) or "–"
            for role, party in zip(rows.get("role", [None] * len(rows)), rows["party"], strict=True)
        ]
        rows = rows.assign(party=holders)
    if "year" in by and "year" not in rows and "date" in rows:
        rows = rows.assign(year=rows["date"].map(lambda date: "unknown" if pd.isna(date) else str(date)[:4]))
    for name in by:
        if name in rows and rows[name].isna().any():
            rows = rows.assign(**{name: rows[name].astype(object).where(rows[name].notna(), "–")})
    return rows


def _said(rows: pd.DataFrame, labels: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the labels as `Corrected.said` has them, and the weights of the rows."""
    for name in ("turn", "issue", "label", "probability"):
        if name not in labels:
            raise InputError(f"the labels have no column {name}; expected turn, issue, label, probability")
    if not len(labels):
        raise InputError("the labels have no rows; expected a sample drawn by standpunt annotate next --for estimate")
    places = {pair: place for place, pair in enumerate(zip(rows["turn"], rows["issue"], strict=True))}
    said, weights = np.zeros((len(rows), len(LABELS))), np.zeros(len(rows))
    for turn, issue, label, probability in labels[["turn", "issue", "label", "probability"]].itertuples(index=False):
        place = places.get((turn, issue))
        if place is None:
            raise InputError(
                f"turn {turn} was labelled on {issue} and the predictions have no such pair; give predictions for all "
                "that the sample was drawn from, without --drop-none"
            )
        if label not in LABELS:
            raise unknown_name("label", str(label), LABELS)
        if not 0 < probability <= 1:
            raise InputError(f"turn {turn} on {issue}: probability {probability}; expected one above 0, at most 1")
        if weights[place]:
            raise InputError(f"turn {turn} has two labels on {issue}; expected one of a pair")
        said[place, LABELS.index(label)] = 1.0
        weights[place] = 1 / probability
    return said, weights


def _cluster(rows: pd.DataFrame, name: str) -> pd.Series:
    values = rows[name].astype(object).where(rows[name].notna(), "–").astype(str)
    return values + " " + rows["party"].astype(str) if name == "speaker" and "party" in rows else values
