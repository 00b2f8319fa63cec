"""Hydra's side of an experiment: one job, and a record of where a sweep was kept."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from standpunt.config import to_config
from standpunt.errors import StandpuntError
from standpunt.experiment import record_failure, run
from standpunt.splits import Fold


class SweepRecorder(Callback):
    """Notes what this process's command ran, for who started it."""

    folder: Path | None = None
    error: StandpuntError | None = None

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Note the sweep's folder."""
        SweepRecorder.folder = Path(str(config.hydra.sweep.dir))


def job(composed: DictConfig) -> None:
    """Run one configuration under Hydra.

    Nothing is raised: Hydra would print a traceback for it. A single run's error is left with `SweepRecorder`; in a
    sweep every failure has a run folder, so that the other jobs go on and it is listed at the end.
    """
    hydra = HydraConfig.get()
    single = hydra.mode == RunMode.RUN
    parent = Path(hydra.run.dir if single else hydra.sweep.dir)
    number = 0 if single else int(hydra.job.num)
    try:
        config = to_config(composed)
        finished = run(config, parent, progress=_progress if sys.stderr.isatty() else None, job=number)
    except StandpuntError as error:
        SweepRecorder.error = error
        if not single:
            record_failure(OmegaConf.to_yaml(composed), parent, error, number)
        return
    if single:
        SweepRecorder.folder = finished.folder


def _progress(folds: Iterable[Fold], name: str) -> Iterator[Fold]:
    from rich.console import Console
    from rich.progress import track

    yield from track(list(folds), description=name, console=Console(stderr=True), transient=True)
