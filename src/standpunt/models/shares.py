"""What a row says of each label: the labels of people say one, those of a model may say how sure it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from standpunt.corpora.rows import PROBABILITIES

_LEAST = 0.01  # a label that is less probable teaches nothing, and costs as much as any


def label_shares(row: Mapping[str, Any], labels: Sequence[str]) -> dict[str, float]:
    """Return how much of a row counts for each label; it sums to one.

    It is all for the row's label, unless a model labelled the row and told the probability of every label of the
    scheme: then those, where they are more than 0.01.

    Args:
        row: with `label`, and `probabilities` where there are any.
        labels: the label scheme.
    """
    given = row.get(PROBABILITIES)
    if not given or any(given.get(label) is None for label in labels):
        return {row["label"]: 1.0}
    kept = {label: float(given[label]) for label in labels if given[label] >= _LEAST or label == row["label"]}
    total = sum(kept.values())
    return {label: share / total for label, share in kept.items()} if total else {row["label"]: 1.0}
