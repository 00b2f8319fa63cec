"""Many files on a Ray cluster; it differs from processes on one machine in who keeps how much in flight."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from standpunt.errors import InputError
from standpunt.prediction.description import Description
from standpunt.prediction.folder import FileTask
from standpunt.prediction.one_file import Done, predict_elsewhere


def predict_on_cluster(description: Description, tasks: Sequence[FileTask], workers: int) -> Iterator[Done]:
    """Spread files with Ray Data, which keeps as much in flight as there is room for.

    Args:
        description: of the predictor; each process of the cluster loads its models once.
        tasks: the files.
        workers: how many files at a time.

    Raises:
        InputError: Ray is not installed.
    """
    try:
        import ray
        import ray.data
    except ImportError:
        raise InputError("engine ray needs Ray; install it with: pip install 'standpunt[ray]'") from None
    if not ray.is_initialized():
        # RAY_ADDRESS, or the cluster that `ray start` left at hand, or one of our own.
        ray.init(address=os.environ.get("RAY_ADDRESS"), log_to_driver=False, logging_level=logging.ERROR)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    if not tasks:
        return
    dataset = ray.data.from_items([asdict(task) for task in tasks], override_num_blocks=len(tasks)).map(
        partial(_row, description), compute=ray.data.TaskPoolStrategy(size=workers)
    )
    for item in dataset.iter_rows():
        lists = (tuple(item[name].splitlines()) for name in ("warnings", "issues"))
        yield Done(item["file"], int(item["rows"]), item["error"] or None, *lists)


def _row(description: Description, item: dict[str, Any]) -> dict[str, Any]:
    """Do the file of a row of the data set, which is an Arrow table: it has lists for tuples, and no None."""
    item["replaces"] = tuple(item["replaces"])
    done = predict_elsewhere(description, FileTask(**item))
    lists = {"warnings": "\n".join(done.warnings), "issues": "\n".join(done.issues)}
    return {"file": done.file, "rows": done.rows, "error": done.error or "", **lists}
