"""Pointing a trained model at any number of report files: streamed, resumable, spread over processes or a Ray cluster.

The output folder is partitioned by the year of the debate (year=2025, or year=unknown). Every file becomes one Parquet
file in it, written in one step and named by what is in the file and where the file is, so that a second call does what
is left and nothing twice, and a file that changed takes the place of what it was. A file whose debates are of several
years becomes one a year, and counts as done when the last of them is there.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from standpunt.annotation.issues import Issue, is_issue_file
from standpunt.debate import Debate
from standpunt.errors import InputError, ReadError, StandpuntError, unknown_name
from standpunt.models.base import Model
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.persistence import fingerprint
from standpunt.models.shipped import model_folder
from standpunt.prediction.debate import (
    asked_about,
    check_confidence,
    check_evidence,
    load_for,
    predict_debate,
    write_parquet,
)
from standpunt.readers import read_debates
from standpunt.readers.dates import check_date
from standpunt.storage.files import atomic_path, write_text

MANIFEST = ".predictions.json"  # hidden: what reads a folder of Parquet takes every visible file for Parquet
UNDATED = "unknown"
ENGINES = ("local", "ray")
_WHOLE, _FIRST = "part", "some"  # how the names of Parquet files begin; "some": of a file that has more
_AHEAD = 4  # tasks a worker has waiting, so that memory does not grow with the number of files


@dataclass(frozen=True, slots=True)
class Task:
    """One file to do: the model, the issues, the folder its rows go to and the key of its content and place."""

    model: str
    sha256: str  # of the model's manifest: a model that was replaced is loaded anew
    issues: tuple[str, ...]
    name: str  # of the file, as the caller gave it, where that is text
    file: str
    folder: str
    key: str
    replaces: tuple[str, ...] = ()  # Parquet files with the rows of what the file was before
    partial: bool = False
    date: str | None = None
    min_confidence: float | None = None
    evidence: bool = False
    runtime: str = "torch"
    arguments: str | None = None
    arguments_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file: the number of rows, or why it could not be read."""

    file: str
    rows: int = 0
    error: str | None = None


def predict_files(
    model: str | os.PathLike[str],
    files: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    issues: Sequence[str] | None = None,
    engine: str = "local",
    workers: int = 1,
    partial: bool = False,
    date: str | None = None,
    min_confidence: float | None = None,
    evidence: bool = False,
    runtime: str = "torch",
    arguments: str | os.PathLike[str] | None = None,
    progress: Callable[[Done], None] | None = None,
) -> list[Done]:
    """Classify every turn of every file on every issue.

    Args:
        model: folder of a saved model.
        files: report files in any known format; unreadable ones are reported and left out.
        out: folder for the Parquet files, year=<year>/part-<key>.parquet; made if it is not there. What it has of a
            file that has changed since is replaced.
        issues: names or files of issues; by default those of the model.
        engine: "local" (processes on this machine) or "ray" (the Ray cluster at hand, or a local one).
        workers: how many files at a time.
        partial: accept plain-text reports that break off in the middle of a sentence.
        date: the day of the debates, ISO 8601, where a report does not say.
        min_confidence: the probability below which the label is "abstain".
        evidence: whether to tell which part of a turn carried the answer; see `predict_debate`.
        runtime: "torch" or "onnx"; see `standpunt.prediction.debate.load_for`.
        arguments: folder or name of the argument model to find premises and claims with; see `predict_debate`.
        progress: called with each file as it is done.

    Returns:
        What became of each file that was not there already, in the order they were finished.

    Raises:
        InputError: the folder cannot be used or holds predictions of another model, for other issues or with other
            options; an issue, the engine or the runtime is unknown; no issue is named and the model has none; two
            issues that differ have one name; or the model lacks what an option asks for.
        ModelError: the model cannot be loaded.
        StandpuntError: a process of several was ended from outside; what is done is kept.
    """
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    if workers < 1:
        raise InputError(f"workers is {workers}; expected 1 or more")
    check_confidence(min_confidence)
    check_date(date)
    # Absolute, since a worker of a cluster need not stand in the caller's folder; and every mistake shows before any
    # work is given away.
    source, folder = model_folder(model).absolute(), Path(out).absolute()
    sha256 = fingerprint(source)
    loaded = _model(os.fspath(source), sha256, runtime)
    if evidence:
        check_evidence(loaded)
    asked = {_absolute(given): issue for given, issue in asked_about(loaded, issues).items()}
    options: dict[str, Any] = {"min_confidence": min_confidence, "evidence": evidence, "runtime": runtime}
    finder, where = None, {}
    if arguments is not None:
        place = model_folder(arguments).absolute()
        options["arguments_sha256"] = ArgumentModel.fingerprint(place)
        where = {"arguments": os.fspath(place)}
        finder = _finder(where["arguments"], options["arguments_sha256"])
    _claim(folder, sha256, asked, options)
    chosen = tuple(asked)
    _write_empty(predict_debate(loaded, Debate("", "", ()), chosen, evidence=evidence, arguments=finder), folder)
    to_do = _to_do(files, folder)
    tasks = (
        Task(os.fspath(source), sha256, chosen, *item, partial=partial, date=date, **options, **where) for item in to_do
    )
    spread = _with_ray if engine == "ray" else _in_processes if workers > 1 else _here
    found = []
    for done in spread(tasks, workers):
        found.append(done)
        if progress:
            progress(done)
    return found


