"""The finer side of a stance label: which way a turn leans, how strongly, on a condition, or only by asking.

The optional fields of `docs/codebook.md`, version 2, and the rule that makes one of the three labels of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from standpunt.errors import LayerError, unknown_name

LEANINGS = ("favor", "against", "none")
STRENGTHS = HINTED, SAID, COMMITTED = (1, 2, 3)
NUANCE_FIELDS = ("leaning", "strength", "conditional", "asks")


@dataclass(frozen=True, slots=True)
class Nuance:
    """How a turn takes its stance.

    Attributes:
        leaning: favor, against or none.
        strength: 1 (hinted), 2 (said) or 3 (committed); None where nothing leans.
        conditional: whether the turn makes the matter, or its refusal, depend on something.
        asks: whether on this issue the turn holds only questions and what introduces them.
    """

    leaning: str
    strength: int | None
    conditional: bool
    asks: bool

    @property
    def label(self) -> str:
        """The stance that follows: the leaning where it is said or committed to, else neutral."""
        return stance_of(self.leaning, self.strength)

    def record(self) -> dict[str, object]:
        """Return the fields as a layer holds them."""
        return asdict(self)


def stance_of(leaning: str, strength: int | None) -> str:
    """Return the stance that a leaning of some strength amounts to: a hint, and no leaning, are neutral."""
    return leaning if strength is not None and strength >= SAID else "neutral"


def read_nuance(values: Mapping[str, object], where: str) -> Nuance | None:
    """Read the finer fields of a record.

    Args:
        values: the record; fields that are missing count as None, and so do others.
        where: the place to name in the error.

    Returns:
        What they say; None where none of them is given.

    Raises:
        LayerError: some are given and others are not, or a value is none that the codebook knows.
    """
    leaning, strength, conditional, asks = (values.get(name) for name in NUANCE_FIELDS)
    if all(value is None for value in (leaning, strength, conditional, asks)):
        return None
    if leaning is None:
        raise LayerError(f"{where}: 'leaning' is missing; {', '.join(NUANCE_FIELDS)} go together")
    if leaning not in LEANINGS:
        raise LayerError(f"{where}: {unknown_name('leaning', str(leaning), LEANINGS)}")
    if type(conditional) is not bool or type(asks) is not bool:
        raise LayerError(f"{where}: beside a leaning, 'conditional' and 'asks' must each be true or false")
    if leaning == "none":
        if strength is not None:
            raise LayerError(f"{where}: strength {strength!r} where nothing leans; leave it empty (null)")
        return Nuance("none", None, conditional, asks)
    if type(strength) is not int or strength not in STRENGTHS:
        raise LayerError(f"{where}: with leaning {leaning}, 'strength' must be 1, 2 or 3, got {strength!r}")
    return Nuance(str(leaning), strength, conditional, asks)
