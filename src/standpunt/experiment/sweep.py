"""Hydra's side of an experiment: one job of a run or sweep, and a record of where a sweep is kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from standpunt.errors import StandpuntError
from standpunt.experiment.config import to_config
from standpunt.experiment.gpus import claim_gpu
from standpunt.experiment.progress import QUIET
from standpunt.experiment.run import config_hash, record_failure, run
from standpunt.processes import leaving, raise_if_told, serve
from standpunt.results.runs import runs_in, tidy

LAUNCHER = "hydra/launcher"
BASIC = "basic"  # one job after the other, in the process of the command
LOCKS = ".gpus"  # in a sweep's folder
COMMAND = "STANDPUNT_COMMAND"  # environment variable: the process that jobs of this machine work for
SHARED_MACHINE = ("joblib", "submitit_local")  # launchers whose jobs run side by side and do not share the GPUs out


class SweepRecorder(Callback):
    """What this process's command ran, for who started it."""

    folder: Path | None = None
    error: StandpuntError | None = None
    resumed = False
    progress = QUIET

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
    raise_if_told()
    hydra = HydraConfig.get()
    single = hydra.mode == RunMode.RUN
    parent = Path(hydra.run.dir if single else hydra.sweep.dir)
    number = 0 if single else int(hydra.job.num)
    launcher = hydra.runtime.choices.get(LAUNCHER)
    progress = SweepRecorder.progress if single or launcher == BASIC else QUIET
    try:
        config = to_config(composed)
        if not single and _is_done(config_hash(config), parent, fail_fast=config.fail_fast):
            return
        if not single and launcher in SHARED_MACHINE:
            serve(int(os.environ[COMMAND]))
            claim_gpu(parent / LOCKS)
        with leaving():
            finished = run(config, parent, progress=progress, job=number)
    except StandpuntError as error:
        raise_if_told()
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
