"""A fold, and what must hold of it: no unit and no text is on both sides. Near-duplicates are left out here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError, LeakageError
from standpunt.text.duplicates import Duplicates


@dataclass(frozen=True, slots=True)
class Division:
    """What one model is to be trained on and tested on, by a protocol; row indices.

    Attributes:
        train: rows to train on.
        tests: rows to test on, by the name of what is held out.
        dev: rows to stop early and calibrate on; None where the protocol names none.
        values: what must be on one side only, a value a row, shape (n_rows,); None where only texts must.
    """

    train: NDArray[np.int_]
    tests: Mapping[str, NDArray[np.int_]]
    dev: NDArray[np.int_] | None = None
    values: NDArray[np.str_] | None = None


@dataclass(frozen=True, slots=True)
class Fold:
    """A division that was checked, for one of the things held out; row indices.

    Attributes:
        unit: what is held out.
        train: rows to train on.
        test: rows to test on.
        dev: rows to stop early and calibrate on, or None.
        dropped: rows on neither side: training or dev rows, had they not the same or nearly the same text as a row that
            is tested on.
    """

    unit: str
    train: NDArray[np.int_]
    test: NDArray[np.int_]
    dev: NDArray[np.int_] | None = None
    dropped: NDArray[np.int_] = field(default_factory=lambda: np.zeros(0, dtype=int))


def folds_of(division: Division, duplicates: Duplicates, protocol: str) -> list[Fold]:
    """Return the folds of a division, without the training and dev rows whose text is tested on, and check them.

    Args:
        division: what a protocol made; all of its test rows are kept.
        duplicates: over all rows.
        protocol: in words, for messages.

    Raises:
        InputError: no row is left to train on.
        LeakageError: a unit or a text is on both sides (a defect in the protocol, not in the data).
    """
    tested = np.concatenate(list(division.tests.values()))
    alike = duplicates.like(tested)
    train, dropped = division.train[~alike[division.train]], division.train[alike[division.train]]
    if not len(train):
        raise InputError(
            f"split, {protocol}: nothing is left to train on where {' and '.join(division.tests)} is tested on, all "
            "texts are on both sides; take more debates, or another split"
        )
    dev = division.dev
    if dev is not None:
        dev, dropped = dev[~alike[dev]], np.concatenate([dropped, dev[alike[dev]]])
    folds = [Fold(unit, train, test, dev, dropped) for unit, test in division.tests.items()]
    for fold in folds:
        assert_no_leak(fold, duplicates, division.values)
    return folds


def assert_no_leak(fold: Fold, duplicates: Duplicates, values: NDArray[np.str_] | None = None) -> None:
    """Make sure that no unit, no text and no near-duplicate of a text is on both sides of a fold.

    Args:
        fold: its `dev` rows are on the training side.
        duplicates: over all rows.
        values: the unit of each row, shape (n_rows,).

    Raises:
        LeakageError: one is; the message names it.
    """
    seen = fold.train if fold.dev is None else np.concatenate([fold.train, fold.dev])
    if values is not None:
        shared = set(values[seen].tolist()) & set(values[fold.test].tolist())
        if shared:
            raise LeakageError(f"fold {fold.unit!r}: unit {min(shared)!r} is in training and in test")
    leaking = seen[duplicates.like(fold.test)[seen]]
    if len(leaking):
        raise LeakageError(f"fold {fold.unit!r}: the text of row {leaking[0]}, in training, is in test as well")


def split_hash(rows: Rows, folds: Sequence[Fold]) -> str:
    """Return a hash of which rows are on which side of each fold, to tell whether two runs used the same split."""
    ids = column(rows, "id")
    digest = hashlib.sha256()
    for fold in folds:
        sides = [fold.train, fold.test] + ([] if fold.dev is None else [fold.dev])
        for side in sides:
            digest.update("\n".join(sorted(ids[index] for index in side)).encode() + b"\0")
        digest.update(b"\1")
    return digest.hexdigest()


def check_balance(rows: Rows, labels: Sequence[str]) -> None:
    """Refuse rows that cannot be learnt from.

    Raises:
        InputError: there are no rows, or only one label occurs in them.
    """
    counts = Counter(column(rows, "label"))
    if len(counts) < 2:
        raise InputError(
            f"the corpus gives {sum(counts.values())} rows with labels {sorted(counts)}; need two or more of "
            f"{', '.join(labels)}"
        )
