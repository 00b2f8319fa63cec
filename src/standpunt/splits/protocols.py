"""Protocols by the name that a configuration gives."""

from __future__ import annotations

from collections.abc import Sequence

from standpunt.corpora.rows import Rows
from standpunt.splits.folds import Fold
from standpunt.splits.given import parts
from standpunt.splits.settings import SplitConfig
from standpunt.splits.shots import k_shot
from standpunt.splits.time import time_forward
from standpunt.splits.units import leave_one_out, random_by_group
from standpunt.text.duplicates import Duplicates


def make_folds(rows: Rows, split: SplitConfig, *, seed: int = 0, duplicates: Duplicates | None = None) -> list[Fold]:
    """Divide rows by the protocol that a configuration names; `train_test` has no folds, no row is tested on.

    Args:
        rows: with the columns of `standpunt.corpora.rows.row`.
        split: the protocol and its settings.
        seed: the experiment's; k-shot draws by it.
        duplicates: over the rows, where it is known already.

    Raises:
        InputError: the rows do not fit the protocol.
        LeakageError: a protocol leaks.
    """
    match split.name:
        case "train_test":
            return []
        case "parts":
            return parts(rows, duplicates)
        case "time_forward":
            return time_forward(rows, split.test_share, duplicates)
        case "k_shot":
            return k_shot(rows, split.shots, split.pool, draw=seed, seed=split.seed, duplicates=duplicates)
        case "random_by_group":
            return random_by_group(rows, split.unit, split.folds, split.seed, duplicates)
        case _:
            return leave_one_out(rows, split.unit, duplicates)


def describe(corpus: str, trained_on: Sequence[str], protocol: str, unit: str) -> str:
    """Say in words how the rows of a corpus were evaluated.

    Args:
        corpus: the one the rows are of.
        trained_on: the corpora trained on; the first is the one that the protocol divides.
        protocol: how it does.
        unit: of what it leaves out.
    """
    divided, *others = trained_on
    if corpus != divided and not corpus.startswith((f"{divided},", f"{divided} ")):
        return f"trained on {', '.join(trained_on)}"
    how = {
        "parts": "parts of the data set",
        "time_forward": "tested on the latest days",
        "k_shot": "k-shot by issue",
        "random_by_group": f"random folds of whole {unit} groups",
    }.get(protocol, f"leave one {unit} out")
    return f"{how}, trained on {', '.join(others)} besides" if others else how
