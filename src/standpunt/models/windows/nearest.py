"""Of a long turn, the windows whose words are nearest to what is asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from standpunt.debate import Span
from standpunt.text.likeness import Likeness, Vectorizer


def nearest(
    owners: NDArray[np.int_], texts: Sequence[str], asked: Sequence[str], at_most: int, vectorizer: Vectorizer
) -> NDArray[np.int_]:
    """Return the places of the windows that are kept, in order: of each row those nearest to what it is asked.

    Args:
        owners: the row of each window, sorted, shape (n_windows,).
        texts: of the windows.
        asked: what each row is asked.
        at_most: how many windows of a row are kept; of windows as near as one another the first are.
        vectorizer: makes vectors of texts, whose cosine tells how near they are.
    """
    counts = np.bincount(owners, minlength=len(asked))
    long = counts[owners] > at_most
    if not long.any():
        return np.arange(len(owners))
    places = np.flatnonzero(long)
    windows, questions = [texts[place] for place in places], [asked[owners[place]] for place in places]
    near = np.zeros(len(owners))
    near[places] = Likeness.by(vectorizer, [*windows, *questions]).of_pairs(windows, questions)
    order = np.lexsort((np.arange(len(owners)), -near, owners))
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rank = np.arange(len(owners)) - first[owners[order]]
    return np.sort(order[rank < at_most])


def nearest_spans(
    spans: Sequence[Span], texts: Sequence[str], asked: str, at_most: int, vectorizer: Vectorizer
) -> tuple[Span, ...]:
    """Return the spans of one row that are kept; see `nearest`."""
    kept = nearest(np.zeros(len(spans), dtype=int), texts, [asked], at_most, vectorizer)
    return tuple(spans[place] for place in kept)
