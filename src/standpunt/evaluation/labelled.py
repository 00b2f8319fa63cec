"""Probabilities as columns of a table, beside the rows that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
