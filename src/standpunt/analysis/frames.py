"""Frames: which dimensions the two sides of an issue appeal to, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.annotation.layers import SIDES
from standpunt.errors import require, unknown_name
from standpunt.evaluation.resampling import Resamples

COLUMNS = ("side", "frame", "premises", "share", "low", "high", "of", "speakers")
DIFFERENCES = ("frame", "difference", "low", "high")


def frame_shares(
    arguments: pd.DataFrame, issue: str, *, resamples: int = 1000, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Return which share of each side's premises on an issue appeals to which frame.

    Intervals are from resampling whole speakers, since the premises of one speaker are not independent. They are of a
    share, given the premises found; with few speakers they are too narrow. A frame that a side never uses and a side
    of a single speaker have no interval: resampling cannot make one.

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

    Raises:
        InputError: there are arguments, but none on such an issue; or the confidence is no share.
    """
    premises = _premises(arguments, issue, confidence)
    if premises.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    draws = Resamples.draw(premises["speaker"], resamples, confidence, seed)
    rows = []
    for frame in premises["frame"].value_counts().index:
        for side in SIDES:
            here = premises["side"] == side
            if here.any():
                share, drawn = _shares(premises, frame, side, draws)
                speakers = premises["speaker"][here].nunique()
                interval = draws.interval(drawn) if share and speakers > 1 else (np.nan, np.nan)
                used = int((here & (premises["frame"] == frame)).sum())
                rows.append((side, frame, used, share, *interval, int(here.sum()), speakers))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def frame_differences(
    arguments: pd.DataFrame, issue: str, *, resamples: int = 1000, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Return how much more of its premises one side gives to a frame than the other.

    Both shares are taken in the same resamples of speakers, some of whom argue on both sides; so an interval without
    zero says more than two intervals of shares that do not overlap.

    Args:
        arguments: as for `frame_shares`, like the others.
        issue: the name of the issue.
        resamples: number of bootstrap resamples.
        confidence: of the intervals, each for itself.
        seed: of the resamples.

    Returns:
        One row a frame, the most frequent first: `difference`, the share among the premises in favor less that among
        those against, from -1 to 1, with `low` and `high`. No rows where a side has no premises.

    Raises:
        InputError: as `frame_shares`.
    """
    premises = _premises(arguments, issue, confidence)
    rows = []
    if set(SIDES) <= set(premises["side"]):
        draws = Resamples.draw(premises["speaker"], resamples, confidence, seed)
        for frame in premises["frame"].value_counts().index:
            (favor, first), (against, second) = (_shares(premises, frame, side, draws) for side in SIDES)
            rows.append((frame, favor - against, *draws.interval(first - second)))
    return pd.DataFrame(rows, columns=list(DIFFERENCES))


def _premises(arguments: pd.DataFrame, issue: str, confidence: float) -> pd.DataFrame:
    require(0 < confidence < 1, "confidence", confidence, "a number between 0 and 1, e.g. 0.95")
    known = set(arguments["issue"])
    if known and issue not in known:
        raise unknown_name("issue of the arguments", issue, known)
    chosen = (arguments["issue"] == issue) & (arguments["component"] == "premise") & arguments["side"].isin(SIDES)
    return arguments[chosen]


def _shares(premises: pd.DataFrame, frame: str, side: str, draws: Resamples) -> tuple[float, NDArray[np.float64]]:
    """Return the share of a frame among the premises of a side, and in each resample, shape (n_resamples,)."""
    here = (premises["side"] == side).to_numpy(bool)
    used = here & (premises["frame"] == frame).to_numpy(bool)
    counts, all_ = (np.bincount(draws.codes[rows], minlength=draws.clusters) for rows in (used, here))
    with np.errstate(invalid="ignore"):
        return counts.sum() / all_.sum(), (draws.weights @ counts) / (draws.weights @ all_)
