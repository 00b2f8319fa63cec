"""Agreement between argument layers: on components, on the frames of premises, on links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

import numpy as np

from standpunt.annotation.agreement import MISSING, Agreement, krippendorff_alpha, rounded
from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.debate import Span
from standpunt.errors import LayerError

NO_LINK = "no link"


def argument_agreement(
    members: Sequence[Sequence[ArgumentLayer]], *, resamples: int = 2000, seed: int = 0
) -> list[dict[str, object]]:
    """Compare the argument layers of annotators, over the sentences that at least two of them read.

    Args:
        members: for each debate the layers of its annotators.
        resamples: bootstrap resamples of turns.
        seed: seed of the bootstrap.

    Returns:
        Three records with `layer` "component", "frame" (over sentences that both call a premise) and "link" (over the
        same: whether both point to the same claim in the same way, or to none): `sentences`, `turns`,
        `alpha` with its interval, and `same`, the share on which all agree. Alpha is None where it is not defined.

    Raises:
        LayerError: a debate has fewer than two layers, layers of one annotator twice, or layers on different texts.
    """
    for layers in members:
        names = [layer.annotator for layer in layers]
        if len(set(names)) < 2 or len(set(names)) != len(names):
            raise LayerError(
                "agreement needs argument layers of two or more different annotators on a debate; "
                f"got {', '.join(names) or 'none'}"
            )
        if len({layer.sha256 for layer in layers}) > 1:
            raise LayerError("the argument layers were laid on different texts")
    units: list[list[Sentence | None]] = []
    links: list[list[str | None]] = []
    turns: list[str] = []
    for layers in members:
        known = [layer.by_sentence() for layer in layers]
        # One numbering for all, or the distance of a claim would depend on what an annotator takes for a sentence.
        places = {place: number for number, place in enumerate(sorted(set().union(*known)))}
        for place in places:
            found = [sentences.get(place) for sentences in known]
            if sum(item is not None for item in found) > 1:
                units.append(found)
                links.append([_link(item, places) if _is_premise(item) else None for item in found])
                turns.append(f"{layers[0].sha256[:12]}-{place[0]}")
    components = [[item.component if item else None for item in found] for found in units]
    frames = [[item.frame if _is_premise(item) else None for item in found] for found in units]
    return [
        _record("component", components, turns, resamples, seed),
        _record("frame", frames, turns, resamples, seed),
        _record("link", links, turns, resamples, seed),
    ]


def _is_premise(item: Sentence | None) -> TypeGuard[Sentence]:
    return item is not None and item.component == "premise"


def _link(item: Sentence, places: Mapping[tuple[int, Span], int]) -> str:
    """Name the claim by how many sentences away it stands, so that claims of different turns can be compared."""
    if item.target is None:
        return NO_LINK
    return f"{item.relation} {places[item.turn, item.target] - places[item.turn, item.span]:+d}"


def _record(
    name: str, units: Sequence[Sequence[str | None]], turns: Sequence[str], resamples: int, seed: int
) -> dict[str, object]:
    known = {label: code for code, label in enumerate(sorted({label for unit in units for label in unit if label}))}
    codes = np.full((max(map(len, units), default=0), len(units)), MISSING)
    for column, unit in enumerate(units):
        for row, label in enumerate(unit):
            if label is not None:
                codes[row, column] = known[label]
    found: Agreement = krippendorff_alpha(codes, clusters=turns, resamples=resamples, seed=seed)
    shared = (codes != MISSING).sum(axis=0) > 1
    return {
        "layer": name,
        "sentences": found.units,
        "turns": len({turn for turn, both in zip(turns, shared, strict=True) if both}),
        "alpha": rounded(found.alpha),
        "alpha_low": rounded(found.low),
        "alpha_high": rounded(found.high),
        "same": rounded(found.observed),
    }
