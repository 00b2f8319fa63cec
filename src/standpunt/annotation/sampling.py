"""Drawing what to label for an estimate: every candidate has a known probability of being drawn, never zero.

With probabilities that are known, labels of a sample stand for all that was not labelled (D. Horvitz and D. Thompson, A
Generalization of Sampling Without Replacement From a Finite Universe, JASA 1952). Where a model has answered, what it
is unsure of is drawn more often, since that is where its errors are; half of the draw stays equal for all, so that no
weight gets large (T. Zrnic and E. Candès, Active Statistical Inference, ICML 2024).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standpunt.errors import InputError

UNSURE = 0.5  # the part of a draw that goes by how unsure the model is
SYSTEMATIC = "systematic, in random order"


def inclusion_probabilities(
    n: int, size: int, predicted: NDArray[np.float64] | None = None, *, unsure: float = UNSURE
) -> NDArray[np.float64]:
    """Return the probability with which each candidate is to be drawn; they add up to `n`, or to `size` if fewer.

    Args:
        n: how many are to be drawn.
        size: how many candidates there are.
        predicted: probabilities of the labels that a model gives each candidate, shape (size, labels); without them all
            candidates are as likely.
        unsure: the part of the draw that goes by how unsure the model is.

    Returns:
        Shape (size,). That part is in proportion to the standard deviation of the model's error if its
        probabilities are right, the root of the sum of p (1 - p) over the labels.

    Raises:
        InputError: `n` is below 1.
    """
    if n < 1:
        raise InputError(f"n is {n}; expected 1 or more")
    if n >= size:
        return np.ones(size)
    sizes = np.ones(size)
    if predicted is not None:
        doubt = np.sqrt(np.maximum((predicted * (1 - predicted)).sum(axis=1), 0.0))
        if doubt.sum() > 0:
            sizes = (1 - unsure) + unsure * doubt / doubt.mean()
    certain = np.zeros(size, dtype=bool)
    while True:
        # Those that would be drawn more than once are drawn for certain, and the rest is divided anew.
        probabilities = np.where(certain, 1.0, (n - certain.sum()) * sizes / sizes[~certain].sum())
        above = (probabilities >= 1) & ~certain
        if not above.any():
            return probabilities
        certain |= above


def draw(probabilities: NDArray[np.float64], seed: int = 0) -> NDArray[np.int_]:
    """Draw candidates, each with its probability: systematically, in an order left to chance.

    Candidates are laid end to end, each as long as its probability, and one is taken at every whole number after a
    start that is left to chance (W. Madow, On the Theory of Systematic Sampling, II, Annals of Mathematical Statistics
    1949). So as many are drawn as the probabilities add up to.

    Returns:
        Indices of those drawn, ascending.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(probabilities))
    ends = np.cumsum(probabilities[order])
    # What floating point leaves of a whole sum would lose the last one or take one more.
    ends[-1:] = np.round(ends[-1:], 9)
    starts = np.concatenate([[0.0], ends[:-1]])
    first = rng.uniform()
    taken = np.floor(ends - first) > np.floor(starts - first)
    return np.sort(order[taken])
