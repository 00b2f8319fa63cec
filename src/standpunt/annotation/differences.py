"""Where annotators differ, people and models alike, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from standpunt.annotation.layers import NONE, OPPOSITE, SIDES, Layer
from standpunt.annotation.sources import Source
from standpunt.debate import Span

# How far apart two labels are, the two sides being 1.
_SIDE_OR_NOT, _ADDRESSED_OR_NOT = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Said:
    """What one annotator said of a turn and an issue.

    Attributes:
        annotator: who.
        label: favor, against, neutral or none.
        evidence: spans in the turn's text, the strongest first.
        probability: of the label, by a model that told it; None for people.
    """

    annotator: str
    label: str
    evidence: tuple[Span, ...]
    probability: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A turn and an issue on which annotators differ.

    Attributes:
        debate: the place of the debate among those compared.
        turn: ordinal of the turn.
        issue: name of the issue.
        said: what each annotator said, in the order of their names.
        distance: how far they are apart, from 0 (not at all) to 1 (on opposite sides, and sure of it).
    """

    debate: int
    turn: int
    issue: str
    said: tuple[Said, ...]
    distance: float


def apart(one: str, other: str) -> float:
    """Return how far two labels are apart: 0 for the same, 1 for the two sides, 0.5 for a side and anything else."""
    if one == other:
        return 0.0
    if OPPOSITE.get(one) == other:
        return 1.0
    return _SIDE_OR_NOT if one in SIDES or other in SIDES else _ADDRESSED_OR_NOT


def differences(members: Sequence[tuple[Source, Sequence[Layer]]]) -> list[Difference]:
    """Find where annotators differ.

    Two annotators on a turn and an issue are as far apart as their labels (see `apart`), times the probability that
    each model gives its own; people are taken to be sure. The distance of several annotators is the mean over pairs of
    them. An annotator who did not read for the issue, or a model that gave no answer, is left out.

    Args:
        members: for each debate its source description and the layers of its annotators.

    Returns:
        The worst first; of equal ones, in the order of the debates.
    """
    found = []
    for place, (source, layers) in enumerate(members):
        readers = [_Reader(layer) for layer in sorted(layers, key=lambda layer: layer.annotator)]
        issues = dict.fromkeys(issue for layer in layers for issue in layer.issues)
        for ordinal, turn in enumerate(source.turns, start=1):
            if turn.role == "chair":
                continue
            for issue in issues:
                said = tuple(one for reader in readers if (one := reader.on(ordinal, issue)) is not None)
                if len({one.label for one in said}) > 1:
                    found.append(Difference(place, ordinal, issue, said, _distance(said)))
    return sorted(found, key=lambda one: (-one.distance, one.debate, one.turn, one.issue))


class _Reader:
    """Looks up what a layer says of a pair."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._labels = {(label.turn, label.issue): label for label in layer.labels}
        self._probabilities, self._unanswered = layer.probabilities(), layer.unanswered

    def on(self, turn: int, issue: str) -> Said | None:
        pair = turn, issue
        if issue not in self._layer.issues or pair in self._unanswered:
            return None
        label = self._labels.get(pair)
        name = NONE if label is None else label.label
        probability = self._probabilities.get(pair, {}).get(name)
        return Said(self._layer.annotator, name, () if label is None else label.evidence, probability)


def _distance(said: Sequence[Said]) -> float:
    pairs = [apart(one.label, other.label) * _sure(one) * _sure(other) for one, other in combinations(said, 2)]
    return sum(pairs) / len(pairs)


def _sure(one: Said) -> float:
    return 1.0 if one.probability is None else one.probability
