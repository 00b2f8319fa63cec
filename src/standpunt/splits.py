"""Protocols that divide rows into training and test folds, and assert that nothing leaks."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError, LeakageError, unknown_name

if TYPE_CHECKING:
    from standpunt.config import SplitConfig

FORMULA = 12  # words; "Dank u wel, voorzitter." is said in every debate
PROTOCOLS = ("leave_one_out", "time_forward", "parts", "train_test")
TRAIN, DEV = "train", "dev"  # the parts of a data set that are not tested on
UNITS = ("speaker", "debate", "party", "issue")


@dataclass(frozen=True, slots=True)
class Fold:
    """One train/test division: `unit` is the value held out, `train`, `test` and `dev` are row indices.

    `dev` is None where the protocol names no rows to stop early and calibrate on.
    """

    unit: str
    train: NDArray[np.int_]
    test: NDArray[np.int_]
    dev: NDArray[np.int_] | None = None


def leave_one_out(rows: Rows, unit: str) -> list[Fold]:
    """Hold out every speaker, debate, party or issue in turn.

    Rows of the training side whose text also stands on the test side ("Dank u wel.") are left out of training; with the
    issue as unit the same turn may be on both sides under different issues, which is what that protocol asks.

    Args:
        rows: with the columns of `standpunt.corpora.rows.row`.
        unit: one of `UNITS`.

    Returns:
        A fold for each value of the unit, ordered by value; together the test sides cover every row once.

    Raises:
        InputError: the unit is unknown or has fewer than two values.
        LeakageError: a unit or a text is on both sides (a defect in this module, not in the data).
    """
    if unit not in UNITS:
        raise unknown_name("split unit", unit, UNITS)
    values = np.array([str(value) for value in column(rows, unit)])
    texts = np.array([_fingerprint(text) for text in column(rows, "text")])
    names = sorted(set(values.tolist()))
    if len(names) < 2:
        raise InputError(f"split by {unit}: the corpus has only {names}; leave-one-{unit}-out needs two or more")
    folds = []
    for name in names:
        test = np.flatnonzero(values == name)
        train = np.flatnonzero(values != name)
        if unit != "issue":
            train = train[~np.isin(texts[train], texts[test])]
        fold = Fold(name, train, test)
        assert_no_leak(fold, values, texts if unit != "issue" else None)
        folds.append(fold)
    return folds


def time_forward(rows: Rows, test_share: float) -> list[Fold]:
    """Train on what came before a day and test on that day and what came after.

    Args:
        rows: with a `date` (ISO 8601) in each.
        test_share: about which share of the rows, the latest ones, is tested on; a day is never divided.

    Returns:
        One fold, named by the first day that is tested on.

    Raises:
        InputError: a row has no date, or all have the same one.
        LeakageError: a day or a text is on both sides (a defect in this module, not in the data).
    """
    if None in column(rows, "date"):
        raise InputError("split time_forward: a row has no date")
    dates = np.array(column(rows, "date"))
    texts = np.array([_fingerprint(text) for text in column(rows, "text")])
    days = sorted(set(dates.tolist()))
    if len(days) < 2:
        raise InputError(f"split time_forward: all rows are of {days}; it needs two days or more")
    ordered = np.sort(dates)
    first = min(max(ordered[int(len(ordered) * (1 - test_share))], days[1]), days[-1])
    test, train = np.flatnonzero(dates >= first), np.flatnonzero(dates < first)
    train = train[~np.isin(texts[train], texts[test])]
    if not len(train):
        raise InputError(
            f"split time_forward: nothing is left to train on before {first}, all texts are tested on as well"
        )
    fold = Fold(str(first), train, test)
    assert_no_leak(fold, dates, texts)
    return [fold]


def parts(rows: Rows) -> list[Fold]:
    """Follow the division that a data set comes with: its column `part`.

    Args:
        rows: with a `part` in each: "train", "dev", or the name of a part to test on.

    Returns:
        A fold for each part to test on, all with the same training and dev rows. Training rows whose text also stands
        in a part that is tested on are left out.

    Raises:
        InputError: there is no such column, no training rows, or nothing to test on.
        LeakageError: a text is on both sides (a defect in this module, not in the data).
    """
    try:
        values = np.array(column(rows, "part"))
    except KeyError:
        raise InputError("split parts: the rows have no column 'part'; choose another split") from None
    names = sorted(set(values.tolist()) - {TRAIN, DEV})
    if TRAIN not in values or not names:
        raise InputError(f"split parts: got the parts {sorted(set(values.tolist()))}; it needs {TRAIN} and another one")
    texts = np.array([_fingerprint(text) for text in column(rows, "text")])
    train = np.flatnonzero(values == TRAIN)
    train = train[~np.isin(texts[train], texts[np.isin(values, names)])]
    dev = np.flatnonzero(values == DEV) if DEV in values else None
    folds = [Fold(name, train, np.flatnonzero(values == name), dev) for name in names]
    for fold in folds:
        assert_no_leak(fold, values, texts)
    return folds


def make_folds(rows: Rows, split: SplitConfig) -> list[Fold]:
    """Divide rows by the protocol that a configuration names; `train_test` has no folds, all rows are trained on."""
    if split.name == "train_test":
        return []
    if split.name == "parts":
        return parts(rows)
    if split.name == "time_forward":
        return time_forward(rows, split.test_share)
    return leave_one_out(rows, split.unit)


def describe(corpus: str, trained_on: str, protocol: str, unit: str) -> str:
    """Say in words how the rows of a corpus were evaluated."""
    if corpus != trained_on and not corpus.startswith((f"{trained_on},", f"{trained_on} ")):
        return f"trained on {trained_on}"
    if protocol == "parts":
        return "parts of the data set"
    return "tested on the latest days" if protocol == "time_forward" else f"leave one {unit} out"


def assert_no_leak(fold: Fold, values: NDArray[np.str_], texts: NDArray[np.str_] | None) -> None:
    """Make sure that no unit and no text is on both sides of a fold.

    Raises:
        LeakageError: one is; the message names it.
    """
    for what, keys in (("unit", values), ("text", texts)):
        if keys is None:
            continue
        shared = set(keys[fold.train].tolist()) & set(keys[fold.test].tolist())
        if shared:
            raise LeakageError(f"fold {fold.unit!r}: {what} {sorted(shared)[0]!r} is in training and in test")


def assert_apart(train: Rows, test: Rows) -> None:
    """Make sure that a corpus to test on shares no text with the training rows; formulas of a few words do not count.

    Raises:
        LeakageError: a text of more than `FORMULA` words is in both.
    """
    known = {_fingerprint(text) for text in column(train, "text") if len(text.split()) > FORMULA}
    for identity, text in zip(column(test, "id"), column(test, "text"), strict=True):
        if _fingerprint(text) in known:
            raise LeakageError(f"row {identity} of the test corpus has a text that is in the training corpus as well")


def split_hash(rows: Rows, folds: Sequence[Fold]) -> str:
    """Return a hash of which rows are on which side of each fold, to tell whether two runs used the same split."""
    ids = column(rows, "id")
    digest = hashlib.sha256()
    for fold in folds:
        for side in (fold.train, fold.test):
            digest.update("\n".join(sorted(ids[index] for index in side)).encode() + b"\0")
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


def _fingerprint(text: str) -> str:
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()
