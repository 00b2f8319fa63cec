"""Shares of stances over many turns, corrected for the errors of the model: by party, issue, year.

See `standpunt.analysis.estimation.ratios` for the estimator and what it is taken from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.estimation.corrected import BALANCE, FEWEST, LABELS, MEASURES, Corrected, parts, prepare
from standpunt.analysis.estimation.ratios import Floats
from standpunt.errors import require, unknown_name

COLUMNS = (
    "measure", "value", "low", "high", "labels_only", "labels_low", "labels_high", "counted", "trust", "labelled",
    "rows", "clusters",
)  # fmt: skip


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


def _measures(measures: Sequence[str] | None) -> tuple[str, ...]:
    for name in measures or ():
        if name not in MEASURES:
            raise unknown_name("measure", name, MEASURES)
    return tuple(measures or MEASURES)


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
