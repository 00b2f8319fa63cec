"""Agreement between argument layers: on components, on the frames of premises, on links."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from standpunt.annotation.agreement import MISSING, Agreement, krippendorff_alpha
from standpunt.annotation.arguments import COMPONENTS, FRAMES, ArgumentLayer, Sentence
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
        same, nominal over the claim pointed to with the relation, "no link" counting as one): `sentences`, `turns`,
        `alpha` with its interval, and `same`, the share on which all agree. Alpha is None where it is not defined.

    Raises:
        LayerError: a debate has fewer than two layers, or layers on different texts.
    """
    for layers in members:
        if len({layer.annotator for layer in layers}) < 2:
            raise LayerError("agreement needs argument layers of two or more different annotators on a debate")
        if len({layer.sha256 for layer in layers}) > 1:
            raise LayerError("the argument layers were laid on different texts")
    units: list[list[Sentence | None]] = []
    turns: list[str] = []
    for layers in members:
        known = [layer.by_sentence() for layer in layers]
        for place in sorted(set().union(*known)):
            found = [sentences.get(place) for sentences in known]
            if sum(item is not None for item in found) > 1:
                units.append(found)
                turns.append(f"{layers[0].sha256[:12]}-{place[0]}")
    premises = [
        [item if item is not None and item.component == "premise" else None for item in found] for found in units
    ]
    return [
        _record("component", units, COMPONENTS, _component, turns, resamples, seed),
        _record("frame", premises, FRAMES, _frame, turns, resamples, seed),
        _record("link", premises, (NO_LINK,), _link, turns, resamples, seed),
    ]


def _component(item: Sentence) -> str:
    return item.component


def _frame(item: Sentence) -> str:
    return item.frame or "other"


def _link(item: Sentence) -> str:
    return f"{item.relation} {item.target}" if item.target else NO_LINK


def _record(
    name: str,
    units: Sequence[Sequence[Sentence | None]],
    labels: Sequence[str],
    value: Callable[[Sentence], str],
    turns: Sequence[str],
    resamples: int,
    seed: int,
) -> dict[str, object]:
    width = max((len(unit) for unit in units), default=0)
    codes = np.full((width, len(units)), MISSING)
    known: dict[str, int] = {label: index for index, label in enumerate(labels)}
    for column, unit in enumerate(units):
        for row, item in enumerate(unit):
            if item is not None:
                codes[row, column] = known.setdefault(value(item), len(known))
    found: Agreement = krippendorff_alpha(codes, clusters=turns, resamples=resamples, seed=seed)
    shared = (codes != MISSING).sum(axis=0) > 1
    return {
        "layer": name,
        "sentences": found.units,
        "turns": len({turn for turn, both in zip(turns, shared, strict=True) if both}),
        "alpha": _rounded(found.alpha),
        "alpha_low": _rounded(found.low),
        "alpha_high": _rounded(found.high),
        "same": _rounded(found.observed),
    }


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
