"""What the annotators' own labels say about a score: how far they agree, and how they divide over the labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.evaluation.metrics import metric_names
from standpunt.evaluation.resampling import Resamples, Score, resampled_metrics

VOTES = "votes"


def shares(votes: pd.Series, labels: Sequence[str]) -> NDArray[np.float64]:
    """Return the share of the annotators who gave each label, shape (n_rows, n_labels).

    Labels outside the scheme ("none" where rows are those that address the issue) do not count; a row on which no
    annotator gave a label of the scheme is nan.
    """
    counts = np.array([[_list(given).count(label) for label in labels] for given in votes], dtype=float)
    with np.errstate(invalid="ignore"):
        return counts / counts.sum(axis=1, keepdims=True)


def annotator_agreement(
    frame: pd.DataFrame, labels: Sequence[str], resamples: Resamples
) -> tuple[Score, int] | tuple[None, int]:
    """Score one annotator against another as a model is scored: the ceiling to read macro-F1 against.

    An annotator is never scored against the adjudicated labels, which were made from theirs. Macro-F1 of one against
    the other is the same both ways; with more than two it is the mean over pairs, which are resampled together.

    Args:
        frame: the rows of one seed, columns `gold` and `votes`, the labels of the annotators in one order.
        labels: the label scheme; a row counts for a pair where both gave a label of it.
        resamples: draws, with a code for each row.

    Returns:
        The score and the number of rows that count; None where no row has two annotators.
    """
    given = [_list(value) for value in frame[VOTES]]
    members = max(map(len, given), default=0)
    scored = np.array([label in set(frame["gold"]) for label in labels])
    values, draws, used = [], [], np.zeros(len(frame), bool)
    for one, other in combinations(range(members), 2):
        both = np.array([len(row) > other and row[one] in labels and row[other] in labels for row in given])
        if not both.any():
            continue
        used |= both
        pair = pd.DataFrame(
            {
                "seed": 0,
                "gold": [row[one] for row, kept in zip(given, both, strict=True) if kept],
                "predicted": [row[other] for row, kept in zip(given, both, strict=True) if kept],
            }
        )
        value, drawn = resampled_metrics(pair, labels, scored, resamples.subset(both))
        values.append(value[0])
        draws.append(drawn)
    if not values:
        return None, 0
    place = metric_names(labels).index("macro_f1")
    score = resamples.score(np.mean(values, axis=0)[[place]], np.mean(draws, axis=0)[:, place])
    return score, int(used.sum())


def _list(value: object) -> list[str]:
    """Return the labels of a row as a list; Parquet gives arrays, rows of corpora without annotators nothing."""
    return [str(label) for label in value] if isinstance(value, list | tuple | np.ndarray) else []
