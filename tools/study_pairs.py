"""What a reader of pairs adds to other models, by the mean of their log-probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.evaluation.calibration import SMALLEST_PROBABILITY
from standpunt.evaluation.condition import by_condition
from standpunt.evaluation.paired import differences
from standpunt.evaluation.scores import evaluate
from standpunt.evaluation.tables import Table, interval_text, score_text
from standpunt.models.combined.blend import pooled
from standpunt.results.runs import Run
from standpunt.tasks import get_task
from study_curve import within_issues

LABELS = get_task("stance").labels
PROBABILITIES = [f"p_{label}" for label in LABELS]
READER = "pair_reader"
OTHERS = ("words_and_poles_gemma", "collective_gemma")
_CLUSTER = "speaker"
_NOTE = (
    "Blended is the mean of the log-probabilities with those of the reader, weighed alike; the gain is a paired "
    "difference of macro-F1. Intervals from resampling whole speakers. AUC: favor vs. against within an issue, alone "
    "and blended."
)


def pair_reader(runs: list[Run]) -> list[Table]:
    """Return, for each corpus tested on, what the reader of pairs adds to models of frozen vectors."""
    frames = {run.config()["model"]["name"]: run.predictions() for run in runs}
    tables = []
    for condition, alone in by_condition(frames[READER]):
        lines = []
        for name in OTHERS:
            other = dict(by_condition(frames[name]))[condition]
            both = blended(alone, other)
            (gain,) = differences([("alone", other), ("both", both)], LABELS, cluster=_CLUSTER)
            cells = [score_text(evaluate(one, LABELS, cluster=_CLUSTER).scores["macro_f1"]) for one in (other, both)]
            ranked = (f"{within_issues(frame):.2f}" for frame in (other, both))
            lines.append((name, *cells, f"{gain.value:+z.2f} {interval_text(gain.low, gain.high)}", *ranked))
        columns = ("model", "alone", "blended", "gain", "AUC", "AUC, blended")
        tables.append(Table(f"{condition.title}: blended with {READER}", columns, tuple(lines), (_NOTE,)))
    return tables


def blended(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions of models blended with equal weights, not learnt ones.

    Raises:
        ValueError: they are on different rows.
    """
    first, *others = (frame.sort_values(["corpus", "part", "id"]).reset_index(drop=True) for frame in frames)
    if not all(first["id"].equals(other["id"]) for other in others):
        raise ValueError("the models have predictions on different rows")
    logs = np.log(np.clip([frame[PROBABILITIES].to_numpy() for frame in (first, *others)], SMALLEST_PROBABILITY, None))
    return answering(first, pooled(logs, np.full(len(frames), 1 / len(frames))))


def answering(frame: pd.DataFrame, shares: NDArray[np.float64]) -> pd.DataFrame:
    """Return predictions with other probabilities, shape (n_rows, n_labels), as they are."""
    made = dict(zip(PROBABILITIES, shares.T, strict=True))
    answers = frame.assign(**made, predicted=np.array(LABELS)[shares.argmax(axis=1)])
    return answers.drop(columns="temperature", errors="ignore")
