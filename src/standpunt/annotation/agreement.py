"""Agreement between annotators on stances and on arguments: Krippendorff's alpha (nominal), with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.layers import NONE, STANCES, Layer
from standpunt.annotation.sources import Source
from standpunt.debate import Span
from standpunt.errors import LayerError

Coded = tuple[NDArray[np.int_], list[str]]  # labels, shape (n_annotators, n_turns), and the turns they are on

MISSING = -1
NO_LINK = "no link"
_CODES = {label: code for code, label in enumerate((*STANCES, NONE))}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha with its interval; `units` counts those with at least two labels, `observed` is the share that agree."""

    alpha: float
    low: float
    high: float
    units: int
    observed: float


def krippendorff_alpha(
    codes: NDArray[np.int_],
    *,
    clusters: Sequence[object] | None = None,
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Krippendorff's alpha for nominal labels, with a percentile bootstrap over units or clusters of units.

    Source: K. Krippendorff, Content Analysis (4th ed., 2018), chapter 12; bootstrap by resampling units.

    Args:
        codes: shape (n_annotators, n_units), labels as integers from 0, `MISSING` (-1) where an annotator gave none.
        clusters: what each unit belongs to; resampled whole. By default every unit is its own.
        resamples: number of bootstrap resamples.
        confidence: mass of the interval.
        seed: seed of the bootstrap.

    Returns:
        The agreement; alpha is nan where fewer than two units have two labels or only one label occurs.
    """
    codes = np.asarray(codes)
    n_labels = int(codes.max(initial=0)) + 1
    # Per unit, the matrix of label pairs divided by (labels in the unit - 1): alpha depends on their sum only.
    counts = np.stack([(codes == label).sum(axis=0) for label in range(n_labels)], axis=1).astype(float)
    per_unit = counts.sum(axis=1)
    pairable = per_unit > 1
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, np.arange(n_labels), np.arange(n_labels)] -= counts
    pairs[pairable] /= (per_unit[pairable] - 1)[:, None, None]
    pairs[~pairable] = 0
    alpha = float(_alpha(pairs.sum(axis=0)[None])[0]) if pairable.sum() > 1 else float("nan")
    names = np.arange(len(per_unit)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    by_cluster = np.zeros((int(names.max(initial=-1)) + 1, n_labels, n_labels))
    np.add.at(by_cluster, names, pairs)
    rng = np.random.default_rng(seed)
    n = len(by_cluster)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=resamples) if n else np.zeros((resamples, 0))
    values = _alpha(np.tensordot(weights, by_cluster, axes=1))
    values = values[~np.isnan(values)]
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail]) if len(values) else (np.nan, np.nan)
    agree = (counts.max(axis=1) == per_unit) & pairable
    observed = float(agree.sum() / pairable.sum()) if pairable.any() else float("nan")
    return Agreement(alpha, float(low), float(high), int(pairable.sum()), observed)


def _alpha(coincidences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Alpha from coincidence matrices, shape (n, labels, labels)."""
    totals = coincidences.sum(axis=2)
    n = totals.sum(axis=1)
    observed = n - np.trace(coincidences, axis1=1, axis2=2)
    expected = (n**2 - (totals**2).sum(axis=1)) / np.where(n > 1, n - 1, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def layer_agreement(
    members: Sequence[tuple[Source, Sequence[Layer]]], *, resamples: int = 2000, seed: int = 0
) -> list[dict[str, object]]:
    """Compare the layers of annotators, per issue and over all issues.

    Args:
        members: for each debate its source description and the layers of its annotators.
        resamples: bootstrap resamples of turns.
        seed: seed of the bootstrap.

    Returns:
        A record an issue and one named "all": `alpha` with its interval over every turn that is not the chair's, "not
        addressed" counting as a label; `stance_alpha` over the `pairs` that two or more annotators labelled;
        `same_stance`, the share of those on which they agree.

    Raises:
        LayerError: a debate has fewer than two layers, layers of one annotator twice, or layers on different texts, or
            no layer is on an issue.
    """
    for source, layers in members:
        _check_annotators(layers, f"layers of two or more different annotators on {source.title!r}")
        for layer in layers:
            if layer.sha256 != source.sha256:
                raise LayerError(f"layer {layer.annotator} was laid on another text than {source.title!r}")
    issues = list(dict.fromkeys(issue for _, layers in members for layer in layers for issue in layer.issues))
    if not issues:
        raise LayerError("agreement needs layers that are on an issue; there is none in these")
    per_issue = {issue: stance_codes(members, issue) for issue in issues}
    records = [{"issue": issue, **stance_figures([per_issue[issue]], resamples, seed)} for issue in issues]
    return [*records, {"issue": "all", **stance_figures([*per_issue.values()], resamples, seed)}]


def stance_codes(members: Sequence[tuple[Source, Sequence[Layer]]], issue: str) -> Coded:
    """Return the labels on an issue, shape (n_annotators, n_turns), and the turns they are on.

    A label is `MISSING` where an annotator did not read for the issue, or is a model that gave no answer.
    """
    width = max(len(layers) for _, layers in members)
    columns, turns = [], []
    for source, layers in members:
        pairs = [layer.by_pair() if issue in layer.issues else None for layer in layers]
        silent = [layer.unanswered for layer in layers]
        if all(pair is None for pair in pairs):
            continue
        for ordinal, turn in enumerate(source.turns, start=1):
            if turn.role == "chair":
                continue
            key = ordinal, issue
            codes = [
                MISSING if known is None or key in unanswered else _CODES[known.get(key, NONE)]
                for known, unanswered in zip(pairs, silent, strict=True)
            ]
            columns.append(codes + [MISSING] * (width - len(codes)))
            turns.append(f"{source.sha256[:12]}-{ordinal}")
    return np.array(columns).T, turns


def stance_figures(issues: Sequence[Coded], resamples: int, seed: int) -> dict[str, object]:
    """Return alpha over all turns and over those labelled, of issues together; see `layer_agreement`."""
    codes = np.concatenate([of_issue for of_issue, _ in issues], axis=1)
    turns = [turn for _, names in issues for turn in names]
    whole = krippendorff_alpha(codes, clusters=turns, resamples=resamples, seed=seed)
    stance = krippendorff_alpha(
        np.where(codes == _CODES[NONE], MISSING, codes), clusters=turns, resamples=resamples, seed=seed
    )
    return {
        "turns": len(set(turns)),
        "alpha": rounded(whole.alpha),
        "alpha_low": rounded(whole.low),
        "alpha_high": rounded(whole.high),
        "pairs": stance.units,
        "stance_alpha": rounded(stance.alpha),
        "stance_low": rounded(stance.low),
        "stance_high": rounded(stance.high),
        "same_stance": rounded(stance.observed),
    }


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
        _check_annotators(layers, "argument layers of two or more different annotators on a debate")
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
            of_annotator = [sentences.get(place) for sentences in known]
            if sum(item is not None for item in of_annotator) > 1:
                units.append(of_annotator)
                links.append([_link(item, places) if _is_premise(item) else None for item in of_annotator])
                turns.append(f"{layers[0].sha256[:12]}-{place[0]}")
    components = [[item.component if item else None for item in of_annotator] for of_annotator in units]
    frames = [[item.frame if _is_premise(item) else None for item in of_annotator] for of_annotator in units]
    return [
        {"layer": name, **unit_figures("sentences", values, turns, resamples, seed)}
        for name, values in (("component", components), ("frame", frames), ("link", links))
    ]


def _is_premise(item: Sentence | None) -> TypeGuard[Sentence]:
    return item is not None and item.component == "premise"


def _link(item: Sentence, places: Mapping[tuple[int, Span], int]) -> str:
    """Name the claim by how many sentences away it stands, so that claims of different turns can be compared."""
    if item.target is None:
        return NO_LINK
    return f"{item.relation} {places[item.turn, item.target] - places[item.turn, item.span]:+d}"


def unit_figures(
    kind: str, units: Sequence[Sequence[Any]], turns: Sequence[str], resamples: int, seed: int
) -> dict[str, object]:
    """Return nominal alpha over units that annotators gave values, and the share on which all agree.

    Args:
        kind: what the units are called in the record.
        units: the values of each, None where an annotator gave none; those of one kind can be sorted.
        turns: the turn that each unit is in.
        resamples: bootstrap resamples of turns.
        seed: seed of the bootstrap.
    """
    known = {value: code for code, value in enumerate(sorted({v for unit in units for v in unit if v is not None}))}
    codes = np.full((max(map(len, units), default=0), len(units)), MISSING)
    for column, unit in enumerate(units):
        for row, value in enumerate(unit):
            if value is not None:
                codes[row, column] = known[value]
    agreement = krippendorff_alpha(codes, clusters=turns, resamples=resamples, seed=seed)
    shared = (codes != MISSING).sum(axis=0) > 1
    return {
        kind: agreement.units,
        "turns": len({turn for turn, both in zip(turns, shared, strict=True) if both}),
        "alpha": rounded(agreement.alpha),
        "alpha_low": rounded(agreement.low),
        "alpha_high": rounded(agreement.high),
        "same": rounded(agreement.observed),
    }


def _check_annotators(layers: Sequence[Layer] | Sequence[ArgumentLayer], needed: str) -> None:
    names = [layer.annotator for layer in layers]
    if len(set(names)) < 2 or len(set(names)) != len(names):
        raise LayerError(f"agreement needs {needed}; got {', '.join(names) or 'none'}")


def rounded(value: float) -> float | None:
    """Return a figure as it is printed; None where it is not defined."""
    return None if np.isnan(value) else round(value, 4)
