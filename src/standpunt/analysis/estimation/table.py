"""Estimates as a table that fits a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from standpunt.analysis.estimation.corrected import FEWEST, MEASURES
from standpunt.evaluation.tables import Table

_UNKNOWN = "–"


def estimates_table(
    frame: pd.DataFrame, by: Sequence[str], *, base: str | None = None, confidence: float = 0.95
) -> Table:
    """Lay estimates out as a table: a row a group, a column a measure, in percent.

    Args:
        frame: as `standpunt.analysis.estimation.shares.estimate_shares` or `estimate_differences` returns them.
        by: the columns that tell groups apart.
        base: the group that all others are compared with, where these are differences.
        confidence: of the intervals.
    """
    measures = [name for name in MEASURES if name in set(frame["measure"])]
    rows = []
    groups = frame.groupby([*by], sort=False) if by else [("all", frame)]
    for values, part in groups:
        names = values if isinstance(values, tuple) else (values,)
        cells = part.set_index("measure")
        first = cells.iloc[0]
        counts = f"{int(first['labelled'])}/{int(first['rows'])}"
        shown = [_cell(cells.loc[name], signed=base is not None) for name in measures]
        rows.append((" · ".join(map(str, names)), counts, *shown))
    title = f"Difference from {base}, in points" if base is not None else "Shares in percent"
    return Table(
        title, (" · ".join(by) or "turns", "labelled", *measures), tuple(rows), tuple(_notes(frame, confidence))
    )


def _cell(estimate: Mapping[str, float] | pd.Series, *, signed: bool) -> str:
    value, low, high = (100 * float(estimate[name]) for name in ("value", "low", "high"))
    if np.isnan(value) or np.isnan(low):
        return _UNKNOWN
    sign = "+" if signed else ""
    return f"{value:{sign}.0f} [{low:.0f}, {high:.0f}]"


def _notes(frame: pd.DataFrame, confidence: float) -> list[str]:
    told = frame.dropna(subset=["low", "high"])
    notes = [
        f"Brackets: {100 * confidence:g} % intervals. Favor, against, neutral: of the turns that address the issue."
    ]
    if len(told) < len(frame):
        notes.append(
            f"{_UNKNOWN}: fewer than {FEWEST} labelled turns, or than two clusters (debates, speakers), to go by; "
            "group less finely, label more, or ask about these very debates (--these)."
        )
    both = told.dropna(subset=["labels_low", "labels_high"])
    alone = (both["labels_high"] - both["labels_low"]).to_numpy(float)
    if (alone > 0).any():
        narrower = float(np.median(((both["high"] - both["low"]).to_numpy(float) / alone)[alone > 0]))
        notes.append(f"Intervals are {narrower:.2f} times as wide as those of the labels alone (median).")
    counted = told.dropna(subset=["counted"])
    if len(counted):
        outside = int(((counted["counted"] < counted["low"]) | (counted["counted"] > counted["high"])).sum())
        notes.append(f"Counting the model's answers gives shares outside {outside} of {len(counted)} intervals.")
    return notes
