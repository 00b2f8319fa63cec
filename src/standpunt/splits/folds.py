"""A fold, and what must hold of it: no unit and no text on both sides."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError, LeakageError
from standpunt.text.duplicates import Duplicates


@dataclass(frozen=True, slots=True)
class Fold:
    """One train/test division: `unit` is the value held out, `train`, `test` and `dev` are row indices.

    `dev` is None where the protocol names no rows to stop early and calibrate on. `dropped` are indices too, of rows on
    neither side: training or dev rows, had they not the same or nearly the same text as a row that is tested on.
    """

    unit: str
    train: NDArray[np.int_]
    test: NDArray[np.int_]
    dev: NDArray[np.int_] | None = None
    dropped: NDArray[np.int_] = field(default_factory=lambda: np.zeros(0, dtype=int))


def divided(
    protocol: str,
    unit: str,
    train: NDArray[np.int_],
    test: NDArray[np.int_],
    duplicates: Duplicates,
    *,
    dev: NDArray[np.int_] | None = None,
    values: NDArray[np.str_] | None = None,
) -> Fold:
    """Return a fold without the training and dev rows whose text is tested on as well, and assert that it is sound.

    Args:
        protocol: its name, for messages.
        unit: what is held out.
        train: the rows there would be to train on.
        test: the rows to test on; all of them are kept.
        duplicates: over all rows.
        dev: the rows there would be to stop early on.
        values: the unit of each row, shape (n_rows,), where the protocol keeps one apart.

    Raises:
        InputError: no row is left to train on.
        LeakageError: a unit or a text is on both sides (a defect in the protocol, not in the data).
    """
    alike = duplicates.of(test)
    kept, dropped = train[~alike[train]], train[alike[train]]
    if not len(kept):
        raise InputError(
            f"split {protocol}: nothing is left to train on where {unit} is tested on, all texts are on both sides; "
            "take more debates, or another split"
        )
    if dev is not None:
        dev, dropped = dev[~alike[dev]], np.concatenate([dropped, dev[alike[dev]]])
    fold = Fold(unit, kept, test, dev, dropped)
    assert_no_leak(fold, duplicates, values)
    return fold


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
    leaking = seen[duplicates.of(fold.test)[seen]]
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
