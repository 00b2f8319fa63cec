"""Pointing a trained model at any number of report files: streamed, resumable, spread over processes or a Ray cluster.

The output folder is partitioned by the year of the debate (year=2025, or year=unknown). Every file becomes one Parquet
file in it, written in one step and named by what is in it, so that a second call does what is left and nothing twice. A
file whose debates are of several years becomes one a year, and counts as done when the last of them is there.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from standpunt.annotation.issues import is_issue_file, load_issue
from standpunt.argument_prediction import arguments_type
from standpunt.debate import Debate
from standpunt.errors import InputError, ReadError, unknown_name
from standpunt.files import atomic_path, write_text
from standpunt.models.arguments import ArgumentModel
from standpunt.models.base import Model
from standpunt.models.shipped import model_folder, named
from standpunt.prediction import asked_about, check_evidence, load_for, predict_debate
from standpunt.readers import read_debates

MANIFEST = ".predictions.json"  # hidden: what reads a folder of Parquet takes every visible file for Parquet
UNDATED = "unknown"
ENGINES = ("local", "ray")
_WHOLE, _FIRST = "part", "some"  # how the names of Parquet files begin; "some": of a file that has more
_NUMBERS = ("ordinal", "start", "end", "evidence_start", "evidence_end")
_AHEAD = 4  # tasks a worker has waiting, so that memory does not grow with the number of files


@dataclass(frozen=True, slots=True)
class Task:
    """One file to do: the model, the issues, the folder its rows go to and the key of its content."""

    model: str
    sha256: str  # of the model's manifest: a model that was replaced is loaded anew
    issues: tuple[str, ...]
    name: str  # of the file, as the caller gave it
    file: str
    folder: str
    key: str
    partial: bool = False
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
        out: folder for the Parquet files, year=<year>/part-<key>.parquet; made if it is not there.
        issues: names or files of issues; by default those of the model.
        engine: "local" (processes on this machine) or "ray" (the Ray cluster at hand, or a local one).
        workers: how many files at a time.
        partial: accept plain-text reports that break off in the middle of a sentence.
        min_confidence: the probability below which the label is "abstain".
        evidence: whether to tell which part of a turn carried the answer; see `predict_debate`.
        runtime: "torch" or "onnx"; see `standpunt.prediction.load_for`.
        arguments: folder or name of the argument model to find premises and claims with; see `predict_debate`.
        progress: called with each file as it is done.

    Returns:
        What became of each file that was not there already, in the order they were finished.

    Raises:
        InputError: the folder cannot be used or holds predictions of another model, for other issues or with other
            options; an issue, the engine or the runtime is unknown; no issue is named and the model has none; or the
            model lacks what an option asks for.
        ModelError: the model cannot be loaded.
    """
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    if workers < 1:
        raise InputError(f"workers is {workers}; expected 1 or more")
    # Absolute, since a worker of a cluster need not stand in the caller's folder; and every mistake shows before any
    # work is given away.
    source, folder = named(model).absolute(), Path(out).absolute()
    loaded = load_for(source, runtime)
    if evidence:
        check_evidence(loaded)
    chosen = tuple(_absolute(name) for name in asked_about(loaded, issues))
    for name in chosen:
        if name not in loaded.issues:
            load_issue(name)
    sha256 = hashlib.sha256((source / "model.json").read_bytes()).hexdigest()
    options: dict[str, Any] = {"min_confidence": min_confidence, "evidence": evidence, "runtime": runtime}
    finder = None if arguments is None else ArgumentModel.load(arguments)
    kept = {"arguments_sha256": finder.sha256 if finder else ""}
    _claim(folder, sha256, chosen, options | kept)
    _write_empty(predict_debate(loaded, Debate("", "", ()), chosen, evidence=evidence, arguments=finder), folder)
    if arguments is not None:
        options |= kept | {"arguments": os.fspath(model_folder(arguments).absolute())}
    tasks = (Task(os.fspath(source), sha256, chosen, *place, partial, **options) for place in _to_do(files, folder))
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

    if not any(Path(out).glob(f"year=*/{_WHOLE}-*.parquet")):
        raise InputError(f"{os.fspath(out)}: no predictions in it (year=*/{_WHOLE}-*.parquet)")
    return dataset.dataset(out, format="parquet", partitioning="hive").to_table().to_pandas()


