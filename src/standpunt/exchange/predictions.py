"""A model's output on a debate as predictions of Label Studio, which annotators see before they decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import NONE, answered, row
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.label_studio import stance_result
from standpunt.models.base import Model


def debate_predictions(model: Model, annotations: Annotations, issues: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Return what a model says of a debate, by turn ordinal.

    A model without the label "none" cannot tell whether a turn addresses an issue; it is asked only about the pairs
    that some layer labels.

    Args:
        model: a trained model.
        annotations: the debate with its layers.
        issues: names of the issues; those without a definition are passed over.
    """
    labelled = {(one.turn, one.issue) for layer in annotations.stance.values() for one in layer.labels}
    defined = {**model.issues, **annotations.definitions}
    asked = [
        (turn, defined[issue])
        for turn in annotations.debate.turns
        for issue in issues
        if turn.speaker.role != "chair"
        and issue in defined
        and (NONE in model.labels or (turn.ordinal, issue) in labelled)
    ]
    debate = annotations.debate
    probabilities = model.predict_proba(
        [row(debate.id, debate.date, turn, issue, context=answered(debate, turn)) for turn, issue in asked]
    )
    found: dict[int, list[int]] = {}
    for index, (turn, _) in enumerate(asked):
        found.setdefault(turn.ordinal, []).append(index)
    return {
        ordinal: prediction(model, [asked[index][1].name for index in indices], probabilities[indices])
        for ordinal, indices in found.items()
    }


def prediction(model: Model, issues: Sequence[str], probabilities: NDArray[np.float64]) -> dict[str, Any]:
    """Return a model's output on one turn as Label Studio wants it.

    Args:
        model: for its labels and its name.
        issues: a name for each row of probabilities.
        probabilities: shape (len(issues), len(model.labels)).
    """
    result = []
    for issue, values in zip(issues, probabilities, strict=True):
        label = model.labels[int(values.argmax())]
        if label != NONE:
            result.append(stance_result(issue, label) | {"score": float(values.max())})
    version = f"{model.config.name} {model.provenance.data_sha256[:8]}".strip()
    return {"model_version": version, "score": float(probabilities.max(axis=1).mean()), "result": result}
