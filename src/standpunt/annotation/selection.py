"""Choosing what to annotate next: the pairs a model is least sure of, models or annotators differ on, or that differ.

Uncertainty is the entropy of the probabilities (D. Lewis and W. Gale, A Sequential Algorithm for Training Text
Classifiers, SIGIR 1994, with entropy as measure). Disagreement is the mean Kullback-Leibler divergence of a committee's
members from their mean (A. McCallum and K. Nigam, Employing EM and Pool-Based Active Learning, ICML 1998), or between
annotators the entropy of their votes (I. Dagan and S. Engelson, ICML 1995). Diversity is the greedy k-center choice of
O. Sener and S. Savarese (Active Learning for Convolutional Neural Networks: A Core-Set Approach, ICLR 2018), over the
TF-IDF of turns, among the most uncertain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.errors import InputError, unknown_name

UNCERTAINTY, DISAGREEMENT, DIVERSITY, RANDOM, ORDER = STRATEGIES = (
    "uncertainty", "disagreement", "diversity", "random", "order",
)  # fmt: skip
# Diversity chooses among this many times as many of the most uncertain as are wanted.
FOCUS = 5


def choose(
    strategy: str,
    n: int,
    *,
    size: int,
    seed: int = 0,
    committee: Sequence[NDArray[np.float64]] = (),
    votes: Sequence[Sequence[str]] = (),
    texts: Sequence[str] = (),
    known: Sequence[str] = (),
) -> list[int]:
    """Choose among candidates.

    Args:
        strategy: one of `STRATEGIES`.
        n: how many are wanted.
        size: how many candidates there are.
        seed: decides between candidates that are equally good, and everything where the strategy is random.
        committee: probabilities of each model, shape (size, labels), with the same labels in the same order.
        votes: instead of a committee, for disagreement: the label that each annotator gives each candidate, "" where
            the annotator was not asked.
        texts: of the candidates, for diversity.
        known: texts that are labelled already, from which diversity keeps away.

    Returns:
        Indices of at most `n` candidates, the best first, or as they come where the strategy is order. Votes that do
        not differ are never chosen.

    Raises:
        InputError: the strategy is unknown or lacks what it needs.
    """
    if strategy not in STRATEGIES:
        raise unknown_name("strategy", strategy, STRATEGIES)
    if strategy == ORDER:
        return list(range(min(n, size)))
    order = np.random.default_rng(seed).permutation(size)
    if strategy == RANDOM:
        return order[:n].tolist()
    if strategy == DISAGREEMENT and not committee:
        scores = vote_entropy(votes)
        return [index for index in _ranked(scores, order)[:n] if scores[index] > 0]
    if not committee or (strategy == DISAGREEMENT and len(committee) < 2):
        needs = "two models or more" if committee else "a model"
        raise InputError(f"strategy {strategy} needs {needs}; {ORDER} and {RANDOM} need none")
    if strategy == DISAGREEMENT:
        return _ranked(mean_divergence(committee), order)[:n]
    ranked = _ranked(entropy(np.mean(committee, axis=0)), order)
    if strategy == UNCERTAINTY:
        return ranked[:n]
    focus = ranked[: FOCUS * n]
    return [focus[index] for index in k_center([texts[index] for index in focus], known, n)]


def entropy(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy (in nats) of each row."""
    return -(probabilities * _log(probabilities)).sum(axis=1)


def mean_divergence(committee: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return for each row the mean Kullback-Leibler divergence of the members from their mean."""
    members = np.stack(committee)
    consensus = members.mean(axis=0)
    return (members * (_log(members) - _log(consensus))).sum(axis=2).mean(axis=0)


def vote_entropy(votes: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Return for each candidate the entropy of the labels ("" is none) that annotators give it.

    Raises:
        InputError: there are fewer than two annotators.
    """
    if len(votes) < 2:
        raise InputError("strategy disagreement needs two models or more, or the layers of two other annotators")
    counts = [Counter(filter(None, given)) for given in zip(*votes, strict=True)]
    shares = [[count / each.total() for count in each.values()] for each in counts]
    return np.array([-sum(share * np.log(share) for share in each) for each in shares])


def k_center(texts: Sequence[str], known: Sequence[str], n: int) -> list[int]:
    """Choose texts one by one, each the farthest from all that are known or chosen.

    Args:
        texts: to choose from; among equally far ones the first is taken.
        known: texts that count as chosen already.
        n: how many are wanted.

    Returns:
        Indices of at most `n` texts, in the order chosen.
    """
    if not texts:
        return []
    features = _tfidf([*texts, *known])
    own, others = features[: len(texts)], features[len(texts) :]
    # Rows have length one, so that the farthest is the one with the smallest cosine.
    nearest = _cosines((own @ others.T).max(axis=1)) if known else np.full(len(texts), -1.0)
    chosen: list[int] = []
    left = np.ones(len(texts), dtype=bool)
    while len(chosen) < min(n, len(texts)):
        index = int(np.where(left, nearest, np.inf).argmin())
        chosen.append(index)
        left[index] = False
        nearest = np.maximum(nearest, _cosines(own @ own[index].T))
    return chosen


def _cosines(column: Any) -> NDArray[np.float64]:
    """Return a sparse column as numbers, rounded so that the same text is equally far whatever its last digits."""
    return np.round(column.toarray().ravel(), 9)


def _tfidf(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        return TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b").fit_transform(texts)
    except ValueError:  # no word in any of them
        return TfidfVectorizer(analyzer="char").fit_transform([f"{text} " for text in texts])


def _log(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.maximum(values, 1e-12))


def _ranked(scores: NDArray[np.float64], order: NDArray[np.int_]) -> list[int]:
    """Return all indices, the highest score first; among equal ones the order given decides."""
    return order[np.argsort(-scores[order], kind="stable")].tolist()
