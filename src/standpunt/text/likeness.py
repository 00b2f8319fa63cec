"""How like the words of texts are: cosines of TF-IDF vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

N_FEATURES = 2**16


class Vectorizer(Protocol):
    """What turns texts into sparse rows of length one, shape (n_texts, n_features)."""

    def transform(self, texts: Sequence[str], /) -> Any:
        """Return the rows."""


class Likeness:
    """The cosines of texts, by their vectors."""

    def __init__(self, texts: Sequence[str], vectors: Any) -> None:
        """Set up with texts and a sparse vector of length one for each, shape (n_texts, n_features)."""
        self._index = {text: place for place, text in enumerate(texts)}
        self._vectors = sparse.csr_matrix(vectors)

    @classmethod
    def by(cls, vectorizer: Vectorizer, texts: Iterable[str], known: Likeness | None = None) -> Likeness:
        """Make a vector of each distinct text, once; those of `known`, made by the same vectorizer, are taken over."""
        if known is None:
            distinct = sorted(set(texts))
            return cls(distinct, vectorizer.transform(distinct))
        distinct = sorted(set(texts) - known._index.keys())
        if not distinct:
            return known
        vectors = sparse.vstack([known._vectors, sparse.csr_matrix(vectorizer.transform(distinct))], format="csr")
        return cls([*known._index, *distinct], vectors)

    def of_all(self, ones: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
        """Return the cosine of each text to each of the others, shape (n_ones, n_others)."""
        return self._products(self._places(ones), self._places(others))

    def of_pairs(self, ones: Sequence[str], others: Sequence[str], *, few: bool = False) -> NDArray[np.float64]:
        """Return the cosine of each pair of texts, shape (n_pairs,).

        Args:
            ones: the first text of each pair.
            others: the second.
            few: whether few of them are distinct: all their products then cost less than the pairs one by one, and
                are the same but for the order in which numbers are added.
        """
        left, right = self._places(ones), self._places(others)
        if few:
            (lines, row), (columns, column) = (np.unique(side, return_inverse=True) for side in (left, right))
            return self._products(lines, columns)[row, column]
        return np.asarray(self._vectors[left].multiply(self._vectors[right]).sum(axis=1)).ravel()

    def _places(self, texts: Sequence[str]) -> NDArray[np.int_]:
        return np.array([self._index[text] for text in texts], dtype=int)

    def _products(self, lines: NDArray[np.int_], columns: NDArray[np.int_]) -> NDArray[np.float64]:
        return (self._vectors[lines] @ self._vectors[columns].T).toarray().astype(float)


class Ngrams:
    """TF-IDF of character n-grams (3 to 5, within words), so that Dutch compounds share parts of words.

    Hashed, so that a saved model needs no vocabulary: only `rarity`, shape (N_FEATURES,), is learnt.
    """

    def __init__(self, rarity: NDArray[np.float32] | None = None) -> None:
        """Set up with what `fit` learnt, or untrained."""
        self.rarity = np.ones(N_FEATURES, dtype=np.float32) if rarity is None else rarity
        self._hashing = HashingVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), n_features=N_FEATURES, alternate_sign=False, norm=None
        )

    def fit(self, texts: Sequence[str]) -> None:
        """Learn how rare n-grams are: one plus the logarithm of one in how many texts has them, smoothed."""
        frequencies = np.bincount(self._counts(texts).indices, minlength=N_FEATURES)
        self.rarity = (np.log((1 + len(texts)) / (1 + frequencies)) + 1).astype(np.float32)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return vectors of length one, shape (n_texts, N_FEATURES)."""
        counts: Any = self._counts(texts)
        counts.data = (1 + np.log(counts.data)) * self.rarity[counts.indices]
        return normalize(counts)

    def _counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        return sparse.csr_matrix(self._hashing.transform(texts))
