"""A learning curve: scores by how many debates a model was trained on, and what the last doubling brought."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from standpunt.annotation.layers import SIDES
from standpunt.evaluation.paired import differences
from standpunt.evaluation.ranking import auc_within
from standpunt.evaluation.scores import evaluate
from standpunt.evaluation.tables import Table, interval_text, score_text
from standpunt.results.runs import Run
from standpunt.tasks import get_task

LABELS = get_task("stance").labels
_CLUSTER = "speaker"
_LEAST = 1e-9  # what is known of neither side is half for it


def real_debates(runs: list[Run]) -> list[Table]:
    """Return, for each corpus tested on, macro-F1 by the number of real debates, its gains, and AUC within an issue."""
    every = pd.concat(
        [
            run.predictions().assign(
                model=run.config()["model"]["name"], debates=run.config()["corpus"]["limit_debates"] or 0
            )
            for run in runs
        ],
        ignore_index=True,
    )
    sizes = sorted(every["debates"].unique().tolist())
    tables = []
    for corpus, tested in every.groupby("corpus", sort=False):
        scores, gains, ranked = [], [], []
        for model, by_size in _curves(tested):
            cells = [evaluate(by_size[size], LABELS, cluster=_CLUSTER).scores["macro_f1"] for size in sizes]
            scores.append((model, *map(score_text, cells)))
            steps = [(sizes[0], sizes[-1]), (sizes[-2], sizes[-1])]
            gains.append((model, *(_gain(by_size[fewer], by_size[more]) for fewer, more in steps)))
            ranked.append((model, *(f"{within_issues(by_size[size]):.2f}" for size in sizes)))
        first = tested.drop_duplicates("id")
        what = f"{corpus} ({len(first)} pairs, {first['speaker'].nunique()} speakers)"
        columns = ("model", *(f"{size} debates" for size in sizes))
        note = "Means over draws of debates, ± their standard deviation; intervals from resampling whole speakers."
        tables.append(Table(f"{what}: macro-F1 by real debates trained on", columns, tuple(scores), (note,)))
        heads = ("model", f"from {sizes[0]} to {sizes[-1]}", f"from {sizes[-2]} to {sizes[-1]}")
        note = "Paired differences of macro-F1 from resampling whole speakers."
        tables.append(Table(f"{corpus}: what more real debates brought", heads, tuple(gains), (note,)))
        note = "Favor vs. against within an issue, mean over draws."
        tables.append(Table(f"{corpus}: AUC by real debates trained on", columns, tuple(ranked), (note,)))
    return tables


def _curves(tested: pd.DataFrame) -> Iterator[tuple[str, dict[int, pd.DataFrame]]]:
    """Yield each model with its predictions by number of debates."""
    for model, frame in tested.groupby("model", sort=False):
        yield (
            str(model),
            {
                int(size): frame[frame["debates"] == size].reset_index(drop=True)
                for size in sorted(set(frame["debates"]))
            },
        )


def _gain(fewer: pd.DataFrame, more: pd.DataFrame) -> str:
    (lead,) = differences([("fewer", fewer), ("more", more)], LABELS, cluster=_CLUSTER)
    return f"{lead.value:+z.2f} {interval_text(lead.low, lead.high)}"


def within_issues(frame: pd.DataFrame) -> float:
    """Return how well favor is told from against within an issue: the AUC, mean over seeds."""
    values = []
    for _, part in frame[frame["gold"].isin(SIDES)].groupby("seed"):
        favor, against = (part[f"p_{side}"].to_numpy(float) + _LEAST for side in SIDES)
        issues = part["issue"].astype("category").cat.codes.to_numpy(int)
        one = np.zeros(len(part), dtype=int)  # no resampling: a single cluster, drawn once
        (value,) = auc_within(
            favor / (favor + against), (part["gold"] == SIDES[0]).to_numpy(), issues, one, np.ones((1, 1), dtype=int)
        )
        values.append(value)
    return float(np.mean(values))
