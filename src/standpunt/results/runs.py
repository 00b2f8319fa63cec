"""Run folders: their layout and reading them back. They are written in one step, by `standpunt.experiment.run.run`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from standpunt import html
from standpunt.errors import InputError
from standpunt.evaluation.condition import CONDITION, Condition
from standpunt.storage.paths import PACKAGE

CONFIG = "config.yaml"
STATUS = "status.json"
ERROR = "error.log"
METRICS = "metrics.json"
PREDICTIONS = "predictions.parquet"
ENVIRONMENT = "environment.json"
MODEL = "model"
PAGE = "page.html"
FINISHED = "finished"
FAILED = "failed"
SET_ASIDE = ".failed"  # in a sweep's folder: failed runs that were repeated
NO_RESULT = ("paths", "tracker", "search", "fail_fast")  # settings of an experiment that change none of its results
PLACES = ("cache", "checkpoints")  # settings of models: folders of what can be made again
# Settings that came later, of the corpus, the evaluation and models: runs of before keep their hash.
LATER_OF_CORPUS = (("layers", {}), ("soft", True), ("weights", {}), ("limit_debates", None))
LATER_OF_EVALUATION = (("limit_rows", None),)
LATER = (
    ("precision", "auto"), ("prompt", None), ("head", "segments"), ("trained_layers", None),
    ("base_precision", "float32"), ("sides", False), ("nearest", 0), ("learnt_with", None), ("weights", None),
    ("competing", False),
)  # fmt: skip
LATER_OF_FAMILY = {"collective": (("class_weights", False),)}  # other families always had it, and weigh by default
# Settings of models that say how fast and for how much a language model is asked, and change no answer.
ASKING = (
    "concurrency", "requests_per_minute", "tokens_per_minute", "timeout", "tries", "longest_wait", "budget_tokens",
    "budget_money", "prices", "batch", "batch_wait",
)  # fmt: skip
_SHOWN = 10  # files that are named in an error
_LEFTOVER = re.compile(
    r"\.\d{8}T\d{6}\.\d{6}-.+"
)  # what a kill leaves of a run, see standpunt.storage.files.atomic_folder


@dataclass(frozen=True)
class Run:
    """A run as it stands on disk."""

    folder: Path
    status: dict[str, Any] = field(repr=False)

    @classmethod
    def load(cls, folder: str | Path) -> Run:
        """Open a run folder.

        Raises:
            InputError: the folder is no run; where there are runs or predictions in it, they are named.
        """
        folder = Path(folder)
        try:
            return cls(folder, _mapping(json.loads((folder / STATUS).read_text(encoding="utf-8"))))
        except (OSError, ValueError):
            raise InputError(f"{folder}: not a run; {_instead(folder)}") from None

    @property
    def finished(self) -> bool:
        """Whether the run came to its end.

        Raises:
            InputError: its status does not say so, nor that it failed.
        """
        if self.status.get("state") not in (FINISHED, FAILED):
            raise InputError(f"{self.folder / STATUS}: damaged, no state in it; copy it again or repeat the run")
        return self.status["state"] == FINISHED

    def config(self) -> dict[str, Any]:
        """Return the resolved configuration."""
        return self._read(CONFIG, lambda path: _settings(yaml.safe_load(path.read_text(encoding="utf-8"))))

    def metrics(self) -> list[dict[str, Any]]:
        """Return the scores, a record for each condition that the run was evaluated under."""
        return self._read(METRICS, lambda path: json.loads(path.read_text(encoding="utf-8")))

    def predictions(self) -> pd.DataFrame:
        """Return one row a prediction: row id, corpus, fold, seed, gold, predicted, `p_<label>`, who and where."""
        return self._read(PREDICTIONS, pd.read_parquet)

    def _read(self, name: str, read: Callable[[Path], Any]) -> Any:
        """Read a file of the run.

        Raises:
            InputError: it is missing or damaged.
        """
        path = self.folder / name
        try:
            return read(path)
        except (OSError, ValueError, yaml.YAMLError):
            raise InputError(f"{path}: missing or damaged; copy the run folder again or repeat the run") from None

    def _repr_html_(self) -> str:
        seconds = f" in {self.status['seconds']} s" if "seconds" in self.status else ""
        facts = [f"{self.status['state']}{seconds}", str(self.folder)]
        if not self.finished:
            return html.card(self.folder.name, facts, html.paragraph(self.status.get("error", "")))
        config = self.config()
        title = f"{config['name']}: {config['model']['name']} on {config['corpus']['name']}, seed {config['seed']}"
        rows = [_main_scores(record) for record in self.metrics()]
        missing = [html.paragraph(f"Not tested: {reason}") for reason in self.status.get("skipped", {}).values()]
        return html.card(title, facts, html.table(("tested on", "rows", "macro-F1"), rows) + "".join(missing))


def runs_in(folder: Path) -> list[Run]:
    """Return the runs in a sweep's folder (or the run itself) in its order; leftovers of a kill are passed over."""
    if (folder / STATUS).is_file():
        return [Run.load(folder)]
    runs = [Run.load(path.parent) for path in sorted(folder.glob(f"[!.]*/{STATUS}"))]
    return sorted(runs, key=lambda run: run.status.get("job", 0))


