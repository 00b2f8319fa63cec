"""The stance on an issue over the course of a debate."""

from __future__ import annotations

import pandas as pd


def stance_course(stances: pd.DataFrame, *, window: int = 7) -> pd.DataFrame:
    """Follow each issue through the debate.

    Args:
        stances: as `standpunt.analysis.stances` returns them.
        window: the number of turns on the issue whose mean makes a point of the curve, centred.

    Returns:
        One row a (issue, turn) in order: `issue, ordinal, speaker, holder, stance, value` (-1 to 1) and `mean`, the
        mean of the turns around it.
    """
    rows = stances.sort_values(["issue", "ordinal"], kind="stable")
    means = rows.groupby("issue", sort=False)["value"].rolling(window, center=True, min_periods=1).mean()
    rows["mean"] = means.reset_index(level=0, drop=True)
    names = ["issue", "ordinal", "speaker", "holder", "stance", "value", "mean"]
    return rows[names].reset_index(drop=True)
