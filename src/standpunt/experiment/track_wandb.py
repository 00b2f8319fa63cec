"""Runs in Weights & Biases: kept below the run folder and not sent, unless WANDB_MODE says "online"."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from standpunt.errors import InputError
from standpunt.experiment.tracking import Tracker

_PROJECT = "standpunt"


class WandB(Tracker):
    """A run of the project `standpunt`, or of WANDB_PROJECT; `wandb sync RUN/tracker/wandb/offline-run-*` sends it."""

    def __init__(self, folder: Path) -> None:
        """Find the package.

        Raises:
            InputError: Weights & Biases is not installed.
        """
        super().__init__(folder)
        try:
            self._wandb: Any = import_module("wandb")
        except ImportError:
            raise InputError(
                "tracker wandb needs Weights & Biases; install it with: pip install 'standpunt[wandb]'"
            ) from None
        self._run: Any = None

    def settings(self, values: Mapping[str, object]) -> None:
        """Begin the run, with its settings as configuration."""
        quiet = self._wandb.Settings(
            silent=True, console="off", save_code=False, disable_git=True, x_disable_stats=True, x_disable_meta=True
        )
        self._run = self._wandb.init(
            dir=self.folder,
            mode=os.environ.get("WANDB_MODE", "offline"),
            project=os.environ.get("WANDB_PROJECT", _PROJECT),
            group=str(values.get("name", _PROJECT)),
            name=f"{values.get('model.name', 'run')}, seed {values.get('seed', 0)}",
            config=dict(values),
            reinit="create_new",
            settings=quiet,
        )

    def log(self, values: Mapping[str, float], step: int) -> None:
        """Add a point to each curve, whose steps are its own: those of folds begin anew."""
        if self._run is None:
            self.settings({})
        counts = {f"{name.rpartition('/')[0]}/step": step for name in values}
        for name in values:
            self._run.define_metric(name, step_metric=f"{name.rpartition('/')[0]}/step")
        self._run.log({**values, **counts})

    def close(self) -> None:
        """Write what is still in memory."""
        if self._run is not None:
            self._run.finish()
