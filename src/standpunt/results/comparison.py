"""Models side by side on the same rows: scores, paired differences, warnings, and the rows on which they differ.

They are shown as tables, pictures and a page, and written as files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from standpunt.errors import InputError
from standpunt.evaluation.condition import by_condition
from standpunt.evaluation.controls import control, control_notes, expected_controls
from standpunt.evaluation.paired import Difference, check_same_rows, differences
from standpunt.evaluation.resampling import cluster_for
from standpunt.evaluation.scores import Evaluation, evaluate
from standpunt.evaluation.tables import (
    Table,
    details_table,
    differences_table,
    groups_table,
    results_table,
    scores_frame,
)
from standpunt.results.conditions import protocol_of, trained_how
from standpunt.results.naming import flat, row_labels, without
from standpunt.results.page import Section, page
from standpunt.results.plots import Picture, issues_picture, risk_coverage_picture
from standpunt.results.runs import NO_RESULT, Run, labels_notes, runs_in, without_places
from standpunt.storage.files import atomic_folder
from standpunt.tasks import get_task, labels_on

# What does not tell models apart: the seed, what a run is called, and how its scores were resampled.
_ASIDE = (
    *NO_RESULT,
    "seed",
    "save_model",
    "name",
    "evaluation.cluster",
    "evaluation.resamples",
    "evaluation.confidence",
)
_ROW = ["id", "debate", "turn", "speaker", "party", "issue"]
SHOWN = 100  # rows of disagreement on a page; files have them all


@dataclass(frozen=True)
class Comparison:
    """Some models on the rows of one corpus.

    Attributes:
        corpus: what they were scored on, in words.
        protocol: how they were trained, in words.
        labels: the label scheme.
        cluster: what was resampled.
        frames: (model, predictions of all its seeds).
        evaluations: (model, scores), in the same order.
        differences: between every two of them; none where their rows are not the same.
        warnings: controls that are missing or not beaten.
    """

    corpus: str
    protocol: str
    labels: tuple[str, ...]
    cluster: str
    frames: list[tuple[str, pd.DataFrame]]
    evaluations: list[tuple[str, Evaluation]]
    differences: list[Difference]
    warnings: list[str]

    def main_table(self) -> Table:
        """Return the main scores."""
        return results_table(self.corpus, self.protocol, self.evaluations, self.warnings)

    def issues_table(self) -> Table:
        """Return macro-F1 per issue; without rows where there are too many issues."""
        return groups_table(self.corpus, self.evaluations, "issue")

    def differences_table(self) -> Table:
        """Return the paired differences; without rows where there is one model."""
        return differences_table(self.corpus, self.differences, self.cluster)

    def pictures(self) -> dict[str, Picture]:
        """Return the risk-coverage curves and macro-F1 per issue, by a name for their files."""
        pictures = {"risk-coverage": risk_coverage_picture(f"{self.corpus}: risk and coverage", self.frames)}
        if self.evaluations[0][1].issues:
            title = f"{self.corpus}: macro-F1 per issue (rows)"
            pictures["issues"] = issues_picture(title, self.evaluations)
        return pictures

    def section(self) -> Section:
        """Return all of it as part of a page."""
        further = details_table(self.corpus, self.evaluations, self.labels)
        details = [self.issues_table(), groups_table(self.corpus, self.evaluations, "party"), further]
        if len(self.frames) > 1:
            details.append(self.disagreements_table())
        tables = [self.main_table(), self.differences_table()]
        return Section(tables, list(self.pictures().values()), details)

    def disagreements(self) -> pd.DataFrame:
        """Return the rows on which two models differ, on the first seed of each: a column of answers a model."""
        table = None
        for model, frame in self.frames:
            one = frame[frame["seed"] == frame["seed"].min()].drop_duplicates("id").set_index("id")
            table = one[[*_ROW[1:], "gold"]].copy() if table is None else table
            table[model] = one["predicted"].reindex(table.index)
        assert table is not None
        models = [model for model, _ in self.frames]
        return table[table[models].nunique(axis=1) > 1].reset_index()

    def disagreements_table(self) -> Table:
        """Return the first rows of `disagreements`."""
        frame = self.disagreements()
        shown = frame.drop(columns=["debate", "speaker"]).head(SHOWN).fillna("–").astype(str)
        notes = (f"The first {SHOWN} of {len(frame)}.",) if len(frame) > SHOWN else ()
        title = f"{self.corpus}: the {len(frame)} rows on which models differ"
        return Table(title, tuple(shown.columns), tuple(shown.itertuples(index=False, name=None)), notes)


def side_by_side(
    corpus: str,
    protocol: str,
    frames: Sequence[tuple[str, pd.DataFrame]],
    kinds: Mapping[str, str | None],
    labels: Sequence[str],
    *,
    cluster: str,
    resamples: int,
    confidence: float,
) -> Comparison:
    """Score models on a corpus and compare them.

    Args:
        corpus: what they were scored on, in words.
        protocol: how they were trained, in words.
        frames: (model, predictions of all its seeds).
        kinds: of each model, which control it is; None for none.
        labels: the label scheme.
        cluster: the column whose values are resampled whole.
        resamples: number of bootstrap resamples.
        confidence: mass of the intervals.
    """
    options: dict[str, Any] = {"cluster": cluster, "resamples": resamples, "confidence": confidence}
    evaluations = [(model, evaluate(frame, labels, **options)) for model, frame in frames]
    try:
        check_same_rows(frames, corpus)
        gaps = differences(frames, labels, **options)
        rows = frames[0][1]
        expected = expected_controls(rows["issue"].unique(), rows["party"].dropna().unique())
        warnings = control_notes({model: kinds[model] for model, _ in frames}, gaps, expected)
    except InputError:  # e.g. a learning curve that is tested on its own rows
        gaps, warnings = [], []
    return Comparison(corpus, protocol, tuple(labels), cluster, list(frames), evaluations, gaps, warnings)


def compare(
    folders: Sequence[str | Path],
    *,
    cluster: str | None = None,
    resamples: int = 10_000,
    confidence: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
) -> list[Comparison]:
    """Compare runs, one comparison for each corpus that all were scored on.

    Seeds of one model become one row; models of one name are told apart by the settings in which they differ.

    Args:
        folders: run folders and sweep folders.
        cluster: the column whose values are resampled whole; by default what the first run's protocol leaves out.
        resamples: number of bootstrap resamples.
        confidence: mass of the intervals.
        progress: told how many of the comparisons are made, and of how many.

    Raises:
        InputError: a folder holds no finished run, the runs share no corpus, have different tasks, or were not scored
            on the same rows.
    """
    named = _named([(str(folder), run) for folder in folders for run in _finished(Path(folder))])
    configs = {model: runs[0].config() for model, runs in named.items()}
    first = next(iter(configs.values()))
    for model, config in configs.items():
        if config["task"]["name"] != first["task"]["name"]:
            raise InputError(
                f"{model} has task {config['task']['name']}, the first run {first['task']['name']}; compare runs of one"
            )
    frames = {
        model: {condition.tested: (condition, rows) for condition, rows in by_condition(_predictions(runs))}
        for model, runs in named.items()
    }
    shared = [tested for tested in next(iter(frames.values())) if all(tested in several for several in frames.values())]
    if not shared:
        tested = "; ".join(
            f"{model}: {', '.join(condition.title for condition, _ in several.values())}"
            for model, several in frames.items()
        )
        raise InputError(f"the runs were scored on different corpora ({tested}); compare runs that share one")
    task, own = get_task(first["task"]["name"]), protocol_of(first).cluster
    kinds = {model: control(config["model"]) for model, config in configs.items()}
    comparisons = []
    for number, tested in enumerate(shared):
        if progress:
            progress(number, len(shared))
        several = {model: conditions[tested] for model, conditions in frames.items()}
        parts = [(model, rows) for model, (_, rows) in several.items()]
        title = next(iter(several.values()))[0].title
        check_same_rows(parts, title)
        hows = dict.fromkeys(trained_how(condition, configs[model]) for model, (condition, _) in several.items())
        comparisons.append(
            side_by_side(
                title, " or ".join(hows), parts, kinds, labels_on(tested[2], task),
                cluster=cluster_for(cluster, own, parts[0][1]), resamples=resamples, confidence=confidence,
            )
        )  # fmt: skip
    return comparisons


def notes(folders: Sequence[str | Path]) -> list[str]:
    """Return what is to be known of the labels that runs were trained and scored on, each note once.

    Raises:
        InputError: a folder holds no finished run.
    """
    return list(
        dict.fromkeys(note for place in folders for run in _finished(Path(place)) for note in labels_notes(run.status))
    )


def write_comparisons(comparisons: Sequence[Comparison], folder: Path) -> None:
    """Write a new folder in one step.

    In it: comparison.md (tables and pictures), pictures as PNG, results.csv (every score), differences.csv,
    disagreements.csv (the rows on which two models differ, without their text), page.html (all of it in one file).

    Raises:
        InputError: the folder exists and is not empty.
        StandpuntError: writing failed; nothing is left behind.
    """
    with atomic_folder(folder) as target:
        text = []
        for number, one in enumerate(comparisons, start=1):
            shown = (one.main_table(), one.differences_table(), one.issues_table())
            text += [table.to_markdown() for table in shown if table.rows]
            for name, picture in one.pictures().items():
                (target / f"{name}-{number}.png").write_bytes(picture.png)
                text.append(f"![{picture.title}]({name}-{number}.png)\n")
        (target / "comparison.md").write_text("\n".join(text), encoding="utf-8")
        scores = scores_frame((model, evaluation) for one in comparisons for model, evaluation in one.evaluations)
        gaps = pd.DataFrame([{"corpus": one.corpus} | d.record() for one in comparisons for d in one.differences])
        rows = pd.concat([one.disagreements().assign(corpus=one.corpus) for one in comparisons], ignore_index=True)
        for name, frame in (("results", scores), ("differences", gaps), ("disagreements", rows)):
            frame.to_csv(target / f"{name}.csv", index=False, float_format="%.4f")
        title = "Comparison: " + ", ".join(dict.fromkeys(model for one in comparisons for model, _ in one.frames))
        html = page(title, [one.section() for one in comparisons])
        (target / "page.html").write_text(html, encoding="utf-8")


def _finished(folder: Path) -> list[Run]:
    finished = [run for run in runs_in(folder) if run.finished] if folder.is_dir() else []
    if not finished:
        raise InputError(f"{folder}: no finished run in it; expected the folder of a run or of a sweep")
    return finished


def _named(placed: Sequence[tuple[str, Run]]) -> dict[str, list[Run]]:
    """Group the runs of one model, a run a seed; the same model from two folders stays two."""
    configs = [flat(without_places(run.config())) for _, run in placed]
    settings = [without(config, _ASIDE) for config in configs]
    labels = row_labels(settings)
    places: dict[str, set[str]] = {}
    for label, (folder, _) in zip(labels, placed, strict=True):
        places.setdefault(label, set()).add(folder)
    groups: dict[str, dict[int, Run]] = {}
    for label, (folder, run) in zip(labels, placed, strict=True):
        name = label if len(places[label]) == 1 else f"{label} ({folder})"
        groups.setdefault(name, {})[run.config()["seed"]] = run  # of a repeated run, the last
    return {name: list(by_seed.values()) for name, by_seed in groups.items()}


def _predictions(runs: Sequence[Run]) -> pd.DataFrame:
    return pd.concat([run.predictions() for run in runs], ignore_index=True)
