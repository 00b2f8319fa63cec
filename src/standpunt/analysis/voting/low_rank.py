"""A low-rank model of votes: what is known of a motion becomes a few numbers, which parties weigh differently.

Factors of roll calls that are told from the words of a bill go back to S. Gerrish and D. Blei, Predicting Legislative
Roll Calls from Text (ICML 2011); ours are told from who signed it and what the cabinet advised as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit


@dataclass(frozen=True)
class LowRank:
    """P(for) = s(b_p + u_p' W x), of a party p and a motion with the features x.

    Attributes:
        bias: b, shape (n_parties,).
        parties: u, shape (n_parties, rank).
        motions: W, shape (rank, n_features).
    """

    bias: NDArray[np.float64]
    parties: NDArray[np.float64]
    motions: NDArray[np.float64]

    def predict(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability that each party is for each motion, shape (n_motions, n_parties)."""
        return expit(self.bias + features @ self.motions.T @ self.parties.T)


def fit_low_rank(
    features: NDArray[np.float64],
    votes: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    rank: int,
    penalty: float,
    seed: int = 0,
) -> LowRank:
    """Fit it by maximum likelihood with a ridge.

    Args:
        features: of motions, shape (n_motions, n_features).
        votes: 1 for, 0 against, nan where a party did not vote; shape (n_motions, n_parties).
        weights: of motions, shape (n_motions,).
        rank: how many numbers a motion becomes.
        penalty: of the squares of u and W; that of b is a tenth.
        seed: of where the search begins.
    """
    n_parties, n_features = votes.shape[1], features.shape[1]
    known = ~np.isnan(votes)
    cast = np.nan_to_num(votes)
    weighed = known * weights[:, None]
    ends = np.cumsum([n_parties, n_parties * rank])

    def split(flat: NDArray[np.float64]) -> LowRank:
        bias, parties, motions = np.split(flat, ends)
        return LowRank(bias, parties.reshape(n_parties, rank), motions.reshape(rank, n_features))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        model = split(flat)
        factors = features @ model.motions.T
        logits = model.bias + factors @ model.parties.T
        off = weighed * (expit(logits) - cast)
        value = float((weighed * (np.logaddexp(0, logits) - cast * logits)).sum())
        value += penalty * (0.1 * (model.bias**2).sum() + (model.parties**2).sum() + (model.motions**2).sum()) / 2
        slopes = (
            off.sum(axis=0) + 0.1 * penalty * model.bias,
            (off.T @ factors + penalty * model.parties).ravel(),
            ((off @ model.parties).T @ features + penalty * model.motions).ravel(),
        )
        return value, np.concatenate(slopes)

    start = np.random.default_rng(seed).normal(0, 0.1, n_parties * (1 + rank) + rank * n_features)
    start[:n_parties] = 0
    return split(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x)
