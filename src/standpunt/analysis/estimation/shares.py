"""Shares of stances over many turns, corrected for the errors of the model: by party, issue, year.

See `standpunt.analysis.estimation.ratios` for the estimator and what it is taken from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.estimation.intervals import plain_interval, share_interval
from standpunt.analysis.estimation.ratios import Floats, Ratio, Sample, coefficient, ratio, variance
from standpunt.annotation.layers import NONE, STANCES
from standpunt.debate import holder_of
from standpunt.errors import InputError, require, unknown_name
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
COLUMNS = (
    "measure", "value", "low", "high", "labels_only", "labels_low", "labels_high", "counted", "trust", "labelled",
    "rows", "clusters",
)  # fmt: skip


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


def estimate_shares(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] | None = None,
    cluster: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate shares of stances from a model's predictions and a sample that people labelled.

    Args:
        predictions: a row for every pair that could have been drawn: `turn` (id), `issue`, `p_favor`, `p_against`,
            `p_neutral`, where the model has it `p_none`, and the columns of `by` and `cluster`; as `predict_debate` or
            `standpunt predict` return them, without dropping "none". Seeds are averaged.
        labels: the sample: `turn`, `issue`, `label` (favor, against, neutral or none), and `probability`, that with
            which the pair was drawn (see `standpunt.annotation.sampling`).
        by: columns to group by, such as party, issue, year. Year is taken from `date` where there is no such column; a
            speaker without a party is "cabinet" if the role says so.
        measures: of `MEASURES`: the share of pairs that address their issue (addressed), of those the shares of favor,
            against and neutral, and favor less against (balance). All by default.
        cluster: columns whose values are independent of one another, debate and speaker by default (speaker alone with
            fewer than five debates): the interval is about debates such as these. Empty for an interval about these
            very debates, for which only the chance of the draw counts.
        confidence: of the intervals, between 0 and 1.

    Returns:
        One row a group and measure: the columns of `by`, and `COLUMNS`: the estimate with its interval, that of the
        labels alone with its own, the share that the model's answers would give if they were counted (`counted`), how
        far predictions are trusted (`trust`; 0 is not at all), and how many pairs are `labelled` of how many `rows`, in
        how many `clusters`. An interval is missing where fewer than `FEWEST` labelled pairs are in the denominator, or
        fewer than two clusters.

    Raises:
        InputError: a column is missing, a label or probability is none, or a pair is there twice or was not predicted.
    """
    require(0 < confidence < 1, "confidence", confidence, "a number between 0 and 1, e.g. 0.95")
    wanted = _measures(measures)
    corrected = prepare(predictions, labels, by=by, cluster=cluster)
    records = []
    for key, places in _groups(corrected.rows, by):
        group = corrected.within(places)
        sizes = {
            "labelled": int(group.sample.drawn.sum()),
            "rows": len(places),
            "clusters": group.rows[group.cluster[0]].nunique() if group.cluster else None,
        }
        records += [{**key, **_record(group, measure, confidence), **sizes} for measure in wanted]
    return pd.DataFrame(records, columns=[*by, *COLUMNS])


