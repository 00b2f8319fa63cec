"""Hydra's side of an experiment: one job, and a record of where a sweep was kept."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig

from standpunt.config import to_config
from standpunt.experiment import run
from standpunt.splits import Fold


class SweepRecorder(Callback):
    """Notes where the runs of this process's command are, for who started it."""

    folder: Path | None = None

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Note the sweep's folder."""
        SweepRecorder.folder = Path(str(config.hydra.sweep.dir))


def job(composed: DictConfig) -> str:
    """Run one configuration under Hydra; return the run's folder.

    Raises:
        InputError: the configuration does not fit the schema.
    """
    hydra = HydraConfig.get()
    config = to_config(composed)
    parent = Path(hydra.sweep.dir if hydra.mode == RunMode.MULTIRUN else hydra.run.dir)
    finished = run(config, parent, progress=_progress if sys.stderr.isatty() else None)
    if hydra.mode == RunMode.RUN:
        SweepRecorder.folder = finished.folder
    return str(finished.folder)


def _progress(folds: Iterable[Fold], name: str) -> Iterator[Fold]:
    from rich.console import Console
    from rich.progress import track

    yield from track(list(folds), description=name, console=Console(stderr=True), transient=True)
