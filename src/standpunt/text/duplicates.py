"""Texts that are the same or nearly so: they must not stand on both sides of a split.

Two texts are near-duplicates where the sets of their word n-grams have a Jaccard similarity of at least `THRESHOLD`, as
in K. Lee et al., Deduplicating Training Data Makes Language Models Better (ACL 2022), who take 5-grams as well and 0.8;
we take less, since a row too few in training costs little and a leak much. The pairs are exact, not sampled: candidates
share one of their rarest n-grams (prefix filtering: R. Bayardo, Y. Ma and R. Srikant, Scaling Up All Pairs Similarity
Search, WWW 2007).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

NGRAM = 5  # words
THRESHOLD = 0.5
FORMULA = 12  # words; "Dank u wel, voorzitter." is said in every debate


class Duplicates:
    """Which rows of a sequence have the same or nearly the same text."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Compare texts; case, white space and punctuation are nothing, and formulas are only compared whole.

        Args:
            texts: one a row.
        """
        words = [words_of(text) for text in texts]
        distinct = {key: number for number, key in enumerate(dict.fromkeys(words))}
        self._text_of = np.array([distinct[key] for key in words], dtype=np.int64)  # (n_rows,)
        self._long = np.array([len(key) > FORMULA for key in distinct], dtype=bool)  # (n_texts,)
        # (n_texts, n_texts), 1 where two texts are alike; the diagonal included
        self._alike = near_pairs(list(distinct)) + sparse.eye_array(len(distinct), dtype=np.int8, format="csr")

    def like(self, rows: NDArray[np.int_], *, formulas: bool = True) -> NDArray[np.bool_]:
        """Return for every row, shape (n_rows,), whether its text is like that of one of `rows`.

        Args:
            rows: indices.
            formulas: whether texts of at most `FORMULA` words count; the same thanks are in every debate.
        """
        chosen = np.zeros(self._alike.shape[0], dtype=np.int32)
        chosen[self._text_of[rows]] = 1
        if not formulas:
            chosen *= self._long
        return (self._alike @ chosen > 0)[self._text_of]

    def repeated(self, rows: NDArray[np.int_]) -> NDArray[np.bool_]:
        """Return for each of `rows`, shape (len(rows),), whether another text among them is nearly the same."""
        chosen = np.zeros(self._alike.shape[0], dtype=np.int32)
        chosen[np.unique(self._text_of[rows])] = 1
        return (self._alike @ chosen > 1)[self._text_of[rows]]


def common_ngrams(texts: Sequence[str], groups: NDArray[np.int_], n_groups: int) -> NDArray[np.int_]:
    """Return how many distinct n-grams each two groups of texts have in common, shape (n_groups, n_groups).

    The diagonal has how many each has; formulas have none.

    Args:
        texts: in any order.
        groups: the group of each, shape (n_texts,).
        n_groups: how many there are.
    """
    owners, values = _shingles([words_of(text) for text in texts])
    _, codes = np.unique(values, return_inverse=True)
    has = _incidence(groups[owners], codes, (n_groups, int(codes.max(initial=-1)) + 1))
    has.data[:] = 1  # those that a group has twice were added up
    return (has @ has.T).toarray().astype(int)


def near_pairs(texts: Sequence[tuple[str, ...]]) -> sparse.csr_array:
    """Return which texts, given as words, are near-duplicates: 0 or 1, shape (n_texts, n_texts), the diagonal 0."""
    owners, values = _shingles(texts)
    sizes = np.bincount(owners, minlength=len(texts))
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    n_codes = len(counts)
    whole = _incidence(owners, codes, (len(texts), n_codes))
    # Two sets with a Jaccard similarity of t share an element among the first |set| - ceil(t |set|) + 1 of each, in any
    # order common to all; with the rarest first there are few candidates.
    order = np.lexsort((codes, counts[codes], owners))
    place = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    prefix = order[place < np.repeat(sizes - np.ceil(THRESHOLD * sizes).astype(np.int64) + 1, sizes)]
    prefix = prefix[counts[codes[prefix]] > 1]
    part = _incidence(owners[prefix], codes[prefix], (len(texts), n_codes))
    candidates = sparse.triu(part @ part.T, k=1).tocoo()
    first, second = candidates.row, candidates.col
    fits = np.minimum(sizes[first], sizes[second]) >= THRESHOLD * np.maximum(sizes[first], sizes[second])
    first, second = first[fits], second[fits]
    similar = _similar(whole, sizes, first, second)
    first, second = first[similar], second[similar]
    ones = np.ones(2 * len(first), dtype=np.int8)
    both = (np.concatenate([first, second]), np.concatenate([second, first]))
    return sparse.csr_array((ones, both), shape=(len(texts), len(texts)))


def _similar(
    whole: sparse.csr_array, sizes: NDArray[np.int64], first: NDArray[np.int_], second: NDArray[np.int_]
) -> NDArray[np.bool_]:
    """Return which candidate pairs reach the threshold, a piece at a time to spare memory."""
    similar = np.zeros(len(first), dtype=bool)
    piece = 20_000
    for start in range(0, len(first), piece):
        one, other = first[start : start + piece], second[start : start + piece]
        shared = np.asarray(whole[one].multiply(whole[other]).sum(axis=1)).ravel()
        similar[start : start + piece] = shared >= THRESHOLD * (sizes[one] + sizes[other] - shared)
    return similar


def _incidence(rows: NDArray[np.int_], columns: NDArray[np.int_], shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text for comparing; a text without any is told from others by its characters."""
    folded = text.casefold()
    return tuple(re.findall(r"\w+", folded) or folded.split())


def _shingles(texts: Sequence[tuple[str, ...]]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return the distinct n-grams of all texts but formulas: whose each is, and a 64-bit hash of it, in order."""
    kept = [(number, words) for number, words in enumerate(texts) if len(words) > FORMULA]
    lengths = np.array([len(words) for _, words in kept], dtype=np.int64)
    owners = np.repeat(np.array([number for number, _ in kept], dtype=np.int64), lengths)
    vocabulary: dict[str, int] = {}
    words = chain.from_iterable(words for _, words in kept)
    codes = np.fromiter((vocabulary.setdefault(word, len(vocabulary)) for word in words), np.int64, len(owners))
    # The hash is a random number a word and place, summed modulo 2^64.
    draws = np.random.default_rng(0).integers(0, 2**64, (NGRAM, len(vocabulary)), dtype=np.uint64)
    ends = max(0, len(codes) - NGRAM + 1)
    hashes = np.zeros(ends, dtype=np.uint64)
    for place in range(NGRAM):
        hashes += draws[place, codes[place : place + ends]]
    within = owners[:ends] == owners[NGRAM - 1 :][:ends]
    owners, hashes = owners[:ends][within], hashes[within]
    order = np.lexsort((hashes, owners))
    owners, hashes = owners[order], hashes[order]
    first = np.ones(len(owners), dtype=bool)
    first[1:] = (owners[1:] != owners[:-1]) | (hashes[1:] != hashes[:-1])
    return owners[first], hashes[first]
