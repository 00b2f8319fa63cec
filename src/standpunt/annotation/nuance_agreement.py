"""Agreement between stance layers on the finer fields: leaning, strength, conditional, asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standpunt.annotation.agreement import MISSING, krippendorff_alpha, rounded
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
    return [_record(field, units, turns, resamples, seed) for field in NUANCE_FIELDS]


def _record(
    field: str, units: Sequence[Sequence[Nuance]], turns: Sequence[str], resamples: int, seed: int
) -> dict[str, object]:
    values = [[getattr(nuance, field) for nuance in unit] for unit in units]
    known = {value: code for code, value in enumerate(sorted({v for unit in values for v in unit if v is not None}))}
    codes = np.full((max(map(len, units)), len(units)), MISSING)
    for column, unit in enumerate(values):
        for row, value in enumerate(unit):
            if value is not None:
                codes[row, column] = known[value]
    shared = (codes != MISSING).sum(axis=0) > 1
    agreement = krippendorff_alpha(codes, clusters=turns, resamples=resamples, seed=seed)
    return {
        "field": field,
        "pairs": agreement.units,
        "turns": len({turn for turn, both in zip(turns, shared, strict=True) if both}),
        "alpha": rounded(agreement.alpha),
        "alpha_low": rounded(agreement.low),
        "alpha_high": rounded(agreement.high),
        "same": rounded(agreement.observed),
    }
