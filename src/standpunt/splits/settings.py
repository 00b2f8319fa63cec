"""The settings of a protocol, as a configuration gives them."""

from __future__ import annotations

from dataclasses import dataclass, field

from standpunt.errors import require

PROTOCOLS = ("leave_one_out", "random_by_group", "time_forward", "k_shot", "parts", "train_test")
UNITS = ("speaker", "debate", "party", "issue")


@dataclass
class SplitConfig:
    """The protocol, see docs/protocols.md.

    `leave_one_out` holds out every value of `unit` (speaker, debate, party, issue) in turn; `random_by_group` divides
    those values at random into `folds`; `k_shot` leaves one issue out but for `shots` of its turns, drawn from a `pool`
    by the experiment's seed; `time_forward` tests on the last `test_share` of the rows by date; `parts` follows the
    division a data set comes with; `train_test` trains on all rows, or on the part "train" of a corpus with parts, and
    tests on the corpora of `evaluation.test` alone.
    `apart`: units (`["issue"]`) of which none that is tested on is trained on, beside what the protocol keeps apart.
    `seed` is of the division itself, so that models and seeds are compared on the same folds.
    """

    name: str = "leave_one_out"
    unit: str = "speaker"
    test_share: float = 0.25
    folds: int = 5
    shots: int = 4
    pool: int = 8
    apart: list[str] = field(default_factory=list)
    seed: int = 0

    def __post_init__(self) -> None:
        require(self.folds >= 2, "split.folds", self.folds, "2 or more")
        require(self.pool >= 1, "split.pool", self.pool, "1 or more")
        require(0 <= self.shots <= self.pool, "split.shots", self.shots, f"0 to split.pool, which is {self.pool}")
        require(self.seed >= 0, "split.seed", self.seed, "0 or more")
        require(self.name in PROTOCOLS, "split.name", self.name, f"one of {', '.join(PROTOCOLS)}")
        require(0 < self.test_share < 1, "split.test_share", self.test_share, "a number between 0 and 1")
        require(self.unit in UNITS, "split.unit", self.unit, f"one of {', '.join(UNITS)}")
        require(set(self.apart) <= set(UNITS), "split.apart", self.apart, f"a list of {', '.join(UNITS)}")
