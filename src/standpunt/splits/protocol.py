"""What a protocol is: how rows are divided into what is trained on and what is tested on, and how that is said.

A protocol of one's own is a class and a YAML file; docs/protocols.md has one whole.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.errors import require, unknown_name
from standpunt.registry import Registry
from standpunt.splits.folds import Division, Fold, folds_of
from standpunt.text.duplicates import Duplicates

UNITS = ("speaker", "debate", "party", "issue")


@dataclass
class SplitConfig:
    """The settings of a protocol, see docs/protocols.md. A protocol with further settings has a subclass of this.

    Attributes:
        name: of the protocol.
        unit: what is held out or grouped: speaker, debate, party or issue.
        test_share: about which share of the rows, the latest by date, `time_forward` tests on.
        folds: how many `random_by_group` makes.
        shots: turns of the issue held out that `k_shot` trains on.
        pool: turns that `k_shot` draws them from.
        disjoint: units of which no value is on both sides, of all corpora, in addition to what the protocol holds out.
        seed: of the division itself, so that models and seeds are compared on the same folds.
    """

    name: str = "leave_one_out"
    unit: str = "speaker"
    test_share: float = 0.25
    folds: int = 5
    shots: int = 4
    pool: int = 8
    disjoint: list[str] = field(default_factory=list)
    seed: int = 0

    def __post_init__(self) -> None:
        known = PROTOCOLS.names()
        require(self.name in known, "split.name", self.name, f"one of {', '.join(known)}")
        require(self.folds >= 2, "split.folds", self.folds, "2 or more")
        require(self.pool >= 1, "split.pool", self.pool, "1 or more")
        require(0 <= self.shots <= self.pool, "split.shots", self.shots, f"0 to split.pool, which is {self.pool}")
        require(self.seed >= 0, "split.seed", self.seed, "0 or more")
        require(0 < self.test_share < 1, "split.test_share", self.test_share, "a number between 0 and 1")
        require(self.unit in UNITS, "split.unit", self.unit, f"one of {', '.join(UNITS)}")
        require(set(self.disjoint) <= set(UNITS), "split.disjoint", self.disjoint, f"a list of {', '.join(UNITS)}")


class Protocol(ABC):
    """Divides the rows of one corpus. What it says of itself decides the rest: further corpora, tables, intervals."""

    settings_class: ClassVar[type[SplitConfig]] = SplitConfig
    # Whether what is trained on must be from before what is tested on, in further corpora as well.
    chronological: ClassVar[bool] = False
    # Whether what is held out are parts of a data set, which are scored one by one.
    by_part: ClassVar[bool] = False

    def __init__(self, settings: SplitConfig) -> None:
        """Set up by the settings of its own class."""
        self.settings = settings

    @property
    @abstractmethod
    def words(self) -> str:
        """How tables say it: "leave one speaker out"."""

    @property
    def held_out(self) -> str | None:
        """The column whose values are on one side only, of further training corpora too; None where there is none."""
        return None

    @property
    def kept_apart(self) -> str | None:
        """The column none of whose values is trained on and tested on; None where there is none."""
        return self.held_out

    @property
    def cluster(self) -> str:
        """The column whose values intervals resample: what is held out, else whole debates."""
        return self.held_out or "debate"

    @abstractmethod
    def divide(self, rows: Rows, duplicates: Duplicates, seed: int) -> Iterable[Division]:
        """Yield what is trained on and what that model is tested on.

        Near-duplicates of what is tested on are left out of training afterwards, whatever the protocol.

        Args:
            rows: with the columns of `standpunt.corpora.rows.row`.
            duplicates: over the rows.
            seed: the experiment's, for protocols that draw anew with each seed.

        Raises:
            InputError: the rows do not fit the protocol.
        """

    def folds(self, rows: Rows, *, seed: int = 0, duplicates: Duplicates | None = None) -> list[Fold]:
        """Return the folds, checked: no unit and no text, or nearly the same text, is on both sides of one.

        Args:
            rows: with the columns of `standpunt.corpora.rows.row`.
            seed: the experiment's.
            duplicates: over the rows, where it is known already.

        Raises:
            InputError: the rows do not fit the protocol, or nothing is left to train on.
            LeakageError: a unit or a text is on both sides (a defect in the protocol, not in the data).
        """
        duplicates = duplicates or Duplicates(column(rows, "text"))
        made = self.divide(rows, duplicates, seed)
        return [fold for division in made for fold in folds_of(division, duplicates, self.words)]


PROTOCOLS: Registry[type[Protocol]] = Registry(
    "split protocol",
    "standpunt.protocols",
    {
        "k_shot": "standpunt.splits.k_shot:KShot",
        "leave_one_out": "standpunt.splits.leave_one_out:LeaveOneOut",
        "parts": "standpunt.splits.parts:Parts",
        "random_by_group": "standpunt.splits.random_by_group:RandomByGroup",
        "time_forward": "standpunt.splits.time_forward:TimeForward",
        "train_test": "standpunt.splits.train_test:TrainTest",
    },
)


def get_protocol(settings: SplitConfig) -> Protocol:
    """Return the protocol that settings name."""
    return PROTOCOLS.get(settings.name)(settings)


def unit_values(rows: Rows, unit: str) -> NDArray[np.str_]:
    """Return the value of a unit in each row, shape (n_rows,); rows without one have "None" together.

    Raises:
        InputError: the unit is none of `UNITS`.
    """
    if unit not in UNITS:
        raise unknown_name("split unit", unit, UNITS)
    return np.array([str(value) for value in column(rows, unit)])