def whose_labels(annotators: Mapping[str, Sequence[str]]) -> list[str]:
    """Say of each corpus that lacks the layer asked for whose labels were taken, as `status.json` has it."""
    return [
        f"corpus {corpus}: the labels are those of {' and '.join(names)} where no layer is adjudicated"
        for corpus, names in annotators.items()
    ]


def labels_notes(status: Mapping[str, Any]) -> list[str]:
    """Say what is to be known of the labels of a run, as its `status.json` has it: whose they are, what lacks."""
    return [*whose_labels(status.get("annotators", {})), *status.get("half_filled", {}).values()]


def _main_scores(record: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what was tested on, its rows, and macro-F1 with its interval, from an entry of `metrics.json`."""
    score = record["overall"]["scores"]["macro_f1"]
    value = "–" if score["value"] is None else f"{score['value']:z.2f}"
    interval = "" if score["low"] is None else f" [{score['low']:z.2f}, {score['high']:z.2f}]"
    tested = Condition(*(record[name] for name in CONDITION)).title
    return tested, str(record["overall"]["rows"]), f"{value}{interval}"


def _instead(folder: Path) -> str:
    """Say what to give instead of a folder that is no run."""
    runs = [path.parent.name for path in sorted(folder.glob(f"[!.]*/{STATUS}"))]
    if runs:
        return f"it holds runs, give one of them: {', '.join(runs)}"
    paths = [path for pattern in ("*.parquet", "year=*/*.parquet") for path in sorted(folder.glob(pattern))]
    files = [str(path.relative_to(folder)) for path in paths]
    if files:
        return f"it holds predictions, give one of its files: {', '.join(files[:_SHOWN])}"
    return f"expected a folder with {STATUS}"


def tidy(folder: Path) -> None:
    """Make a sweep's folder ready to go on: failed runs are set aside in `SET_ASIDE`, what a kill left is removed.

    Not while another process runs jobs of the sweep: its unfinished runs would be taken for leftovers.
    """
    if not folder.is_dir():
        return
    for run in runs_in(folder):
        if not run.finished:
            (folder / SET_ASIDE).mkdir(exist_ok=True)
            run.folder.rename(folder / SET_ASIDE / run.folder.name)
    remove_leftovers(folder)


def remove_leftovers(folder: Path) -> None:
    """Remove what runs that did not end left in a sweep's folder; see `tidy` for when."""
    for path in folder.iterdir():
        if _LEFTOVER.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)


def latest(parent: Path, prefix: str) -> Path | None:
    """Return the newest folder of a parent whose name begins with a prefix and goes on with the time; None for none."""
    named = re.compile(rf"{re.escape(prefix)}\d{{8}}-\d{{6}}-\d+")  # not what someone renamed to keep it
    return max((path for path in parent.glob("*") if named.fullmatch(path.name) and path.is_dir()), default=None)


def run_name(label: str, seed: int, config_hash: str) -> str:
    """Return a folder name that no other run has: time to the microsecond, model, seed, hash of the configuration."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    name = re.sub(r"[^\w.-]", "-", label)  # a slash would be a folder more
    return f"{stamp}-{name}-s{seed}-{config_hash[:8]}"


def without_places(settings: Any) -> Any:
    """Return settings without the folders in which a model, or a model within it, keeps what it can make again.

    Nor are there those that only say how a language model is asked, and those that came later where they are as before.
    """
    if not isinstance(settings, Mapping):
        return settings
    later = (*LATER, *LATER_OF_FAMILY.get(settings.get("family", ""), ()))
    kept = {
        key: value for key, value in settings.items() if key not in (*PLACES, *ASKING) and (key, value) not in later
    }
    return {key: without_places(value) for key, value in kept.items()}


def write_json(path: Path, data: object) -> None:
    """Write plain data as JSON."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def git_commit() -> str | None:
    """Return the commit the package runs from, with "+" where the tree is changed; None outside a repository."""
    command = ["git", "-C", str(PACKAGE), "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _mapping(loaded: Any) -> dict[str, Any]:
    """Refuse what is well-formed and yet no file of a run, as what is not well-formed is."""
    if not isinstance(loaded, dict):
        raise ValueError
    return loaded


def _settings(loaded: Any) -> dict[str, Any]:
    if not _mapping(loaded).keys() >= {"corpus", "model", "evaluation"}:
        raise ValueError
    return loaded
