"""A predictor pointed at any number of report files: streamed, resumable, spread over processes or a Ray cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from standpunt.errors import InputError, unknown_name
from standpunt.prediction.block import Done, predict_block
from standpunt.prediction.description import Description
from standpunt.prediction.folder import ADVICE, FileTask, claim_folder, files_to_do
from standpunt.prediction.ledger import Ledger
from standpunt.prediction.local_pool import predict_in_processes
from standpunt.prediction.predictor import Predictor
from standpunt.prediction.ray_cluster import predict_on_cluster
from standpunt.readers.dates import check_date
from standpunt.storage.locks import claimed

ENGINES = ("local", "ray")
PART_BYTES = 1_000_000
_BLOCKS = 4  # that each worker has at least, where there are files enough


def predict_files(
    predictor: Predictor | Description,
    files: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    engine: str = "local",
    workers: int = 1,
    part_bytes: int = PART_BYTES,
    partial: bool = False,
    date: str | None = None,
    progress: Callable[[Done], None] | None = None,
) -> list[Done]:
    """Classify every turn of every file on every issue.

    Args:
        predictor: one that `Predictor.load` made, or its description: models are then loaded where there is something
            to do, and by the processes that do it.
        files: report files in any known format; unreadable ones are reported and left out.
        out: folder for the Parquet files, year=<year>/part-<key>.parquet; made if it is not there. What it has of a
            file that has changed since is replaced.
        engine: "local" (processes on this machine) or "ray" (the Ray cluster at hand, or a local one).
        workers: how many processes at a time.
        part_bytes: how much of report files goes into one Parquet file at least, unless the workers would not have
            enough to do; 0 for a Parquet file for each. What a call that is ended loses is no more.
        partial: accept plain-text reports that break off in the middle of a sentence.
        date: the day of the debates, ISO 8601, where a report does not say.
        progress: called with each file when it is done.

    Returns:
        What became of each file that was not there already, in the order they were finished.

    Raises:
        InputError: the engine is unknown, the date is none, the predictor was not loaded from a folder, or the folder
            cannot be used or holds predictions of another model, for other issues or with other options.
        StandpuntError: a process of several was ended from outside; what is done is kept. Another process is at work
            in the folder.
    """
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    if workers < 1:
        raise InputError(f"workers is {workers}; expected 1 or more")
    if part_bytes < 0:
        raise InputError(f"part_bytes is {part_bytes}; expected 0 or more")
    check_date(date)
    description = predictor if isinstance(predictor, Description) else predictor.description
    folder = Path(out).absolute()
    with claimed(folder, ADVICE):
        claim_folder(folder, description)
        ledger = Ledger.read(folder)
        tasks = files_to_do(files, ledger, partial=partial, date=date)
        enough = min(part_bytes, sum(map(_size, files)) // (workers * _BLOCKS)) if part_bytes else 0
        blocks = _gathered(tasks, enough)
        if engine == "ray":
            results = predict_on_cluster(description, blocks, folder, workers)
        elif workers > 1:
            results = predict_in_processes(description, blocks, folder, workers)
        else:
            results = _predict_here(predictor, blocks, folder)
        done_files = []
        for done in results:
            ledger.drop(done.replaces)
            done_files.append(done)
            if progress:
                progress(done)
    return done_files


def _predict_here(
    predictor: Predictor | Description, blocks: Iterable[Sequence[FileTask]], folder: Path
) -> Iterator[Done]:
    for block in blocks:
        if isinstance(predictor, Description):
            predictor = Predictor.described(predictor)
        yield from predict_block(predictor, block, folder)


def _gathered(tasks: Iterable[FileTask], enough: int) -> Iterator[list[FileTask]]:
    """Yield files together until they are large enough."""
    block: list[FileTask] = []
    size = 0
    for task in tasks:
        block.append(task)
        size += _size(task.file)
        if size >= enough:
            yield block
            block, size = [], 0
    if block:
        yield block


def _size(file: str | os.PathLike[str]) -> int:
    try:
        return os.stat(file).st_size
    except OSError:
        return 0  # reading it will say what is wrong
