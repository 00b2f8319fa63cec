"""The corpora of an experiment, loaded as its configuration names them and divided, ready to train on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from standpunt.annotation.issues import Issue
from standpunt.corpora.corpus import TranscriptMissing, corpus_folder
from standpunt.corpora.loading import LoadedRows, load_rows
from standpunt.corpora.outside.data_set import DATA_SETS
from standpunt.corpora.rows import DEV, PROBABILITIES, TRAIN, WEIGHT, column
from standpunt.errors import InputError, unknown_name
from standpunt.experiment.config import SHARED, Config
from standpunt.experiment.progress import QUIET, Progress
from standpunt.splits import Fold, Protocol, check_balance, get_protocol
from standpunt.splits.training_rows import TrainingRows
from standpunt.tasks import Task, get_task


@dataclass(frozen=True)
class Prepared:
    """The rows of an experiment, loaded and divided.

    Attributes:
        task: what is classified.
        protocol: how the first corpus is divided.
        corpora: those to train on; the first is divided into folds, the others are only ever trained on.
        tests: those that the final model is tested on.
        skipped: of each corpus to test on whose text was not found, why.
        auxiliary: the rows of auxiliary tasks that the model also learns, by task.
        rows: which rows are trained on.
        folds: of the first corpus.
    """

    task: Task
    protocol: Protocol
    corpora: tuple[LoadedRows, ...]
    tests: tuple[LoadedRows, ...]
    skipped: Mapping[str, str]
    auxiliary: Mapping[str, LoadedRows]
    rows: TrainingRows
    folds: tuple[Fold, ...]

    @property
    def issues(self) -> dict[str, Issue]:
        """The definitions of all issues that are trained on."""
        return {name: issue for item in self.corpora for name, issue in item.issues.items()}


def prepare(config: Config, *, tests: bool = True, progress: Progress = QUIET) -> Prepared:
    """Load the corpora of an experiment and divide the one it is about.

    Args:
        config: the experiment.
        tests: whether the corpora to test on are loaded; they stay unread otherwise.
        progress: told which corpus is loaded.

    Raises:
        InputError: a name in the configuration is unknown, or the corpus cannot be used.
        LeakageError: a split leaks.
    """
    task = get_task(config.task.name)
    names = _test_corpora(config)
    used = [config.corpus.name, *config.corpus.also, *names]
    for name in config.corpus.layers:
        if name not in used:
            raise unknown_name("corpus of this experiment (in corpus.layers)", name, used)
    trained_on = (config.corpus.name, *config.corpus.also)
    for name in config.corpus.weights:
        if name not in trained_on:
            raise unknown_name("corpus that is trained on (in corpus.weights)", name, trained_on)
    if set(config.corpus.weights) == set(trained_on):
        raise InputError(
            f"corpus.weights: {', '.join(trained_on)} is all that is trained on; leave out one, whose rows count 1, "
            "since weights say what counts less beside it"
        )
    whole = [_weighed(_load(config, task, name, progress), config) for name in trained_on]
    if config.corpus.limit_debates is not None:
        whole = [whole[0], *some_debates(whole[1:], config.corpus.limit_debates, config.seed)]
    corpora = tuple(_limited(_some_turns(item, config), config.limit_rows) for item in whole)
    check_balance(corpora[0].rows, task.labels)
    issues = list(dict.fromkeys(name for item in corpora for name in item.issues))
    loaded, skipped = [], {}
    for name in names if tests else []:
        try:
            among = issues if config.evaluation.issues == SHARED else None
            tested = _limited(_tested(_load(config, task, name, progress, among=among)), config.limit_rows)
            loaded.append(_limited(tested, config.evaluation.limit_rows))
        except TranscriptMissing as missing:
            skipped[name] = str(missing)
    auxiliary = _auxiliary(config)
    progress.say("dividing the rows")
    return divide(config, corpora, loaded, skipped, auxiliary)


def layer_of(config: Config, corpus: str) -> str:
    """Return the annotator whose labels count in a corpus of an experiment."""
    return config.corpus.layers.get(corpus, config.corpus.layer)


def divide(
    config: Config,
    corpora: Sequence[LoadedRows],
    tests: Sequence[LoadedRows] = (),
    skipped: Mapping[str, str] | None = None,
    auxiliary: Mapping[str, LoadedRows] | None = None,
) -> Prepared:
    """Divide corpora that are loaded; see `Prepared` for the arguments.

    Raises:
        InputError: the rows do not fit the protocol.
        LeakageError: a split leaks.
    """
    protocol = get_protocol(config.split)
    rows = TrainingRows(corpora, tests, protocol)
    folds = protocol.folds(corpora[0].rows, seed=config.seed, duplicates=rows.duplicates)
    limit = config.evaluation.limit_rows
    folds = [replace(fold, test=fold.test[_spread(len(fold.test), limit)]) for fold in folds]
    return Prepared(
        get_task(config.task.name), protocol, tuple(corpora), tuple(tests), skipped or {}, auxiliary or {}, rows,
        tuple(folds[: config.limit_folds]),
    )  # fmt: skip


def _load(config: Config, task: Task, name: str, progress: Progress, among: list[str] | None = None) -> LoadedRows:
    progress.say(f"loading corpus {name}")
    main = name == config.corpus.name
    loaded = load_rows(
        name,
        task,
        layer=layer_of(config, name),
        path=config.corpus.path if main else None,
        data=config.paths.data,
        transcripts=config.paths.transcripts,
        issues=config.corpus.issues if main else None,
        among=among,
    )
    if config.corpus.soft or PROBABILITIES not in loaded.rows.column_names:
        return loaded
    return replace(loaded, rows=loaded.rows.remove_columns(PROBABILITIES))


def _weighed(loaded: LoadedRows, config: Config) -> LoadedRows:
    """Let the rows of a corpus count as much as the configuration says."""
    weight = config.corpus.weights.get(loaded.name)
    if weight is None:
        return loaded
    return replace(loaded, rows=loaded.rows.add_column(WEIGHT, [float(weight)] * len(loaded.rows)))


def _auxiliary(config: Config) -> dict[str, LoadedRows]:
    """Load the rows of the auxiliary tasks that a model learns."""
    wanted: dict[str, str] = getattr(config.model, "auxiliary", {})
    if config.task.name in wanted:
        raise InputError(f"configuration: model.auxiliary names {config.task.name}, which is the task itself")
    loaded = {}
    for name, corpus in wanted.items():
        rows = load_rows(
            corpus,
            get_task(name),
            layer=config.model.auxiliary_layer,
            data=config.paths.data,
            transcripts=config.paths.transcripts,
        )
        loaded[name] = _limited(rows, config.limit_rows)
    return loaded


def _test_corpora(config: Config) -> list[str]:
    """Return the further corpora to test on, each once; none may be one that is trained on.

    Raises:
        InputError: a corpus does not exist, or is a training corpus, by name or by path.
    """
    trained = {_identity(name) for name in (config.corpus.name, *config.corpus.also)}
    places: dict[str, str] = {}
    for name in config.evaluation.test:
        place = _identity(name)
        if place in trained:
            raise InputError(f"configuration: evaluation.test names {name}, which the model is trained on")
        places.setdefault(place, name)
    return list(places.values())


def _identity(name: str) -> str:
    return name if name in DATA_SETS.names() else str(corpus_folder(name).resolve())


def _tested(loaded: LoadedRows) -> LoadedRows:
    """Of a corpus that is divided into parts, keep those to test on; where it has none, all of it is tested on."""
    if "part" not in loaded.rows.column_names:
        return loaded
    kept = ~np.isin(np.array(column(loaded.rows, "part")), (TRAIN, DEV))
    if not kept.any():
        return replace(loaded, rows=loaded.rows.remove_columns("part"))
    return replace(loaded, rows=loaded.rows.select(np.flatnonzero(kept)))


def some_debates(corpora: Sequence[LoadedRows], limit: int, seed: int) -> list[LoadedRows]:
    """Take the rows of some debates, drawn by chance over several corpora, for learning curves.

    Args:
        corpora: to draw from; one of which nothing is drawn is left out.
        limit: how many debates.
        seed: of the draw; with the same seed, the debates of a smaller limit are among those of a larger one.

    Raises:
        InputError: there are not as many debates.
    """
    debates = sorted({(item.name, debate) for item in corpora for debate in column(item.rows, "debate")})
    if limit > len(debates):
        raise InputError(
            f"configuration: corpus.limit_debates is {limit}; at most {len(debates)} debates are in corpus.also"
        )
    order = np.random.default_rng(seed).permutation(len(debates))
    drawn = {debates[place] for place in order[:limit]}
    kept = []
    for item in corpora:
        chosen = [(item.name, debate) in drawn for debate in column(item.rows, "debate")]
        if any(chosen):
            rows = item.rows.select(np.flatnonzero(chosen))
            asked = set(column(rows, "issue")) if "issue" in rows.column_names else set(item.issues)
            kept.append(
                replace(item, rows=rows, issues={name: issue for name, issue in item.issues.items() if name in asked})
            )
    return kept


def _some_turns(loaded: LoadedRows, config: Config) -> LoadedRows:
    """Take the rows of some turns, drawn by chance, for learning curves."""
    if config.corpus.limit_turns is None:
        return loaded
    turns = [
        f"{debate}/{turn}" for debate, turn in zip(*(column(loaded.rows, n) for n in ("debate", "turn")), strict=True)
    ]
    order = np.random.default_rng(config.seed).permutation(sorted(set(turns)))
    chosen = np.isin(np.array(turns), order[: config.corpus.limit_turns])
    return replace(loaded, rows=loaded.rows.select(np.flatnonzero(chosen)))


def _limited(loaded: LoadedRows, limit: int | None) -> LoadedRows:
    """Take a few rows, spread over the corpus so that several speakers, issues and labels are among them."""
    if limit is None:
        return loaded
    return replace(loaded, rows=loaded.rows.select(_spread(len(loaded.rows), limit)))


def _spread(rows: int, limit: int | None) -> NDArray[np.int_]:
    """Return the places of so many rows at most, spread evenly over all of them."""
    if limit is None:
        return np.arange(rows)
    return np.unique(np.linspace(0, rows - 1, min(limit, rows)).round().astype(int))
