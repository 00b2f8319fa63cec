"""Rows set aside from training, to choose settings on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import DEV, Rows
from standpunt.errors import InputError
from standpunt.splits.folds import Division, Fold, folds_of
from standpunt.splits.protocol import unit_values
from standpunt.text.duplicates import Duplicates

_SEARCH = "dev rows of a search"


def given_development(among: NDArray[np.int_], dev: NDArray[np.int_], duplicates: Duplicates) -> Fold:
    """Return a fold whose test rows are the dev rows that a data set comes with."""
    return folds_of(Division(among, {DEV: dev}), duplicates, _SEARCH)[0]


def drawn_development(
    rows: Rows, among: NDArray[np.int_], unit: str, share: float, seed: int, duplicates: Duplicates
) -> Fold:
    """Set whole groups of training rows aside.

    Args:
        rows: with the columns of `standpunt.corpora.rows.row`.
        among: indices of the training rows; no other row is in the result.
        unit: one of `UNITS`.
        share: about which share of the groups is set aside: one at least, and never all.
        seed: of the draw.
        duplicates: over the rows.

    Returns:
        A fold whose test rows are those set aside.

    Raises:
        InputError: the unit is unknown, has fewer than two values, or nothing is left to train on.
    """
    values = unit_values(rows, unit)
    names = sorted(set(values[among].tolist()))
    if len(names) < 2:
        raise InputError(f"search by {unit}: the training rows have only {names}; dev rows need two or more")
    count = min(max(1, round(share * len(names))), len(names) - 1)
    chosen = np.random.default_rng(seed).permutation(names)[:count]
    aside = np.isin(values[among], chosen)
    return folds_of(Division(among[~aside], {DEV: among[aside]}, values=values), duplicates, _SEARCH)[0]
