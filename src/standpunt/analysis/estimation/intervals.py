"""Intervals of estimated shares, which stay between 0 and 1, and of differences."""

from __future__ import annotations

import numpy as np


def share_interval(value: float, variance: float, parts: int, counted: float, confidence: float) -> tuple[float, float]:
    """Return Wilson's interval for a share whose variance came from a sample of any design.

    The share counts as if it were seen in so many independent rows that they would have its variance (E. Korn and B.
    Graubard, Confidence Intervals for Proportions With Small Expected Number of Positive Counts Estimated From Survey
    Data, 1998; E. Wilson, Probable Inference, JASA 1927). At 0 and 1 that number says nothing; there the share
    counts as if one of two further rows were different.

    Args:
        value: the share; a correction may put it outside 0 and 1.
        variance: of the estimate.
        parts: the number of independent parts that the variance was estimated from.
        counted: how many labelled rows the share is of.
        confidence: of the interval.

    Returns:
        Both ends; nan where there is no variance to go by.
    """
    if parts < 2 or np.isnan(variance):
        return np.nan, np.nan
    value = float(np.clip(value, 0.0, 1.0))
    inner = float(np.clip(value, 1 / (counted + 2), 1 - 1 / (counted + 2)))
    rows = inner * (1 - inner) / variance
    square = _quantile(parts, confidence) ** 2 / rows
    centre = (value + square / 2) / (1 + square)
    half = np.sqrt(square * value * (1 - value) + square**2 / 4) / (1 + square)
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))


def plain_interval(value: float, variance: float, parts: int, confidence: float, reach: float) -> tuple[float, float]:
    """Return Student's interval, cut off at `reach` on both sides of 0; nan where there is no variance to go by."""
    if parts < 2 or np.isnan(variance):
        return np.nan, np.nan
    half = _quantile(parts, confidence) * np.sqrt(variance)
    return float(max(value - half, -reach)), float(min(value + half, reach))


def _quantile(parts: int, confidence: float) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + confidence) / 2, parts - 1))
