"""Progress bars, on a terminal only: over files, with pairs a second; over a training, with its loss."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from standpunt.prediction.block import Done


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


@contextmanager
def training_progress(console: Console | None = None) -> Generator[None]:
    """Show how far each training is that goes in steps, while the block runs.

    Args:
        console: where to; by default standard error if it is a terminal, and nowhere if it is not (training then
            logs a line now and then).
    """
    if console is None and not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    from standpunt.models.base import Model

    before, bar = Model.watch, _TrainingBar(console or Console(stderr=True))
    Model.watch = bar.show
    try:
        yield
    finally:
        Model.watch = before
        bar.close()


class _TrainingBar:
    """A bar a training: opened when the training first tells of itself, closed when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None

    def show(self, done: int, total: int, loss: float) -> None:
        """Be a `standpunt.models.base.Watch`."""
        if self._bar is None:
            self._bar = self._open(total)
        said = "" if loss != loss else f"loss {loss:.3f}"  # nan where nothing is learnt
        self._bar.update(self._bar.task_ids[0], completed=done, loss=said, refresh=True)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _open(self, total: int) -> Progress:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        bar = Progress(
            TextColumn("examples"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[loss]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        bar.add_task("examples", total=total, loss="")
        bar.start()
        return bar