def estimate_differences(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    between: str,
    base: object,
    by: Sequence[str] = (),
    measures: Sequence[str] | None = None,
    cluster: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate how much each group differs from one of them; what both share (debates, the draw) is accounted for.

    Args:
        predictions: as for `estimate_shares`.
        labels: likewise.
        between: the column that tells groups apart, such as party or year.
        base: the value of the group that the others are compared with.
        by: further columns; groups are compared within their values.
        measures: as for `estimate_shares`.
        cluster: likewise.
        confidence: likewise.

    Returns:
        As `estimate_shares`, with `between` among the columns, a row for each other group: its measure less that of
        the base. `labelled` and `rows` are those of the group itself.

    Raises:
        InputError: as for `estimate_shares`, or no row has the value `base`.
    """
    require(0 < confidence < 1, "confidence", confidence, "a number between 0 and 1, e.g. 0.95")
    wanted = _measures(measures)
    by = [name for name in by if name != between]
    corrected = prepare(predictions, labels, by=[*by, between], cluster=cluster)
    values = corrected.rows[between].astype(str).to_numpy()
    if str(base) not in set(values):
        raise unknown_name(between, str(base), sorted(set(values)))
    records = []
    for key, places in _groups(corrected.rows, by):
        first = places[values[places] == str(base)]
        for value in sorted(set(values[places]) - {str(base)}):
            own = places[values[places] == value]
            both = corrected.within(np.concatenate([own, first]))
            about = np.arange(len(own) + len(first)) < len(own)
            sizes = {"labelled": int((both.sample.drawn & about).sum()), "rows": len(own)}
            records += [
                {**key, between: value, **_record(both, measure, confidence, about), **sizes} for measure in wanted
            ]
    return pd.DataFrame(records, columns=[*by, between, *(name for name in COLUMNS if name != "clusters")])


def prepare(
    predictions: pd.DataFrame, labels: pd.DataFrame, *, by: Sequence[str] = (), cluster: Sequence[str] | None = None
) -> Corrected:
    """Bring predictions and labels together, checked; see `estimate_shares`."""
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


def _measures(measures: Sequence[str] | None) -> tuple[str, ...]:
    for name in measures or ():
        if name not in MEASURES:
            raise unknown_name("measure", name, MEASURES)
    return tuple(measures or MEASURES)


def parts(measure: str, values: Floats) -> tuple[Floats, Floats]:
    """Return what rows add to the numerator and to the denominator of a measure, by how much each label is theirs."""
    top, bottom = MEASURES[measure]
    return values @ np.array(top), values @ np.array(bottom)


def _record(
    corrected: Corrected, measure: str, confidence: float, about: NDArray[np.bool_] | None = None
) -> dict[str, Any]:
    """Return the estimates of a measure, or of how much some rows (`about`) have more of it than the others."""
    record: dict[str, Any] = {"measure": measure, "trust": corrected.trust[measure]}
    for labels_only, names in (
        (False, ("value", "low", "high")),
        (True, ("labels_only", "labels_low", "labels_high")),
    ):
        estimate = corrected.ratio(measure, about, labels_only=labels_only)
        other = None if about is None else corrected.ratio(measure, ~about, labels_only=labels_only)
        value, ends = np.nan, (np.nan, np.nan)
        if about is None and estimate is not None:
            value = estimate.value if measure == BALANCE else float(np.clip(estimate.value, 0.0, 1.0))
            ends = corrected.interval(estimate, confidence, difference=False, balance=measure == BALANCE)
        elif estimate is not None and other is not None:
            difference = estimate.less(other)
            value = difference.value
            if min(int(one.counted.sum()) for one in (estimate, other)) >= FEWEST:
                ends = corrected.interval(difference, confidence, difference=True, balance=measure == BALANCE)
        record |= dict(zip(names, (value, *ends), strict=True))
    answers = np.eye(len(LABELS))[corrected.predicted.argmax(axis=1)]
    if about is None:
        record["counted"] = _share(measure, answers)
    else:
        record["counted"] = _share(measure, answers[about]) - _share(measure, answers[~about])
    return record


def _share(measure: str, answers: Floats) -> float:
    """Return the share that one gets by counting answers."""
    top, bottom = parts(measure, answers)
    return float(top.sum() / bottom.sum()) if bottom.sum() else np.nan


def _groups(rows: pd.DataFrame, by: Sequence[str]) -> Iterator[tuple[dict[str, Any], NDArray[np.int_]]]:
    """Yield the values that the rows of a group have, and the places of the rows."""
    if not by:
        yield {}, np.arange(len(rows))
        return
    for values, places in rows.groupby(list(by), sort=True).indices.items():
        yield dict(zip(by, values if isinstance(values, tuple) else (values,), strict=True)), np.asarray(places)


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
