"""Probabilities as columns of a table, beside the rows that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def labelled(frame: pd.DataFrame, probabilities: NDArray[Any], labels: Sequence[str], column: str) -> pd.DataFrame:
    """Return a table with what a model says of each of its rows.

    Args:
        frame: the rows.
        probabilities: shape (n_rows, n_labels).
        labels: in the order of the columns of `probabilities`.
        column: the name of the column that gets the most probable label.

    Returns:
        `frame` with a column `p_<label>` for each label, and `column`.
    """
    columns: dict[str, Any] = {f"p_{label}": probabilities[:, place] for place, label in enumerate(labels)}
    return frame.assign(**columns, **{column: [labels[index] for index in probabilities.argmax(axis=1)]})


def most_probable(frame: pd.DataFrame, labels: Sequence[str]) -> pd.Series:
    """Return the most probable label of each row, of those labels that have a column `p_<label>`."""
    there = [label for label in labels if f"p_{label}" in frame]
    best = frame[[f"p_{label}" for label in there]].to_numpy(float).argmax(axis=1)
    return pd.Series(np.array(there)[best], index=frame.index)


def answers(frame: pd.DataFrame, labels: Sequence[str]) -> pd.Series:
    """Return the answer of each row: its `label`, or the most probable one where the table has none."""
    return frame["label"].astype(str) if "label" in frame else most_probable(frame, labels)
