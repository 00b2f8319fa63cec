"""Whether a layer looks half filled: it tells no turn that addresses no issue from one that nobody looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from standpunt.annotation.layers import Layer
from standpunt.debate import Debate

# Of 66 layers that are whole, on five to fourteen issues each, every one has labels on 31 % of the turns or more, and
# none leaves out more than 20 % of them in one stretch.
_FEW = 0.3
_STRETCH = 0.25
_SHOWN = 3  # debates and issues that are named


@dataclass(frozen=True)
class Filling:
    """How many of the turns of members and cabinet a layer has labels on, and the longest stretch where it has none."""

    turns: int
    labelled: int
    stretch: tuple[int, ...]

    @classmethod
    def of(cls, layer: Layer, debate: Debate) -> Filling:
        """Count; the stretch is the ordinals of its turns."""
        turns = [turn.ordinal for turn in debate.turns if turn.speaker.role != "chair"]
        labelled = {label.turn for label in layer.labels}
        longest: list[int] = []
        stretch: list[int] = []
        for turn in turns:
            stretch = [] if turn in labelled else [*stretch, turn]
            longest = max(longest, stretch, key=len)
        return cls(len(turns), sum(turn in labelled for turn in turns), tuple(longest))

    @property
    def half(self) -> bool:
        """Whether the layer looks half filled: few turns have a label, or many in succession have none."""
        return self.labelled < _FEW * self.turns or len(self.stretch) > _STRETCH * self.turns

    def __str__(self) -> str:
        where = f", none from {self.stretch[0]} to {self.stretch[-1]}" if self.labelled and self.stretch else ""
        return f"{self.labelled} of {self.turns} turns have a label{where}"


def half_filled(layers: Sequence[tuple[str, Layer, Debate]], issues: Collection[str] | None = None) -> str:
    """Say what of some layers looks as if nobody had come to it; empty where nothing does.

    Args:
        layers: each with the name of its debate and the debate.
        issues: those of which to tell that no turn of any debate has a label on them; by default all of the layers.
    """
    fillings = [(name, Filling.of(layer, debate)) for name, layer, debate in layers]
    half = [f"{name}: {filling}" for name, filling in fillings if filling.half]
    said = half[:_SHOWN]
    if len(half) > _SHOWN:
        said.append(f"and so {len(half) - _SHOWN} debates more")
    named = {issue for _, layer, _ in layers for issue in layer.issues}
    labelled = {label.issue for _, layer, _ in layers for label in layer.labels}
    empty = sorted((named if issues is None else named & {*issues}) - labelled)
    if empty:
        more = f" and {len(empty) - _SHOWN} issues more" if len(empty) > _SHOWN else ""
        said.append(f"no turn has a label on {', '.join(empty[:_SHOWN])}{more}")
    return "; ".join(said)
