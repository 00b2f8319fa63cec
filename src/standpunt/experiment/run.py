"""From a configuration to a run folder: models, predictions, evaluation."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standpunt.corpora.rows import NONE, column
from standpunt.encoders.precision import noted
from standpunt.errors import InputError, StandpuntError
from standpunt.evaluation.condition import ADDRESSED, ALL, Condition, by_condition
from standpunt.evaluation.labelled import labelled
from standpunt.evaluation.resampling import cluster_for
from standpunt.evaluation.scores import Evaluation, evaluate
from standpunt.experiment.config import Config, to_yaml
from standpunt.experiment.preparation import Prepared, layer_of, prepare
from standpunt.experiment.progress import QUIET, Progress
from standpunt.experiment.tracking import Tracker, tracking
from standpunt.experiment.training import Training
from standpunt.models import Model
from standpunt.models.card_scores import card_scores
from standpunt.models.cards import model_card
from standpunt.models.llm.spending import spending_since, spending_so_far
from standpunt.models.persistence import versions
from standpunt.processes import raise_if_told
from standpunt.results import runs
from standpunt.results.comparison import Comparison
from standpunt.results.conditions import trained_how
from standpunt.results.page import page
from standpunt.splits import split_hash
from standpunt.storage.files import atomic_folder
from standpunt.tasks import get_task, labels_on
from standpunt.text.secrets import without_secrets

if TYPE_CHECKING:
    from datasets import Dataset

# What the turns without a label are in a run.
_COUNTED = "what has no label counts as a turn that addresses no issue (none), in training and in the scores"
_LEFT_OUT = "what has no label takes no part in this run"
TRAIN_TEST = "train_test"  # the protocol under which corpora of evaluation.test are scored


@dataclass(frozen=True)
class Result:
    """What a run found, before it is written.

    Attributes:
        predictions: on all rows that were tested on.
        evaluations: the scores under each condition.
        model: None where it is not saved.
        split_sha256: of the folds.
        data: the hash of the rows of each corpus.
        dropped: under each condition, the training rows that were left out.
        skipped: of each corpus to test on whose text was not found, why.
        annotators: of each corpus with debates that lack the layer asked for, whose labels were taken instead.
        half_filled: of each corpus with layers that look so, how far they are, and what that means for the run.
    """

    predictions: pd.DataFrame
    evaluations: dict[Condition, Evaluation]
    model: Model | None
    split_sha256: str
    data: dict[str, str]
    dropped: dict[Condition, int]
    skipped: Mapping[str, str]
    annotators: Mapping[str, Sequence[str]]
    half_filled: Mapping[str, str]


def run(config: Config, parent: Path, *, progress: Progress = QUIET, job: int = 0) -> runs.Run:
    """Run an experiment and write its folder, whether it succeeds or fails.

    Args:
        config: the experiment.
        parent: where the run's folder is made; its name is unique.
        progress: told how far the run is.
        job: its number in a sweep; tables keep that order.

    Returns:
        The run; where it failed, its status says so and error.log tells why. What was asked for and could not be had,
        or not be written, is no exception here, so that one failing run of a sweep does not take the others with it.

    Raises:
        StandpuntError: not even that can be written (disk full).
    """
    started, used = datetime.now(UTC), spending_so_far()
    clock = time.perf_counter()
    digest = config_hash(config)
    status: dict[str, Any] = {"state": runs.FINISHED, "job": job, "config": digest}
    status["started"] = started.isoformat(timespec="seconds")
    result: Result | None = None
    log = ""
    final = parent / runs.run_name(config.model.name, config.seed, digest)
    with atomic_folder(final) as folder:
        try:
            with tracking(config.tracker.name, folder, asdict(config)) as tracker:
                result = execute(config, progress=progress, tracker=tracker)
            progress.say("writing the run")
            _write(result, config, folder, spending_since(used))
        except StandpuntError as error:
            status |= {"state": runs.FAILED, "error": str(error), "exit_code": error.exit_code}
            log = f"{error}\n"
        except Exception as error:
            status |= {"state": runs.FAILED, "error": f"{type(error).__name__}: {error}", "exit_code": 1}
            log = traceback.format_exc()
        raise_if_told()  # not a failure of the run, then
        status["seconds"] = round(time.perf_counter() - clock, 2)
        (folder / runs.CONFIG).write_text(to_yaml(config), "utf-8")
        told: dict[str, Any] = {"skipped": dict(result.skipped)} if result else {}
        if result and result.annotators:
            told["annotators"] = dict(result.annotators)
        if result and result.half_filled:
            told["half_filled"] = dict(result.half_filled)
        runs.write_json(folder / runs.STATUS, status | told)
        (folder / runs.ERROR).write_text(log, encoding="utf-8")
    return runs.Run.load(final)


def record_failure(settings: str, parent: Path, error: StandpuntError, job: int = 0) -> None:
    """Write the folder of a run whose configuration could not even be read."""
    digest = hashlib.sha256(settings.encode()).hexdigest()
    with atomic_folder(parent / runs.run_name("failed", 0, digest)) as folder:
        (folder / runs.CONFIG).write_text(without_secrets(settings), encoding="utf-8")
        status = {"state": runs.FAILED, "job": job, "error": str(error), "exit_code": error.exit_code}
        runs.write_json(folder / runs.STATUS, status)
        (folder / runs.ERROR).write_text(f"{error}\n", encoding="utf-8")


def execute(config: Config, *, progress: Progress = QUIET, tracker: Tracker | None = None) -> Result:
    """Run an experiment in memory.

    Args:
        config: the experiment.
        progress: told what is done and how many folds are.
        tracker: is told the losses of trainings that go in steps, and the scores.

    Raises:
        InputError: a name in the configuration is unknown, or the corpus cannot be used.
        LeakageError: a split leaks.
    """
    prepared = prepare(config, progress=progress)
    training, folds = Training(config, prepared, tracker), prepared.folds
    divided, *_ = prepared.corpora
    trained_on = ", ".join(item.name for item in prepared.corpora)
    parts: list[pd.DataFrame] = []
    dropped: Counter[Condition] = Counter()
    progress.say(f"{config.model.name}, fold by fold")
    for done, fold in enumerate(folds):
        progress.show(done, len(folds))
        part = fold.unit if prepared.protocol.by_part else None
        condition = Condition(divided.name, part, ALL, config.split.name, trained_on)
        trained = training.on(fold)
        parts.append(predicted(divided.rows.select(fold.test), trained.model, condition, fold.unit, config.seed))
        dropped[condition] += trained.dropped
    last = folds[-1] if folds and folds[-1].dev is not None else None
    for other in prepared.tests:
        progress.say(f"{config.model.name}, tested on {other.name}")
        trained = training.on(last)  # the same model for all
        model = trained.model.knowing(other.issues)
        for part, rows in _parts(other.rows):
            condition = Condition(other.name, part, ALL, TRAIN_TEST, trained_on)
            parts.append(predicted(rows, model, condition, "all", config.seed))
            dropped[condition] = trained.dropped
    if not parts:
        nothing = "configuration: split train_test needs a corpus to test on; name one in evaluation.test"
        raise InputError(next(iter(prepared.skipped.values()), nothing))
    if prepared.task.with_none:
        labels = prepared.task.labels
        parts = [scope for frame in parts for scope in (frame, addressed(frame, labels))]
    predictions = pd.concat(parts, ignore_index=True)
    progress.say("scoring")
    evaluations = evaluated(predictions, config, prepared)
    if tracker is not None:
        for condition, evaluation in evaluations.items():
            scores = {f"scores/{condition.title}/{name}": score.value for name, score in evaluation.scores.items()}
            tracker.log(scores, config.seed)
    progress.say(f"{config.model.name}, trained on all rows")  # which takes longer than a fold
    model = training.on(last).model if config.save_model else None
    data = {item.name: item.sha256 for item in (*prepared.corpora, *prepared.tests)}
    counts = {condition: dropped[replace(condition, scope=ALL)] for condition in evaluations}
    named = {
        item.name: [name for name in item.annotators if name != layer_of(config, item.name)]
        for item in (*prepared.corpora, *prepared.tests)
    }
    others = {corpus: annotators for corpus, annotators in named.items() if annotators}
    half = {item.name: item.half_filled for item in (*prepared.corpora, *prepared.tests) if item.half_filled}
    counted = _COUNTED if prepared.task.with_none else _LEFT_OUT
    told = {name: f"corpus {name}: its layer looks half filled ({what}); {counted}" for name, what in half.items()}
    sha256 = split_hash(divided.rows, folds)
    return Result(predictions, evaluations, model, sha256, data, counts, prepared.skipped, others, told)


def evaluated(predictions: pd.DataFrame, config: Config, prepared: Prepared) -> dict[Condition, Evaluation]:
    """Return the scores of predictions under each condition."""
    settings = config.evaluation
    return {
        condition: evaluate(
            rows,
            labels_on(condition.scope, prepared.task),
            cluster=cluster_for(settings.cluster, prepared.protocol.cluster, rows),
            resamples=settings.resamples,
            confidence=settings.confidence,
        )
        for condition, rows in by_condition(predictions)
    }


def config_hash(config: Config) -> str:
    """Return a hash of everything in a configuration that can change its results."""
    relevant = asdict(config)
    for name in runs.NO_RESULT:
        relevant.pop(name)
    relevant["model"] = runs.without_places(relevant["model"])
    if not relevant["split"]["disjoint"]:  # it tells those runs from others that use it
        relevant["split"].pop("disjoint")
    for part, later in (("corpus", runs.LATER_OF_CORPUS), ("evaluation", runs.LATER_OF_EVALUATION)):
        for name, usual in later:
            if relevant[part][name] == usual:
                relevant[part].pop(name)
    return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def predicted(rows: Dataset, model: Model, condition: Condition, fold: str, seed: int) -> pd.DataFrame:
    """Return a row a prediction: who and what it is about, the condition, gold, predicted, and `p_<label>`."""
    names = ("id", "debate", "turn", "speaker", "party", "issue")
    frame = pd.DataFrame({name: column(rows, name) for name in names})
    frame = frame.assign(**condition.record(), fold=fold, seed=seed, gold=column(rows, "label"))
    for name in ("pair", "votes"):
        if name in rows.column_names:
            frame[name] = column(rows, name)
    if model.temperature is not None:
        frame["temperature"] = model.temperature
    return labelled(frame, model.predict_proba(rows), model.labels, "predicted")


def addressed(frame: pd.DataFrame, labels: tuple[str, ...]) -> pd.DataFrame:
    """Return the predictions on pairs that address their issue, once more without the label "none"."""
    narrow = frame[frame["gold"] != NONE].reset_index(drop=True)
    stance = narrow[[f"p_{label}" for label in labels]].to_numpy()
    stance[:, labels.index(NONE)] = 0
    stance /= np.clip(stance.sum(axis=1, keepdims=True), 1e-12, None)
    return labelled(narrow.assign(scope=ADDRESSED), stance, labels, "predicted")


def _parts(rows: Dataset) -> list[tuple[str | None, Dataset]]:
    """Return the rows of a corpus to test on by part; all of them under None where it has no parts."""
    if "part" not in rows.column_names:
        return [(None, rows)]
    parts = np.array(column(rows, "part"))
    return [(str(part), rows.select(np.flatnonzero(parts == part))) for part in dict.fromkeys(parts.tolist())]


def _write(result: Result, config: Config, folder: Path, asked: Sequence[Mapping[str, Any]]) -> None:
    metrics = [
        evaluation.record() | {"dropped_rows": result.dropped[condition]}
        for condition, evaluation in result.evaluations.items()
    ]
    runs.write_json(folder / runs.METRICS, metrics)
    result.predictions.to_parquet(folder / runs.PREDICTIONS, index=False)
    environment = {"versions": versions(), "git": runs.git_commit(), "data": result.data, "split": result.split_sha256}
    environment["encoders"] = noted()  # the precision of which may have been chosen by measuring
    if asked:
        environment["language_models"] = list(asked)
    runs.write_json(folder / runs.ENVIRONMENT, environment)
    if result.model is not None:
        result.model.card = model_card(result.model.card_facts(), card_scores(metrics))
        result.model.save(folder / runs.MODEL)
    (folder / runs.PAGE).write_text(_page(result, config), encoding="utf-8")


def _page(result: Result, config: Config) -> str:
    """Return the page of the run: what a sweep's page has, of one model."""
    settings, name, task = asdict(config), config.model.name, get_task(config.task.name)
    sections = []
    for condition, rows in by_condition(result.predictions):
        evaluation, labels = result.evaluations[condition], labels_on(condition.scope, task)
        how = trained_how(condition, settings)
        one = Comparison(condition.title, how, labels, evaluation.cluster, [(name, rows)], [(name, evaluation)], [], [])
        sections.append(one.section())
    notices = [*result.skipped.values(), *runs.whose_labels(result.annotators), *result.half_filled.values()]
    return page(f"{config.name}: {name}", sections, notices, to_yaml(config))
