"""A Hydra launcher for Ray clusters (`hydra/launcher=ray`); Hydra finds plugins in this namespace only.

Hydra's own launcher for Ray asks for a release of Ray of 2021.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, run_job, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, open_dict

_OURS = "STANDPUNT_"  # environment variables that are the same on all nodes; of others a node's own go before
_PER_NODE = ("CUDA_", "RAY_")


class RayLauncher(Launcher):
    """Runs each job as a task of a Ray cluster, in the folder and with the environment of who launches it."""

    config: DictConfig | None = None
    hydra_context: HydraContext | None = None
    task_function: TaskFunction | None = None

    def __init__(self, num_cpus: float = 1, num_gpus: float = 0, memory_gb: float | None = None) -> None:
        """Set up.

        Args:
            num_cpus: a job's share of CPUs.
            num_gpus: a job's share of GPUs; Ray sets CUDA_VISIBLE_DEVICES to it.
            memory_gb: the memory Ray keeps for a job, in GiB.
        """
        self.resources: dict[str, float] = {"num_cpus": num_cpus, "num_gpus": num_gpus}
        if memory_gb is not None:
            self.resources["memory"] = memory_gb * 2**30

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keep what Hydra hands over."""
        self.config, self.hydra_context, self.task_function = config, hydra_context, task_function

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run a job for each list of overrides and wait for all of them.

        Raises:
            InputError: Ray is not installed.
        """
        import logging

        from standpunt.errors import InputError

        try:
            import ray
        except ImportError:
            raise InputError("hydra/launcher=ray needs Ray; install it with: pip install 'standpunt[ray]'") from None
        assert self.config is not None
        setup_globals()
        Path(str(self.config.hydra.sweep.dir)).mkdir(parents=True, exist_ok=True)
        if not ray.is_initialized():
            ray.init(address=os.environ.get("RAY_ADDRESS"), log_to_driver=False, logging_level=logging.ERROR)
        shared = ray.put((self, dict(Singleton.get_state()), os.getcwd(), dict(os.environ)))
        # A process a job, so that no job finds CUDA started for another's GPU; none is repeated by Ray: a job that
        # fails has a run folder, and one whose node died is repeated by `--resume`.
        remote: Any = ray.remote
        task = remote(max_calls=1, max_retries=0, **self.resources)(_job)
        waiting = [
            task.remote(shared, list(overrides), initial_job_idx + number)
            for number, overrides in enumerate(job_overrides)
        ]
        ray.wait(waiting, num_returns=len(waiting))  # a job that is lost does not end the others
        return ray.get(waiting)


def _job(shared: tuple[RayLauncher, Any, str, Mapping[str, str]], overrides: list[str], number: int) -> JobReturn:
    launcher, singletons, folder, environment = shared
    for name, value in environment.items():
        if name.startswith(_OURS) or not (name.startswith(_PER_NODE) or name in os.environ):
            os.environ[name] = value
    os.chdir(folder)
    setup_globals()
    Singleton.set_state(singletons)
    assert launcher.hydra_context is not None
    assert launcher.config is not None
    assert launcher.task_function is not None
    config = launcher.hydra_context.config_loader.load_sweep_config(launcher.config, overrides)
    with open_dict(config):
        config.hydra.job.id = f"{config.hydra.job.name}_{number}"
        config.hydra.job.num = number
    return run_job(
        hydra_context=launcher.hydra_context,
        config=config,
        task_function=launcher.task_function,
        job_dir_key="hydra.sweep.dir",
        job_subdir_key="hydra.sweep.subdir",
    )
