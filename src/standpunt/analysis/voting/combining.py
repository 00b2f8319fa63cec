"""What reading a debate adds to what earlier votes tell: one weight, learnt from debates before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

_PENALTY = 1.0  # of the squares of the weights
_FEWEST = 50  # pairs to learn from
_SURE = 0.001  # probabilities are kept so far from 0 and 1


def added(pairs: pd.DataFrame, base: str, readings: Sequence[str]) -> NDArray[np.float64]:
    """Return the probability of a vote for, from that of a control and from readings of the debate.

    The logit is that of the control plus a weight times that of each reading, as far as it is from the mean of what
    was learnt from. Weights are learnt from the pairs whose vote was before the debate that is predicted; where there
    are fewer than `_FEWEST`, they are 0.

    Args:
        pairs: with `day` (of the debate) and `voted`, ISO 8601, `vote` (whether for), and the columns named.
        base: the column with the probability of the control.
        readings: those with the probability that a reading gives; nan where it knows none, which adds nothing.

    Returns:
        Shape (n_pairs,).
    """
    own = logit(pairs[base].to_numpy(float).clip(_SURE, 1 - _SURE))
    read = np.stack([logit(pairs[name].to_numpy(float).clip(_SURE, 1 - _SURE)) for name in readings], axis=1)
    vote = pairs["vote"].to_numpy(float)
    result = np.empty(len(pairs))
    for day in pairs["day"].unique():
        asked = (pairs["day"] == day).to_numpy()
        known = (pairs["voted"] < day).to_numpy()
        if known.any() and pairs.loc[known, "voted"].max() >= day:
            raise AssertionError("a vote of the day itself or later would be learnt from")
        weights = np.zeros(len(readings))
        middle, spread = np.zeros(len(readings)), np.ones(len(readings))
        if known.sum() >= _FEWEST:
            middle, spread = np.nanmean(read[known], axis=0), np.nanstd(read[known], axis=0).clip(1e-6)
            weights = _fitted(own[known], _scaled(read[known], middle, spread), vote[known])
        result[asked] = expit(own[asked] + _scaled(read[asked], middle, spread) @ weights)
    return result


def _scaled(read: NDArray[np.float64], middle: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.nan_to_num((read - middle) / spread)


def _fitted(own: NDArray[np.float64], read: NDArray[np.float64], vote: NDArray[np.float64]) -> NDArray[np.float64]:
    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = own + read @ weights
        value = float((np.logaddexp(0, logits) - vote * logits).sum() + _PENALTY * (weights**2).sum() / 2)
        return value, read.T @ (expit(logits) - vote) + _PENALTY * weights

    return minimize(loss, np.zeros(read.shape[1]), jac=True, method="L-BFGS-B").x
