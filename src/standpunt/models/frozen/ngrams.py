"""How like the words of texts are: cosines of hashed character n-grams, the rarer the weightier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

N_FEATURES = 2**16


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
        found = np.bincount(self._counts(texts).indices, minlength=N_FEATURES)
        self.rarity = (np.log((1 + len(texts)) / (1 + found)) + 1).astype(np.float32)

    def cosines(self, ones: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
        """Return the cosine of each pair of texts, from 0 to 1, shape (n_pairs,)."""
        (left, at), (right, where) = self._vectors(ones), self._vectors(others)
        return np.asarray(left[at].multiply(right[where]).sum(axis=1)).ravel()

    def _vectors(self, texts: Sequence[str]) -> tuple[sparse.csr_matrix, NDArray[np.int_]]:
        """Return the vectors of the distinct texts, and where in them each text is."""
        distinct, places = np.unique(np.array(texts, dtype=object), return_inverse=True)
        counts: Any = self._counts(distinct.tolist())
        counts.data = (1 + np.log(counts.data)) * self.rarity[counts.indices]
        return normalize(counts), places

    def _counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        return sparse.csr_matrix(self._hashing.transform(texts))
