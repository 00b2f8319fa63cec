"""Frames: which dimensions the two sides of an issue appeal to, and how sure the difference is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from standpunt.evaluation.resampling import Resamples, resampled_means

COLUMNS = ("side", "frame", "premises", "share", "low", "high", "of", "speakers")
SIDES = ("favor", "against")


def frame_shares(
    arguments: pd.DataFrame, issue: str, *, resamples: int = 1000, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Return which share of each side's premises on an issue appeals to which frame.

    Intervals are from resampling whole speakers, since the premises of one speaker are not independent. They are of a
    share, given the premises found; with few speakers they are too narrow. A frame that a side never uses has no
    interval: resampling cannot make one.

    Args:
        arguments: as `standpunt.analysis.arguments` returns them, of one debate or several.
        issue: the name of the issue.
        resamples: number of bootstrap resamples.
        confidence: of the intervals.
        seed: of the resamples.

    Returns:
        One row a side ("favor", "against") and frame that occurs on either, the most frequent frames first: `premises`,
        how many have the frame; `share` of all premises of the side, from 0 to 1, with `low` and `high`; `of`, how many
        premises the side has, from how many `speakers`. A side without premises has no rows.
    """
    chosen = (arguments["issue"] == issue) & (arguments["component"] == "premise") & arguments["side"].isin(SIDES)
    premises = arguments[chosen]
    if premises.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    draws = Resamples.draw(premises["speaker"], resamples, confidence, seed)
    rows = []
    for frame in premises["frame"].value_counts(sort=True).index:
        for side in SIDES:
            here = (premises["side"] == side).to_numpy(bool)
            if not here.any():
                continue
            values = (premises["frame"] == frame).to_numpy(float)[here]
            score = resampled_means(values, np.zeros(len(values), dtype=int), draws.of(here))
            low, high = (score.low, score.high) if values.any() else (np.nan, np.nan)
            speakers = premises.loc[here, "speaker"].nunique()
            rows.append((side, frame, int(values.sum()), score.value, low, high, len(values), speakers))
    return pd.DataFrame(rows, columns=list(COLUMNS))
