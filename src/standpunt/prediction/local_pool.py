"""Many files in processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from multiprocessing.connection import wait as wait_for_ends
from multiprocessing.process import BaseProcess
from pathlib import Path

from standpunt.errors import StandpuntError
from standpunt.prediction.block import Done, predict_elsewhere
from standpunt.prediction.description import Description
from standpunt.prediction.folder import FileTask
from standpunt.processes import GRACE, leaving, serve

_AHEAD = 2  # blocks a worker has waiting, so that memory does not grow with the number of files


def predict_in_processes(
    description: Description, blocks: Iterable[Sequence[FileTask]], folder: Path, workers: int
) -> Iterator[Done]:
    """Spread files over processes. They end with this one, however that ends.

    Args:
        description: of the predictor; each process loads its models once.
        blocks: the files, those together whose rows go together; asked for as they can be done.
        folder: where the rows go.
        workers: how many processes.

    Raises:
        StandpuntError: a process was ended from outside.
    """
    others = {*active_children()}
    # Fresh processes: a fork of one that has used threads (BLAS, torch) may hang.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=serve, initargs=(os.getpid(),))
    try:
        with pool, _ended_early(pool, others):
            running: set[Future[list[Done]]] = set()
            for block in blocks:
                running.add(pool.submit(_predict, description, block, folder))
                if len(running) >= workers * _AHEAD:
                    finished, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        yield from future.result()
            for future in running:
                yield from future.result()
    except BrokenProcessPool:
        raise StandpuntError(
            f"one of {workers} processes was ended from outside, for want of memory perhaps; call again with fewer "
            "workers: what is done is kept"
        ) from None


def _predict(description: Description, block: Sequence[FileTask], folder: Path) -> list[Done]:
    with leaving():
        return predict_elsewhere(description, block, folder)


@contextmanager
def _ended_early(pool: ProcessPoolExecutor, others: set[BaseProcess]) -> Generator[None]:
    """End the processes of a pool where the block is left early: what they do is for nobody then."""
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        own = {*active_children()} - others
        for process in own:
            process.terminate()
        wait_for_ends([process.sentinel for process in own], GRACE)
        raise
