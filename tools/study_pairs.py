"""What a reader of pairs adds to other models, by the mean of their log-probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd

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


def blended(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions of two models blended with equal weights, not learnt ones.

    Raises:
        ValueError: they are on different rows.
    """
    columns = [f"p_{label}" for label in LABELS]
    one, other = (frame.sort_values(["corpus", "part", "id"]).reset_index(drop=True) for frame in (one, other))
    if not one["id"].equals(other["id"]):
        raise ValueError("the two models have predictions on different rows")
    logs = np.log(np.clip([frame[columns].to_numpy() for frame in (one, other)], SMALLEST_PROBABILITY, None))
    shares = pooled(logs, np.full(2, 0.5))
    made = one.assign(**dict(zip(columns, shares.T, strict=True)), predicted=np.array(LABELS)[shares.argmax(axis=1)])
    return made.drop(columns="temperature", errors="ignore")
