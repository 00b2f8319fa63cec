"""How far a sweep is, on a terminal only: a line a run."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def run_progress(total: int, folder: Callable[[], Path | None], seconds: float = 0.5) -> Generator[None]:
    """Print a line for each run that ends while the block runs, wherever it runs: its folder is looked into.

    Args:
        total: how many runs there are; nothing is shown for one.
        folder: returns where the runs are kept, once that is known.
        seconds: time between two looks.
    """
    if total < 2 or not sys.stderr.isatty():
        yield
        return
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(total, folder, seconds, ended), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _watch(total: int, folder: Callable[[], Path | None], seconds: float, ended: threading.Event) -> None:
    from standpunt.results.runs import runs_in

    shown: set[Path] = set()
    while True:
        last = ended.wait(seconds)
        where = folder()
        for run in runs_in(where) if where is not None and where.is_dir() else []:
            if run.folder not in shown:
                shown.add(run.folder)
                took = f" in {run.status['seconds']:.0f} s" if "seconds" in run.status else ""
                click.echo(f"[{len(shown)}/{total}] {run.status['state']}{took}: {run.folder.name}", err=True)
        if last:
            return
