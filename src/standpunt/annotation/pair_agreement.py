"""Agreement of each annotator with each other one, people and models alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from standpunt.annotation.agreement import stance_codes, stance_figures
from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError


def pair_agreement(
    members: Sequence[tuple[Source, Sequence[Layer]]], *, resamples: int = 2000, seed: int = 0
) -> list[dict[str, object]]:
    """Compare annotators two by two, over all debates and issues that both annotated.

    Args:
        members: for each debate its source description and the layers of its annotators.
        resamples: bootstrap resamples of turns.
        seed: seed of the bootstrap.

    Returns:
        A record a pair, those that agree least first: `annotator` and `other`, `debates` that both annotated, and the
        figures of `standpunt.annotation.agreement.layer_agreement`.

    Raises:
        LayerError: no two annotators annotated the same issue of the same debate.
    """
    names = sorted({layer.annotator for _, layers in members for layer in layers})
    records = [
        record
        for one, other in combinations(names, 2)
        if (record := _of_two(members, one, other, resamples, seed)) is not None
    ]
    if not records:
        raise LayerError(f"no two annotators with an issue of a debate in common; got {', '.join(names) or 'none'}")
    return sorted(records, key=_worst_first)


def _of_two(
    members: Sequence[tuple[Source, Sequence[Layer]]], one: str, other: str, resamples: int, seed: int
) -> dict[str, object] | None:
    """Compare two annotators; None where they have nothing in common."""
    shared = []
    for source, layers in members:
        two = [layer for layer in layers if layer.annotator in (one, other)]
        if len(two) == 2 and set(two[0].issues) & set(two[1].issues):
            shared.append((source, sorted(two, key=lambda layer: layer.annotator)))
    if not shared:
        return None
    issues = dict.fromkeys(i for _, (first, second) in shared for i in first.issues if i in second.issues)
    figures = stance_figures([stance_codes(shared, issue) for issue in issues], resamples, seed)
    return {"annotator": one, "other": other, "debates": len(shared), **figures}


def _worst_first(record: dict[str, object]) -> tuple[bool, float]:
    alpha = record["alpha"]
    return (alpha is None, alpha if isinstance(alpha, float) else 0.0)
