"""Many files on a Ray cluster; it differs from processes on one machine in who starts them where."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from standpunt.errors import InputError
from standpunt.prediction.block import Done, predict_elsewhere
from standpunt.prediction.description import Description
from standpunt.prediction.folder import FileTask


def predict_on_cluster(
    description: Description, blocks: Iterable[Sequence[FileTask]], folder: Path, workers: int
) -> Iterator[Done]:
    """Spread files over the processes of a Ray cluster, which keep their models.

    Args:
        description: of the predictor; each process of the cluster loads its models once.
        blocks: the files, those together whose rows go together; asked for as they can be done.
        folder: where the rows go, the same on all machines.
        workers: how many blocks at a time.

    Raises:
        InputError: Ray is not installed.
    """
    try:
        import ray
    except ImportError:
        raise InputError("engine ray needs Ray; install it with: pip install 'standpunt[ray]'") from None
    remote, running = None, []
    for block in blocks:
        if remote is None:
            if not ray.is_initialized():
                # RAY_ADDRESS, or the cluster that `ray start` left at hand, or one of our own.
                ray.init(address=os.environ.get("RAY_ADDRESS"), log_to_driver=False, logging_level=logging.ERROR)
            remote = ray.remote(predict_elsewhere)
        if len(running) == workers:
            (finished,), running = ray.wait(running)
            yield from ray.get(finished)
        running.append(remote.remote(description, block, folder))
    for finished in running:
        yield from ray.get(finished)