def read_predictions(out: str | os.PathLike[str]) -> pd.DataFrame:
    """Return all predictions in a folder as one table, with a column `year` (text).

    For more than fits into memory use `pyarrow.dataset.dataset(out, partitioning="hive")`.

    Raises:
        InputError: there are none.
    """
    from pyarrow import dataset

    files = sorted(map(os.fspath, Path(out).glob("year=*/[!.]*.parquet")))  # not what a kill or somebody left
    if not any(Path(file).name.startswith(f"{_WHOLE}-") for file in files):
        raise InputError(f"{os.fspath(out)}: no predictions in it (year=*/{_WHOLE}-*.parquet)")
    found = dataset.dataset(files, format="parquet", partitioning="hive", partition_base_dir=os.fspath(out))
    return found.to_table().to_pandas()


def _absolute(issue: str) -> str:
    """Return an issue's name as it is, the path of an issue file absolute."""
    return os.fspath(Path(issue).absolute()) if is_issue_file(issue) else issue


def _claim(folder: Path, model_sha256: str, issues: dict[str, Issue], options: dict[str, Any]) -> None:
    """Note which model, issues and options the folder is for, or refuse a folder that is for others."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be used as a folder ({error.strerror}); name another for --out") from None
    # Options at their defaults are left out, as in folders of before there were any.
    changed = {name: value for name, value in options.items() if value not in (None, False, "", "torch")}
    definitions = {name: _digest(json.dumps(issue.record(), sort_keys=True).encode()) for name, issue in issues.items()}
    manifest = {"model_sha256": model_sha256, "issues": list(issues), "definitions": definitions, **changed}
    path = folder / MANIFEST
    if not path.is_file():
        if any(folder.rglob("*.parquet")):
            raise InputError(f"{folder}: holds Parquet files but no {MANIFEST}; choose another folder")
        write_text(path, json.dumps(manifest, indent=1) + "\n")
        return
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        there = None
    if not isinstance(there, dict):
        raise InputError(f"{path}: damaged; choose another folder")
    if {"definitions": definitions} | there != manifest:  # folders of before do not know how issues were defined
        raise InputError(
            f"{folder}: holds predictions of another model, for other issues (or for issues that were defined "
            "otherwise) or with other options; choose another folder"
        )


def _write_empty(frame: pd.DataFrame, folder: Path) -> None:
    """Write a table without rows for debates without a date, so that readers take `year` for text in every folder.

    They guess its type from the names of the partitions: numbers, if there were no other.
    """
    path = _partition(folder, UNDATED) / "empty.parquet"
    if not path.is_file():
        _write([frame.assign(file="", date="")], path)


def _partition(folder: str | Path, year: str) -> Path:
    path = Path(folder) / f"year={year}"
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be used as a folder ({error.strerror}); name another for --out") from None
    return path


def _to_do(files: Iterable[str | os.PathLike[str]], folder: Path) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """Return the files that have no result yet, each content once.

    Returns:
        Name, absolute path, output folder, key of content and place, and the Parquet files that are to be replaced.
    """
    given = [(file, _content(Path(file)), _place(Path(file))) for file in files]
    now = {place: content for _, content, place in given}
    seen: set[str] = set()
    stale: dict[str, list[str]] = {}
    for part in folder.glob("year=*/[!.]*-*.parquet"):
        kind, content, *place = part.stem.split("-")  # those of before have no place
        if place and now.get(place[0], content) != content:
            stale.setdefault(place[0], []).append(os.fspath(part))
        elif kind == _WHOLE:
            seen.add(content)
    found = []
    for file, content, place in given:
        replaces = tuple(stale.pop(place, ()))
        if content in seen:
            _remove(replaces)
            continue
        seen.add(content)
        key = f"{content}-{place}"
        found.append((_text(file), os.fspath(Path(file).absolute()), os.fspath(folder), key, replaces))
    return found


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:24]
    except OSError:
        return _digest(os.fsencode(path))[:24]  # reading it will say what is wrong


def _place(path: Path) -> str:
    return _digest(os.fsencode(path.absolute()))[:12]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(file: str | os.PathLike[str]) -> str:
    """Return the name of a file as text that can be written; bytes of it that are none are spelt out."""
    return os.fspath(file).encode("utf-8", "backslashreplace").decode("utf-8")


def _remove(parts: Iterable[str]) -> None:
    for part in parts:
        Path(part).unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _model(folder: str, sha256: str, runtime: str) -> Model:
    return load_for(folder, runtime)


@lru_cache(maxsize=1)
def _finder(folder: str, sha256: str) -> ArgumentModel:
    return ArgumentModel.load(folder)


def run_task(task: Task) -> Done:
    """Do one file; a file that cannot be read is no reason to stop."""
    model = _model(task.model, task.sha256, task.runtime)
    years: dict[str, list[pd.DataFrame]] = {}
    try:
        for debate in read_debates(task.file, partial=task.partial, date=task.date):
            year = debate.date[:4] if debate.date else UNDATED
            years.setdefault(year, []).append(_predict(model, debate, task))
    except ReadError as error:
        return Done(task.name, error=str(error).replace(task.file, task.name, 1))
    rows = 0
    for left, (year, frames) in reversed(list(enumerate(years.items()))):
        # The whole is done when the last part is: a call that was killed before writes the first ones once more.
        name = f"{_FIRST if left else _WHOLE}-{task.key}.parquet"
        rows += _write(frames, _partition(task.folder, year) / name)
    _remove(task.replaces)
    return Done(task.name, rows)


def _predict(model: Model, debate: Debate, task: Task) -> pd.DataFrame:
    frame = predict_debate(
        model,
        debate,
        task.issues,
        min_confidence=task.min_confidence,
        evidence=task.evidence,
        arguments=None if task.arguments is None else _finder(task.arguments, task.arguments_sha256),
    )
    return frame.assign(file=task.name, date=debate.date)


def _write(frames: list[pd.DataFrame], path: Path) -> int:
    with atomic_path(path) as temporary:
        return write_parquet(frames, temporary)


def _here(tasks: Iterable[Task], workers: int) -> Iterator[Done]:
    yield from map(run_task, tasks)


def _in_processes(tasks: Iterator[Task], workers: int) -> Iterator[Done]:
    # Fresh processes: a fork of one that has used threads (BLAS, torch) may hang.
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            running: set[Future[Done]] = set()
            for task in tasks:
                running.add(pool.submit(run_task, task))
                if len(running) >= workers * _AHEAD:
                    finished, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in finished)
            for future in running:
                yield future.result()
    except BrokenProcessPool:
        raise StandpuntError(
            f"one of {workers} processes was ended from outside, for want of memory perhaps; call again with fewer "
            "workers: what is done is kept"
        ) from None


def _with_ray(tasks: Iterator[Task], workers: int) -> Iterator[Done]:
    """Spread the work with Ray Data, which keeps as much in flight as there is room for."""
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
    items = [asdict(task) for task in tasks]
    if not items:
        return
    dataset = ray.data.from_items(items, override_num_blocks=len(items)).map(
        _ray_task, compute=ray.data.TaskPoolStrategy(size=workers)
    )
    for row in dataset.iter_rows():
        yield Done(row["file"], int(row["rows"]), row["error"] or None)


def _ray_task(item: dict[str, Any]) -> dict[str, Any]:
    item["issues"] = tuple(item["issues"])
    done = run_task(Task(**item))
    return {"file": done.file, "rows": done.rows, "error": done.error or ""}
