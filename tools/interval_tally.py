"""Estimates from samples that are drawn again and again, and how often their intervals hold the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standpunt.analysis.estimation.corrected import LABELS, MEASURES, Corrected, parts
from standpunt.annotation.sampling import draw, inclusion_probabilities

PROBABILITIES = [f"p_{label}" for label in LABELS]
EYE = np.eye(len(LABELS))
CONFIDENCE = 0.95
EQUAL, UNSURE = "equal", "unsure"  # how a sample is drawn
KEYS = ["data", "model", "about", "design", "n", "groups", "measure"]
LEAST_ROWS = 60  # of a party, to be a group


class Tally:
    """Whether intervals held the truth, and how wide they were, by what they are of."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    def add(
        self, key: Sequence[object], corrected: Corrected, groups: Sequence[Group], measures: Sequence[str]
    ) -> None:
        """Take estimates of groups, corrected and of the labels alone; left out where either has no interval."""
        for group in groups:
            part = corrected.within(group.places)
            for measure in measures:
                found = []
                for labels_only in (False, True):
                    estimate = part.ratio(measure, labels_only=labels_only)
                    if estimate is None:
                        break
                    ends = part.interval(estimate, CONFIDENCE, difference=False, balance=measure == "balance")
                    found += [estimate.value, *ends]
                if len(found) == 6 and not np.isnan(found).any():
                    self.rows.append((*key, group.kind, measure, group.truth[measure], *found, *group.counted[measure]))

    def frame(self) -> pd.DataFrame:
        """Return the mean of all estimates of a kind."""
        names = ["truth", "value", "low", "high", "alone", "alone_low", "alone_high", "counted", "c_low", "c_high"]
        rows = pd.DataFrame(self.rows, columns=[*KEYS, *names])
        truth = rows["truth"]
        told = rows.assign(
            holds=(rows["low"] <= truth) & (truth <= rows["high"]),
            alone_holds=(rows["alone_low"] <= truth) & (truth <= rows["alone_high"]),
            counted_holds=(rows["c_low"] <= truth) & (truth <= rows["c_high"]),
            width=rows["high"] - rows["low"],
            alone_width=rows["alone_high"] - rows["alone_low"],
            bias=rows["value"] - truth,
            counted_error=(rows["counted"] - truth).abs(),
        )
        kept = ["holds", "alone_holds", "counted_holds", "width", "alone_width", "bias", "counted_error"]
        means = told.groupby(KEYS, sort=False)[kept].mean()
        means.insert(0, "intervals", told.groupby(KEYS, sort=False).size())
        return means.assign(ratio=means["width"] / means["alone_width"]).reset_index()


@dataclass(frozen=True)
class Group:
    """Some rows: what they were grouped by, their places, and by measure the truth and what counting answers gives."""

    kind: str
    places: np.ndarray
    truth: Mapping[str, float]
    counted: Mapping[str, tuple[float, float, float]]


def groups_of(
    rows: pd.DataFrame,
    kinds: Sequence[str],
    cluster: Sequence[str],
    known: Mapping[tuple[str, str], Mapping] | None = None,
) -> list[Group]:
    """Return all rows and each group that is large enough; `known` has the truth where it is not that of the rows."""
    answers = Corrected.of(
        rows,
        EYE[rows[PROBABILITIES].to_numpy(float).argmax(axis=1)],
        np.zeros((len(rows), 4)),
        np.ones(len(rows)),
        cluster,
    )
    found = []
    for kind in ("all", *kinds):
        named = {"": np.arange(len(rows))} if kind == "all" else rows.groupby(kind).indices
        for name, places in named.items():
            if kind == "all" or len(places) >= LEAST_ROWS:
                truth = shares(rows.iloc[places])
                counted = {one: counting(answers.within(places), one) for one in MEASURES}
                found.append(Group(kind, places, (known or {}).get((kind, name), truth), counted))
    return found


def shares(rows: pd.DataFrame) -> dict[str, float]:
    """Return what the labels of rows give, by measure."""
    told = {}
    for measure in MEASURES:
        top, bottom = parts(measure, EYE[rows["label"].to_numpy()])
        told[measure] = float(top.sum() / bottom.sum()) if bottom.sum() else np.nan
    return told


def counting(answers: Corrected, measure: str) -> tuple[float, float, float]:
    """Return the share that counting a model's answers gives, with the interval as if they were labels."""
    estimate = answers.ratio(measure, labels_only=True)
    if estimate is None:
        return np.nan, np.nan, np.nan
    ends = answers.interval(estimate, CONFIDENCE, difference=False, balance=measure == "balance")
    return estimate.value, *ends


def drawn(rows: pd.DataFrame, n: int, seed: int, design: str, cluster: Sequence[str], unsure: float) -> Corrected:
    """Draw a sample of rows that all have a label, and forget the labels of the others."""
    predicted = rows[PROBABILITIES].to_numpy(float)
    chances = inclusion_probabilities(n, len(rows), predicted if design == UNSURE else None, unsure=unsure)
    taken = draw(chances, seed)
    weights, said = np.zeros(len(rows)), np.zeros((len(rows), len(LABELS)))
    weights[taken] = 1 / chances[taken]
    said[taken] = EYE[rows["label"].to_numpy()[taken]]
    return Corrected.of(rows, said, predicted, weights, cluster)
