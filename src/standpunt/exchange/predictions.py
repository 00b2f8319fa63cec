"""A model's output on a debate as predictions of Label Studio, which annotators see before they decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import NONE
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.label_studio import stance_result
from standpunt.models.base import Model
from standpunt.prediction.predictor import Predictor


def debate_predictions(model: Model, annotations: Annotations, issues: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Return what a model says of a debate, by turn ordinal.

    A model without the label "none" cannot tell whether a turn addresses an issue; it is asked only about the pairs
    that some layer labels.

    Args:
        model: a trained model.
        annotations: the debate with its layers.
        issues: names of the issues; those without a definition are passed over.

    Raises:
        InputError: the model is not about turns.
    """
    labelled = {(one.turn, one.issue) for layer in annotations.stance.values() for one in layer.labels}
    defined = {**model.issues, **annotations.definitions}
    asked = [defined[issue] for issue in issues if issue in defined]
    if not asked:
        return {}
    # A model without "none" is asked about labelled pairs only, and a person decides about every suggestion.
    predictor = Predictor(model, asked, language=annotations.source.language, anyway=True)
    pairs = [
        (turn, issue)
        for turn in annotations.debate.turns
        for issue in predictor.issues
        if turn.speaker.role != "chair" and (NONE in model.labels or (turn.ordinal, issue.name) in labelled)
    ]
    frame = predictor.on(annotations.debate, pairs)
    columns = [f"p_{label}" for label in model.labels]
    return {
        int(rows["ordinal"].iloc[0]): prediction(model, rows["issue"].tolist(), rows[columns].to_numpy())
        for _, rows in frame.groupby("ordinal", sort=False)
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
