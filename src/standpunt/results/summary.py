"""The outcome of a command that ran experiments: the tables over its runs, and what failed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from standpunt.evaluation.condition import CONDITION, Condition, by_condition
from standpunt.evaluation.controls import control
from standpunt.evaluation.resampling import cluster_for
from standpunt.evaluation.tables import Table, scores_frame
from standpunt.results import runs
from standpunt.results.comparison import Comparison, side_by_side
from standpunt.results.conditions import protocol_of, trained_how
from standpunt.results.naming import flat, row_labels, without
from standpunt.results.page import page
from standpunt.results.runs import Run
from standpunt.storage.files import write_text
from standpunt.tasks import get_task, labels_on


@dataclass(frozen=True)
class Summary:
    """Finished runs side by side.

    Attributes:
        title: the name of the experiment.
        comparisons: one for each set of rows that was scored and each group of runs that differ in their models only.
        settings: of each comparison, in what its runs differ from those of others: "split.shots=0"; empty as a rule.
        failed: the runs that failed.
        skipped: why corpora were not tested on.
        labels: whose labels were taken where a corpus lacks the layer asked for, and which layers look half filled.
    """

    title: str
    comparisons: tuple[Comparison, ...]
    settings: tuple[str, ...]
    failed: tuple[Run, ...]
    skipped: tuple[str, ...]
    labels: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """What is printed: of each corpus the main scores and macro-F1 per issue."""
        both = [table for one in self.comparisons for table in (one.main_table(), one.issues_table())]
        return tuple(table for table in both if table.rows)

    @property
    def scores(self) -> pd.DataFrame:
        """Every score as a row; see `scores_frame`. `settings` says in what else than the model runs of it differ."""
        frames = []
        for one, settings in zip(self.comparisons, self.settings, strict=True):
            frame = scores_frame(one.evaluations)
            frame.insert(len(CONDITION), "settings", settings)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True) if frames else scores_frame([])

    def record(self) -> list[dict[str, Any]]:
        """Return scores, paired differences and warnings as plain data, one mapping for each set of rows scored."""
        return [
            {
                "tested": one.corpus,
                "protocol": one.protocol,
                "settings": settings,
                "models": {model: evaluation.record() for model, evaluation in one.evaluations},
                "differences": [difference.record() for difference in one.differences],
                "warnings": one.warnings,
            }
            for one, settings in zip(self.comparisons, self.settings, strict=True)
        ]

    def write(self, folder: Path) -> None:
        """Write table.md, results.csv, metrics.json and page.html into a sweep's folder."""
        write_text(folder / "table.md", "\n".join(table.to_markdown() for table in self.tables))
        write_text(folder / "results.csv", self.scores.to_csv(index=False, float_format="%.4f"))
        runs.write_json(folder / runs.METRICS, self.record())
        notices = [
            *self.skipped,
            *self.labels,
            *(f"Failed: {run.folder.name}: {run.status['error']}" for run in self.failed),
        ]
        sections = [one.section() for one in self.comparisons]
        write_text(folder / "page.html", page(self.title, sections, notices))


def summarise(runs_of_experiment: list[Run]) -> Summary:
    """Bring runs of one experiment together: seeds of a model into one row, corpora into a table each.

    Runs that differ in more than model and seed (another split, other issues) get tables of their own.
    """
    finished = [run for run in runs_of_experiment if run.finished]
    settings = [runs.without_places(run.config()["model"]) for run in finished]
    models = [{f"model.{key}": value for key, value in model.items()} for model in settings]
    groups: dict[str, dict[str, list[Run]]] = {}
    for run, label in zip(finished, row_labels(models), strict=True):
        key = json.dumps(_settings(run), sort_keys=True)
        groups.setdefault(key, {}).setdefault(label, []).append(run)
    varying = _differences([json.loads(key) for key in groups])
    compared = [
        (one, settings)
        for group, settings in zip(groups.values(), varying, strict=True)
        for one in _compared(group, settings)
    ]
    skipped = dict.fromkeys(text for run in finished for text in run.status.get("skipped", {}).values())
    failed = tuple(run for run in runs_of_experiment if not run.finished)
    title = runs_of_experiment[0].config()["name"] if runs_of_experiment else "no runs"
    labels = dict.fromkeys(text for run in finished for text in runs.labels_notes(run.status))
    return Summary(title, *_columns(compared), failed, tuple(skipped), tuple(labels))


def summarise_folder(folder: Path) -> Summary:
    """Bring the runs under a folder together; see `summarise`."""
    return summarise(runs.runs_in(folder))


def _columns(compared: list[tuple[Comparison, str]]) -> tuple[tuple[Comparison, ...], tuple[str, ...]]:
    return tuple(one for one, _ in compared), tuple(settings for _, settings in compared)


def _compared(models: dict[str, list[Run]], difference: str) -> list[Comparison]:
    """Compare models that share all other settings, on each set of rows; `difference` tells them from other groups."""
    config = next(iter(models.values()))[0].config()
    settings, own = config["evaluation"], protocol_of(config).cluster
    words = f", {difference}" if difference else ""
    kinds = {model: control(members[0].config()["model"]) for model, members in models.items()}
    scored: dict[Condition, list[tuple[str, pd.DataFrame]]] = {}
    for model, members in models.items():
        by_seed = {run.config()["seed"]: run for run in members}  # of a repeated run, the last
        predictions = pd.concat([run.predictions() for run in by_seed.values()], ignore_index=True)
        for condition, rows in by_condition(predictions):
            scored.setdefault(condition, []).append((model, rows))
    return [
        side_by_side(
            condition.title,
            trained_how(condition, config) + words,
            frames,
            kinds,
            labels_on(condition.scope, get_task(config["task"]["name"])),
            cluster=cluster_for(settings["cluster"], own, frames[0][1]),
            resamples=settings["resamples"],
            confidence=settings["confidence"],
        )
        for condition, frames in scored.items()
    ]


def _settings(run: Run) -> dict[str, Any]:
    """Return what a run must share with others to stand in a table with them, by dotted key."""
    return without(flat(run.config()), ("model", "seed", "save_model", *runs.NO_RESULT))


def _differences(groups: list[dict[str, Any]]) -> list[str]:
    """Say of each group in which settings it differs from others; split and corpus are in the heading already."""
    named = ("split.name", "split.unit", "corpus.name")
    varying = [key for key in (groups[0] if groups else {}) if len({str(group.get(key)) for group in groups}) > 1]
    shown = [key for key in varying if key not in named]
    return [", ".join(f"{key}={group[key]}" for key in shown) for group in groups]
