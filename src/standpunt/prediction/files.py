"""A predictor pointed at any number of report files: streamed, resumable, spread over processes or a Ray cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from standpunt.errors import InputError, unknown_name
from standpunt.prediction.folder import ADVICE, claim_folder, files_to_do
from standpunt.prediction.local_pool import predict_in_processes
from standpunt.prediction.one_file import Done, predict_file
from standpunt.prediction.predictor import Predictor
from standpunt.prediction.ray_cluster import predict_on_cluster
from standpunt.readers.dates import check_date
from standpunt.storage.locks import claimed

ENGINES = ("local", "ray")


def predict_files(
    predictor: Predictor,
    files: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    engine: str = "local",
    workers: int = 1,
    partial: bool = False,
    date: str | None = None,
    progress: Callable[[Done], None] | None = None,
) -> list[Done]:
    """Classify every turn of every file on every issue.

    Args:
        predictor: one that `Predictor.load` made.
        files: report files in any known format; unreadable ones are reported and left out.
        out: folder for the Parquet files, year=<year>/part-<key>.parquet; made if it is not there. What it has of a
            file that has changed since is replaced.
        engine: "local" (processes on this machine) or "ray" (the Ray cluster at hand, or a local one).
        workers: how many files at a time.
        partial: accept plain-text reports that break off in the middle of a sentence.
        date: the day of the debates, ISO 8601, where a report does not say.
        progress: called with each file as it is done.

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
    check_date(date)
    folder = Path(out).absolute()
    with claimed(folder, ADVICE):
        claim_folder(folder, predictor)
        tasks = files_to_do(files, folder, partial=partial, date=date)
        results: Iterable[Done]
        if engine == "ray":
            results = predict_on_cluster(predictor.description, tasks, workers)
        elif workers > 1:
            results = predict_in_processes(predictor.description, tasks, workers)
        else:
            results = (predict_file(predictor, task) for task in tasks)
        done_files = []
        for done in results:
            done_files.append(done)
            if progress:
                progress(done)
    return done_files
