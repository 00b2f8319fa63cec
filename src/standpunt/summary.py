"""The outcome of a command that ran experiments: the tables over its runs, and what failed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from standpunt import runs
from standpunt.evaluation.scores import Evaluation, evaluate
from standpunt.evaluation.tables import Table, issues_table, results_table, scores_frame
from standpunt.files import write_text
from standpunt.report import page
from standpunt.runs import Run
from standpunt.splits import describe
from standpunt.tasks import get_task


@dataclass(frozen=True)
class Summary:
    """Tables over finished runs, the failed runs, and why corpora were skipped."""

    title: str
    tables: tuple[Table, ...]
    scores: pd.DataFrame
    failed: tuple[Run, ...]
    skipped: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Write table.md, results.csv and report.html into a sweep's folder."""
        write_text(folder / "table.md", "\n".join(table.to_markdown() for table in self.tables))
        write_text(folder / "results.csv", self.scores.to_csv(index=False, float_format="%.4f"))
        notices = [*self.skipped, *(f"Failed: {run.folder.name}: {run.status['error']}" for run in self.failed)]
        write_text(folder / "report.html", page(self.title, self.tables, notices))


def summarise(found: list[Run]) -> Summary:
    """Bring runs of one experiment together: seeds of a model into one row, corpora into a table each.

    Runs that differ in more than model and seed (another split, other issues) get tables of their own.
    """
    finished = [run for run in found if run.finished]
    labels_of = _row_labels(finished)
    groups: dict[str, dict[str, list[Run]]] = {}
    for run in finished:
        key = json.dumps(_settings(run), sort_keys=True)
        groups.setdefault(key, {}).setdefault(labels_of[run.folder], []).append(run)
    differences = _differences([json.loads(key) for key in groups])
    tables: list[Table] = []
    scored: list[tuple[str, str, Evaluation]] = []
    for models, difference in zip(groups.values(), differences, strict=True):
        config = next(iter(models.values()))[0].config()
        labels, settings, trained_on = (
            get_task(config["task"]["name"]).labels,
            config["evaluation"],
            config["corpus"]["name"],
        )
        per_corpus: dict[str, list[tuple[str, Evaluation]]] = {}
        for model, members in models.items():
            by_seed = {run.config()["seed"]: run for run in members}  # of a repeated run, the last
            predictions = pd.concat([run.predictions() for run in by_seed.values()], ignore_index=True)
            for corpus, part in predictions.groupby("corpus", sort=False):
                evaluation = evaluate(
                    part,
                    labels,
                    cluster=settings["cluster"],
                    resamples=settings["resamples"],
                    confidence=settings["confidence"],
                )
                per_corpus.setdefault(str(corpus), []).append((model, evaluation))
                scored.append((str(corpus), model, evaluation))
        for corpus, entries in per_corpus.items():
            how = describe(corpus, trained_on, config["split"]["name"], config["split"]["unit"]) + difference
            tables.append(results_table(corpus, how, entries, labels))
            if len(entries[0][1].scores) > 1:
                tables.append(issues_table(corpus, entries))
    skipped = dict.fromkeys(text for run in finished for text in run.status.get("skipped", {}).values())
    failed = tuple(run for run in found if not run.finished)
    title = found[0].config()["name"] if found else "no runs"
    return Summary(title, tuple(tables), scores_frame(scored), failed, tuple(skipped))


def summarise_folder(folder: Path) -> Summary:
    """Bring the runs under a folder together; see `summarise`."""
    return summarise(runs.runs_in(folder))


def _row_labels(found: list[Run]) -> dict[Path, str]:
    """Name the row of each run by its model, with the settings in which models of that name differ."""
    settings = {run.folder: run.config()["model"] for run in found}
    labels = {}
    for folder, model in settings.items():
        same_name = [other for other in settings.values() if other["name"] == model["name"]]
        varying = [key for key in model if any(other.get(key) != model[key] for other in same_name)]
        labels[folder] = " ".join([model["name"], *(f"{key}={model[key]}" for key in varying)])
    return labels


def _settings(run: Run) -> dict[str, str]:
    """Return what a run must share with others to stand in a table with them, by dotted key."""
    flat: dict[str, str] = {}
    for key, value in run.config().items():
        if isinstance(value, dict):
            flat |= {f"{key}.{name}": str(inner) for name, inner in value.items()}
        else:
            flat[key] = str(value)
    apart = ("model.", "paths.", "seed", "save_model")
    return {key: value for key, value in flat.items() if not key.startswith(apart)}


def _differences(groups: list[dict[str, str]]) -> list[str]:
    """Say of each group in which settings it differs from others; split and corpus are in the heading already."""
    named = ("split.name", "split.unit", "corpus.name")
    varying = [key for key in (groups[0] if groups else {}) if len({group.get(key) for group in groups}) > 1]
    shown = [key for key in varying if key not in named]
    return ["".join(f", {key}={group[key]}" for key in shown) for group in groups]
