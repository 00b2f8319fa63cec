"""From a configuration to a run folder: corpus, rows, folds, model, evaluation."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from standpunt import runs
from standpunt.annotation.issues import Issue
from standpunt.config import Config
from standpunt.corpora.corpus import TranscriptMissing, corpus_folder
from standpunt.corpora.loading import OUTSIDE, LoadedRows, load_rows
from standpunt.corpora.rows import column
from standpunt.errors import InputError, StandpuntError
from standpunt.evaluation.scores import Evaluation, evaluate
from standpunt.files import atomic_folder
from standpunt.models import Model, build
from standpunt.models.base import Provenance
from standpunt.models.persistence import versions
from standpunt.report import run_page
from standpunt.splits import Fold, assert_apart, check_balance, make_folds, split_hash
from standpunt.tasks import Task, get_task

if TYPE_CHECKING:
    from datasets import Dataset

Progress = Callable[[Iterable[Fold], str], Iterable[Fold]]


@dataclass
class Result:
    """What a run found, before it is written."""

    predictions: pd.DataFrame
    evaluations: dict[str, Evaluation]
    model: Model
    split_sha256: str
    data: dict[str, str]
    skipped: dict[str, str] = field(default_factory=dict)


def run(config: Config, parent: Path, *, progress: Progress | None = None, job: int = 0) -> runs.Run:
    """Run an experiment and write its folder, whether it succeeds or fails.

    Args:
        config: the experiment.
        parent: where the run's folder is made; its name is unique.
        progress: wraps the folds to show how far the run is; nothing is shown by default.
        job: its number in a sweep; tables keep that order.

    Returns:
        The run; where it failed, its status says so and error.log tells why. What was asked for and could not be had is
        no exception here, so that one failing run of a sweep does not take the others with it.

    Raises:
        StandpuntError: the folder itself cannot be written (disk full).
    """
    started = datetime.now(UTC)
    clock = time.perf_counter()
    status: dict[str, Any] = {"state": runs.FINISHED, "job": job, "started": started.isoformat(timespec="seconds")}
    result: Result | None = None
    log = ""
    try:
        result = execute(config, progress=progress)
    except StandpuntError as error:
        status |= {"state": runs.FAILED, "error": str(error), "exit_code": error.exit_code}
        log = f"{error}\n"
    except Exception as error:
        status |= {"state": runs.FAILED, "error": f"{type(error).__name__}: {error}", "exit_code": 1}
        log = traceback.format_exc()
    status["seconds"] = round(time.perf_counter() - clock, 2)
    final = parent / runs.run_name(config.model.name, config.seed, config_hash(config))
    with atomic_folder(final) as folder:
        (folder / runs.CONFIG).write_text(yaml.safe_dump(asdict(config), sort_keys=False, allow_unicode=True), "utf-8")
        runs.write_json(folder / runs.STATUS, status | ({"skipped": result.skipped} if result else {}))
        (folder / runs.ERROR).write_text(log, encoding="utf-8")
        if result:
            _write(result, config, folder)
    return runs.Run.load(final)


def record_failure(settings: str, parent: Path, error: StandpuntError, job: int = 0) -> None:
    """Write the folder of a run whose configuration could not even be read."""
    digest = hashlib.sha256(settings.encode()).hexdigest()
    with atomic_folder(parent / runs.run_name("failed", 0, digest)) as folder:
        (folder / runs.CONFIG).write_text(settings, encoding="utf-8")
        status = {"state": runs.FAILED, "job": job, "error": str(error), "exit_code": error.exit_code}
        runs.write_json(folder / runs.STATUS, status)
        (folder / runs.ERROR).write_text(f"{error}\n", encoding="utf-8")


def execute(config: Config, *, progress: Progress | None = None) -> Result:
    """Run an experiment in memory.

    Raises:
        InputError: a name in the configuration is unknown, or the corpus cannot be used.
        LeakageError: a split leaks.
    """
    task = get_task(config.task.name)
    tests = _test_corpora(config)
    loaded = _limited(
        load_rows(
            config.corpus.name,
            task,
            layer=config.corpus.layer,
            path=config.corpus.path,
            transcripts=config.paths.transcripts,
            issues=config.corpus.issues,
        ),
        config.limit_rows,
    )
    rows, issues = loaded.rows, loaded.issues
    check_balance(rows, task.labels)
    folds = make_folds(rows, config.split)
    parts = []
    for fold in progress(folds, config.model.name) if progress else folds:
        model = _train(config, task, issues, rows.select(fold.train))
        part = rows.select(fold.test)
        parts.append(_predictions(part, model.predict_proba(part), task, config, config.corpus.name, fold.unit))
    final = _train(config, task, issues, rows)
    final.provenance = Provenance(task.name, [config.corpus.name], len(rows), loaded.sha256, config.seed)
    data = {config.corpus.name: loaded.sha256}
    skipped: dict[str, str] = {}
    for name in tests:
        try:
            other = load_rows(
                name, task, layer=config.corpus.layer, transcripts=config.paths.transcripts, among=list(issues)
            )
        except TranscriptMissing as missing:
            skipped[name] = str(missing)
            continue
        test, data[name] = other.rows, other.sha256
        assert_apart(rows, test)
        parts.append(_predictions(test, final.predict_proba(test), task, config, name, "all"))
    predictions = pd.concat(parts, ignore_index=True)
    evaluations = {
        str(name): evaluate(
            part,
            task.labels,
            cluster=config.evaluation.cluster,
            resamples=config.evaluation.resamples,
            confidence=config.evaluation.confidence,
        )
        for name, part in predictions.groupby("corpus", sort=False)
    }
    return Result(predictions, evaluations, final, split_hash(rows, folds), data, skipped)


def config_hash(config: Config) -> str:
    """Return a hash of everything in a configuration that can change its results."""
    relevant = asdict(config)
    relevant.pop("paths")
    return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def _test_corpora(config: Config) -> list[str]:
    """Return the corpora to test on besides, each once; none may be the one that is trained on.

    Raises:
        InputError: a corpus does not exist, or is the training corpus, by name or by path.
    """
    trained = None if config.corpus.name in OUTSIDE else corpus_folder(config.corpus.name).resolve()
    folders: dict[Path, str] = {}
    for name in config.evaluation.test:
        folder = corpus_folder(name).resolve()
        if folder == trained:
            raise InputError(f"configuration: evaluation.test names {name}, which the model is trained on")
        folders.setdefault(folder, name)
    return list(folders.values())


def _limited(loaded: LoadedRows, limit: int | None) -> LoadedRows:
    """Take a few rows, spread over the corpus so that several speakers, issues and labels are among them."""
    if limit is None:
        return loaded
    chosen = np.linspace(0, len(loaded.rows) - 1, min(limit, len(loaded.rows))).round().astype(int)
    return replace(loaded, rows=loaded.rows.select(np.unique(chosen)))


def _train(config: Config, task: Task, issues: dict[str, Issue], rows: Dataset) -> Model:
    return build(config.model, task.labels, issues).fit(rows, None, config.seed)


def _predictions(
    rows: Dataset, probabilities: NDArray[np.float64], task: Task, config: Config, corpus: str, fold: str
) -> pd.DataFrame:
    frame = pd.DataFrame({name: column(rows, name) for name in ("id", "debate", "turn", "speaker", "party", "issue")})
    frame["corpus"], frame["fold"], frame["seed"] = corpus, fold, config.seed
    frame["gold"] = column(rows, "label")
    frame["predicted"] = [task.labels[index] for index in probabilities.argmax(axis=1)]
    for position, label in enumerate(task.labels):
        frame[f"p_{label}"] = probabilities[:, position]
    return frame


def _write(result: Result, config: Config, folder: Path) -> None:
    metrics = {name: evaluation.record() for name, evaluation in result.evaluations.items()}
    runs.write_json(folder / runs.METRICS, metrics)
    result.predictions.to_parquet(folder / runs.PREDICTIONS, index=False)
    environment = {"versions": versions(), "git": runs.git_commit(), "data": result.data, "split": result.split_sha256}
    runs.write_json(folder / runs.ENVIRONMENT, environment)
    if config.save_model:
        result.model.save(folder / runs.MODEL)
    (folder / runs.REPORT).write_text(run_page(config, result.evaluations, result.skipped), encoding="utf-8")
