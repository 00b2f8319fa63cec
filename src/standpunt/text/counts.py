"""TF-IDF of n-grams of words for texts that are asked for again and again: each is cut into words once in a process.

An experiment fits a model a fold, and folds share most of their texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

WORD = r"(?u)\b\w+\b"
_MOST = 20_000_000  # n-grams of texts that are remembered; eight bytes each


class WordVectors:
    """What scikit-learn's TfidfVectorizer with sublinear counts learns and gives, to the last digit.

    Attributes:
        ngrams: the n-grams of the columns, sorted.
        idf: how rare each is, shape (n_ngrams,).
    """

    def __init__(self, texts: Sequence[str], max_ngram: int, min_df: int) -> None:
        """Learn the n-grams of up to `max_ngram` words that are in `min_df` texts or more, and how rare they are."""
        self._counts = _word_counts(max_ngram)
        counts, ngrams = self._counts.of(texts)
        texts_with = np.bincount(counts.indices, minlength=len(ngrams))
        kept = np.flatnonzero(texts_with >= min_df).tolist()
        self._columns = np.array(sorted(kept, key=ngrams.__getitem__), dtype=int)
        self.ngrams = [ngrams[column] for column in self._columns]
        self.idf = np.log((1 + len(texts)) / (1 + texts_with[self._columns])) + 1

    def transform(self, texts: Sequence[str], /) -> sparse.csr_matrix:
        """Return vectors of length one, shape (n_texts, n_ngrams)."""
        counts, _ = self._counts.of(texts)
        vectors = sparse.csr_matrix(counts[:, self._columns], dtype=float)
        vectors.sort_indices()
        vectors.data = (np.log(vectors.data) + 1) * self.idf[vectors.indices]
        return normalize(vectors) if texts else vectors


class _WordCounts:
    """Counts of all n-grams that were met so far."""

    def __init__(self, max_ngram: int) -> None:
        """Set up for n-grams of one word up to `max_ngram`."""
        self._cut: Any = CountVectorizer(ngram_range=(1, max_ngram), token_pattern=WORD).build_analyzer()
        self._columns: dict[str, int] = {}
        self._rows: dict[str, tuple[NDArray[np.int32], NDArray[np.int32]]] = {}
        self._size = 0

    def of(self, texts: Sequence[str]) -> tuple[sparse.csr_matrix, list[str]]:
        """Return the counts, shape (n_texts, n_ngrams), and the n-grams of the columns, in the order they were met."""
        rows = [self._rows.get(text) or self._count(text) for text in texts]
        lengths = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        empty = np.zeros(0, dtype=np.int32)
        columns = np.concatenate([empty, *(columns for columns, _ in rows)])
        counts = np.concatenate([empty, *(counts for _, counts in rows)])
        shape = (len(texts), len(self._columns))
        return sparse.csr_matrix((counts, columns, lengths), shape=shape), list(self._columns)

    def _count(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        counted = Counter(self._cut(text))
        columns = [self._columns.setdefault(ngram, len(self._columns)) for ngram in counted]
        row = np.array(columns, dtype=np.int32), np.array([*counted.values()], dtype=np.int32)
        if self._size + len(columns) > _MOST:
            self._rows.clear()
            self._size = 0
        self._rows[text] = row
        self._size += len(columns)
        return row


@lru_cache(maxsize=4)
def _word_counts(max_ngram: int) -> _WordCounts:
    """Return the counts of n-grams up to so many words that this process remembers."""
    return _WordCounts(max_ngram)
