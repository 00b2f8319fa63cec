"""Run folders: their layout and reading them back. They are written in one step, by `standpunt.experiment.run`."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from standpunt.errors import InputError
from standpunt.paths import PACKAGE

CONFIG = "config.yaml"
STATUS = "status.json"
ERROR = "error.log"
METRICS = "metrics.json"
PREDICTIONS = "predictions.parquet"
ENVIRONMENT = "environment.json"
MODEL = "model"
REPORT = "report.html"
FINISHED = "finished"
FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """A run as it stands on disk."""

    folder: Path
    status: dict[str, Any] = field(repr=False)

    @classmethod
    def load(cls, folder: str | Path) -> Run:
        """Open a run folder.

        Raises:
            InputError: the folder is no run.
        """
        folder = Path(folder)
        try:
            return cls(folder, json.loads((folder / STATUS).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            raise InputError(f"{folder}: not a run; expected a folder with {STATUS}") from None

    @property
    def finished(self) -> bool:
        """Whether the run came to its end."""
        return self.status["state"] == FINISHED

    def config(self) -> dict[str, Any]:
        """Return the resolved configuration."""
        return yaml.safe_load((self.folder / CONFIG).read_text(encoding="utf-8"))

    def metrics(self) -> dict[str, Any]:
        """Return the scores, per corpus the run was evaluated on."""
        return json.loads((self.folder / METRICS).read_text(encoding="utf-8"))

    def predictions(self) -> pd.DataFrame:
        """Return one row a prediction: row id, corpus, fold, seed, gold, predicted, `p_<label>`, who and where."""
        return pd.read_parquet(self.folder / PREDICTIONS)


def runs_in(folder: Path) -> list[Run]:
    """Return the runs in a sweep's folder (or the run itself) in its order; leftovers of a kill are passed over."""
    if (folder / STATUS).is_file():
        return [Run.load(folder)]
    found = [Run.load(path.parent) for path in sorted(folder.glob(f"[!.]*/{STATUS}"))]
    return sorted(found, key=lambda run: run.status.get("job", 0))


def run_name(label: str, seed: int, config_hash: str) -> str:
    """Return a folder name that no other run has: time to the microsecond, model, seed, hash of the configuration."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    return f"{stamp}-{label}-s{seed}-{config_hash[:8]}"


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
