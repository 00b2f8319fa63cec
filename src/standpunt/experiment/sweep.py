"""Hydra's side of an experiment: one job of a run or sweep, and a record of where a sweep is kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.hydra_config import HydraConfig
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from standpunt.errors import StandpuntError
from standpunt.experiment.config import to_config
from standpunt.experiment.gpus import claim_gpu
from standpunt.experiment.run import config_hash, record_failure, run
from standpunt.processes import leaving, serve
from standpunt.results.runs import runs_in, tidy
from standpunt.splits import Fold

if TYPE_CHECKING:
    from rich.console import Console

LAUNCHER = "hydra/launcher"
LOCKS = ".gpus"  # in a sweep's folder
COMMAND = "STANDPUNT_COMMAND"  # environment variable: the process that jobs of this machine work for
SHARED_MACHINE = ("joblib", "submitit_local")  # launchers whose jobs run side by side and do not share the GPUs out


class SweepRecorder(Callback):
    """What this process's command ran, for who started it."""

    folder: Path | None = None
    error: StandpuntError | None = None
    resumed = False
    console: Console | None = None  # a terminal, for bars

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Note the sweep's folder; of one that is resumed, set failures and leftovers aside."""
        SweepRecorder.folder = Path(str(config.hydra.sweep.dir))
        if config.hydra.runtime.choices[LAUNCHER] in SHARED_MACHINE:
            os.environ[COMMAND] = str(os.getpid())
        if SweepRecorder.resumed:
            tidy(SweepRecorder.folder)


def job(composed: DictConfig) -> None:
    """Run one configuration under Hydra.

    Nothing is raised: Hydra would print a traceback for it. A single run's error is left with `SweepRecorder`; in a
    sweep every failure has a run folder, so that the other jobs go on and it is listed at the end. What the sweep's
    folder holds decides what is left to do, on whatever machine the job is: a configuration that finished is not run
    again, and with `fail_fast` none is run after a failure.
    """
    hydra = HydraConfig.get()
    single = hydra.mode == RunMode.RUN
    parent = Path(hydra.run.dir if single else hydra.sweep.dir)
    number = 0 if single else int(hydra.job.num)
    launcher = hydra.runtime.choices.get(LAUNCHER)
    watched = SweepRecorder.console is not None and (single or launcher == "basic")
    try:
        config = to_config(composed)
        if not single and _is_done(config_hash(config), parent, fail_fast=config.fail_fast):
            return
        if not single and launcher in SHARED_MACHINE:
            serve(int(os.environ[COMMAND]))
            claim_gpu(parent / LOCKS)
        with leaving():
            finished = run(config, parent, progress=_progress if watched else None, job=number)
    except StandpuntError as error:
        SweepRecorder.error = error
        if not single:
            record_failure(OmegaConf.to_yaml(composed), parent, error, number)
        return
    if single:
        SweepRecorder.folder = finished.folder


def _is_done(digest: str, parent: Path, *, fail_fast: bool) -> bool:
    jobs = runs_in(parent) if parent.is_dir() else []
    if fail_fast and any(not item.finished for item in jobs):
        return True
    return any(item.finished and item.status.get("config") == digest for item in jobs)


def _progress(folds: Iterable[Fold], name: str) -> Iterator[Fold]:
    from rich.progress import track

    yield from track(list(folds), description=name, console=SweepRecorder.console, transient=True)
