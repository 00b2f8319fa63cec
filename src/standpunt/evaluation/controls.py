"""The controls of every results table, and what is said where a model does not beat them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import isnan
from typing import Any

from standpunt.evaluation.paired import Difference

CONTROLS = ("majority", "party_only", "issue_only", "position", "text_only", "tfidf")
USUAL = tuple(name for name in CONTROLS if name != "position")  # that one says something of sentences only
_BY_FAMILY = {"majority": "majority", "party": "party_only", "issue": "issue_only", "position": "position"}


def control(model: Mapping[str, Any]) -> str | None:
    """Return which of `CONTROLS` a model's configuration is, by its family whatever its name; None for no control."""
    if model["family"] == "tfidf":
        return "tfidf" if model["issue"] else "text_only"
    return _BY_FAMILY.get(model["family"])


def expected_controls(issues: Collection[str], parties: Collection[str | None]) -> tuple[str, ...]:
    """Return the controls that a table over rows of these issues and parties should have."""
    aside = set()
    if len(set(issues)) < 2:
        aside.add("issue_only")
    if not any(parties):
        aside.add("party_only")
    return tuple(name for name in USUAL if name not in aside)


def control_notes(
    kinds: Mapping[str, str | None], differences: Sequence[Difference], expected: Sequence[str] = USUAL
) -> list[str]:
    """Say which models do not beat which controls, and which controls a table lacks.

    A model beats a control where the interval of the paired difference lies above zero. A model that sees the text is
    held against the controls that see less: the text-only control against those of label, party and issue, TF-IDF
    against these and the text-only one, any other model against all.

    Args:
        kinds: of each model of the table, which control it is.
        differences: the paired differences between its models.
        expected: the controls that the table should have.
    """
    notes, unsure = [], False
    for model, kind in kinds.items():
        rank = len(CONTROLS) if kind is None else CONTROLS.index(kind)
        if rank < CONTROLS.index("text_only"):
            continue
        missed = []
        for difference in differences:
            if model not in (difference.first, difference.second):
                continue
            turned = difference.second == model
            other = difference.first if turned else difference.second
            other_kind = kinds[other]
            if other_kind is None or CONTROLS.index(other_kind) >= rank:
                continue
            value, low, high = difference.value, difference.low, difference.high
            if isnan(low):
                unsure = True
                continue
            if turned:
                value, low, high = -value, -high, -low
            if not low > 0:
                missed.append(f"{other} ({value:+z.2f} [{low:z.2f}, {high:z.2f}])")
        if missed:
            notes.append(f"Warning: {model} does not beat {', '.join(missed)}: paired differences of macro-F1.")
    if unsure:
        notes.append("Warning: all rows are of one cluster, so that nothing can be said on who beats the controls.")
    lacking = [name for name in expected if name not in kinds.values()]
    if lacking:
        notes.append(f"Warning: without the controls {', '.join(lacking)} this table says little; run them too.")
    return notes
