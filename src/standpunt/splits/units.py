"""Protocols that hold out whole speakers, debates, parties or issues."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import DEV, Rows, column
from standpunt.errors import InputError, unknown_name
from standpunt.splits.folds import Fold, divided
from standpunt.splits.settings import UNITS
from standpunt.text.duplicates import Duplicates


def leave_one_out(rows: Rows, unit: str, duplicates: Duplicates | None = None) -> list[Fold]:
    """Hold out every speaker, debate, party or issue in turn.

    With the issue as unit, a turn that is tested on one issue is not trained on under another.

    Args:
        rows: with the columns of `standpunt.corpora.rows.row`.
        unit: one of `UNITS`; rows without a party are held out together.
        duplicates: over the rows, where it is known already.

    Returns:
        A fold for each value of the unit, ordered by value; together the test sides cover every row once.

    Raises:
        InputError: the unit is unknown or has fewer than two values, or a fold has nothing to train on.
        LeakageError: a unit or a text is on both sides (a defect in this module, not in the data).
    """
    values = _values(rows, unit)
    names = sorted(set(values.tolist()))
    if len(names) < 2:
        raise InputError(f"split by {unit}: the corpus has only {names}; leave-one-{unit}-out needs two or more")
    duplicates = duplicates or Duplicates(column(rows, "text"))
    return [
        divided(
            f"leave_one_{unit}_out",
            name,
            np.flatnonzero(values != name),
            np.flatnonzero(values == name),
            duplicates,
            values=values,
        )
        for name in names
    ]


def random_by_group(rows: Rows, unit: str, n_folds: int, seed: int, duplicates: Duplicates | None = None) -> list[Fold]:
    """Divide whole speakers, debates, parties or issues at random into folds, each tested on in turn.

    Args:
        rows: as for `leave_one_out`.
        unit: one of `UNITS`.
        n_folds: the number of folds, two or more.
        seed: of the draw.
        duplicates: over the rows, where it is known already.

    Returns:
        `n_folds` folds; together the test sides cover every row once.

    Raises:
        InputError: the unit is unknown, has fewer values than there are folds, or a fold has nothing to train on.
        LeakageError: a unit or a text is on both sides (a defect in this module, not in the data).
    """
    from sklearn.model_selection import GroupKFold

    values = _values(rows, unit)
    found = len(set(values.tolist()))
    if found < n_folds:
        raise InputError(f"split random_by_group: {n_folds} folds need as many of {unit}; the corpus has {found}")
    duplicates = duplicates or Duplicates(column(rows, "text"))
    folds = GroupKFold(n_folds, shuffle=True, random_state=seed).split(values, groups=values)
    return [
        divided("random_by_group", f"fold {number}", train, test, duplicates, values=values)
        for number, (train, test) in enumerate(folds)
    ]


def inner_fold(rows: Rows, among: NDArray[np.int_], unit: str, share: float, seed: int, duplicates: Duplicates) -> Fold:
    """Set whole groups of training rows aside to choose settings on.

    Args:
        rows: as for `leave_one_out`.
        among: indices of the training rows; no other row is in the result.
        unit: one of `UNITS`.
        share: about which share of the groups is set aside.
        seed: of the draw.
        duplicates: over the rows.

    Returns:
        A fold whose test rows are those set aside.

    Raises:
        InputError: the unit is unknown, has fewer than two values, or nothing is left to train on.
    """
    values = _values(rows, unit)
    names = sorted(set(values[among].tolist()))
    if len(names) < 2:
        raise InputError(f"search by {unit}: the training rows have only {names}; dev rows need two or more")
    count = min(max(1, round(share * len(names))), len(names) - 1)
    chosen = np.random.default_rng(seed).permutation(names)[:count]
    aside = np.isin(values[among], chosen)
    return divided("search", DEV, among[~aside], among[aside], duplicates, values=values)


def _values(rows: Rows, unit: str) -> NDArray[np.str_]:
    if unit not in UNITS:
        raise unknown_name("split unit", unit, UNITS)
    return np.array([str(value) for value in column(rows, unit)])
