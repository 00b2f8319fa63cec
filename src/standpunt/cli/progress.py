"""A progress bar over files: pairs a second and time left, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standpunt.bulk import Done


@contextmanager
def file_progress(total: int) -> Generator[Callable[[Done], None]]:
    """Give a function to call with each file that is done; nothing is shown where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("files"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.0f} pairs/s"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("files", total=total, rate=0.0)
        pairs = 0

        def advance(done: Done) -> None:
            nonlocal pairs
            pairs += done.rows
            elapsed = bar.tasks[task].elapsed or 0.0
            bar.update(task, advance=1, rate=pairs / elapsed if elapsed else 0.0)

        yield advance
