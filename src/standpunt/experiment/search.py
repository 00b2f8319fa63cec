"""A search for good settings by random draws or the tree-structured Parzen estimator, both Optuna's.

Settings are scored by macro-F1 on dev rows: whole groups (speakers, debates, ...) of the training rows that no trial
trains on, or the dev part of a data set. The labels of rows that are tested on play no part, and corpora to test on are
not even read, until the best settings are run once as any other experiment. (TPE: J. Bergstra et al., Algorithms for
Hyper-Parameter Optimization, NeurIPS 2011. Optuna: T. Akiba et al., KDD 2019.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from standpunt.corpora.rows import column
from standpunt.errors import InputError, RunError, StandpuntError, require
from standpunt.experiment.config import Config, SearchConfig, quoted
from standpunt.experiment.preparation import Prepared, prepare
from standpunt.experiment.progress import QUIET, Progress
from standpunt.experiment.run import config_hash, run
from standpunt.experiment.training import Training
from standpunt.results.runs import Run, runs_in, tidy
from standpunt.splits import Fold
from standpunt.splits.development import drawn_development, given_development
from standpunt.storage.files import write_text
from standpunt.storage.locks import claimed

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.trial import FrozenTrial

STUDY, TRIALS = "study.jsonl", "trials.csv"
# What may not be searched: it would change which rows are scored, or nothing at all.
_FIXED = (
    "corpus",
    "task",
    "split",
    "evaluation",
    "search",
    "paths",
    "tracker",
    "name",
    "limit_rows",
    "limit_folds",
    "fail_fast",
)
_FREE = ("corpus.also",)
Compose = Callable[..., Config]


@dataclass(frozen=True)
class Outcome:
    """What a search found: its folder, the best overrides with their score on dev, the run made with them."""

    folder: Path
    overrides: tuple[str, ...]
    value: float
    trials: int
    run: Run


def run_search(
    compose: Compose,
    parent: Path,
    folder: Path | None = None,
    *,
    progress: Progress = QUIET,
) -> Outcome:
    """Search, and run the best settings once.

    Args:
        compose: returns the configuration with these overrides; without any, the one whose `search` says what to do.
        parent: where the search's folder is made.
        folder: that of a search to go on with: trials that ended are kept, the one in flight is forgotten.
        progress: told how many of the trials are made.

    Returns:
        The best settings and their run, in the search's folder beside `trials.csv`.

    Raises:
        InputError: the space or the split does not allow a search, Optuna is not installed, or `folder` holds another
            search.
        RunError: every trial failed.
        StandpuntError: another process searches in `folder`.
    """
    _optuna()
    base = compose()
    search = base.search
    require(bool(search.space), "search.space", "empty", "keys with values to choose from, see docs/sweeps.md")
    compose(*(f"{key}={_text(_first(key, values))}" for key, values in search.space.items()))
    development = Development(base, progress)
    folder = folder or parent / f"search-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    with claimed(folder, "set paths.runs to another folder"):
        return _searched(compose, base, development, folder, progress)


def _searched(
    compose: Compose,
    base: Config,
    development: Development,
    folder: Path,
    progress: Progress,
) -> Outcome:
    optuna, search = _optuna(), base.search
    tidy(folder)
    study = _study(folder, base)
    progress.say("trials")
    for number in range(search.trials):
        progress.show(number, search.trials)
        if number < len(_ended(study)):
            continue
        # From the number of trials that ended, so that a search goes on after a kill as it would have gone on.
        study.sampler = _sampler(search, number)
        trial = study.ask()
        overrides = [f"{key}={_text(_suggest(trial, key, values))}" for key, values in search.space.items()]
        trial.set_user_attr("overrides", overrides)
        try:
            study.tell(trial, development.score(compose(*overrides)))
        except StandpuntError as error:
            trial.set_user_attr("error", str(error))
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
    write_text(folder / TRIALS, _table(study).to_csv(index=False))
    ended = _ended(study)
    scored = [(trial.value, trial) for trial in ended if trial.value is not None]
    if not scored:
        first = ended[0].user_attrs["error"]
        raise RunError(f"all {len(ended)} trials of the search failed: {first} ({folder / TRIALS})")
    value, best = max(scored, key=lambda pair: pair[0])
    config = compose(*best.user_attrs["overrides"])
    done = [item for item in runs_in(folder) if item.finished and item.status.get("config") == config_hash(config)]
    best_run = done[0] if done else run(config, folder, progress=progress)
    return Outcome(folder, tuple(best.user_attrs["overrides"]), value, len(ended), best_run)


class Development:
    """Scores configurations on the same dev rows."""

    def __init__(self, config: Config, progress: Progress = QUIET) -> None:
        """Load the rows and set dev rows aside.

        Args:
            config: says which rows.
            progress: told which corpus is loaded.

        Raises:
            InputError: every row is tested on by some fold, or there is one group only.
        """
        self._prepared = prepare(config, tests=False, progress=progress)
        self._also = config.corpus.also
        self.fold = _dev_fold(self._prepared, config.search)

    def score(self, config: Config) -> float:
        """Return macro-F1 on the dev rows, over the labels that occur in them.

        Raises:
            StandpuntError: the configuration cannot be trained.
        """
        from sklearn.metrics import f1_score

        same = config.corpus.also == self._also
        prepared = self._prepared if same else prepare(config, tests=False)
        rows = prepared.corpora[0].rows.select(self.fold.test)
        gold = column(rows, "label")
        predicted = Training(config, prepared).on(self.fold).model.predict(rows)
        return float(f1_score(gold, predicted, labels=sorted(set(gold)), average="macro", zero_division=0))


def _dev_fold(prepared: Prepared, search: SearchConfig) -> Fold:
    folds, rows = prepared.folds, prepared.rows
    if len({fold.train.tobytes() for fold in folds}) > 1:
        raise InputError(
            "search: this split tests on every row, so that none is left to choose settings on; take split=train_test, "
            "time_forward or parts"
        )
    among, dev = rows.trainable(folds[0] if folds else None)
    if dev is not None and len(dev):
        return given_development(among, dev, rows.duplicates)
    return drawn_development(prepared.corpora[0].rows, among, search.unit, search.share, search.seed, rows.duplicates)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise InputError("a search needs Optuna; install it with: pip install 'standpunt[search]'") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def _study(folder: Path, base: Config) -> Study:
    """Open the study of a folder, or begin one."""
    optuna = _optuna()
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    storage = JournalStorage(JournalFileBackend(str(folder / STUDY)))
    study = optuna.create_study(study_name="search", storage=storage, direction="maximize", load_if_exists=True)
    settings = {name: value for name, value in asdict(base.search).items() if name != "trials"}
    mark = hashlib.sha256(json.dumps([config_hash(base), settings], sort_keys=True).encode()).hexdigest()
    if study.user_attrs.get("settings", mark) != mark:
        raise InputError(f"{folder}: the search there is another one; run it with its settings, or without --resume")
    study.set_user_attr("settings", mark)
    for trial in study.get_trials(states=(optuna.trial.TrialState.RUNNING,)):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
    return study


def _ended(study: Study) -> list[FrozenTrial]:
    """Return the trials that came to an end, scored or failed; not those that a kill ended."""
    return [trial for trial in study.trials if trial.value is not None or "error" in trial.user_attrs]


def _sampler(search: SearchConfig, number: int) -> Any:
    samplers = _optuna().samplers
    return (samplers.RandomSampler if search.sampler == "random" else samplers.TPESampler)(seed=search.seed + number)


def _first(key: str, values: Any) -> Any:
    """Return a value of a key's space.

    Raises:
        InputError: the key may not be searched, or the space is not one.
    """
    bare = key.lstrip("+")
    if bare.split(".")[0] in _FIXED and bare not in _FREE:
        raise InputError(f"configuration: search.space: {key} decides which rows are scored, or nothing; search others")
    expected = f"configuration: search.space.{key}: expected a list of values, or low and high (and log, step)"
    if isinstance(values, list) and values:
        return values[0]
    if not isinstance(values, dict) or not {"low", "high"} <= set(values) <= {"low", "high", "log", "step"}:
        raise InputError(expected)
    low, high = values["low"], values["high"]
    if not (_is_number(low) and _is_number(high) and low < high and not (values.get("log") and low <= 0)):
        raise InputError(f"{expected}; low must be below high, and above 0 with log")
    step = values.get("step")
    if step is None:
        return low
    if values.get("log"):
        raise InputError(f"{expected}; log and step exclude each other")
    whole = isinstance(low, int) and isinstance(high, int)
    if not (_is_number(step) and step > 0 and (isinstance(step, int) or not whole)):
        raise InputError(f"{expected}; step must be above 0, and a whole number where low and high are")
    return low


def _suggest(trial: Trial, key: str, values: Any) -> Any:
    if isinstance(values, list):
        texts = [json.dumps(value) for value in values]
        return json.loads(trial.suggest_categorical(key, texts))
    low, high, log, step = values["low"], values["high"], bool(values.get("log")), values.get("step")
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(key, low, high, log=log, step=step or 1)
    return trial.suggest_float(key, low, high, log=log, step=step)


def _text(value: Any) -> str:
    """Return a value as Hydra's command line reads it."""
    if isinstance(value, list):
        return f"[{','.join(map(_text, value))}]"
    if isinstance(value, str) and not value.replace("_", "").replace("-", "").isalnum():
        return quoted(value)
    return value if isinstance(value, str) else json.dumps(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _table(study: Study) -> pd.DataFrame:
    return pd.DataFrame(list(_records(study)), columns=["trial", "macro_f1", "seconds", "overrides", "error"])


def _records(study: Study) -> Iterator[list[Any]]:
    for trial in _ended(study):
        seconds = round(trial.duration.total_seconds(), 2) if trial.duration else None
        overrides = " ".join(trial.user_attrs.get("overrides", []))
        yield [trial.number, trial.value, seconds, overrides, trial.user_attrs.get("error", "")]