def _absolute(issue: str) -> str:
    """Return an issue's name as it is, the path of an issue file absolute."""
    return os.fspath(Path(issue).absolute()) if is_issue_file(issue) else issue


def _claim(folder: Path, model_sha256: str, issues: tuple[str, ...], options: dict[str, Any]) -> None:
    """Note which model, issues and options the folder is for, or refuse a folder that is for others."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be used as a folder ({error.strerror}); name another for --out") from None
    # Options at their defaults are left out, as in folders of before there were any.
    changed = {name: value for name, value in options.items() if value not in (None, False, "", "torch")}
    manifest = {"model_sha256": model_sha256, "issues": list(issues), **changed}
    path = folder / MANIFEST
    if not path.is_file():
        if any(folder.rglob("*.parquet")):
            raise InputError(f"{folder}: holds Parquet files but no {MANIFEST}; choose another folder")
        write_text(path, json.dumps(manifest, indent=1) + "\n")
        return
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise InputError(f"{path}: damaged; choose another folder") from None
    if there != manifest:
        raise InputError(
            f"{folder}: holds predictions of another model, for other issues or with other options; choose another "
            "folder"
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


def _to_do(files: Iterable[str | os.PathLike[str]], folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield the files that have no result yet, each content once: name, absolute path, folder, key of the content."""
    seen = {path.stem.removeprefix(f"{_WHOLE}-") for path in folder.glob(f"year=*/{_WHOLE}-*.parquet")}
    for file in files:
        key = _content(Path(file))
        if key not in seen:
            seen.add(key)
            yield os.fspath(file), os.fspath(Path(file).absolute()), os.fspath(folder), key


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:24]
    except OSError:
        return hashlib.sha256(os.fspath(path).encode()).hexdigest()[:24]  # reading it will say what is wrong


@cache
def _model(folder: str, sha256: str, runtime: str) -> Model:
    return load_for(folder, runtime)


@cache
def _finder(folder: str, sha256: str) -> ArgumentModel:
    return ArgumentModel.load(folder)


def run_task(task: Task) -> Done:
    """Do one file; a file that cannot be read is no reason to stop."""
    model = _model(task.model, task.sha256, task.runtime)
    years: dict[str, list[pd.DataFrame]] = {}
    try:
        for debate in read_debates(task.file, partial=task.partial):
            year = debate.date[:4] if debate.date else UNDATED
            years.setdefault(year, []).append(_predict(model, debate, task))
    except ReadError as error:
        return Done(task.name, error=str(error).replace(task.file, task.name, 1))
    rows = 0
    for left, (year, frames) in reversed(list(enumerate(years.items()))):
        # The whole is done when the last part is: a call that was killed before writes the first ones once more.
        name = f"{_FIRST if left else _WHOLE}-{task.key}.parquet"
        rows += _write(frames, _partition(task.folder, year) / name)
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
    """Write Parquet with one schema whatever is missing (dates, parties, offsets, rows); return the number of rows."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {name: pa.float64() if name.startswith("p_") else pa.large_string() for name in frames[0].columns}
    types |= {name: pa.int64() for name in _NUMBERS if name in types}
    schema = pa.schema(types | ({"arguments": arguments_type()} if "arguments" in types else {}))
    table = pa.concat_tables(pa.Table.from_pandas(frame, schema, preserve_index=False) for frame in frames)
    with atomic_path(path) as temporary, parquet.ParquetWriter(temporary, schema) as writer:
        if table.num_rows:  # datasets cannot read a group of no rows
            writer.write_table(table.replace_schema_metadata())
    return table.num_rows


def _here(tasks: Iterable[Task], workers: int) -> Iterator[Done]:
    yield from map(run_task, tasks)


def _in_processes(tasks: Iterator[Task], workers: int) -> Iterator[Done]:
    # Fresh processes: a fork of one that has used threads (BLAS, torch) may hang.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: set[Future[Done]] = set()
        for task in tasks:
            running.add(pool.submit(run_task, task))
            if len(running) >= workers * _AHEAD:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        for future in running:
            yield future.result()


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
