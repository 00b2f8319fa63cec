"""From a configuration to a run folder: models, predictions, evaluation."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from standpunt.corpora.rows import NONE, column
from standpunt.encoders.precision import noted
from standpunt.errors import InputError, StandpuntError
from standpunt.evaluation.resampling import cluster_for
from standpunt.evaluation.scores import OVERALL, Evaluation, evaluate
from standpunt.experiment.config import Config
from standpunt.experiment.preparation import prepare
from standpunt.experiment.tracking import Tracker, tracking
from standpunt.models import Model
from standpunt.models.persistence import versions
from standpunt.results import runs
from standpunt.results.comparison import Comparison, protocol_of
from standpunt.results.page import page
from standpunt.splits import Fold, split_hash
from standpunt.storage.files import atomic_folder
from standpunt.tasks import ADDRESSED, Task, get_task, labels_on

if TYPE_CHECKING:
    from datasets import Dataset

Progress = Callable[[Iterable[Fold], str], Iterable[Fold]]


@dataclass
class Result:
    """What a run found, before it is written; `model` is None where it is not saved."""

    predictions: pd.DataFrame
    evaluations: dict[str, Evaluation]
    model: Model | None
    split_sha256: str
    data: dict[str, str]
    dropped: dict[str, int]
    skipped: dict[str, str] = field(default_factory=dict)


def run(config: Config, parent: Path, *, progress: Progress | None = None, job: int = 0) -> runs.Run:
    """Run an experiment and write its folder, whether it succeeds or fails.

    Args:
        config: the experiment.
        parent: where the run's folder is made; its name is unique.
        progress: wraps the folds to show how far the run is; nothing is shown by default.
        job: its number in a sweep; tables keep that order.

    Returns:
        The run; where it failed, its status says so and error.log tells why. What was asked for and could not be had,
        or not be written, is no exception here, so that one failing run of a sweep does not take the others with it.

    Raises:
        StandpuntError: not even that can be written (disk full).
    """
    started = datetime.now(UTC)
    clock = time.perf_counter()
    digest = config_hash(config)
    status: dict[str, Any] = {"state": runs.FINISHED, "job": job, "config": digest}
    status["started"] = started.isoformat(timespec="seconds")
    result: Result | None = None
    log = ""
    final = parent / runs.run_name(config.model.name, config.seed, digest)
    with atomic_folder(final) as folder:
        try:
            with tracking(config.tracker.name, folder) as tracker:
                result = execute(config, progress=progress, tracker=tracker)
            _write(result, config, folder)
        except StandpuntError as error:
            status |= {"state": runs.FAILED, "error": str(error), "exit_code": error.exit_code}
            log = f"{error}\n"
        except Exception as error:
            status |= {"state": runs.FAILED, "error": f"{type(error).__name__}: {error}", "exit_code": 1}
            log = traceback.format_exc()
        status["seconds"] = round(time.perf_counter() - clock, 2)
        (folder / runs.CONFIG).write_text(yaml.safe_dump(asdict(config), sort_keys=False, allow_unicode=True), "utf-8")
        runs.write_json(folder / runs.STATUS, status | ({"skipped": result.skipped} if result else {}))
        (folder / runs.ERROR).write_text(log, encoding="utf-8")
    return runs.Run.load(final)


def record_failure(settings: str, parent: Path, error: StandpuntError, job: int = 0) -> None:
    """Write the folder of a run whose configuration could not even be read."""
    digest = hashlib.sha256(settings.encode()).hexdigest()
    with atomic_folder(parent / runs.run_name("failed", 0, digest)) as folder:
        (folder / runs.CONFIG).write_text(settings, encoding="utf-8")
        status = {"state": runs.FAILED, "job": job, "error": str(error), "exit_code": error.exit_code}
        runs.write_json(folder / runs.STATUS, status)
        (folder / runs.ERROR).write_text(f"{error}\n", encoding="utf-8")


def execute(config: Config, *, progress: Progress | None = None, tracker: Tracker | None = None) -> Result:
    """Run an experiment in memory.

    Args:
        config: the experiment.
        progress: wraps the folds.
        tracker: is told the losses of trainings that go in steps, and the scores.

    Raises:
        InputError: a name in the configuration is unknown, or the corpus cannot be used.
        LeakageError: a split leaks.
    """
    training, folds = prepare(config, tracker=tracker)
    task, loaded = training.task, training.corpora[0]
    dropped = {}
    parts = []
    for fold in progress(folds, config.model.name) if progress else folds:
        test = loaded.rows.select(fold.test)
        name = f"{config.corpus.name}, {fold.unit}" if fold.dev is not None else config.corpus.name
        parts += _predictions(test, training.on(fold), task, config, name, fold.unit)
        dropped[name] = dropped.get(name, 0) + training.dropped
    last = folds[-1] if folds and folds[-1].dev is not None else None
    data = {item.name: item.sha256 for item in training.corpora}
    for other in training.tests:
        data[other.name] = other.sha256
        final = training.on(last)  # the same model for all
        parts += _predictions(other.rows, final.knowing(other.issues), task, config, other.name, "all")
        dropped[other.name] = training.dropped
    if not parts:
        nothing = "configuration: split train_test needs a corpus to test on; name one in evaluation.test"
        raise InputError(next(iter(training.skipped.values()), nothing))
    predictions = pd.concat(parts, ignore_index=True)
    evaluations = {
        str(name): evaluate(
            part,
            labels_on(str(name), task),
            cluster=cluster_for(config.evaluation.cluster, config.split.name, config.split.unit, part),
            resamples=config.evaluation.resamples,
            confidence=config.evaluation.confidence,
        )
        for name, part in predictions.groupby("corpus", sort=False)
    }
    if tracker is not None:
        for name, evaluation in evaluations.items():
            scores = evaluation.scores[OVERALL].items()
            tracker.log({f"scores/{name}/{metric}": score.value for metric, score in scores}, config.seed)
    # A training on all rows takes longer than one of a fold.
    model = training.on(last) if config.save_model else None
    return Result(predictions, evaluations, model, split_hash(loaded.rows, folds), data, dropped, training.skipped)


def config_hash(config: Config) -> str:
    """Return a hash of everything in a configuration that can change its results."""
    relevant = asdict(config)
    for name in runs.NO_RESULT:
        relevant.pop(name)
    relevant["model"] = runs.without_places(relevant["model"])
    if not relevant["split"]["apart"]:  # runs of before there was such a setting keep their hash
        relevant["split"].pop("apart")
    return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def _predictions(rows: Dataset, model: Model, task: Task, config: Config, corpus: str, fold: str) -> list[pd.DataFrame]:
    """Return the predictions on rows; for a scheme with "none", those on addressed pairs once more without it."""
    names = ("id", "debate", "turn", "speaker", "party", "issue")
    frame = pd.DataFrame({name: column(rows, name) for name in names})
    frame["corpus"], frame["fold"], frame["seed"] = corpus, fold, config.seed
    if fold == "all" and "part" in rows.column_names:
        frame["corpus"] = [f"{corpus}, {part}" for part in column(rows, "part")]
    frame["gold"] = column(rows, "label")
    if "pair" in rows.column_names:
        frame["pair"] = column(rows, "pair")
    if "votes" in rows.column_names:
        frame["votes"] = column(rows, "votes")
    if model.temperature is not None:
        frame["temperature"] = model.temperature
    probabilities = model.predict_proba(rows)
    frames = [_labelled(frame, probabilities, task.labels)]
    if task.with_none:
        addressed = (frame["gold"] != NONE).to_numpy()
        stance = probabilities[addressed].copy()
        stance[:, task.labels.index(NONE)] = 0
        stance /= np.clip(stance.sum(axis=1, keepdims=True), 1e-12, None)
        narrow = frame[addressed].reset_index(drop=True)
        narrow["corpus"] = narrow["corpus"] + ADDRESSED
        frames.append(_labelled(narrow, stance, task.labels))
    return frames


def _labelled(frame: pd.DataFrame, probabilities: NDArray[np.float64], labels: tuple[str, ...]) -> pd.DataFrame:
    chosen = [labels[index] for index in probabilities.argmax(axis=1)]
    columns = {f"p_{label}": probabilities[:, position] for position, label in enumerate(labels)}
    return frame.assign(predicted=chosen, **columns)


def _write(result: Result, config: Config, folder: Path) -> None:
    metrics = {
        name: evaluation.record() | {"dropped_rows": _dropped(name, result.dropped)}
        for name, evaluation in result.evaluations.items()
    }
    runs.write_json(folder / runs.METRICS, metrics)
    result.predictions.to_parquet(folder / runs.PREDICTIONS, index=False)
    environment = {"versions": versions(), "git": runs.git_commit(), "data": result.data, "split": result.split_sha256}
    environment["encoders"] = noted()  # the precision of which may have been chosen by measuring
    runs.write_json(folder / runs.ENVIRONMENT, environment)
    if result.model is not None:
        result.model.save(folder / runs.MODEL)
    (folder / runs.REPORT).write_text(_page(result, config), encoding="utf-8")


def _page(result: Result, config: Config) -> str:
    """Return the page of the run: what a sweep's page has, of one model."""
    settings, name, task = asdict(config), config.model.name, get_task(config.task.name)
    sections = []
    for corpus, evaluation in result.evaluations.items():
        rows = result.predictions[result.predictions["corpus"] == corpus].reset_index(drop=True)
        how, labels = protocol_of(corpus, settings), labels_on(corpus, task)
        one = Comparison(corpus, how, labels, evaluation.cluster, [(name, rows)], [(name, evaluation)], [], [])
        sections.append(one.section())
    text = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
    return page(f"{config.name}: {name}", sections, list(result.skipped.values()), text)


def _dropped(name: str, dropped: dict[str, int]) -> int:
    """Return the number of the corpus that `name` is, or is a part of ("tk-ukraine (addressed)")."""
    return dropped[max((corpus for corpus in dropped if name.startswith(corpus)), key=len)]
