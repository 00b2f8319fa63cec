"""Agreement between stance layers on the finer fields: leaning, strength, conditional, asks."""

from __future__ import annotations

from collections.abc import Sequence

from standpunt.annotation.agreement import unit_figures
from standpunt.annotation.layers import Layer
from standpunt.annotation.nuance import NUANCE_FIELDS, Nuance
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError


def nuance_agreement(
    members: Sequence[tuple[Source, Sequence[Layer]]], *, resamples: int = 2000, seed: int = 0
) -> list[dict[str, object]]:
    """Compare the finer fields of annotators, over the pairs to which at least two of them gave some.

    Args:
        members: for each debate its source description and the layers of its annotators.
        resamples: bootstrap resamples of turns.
        seed: seed of the bootstrap.

    Returns:
        A record a field: `pairs`, `turns`, nominal `alpha` with its interval, and `same`, the share on which all agree.
        Strength is compared where both see a leaning. Alpha is None where it is not defined.

    Raises:
        LayerError: no pair has the finer fields of two annotators, or a debate has two layers of one.
    """
    units: list[list[Nuance]] = []
    turns: list[str] = []
    for source, layers in members:
        names = [layer.annotator for layer in layers]
        if len(set(names)) != len(names):
            raise LayerError(
                f"agreement needs layers of different annotators on {source.title!r}; got {', '.join(names)}"
            )
        given: dict[tuple[int, str], list[Nuance]] = {}
        for layer in layers:
            for label in layer.labels:
                if label.nuance is not None:
                    given.setdefault((label.turn, label.issue), []).append(label.nuance)
        for (turn, _), labels in sorted(given.items()):
            if len(labels) > 1:
                units.append(labels)
                turns.append(f"{source.sha256[:12]}-{turn}")
    if not units:
        raise LayerError(f"no pair has {', '.join(NUANCE_FIELDS)} from two annotators; they are fields of codebook 2")
    return [
        {
            "field": field,
            **unit_figures("pairs", [[getattr(one, field) for one in unit] for unit in units], turns, resamples, seed),
        }
        for field in NUANCE_FIELDS
    ]
