"""Progress on a terminal, nothing elsewhere: what is being done, since when, and how far it is where that is known.

All of it is `working`, within which `show` tells how far the innermost piece of work is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from standpunt.prediction.block import Done

_bar: Progress | None = None
_works: list[TaskID] = []  # nested pieces of work; `show` and `say` are about the innermost, the last


@contextmanager
def working(what: str, console: Console | None = None, *, beside: bool = False) -> Generator[None]:
    """Show what is being done while the block runs, at once, with the time since it began.

    Args:
        what: in a few words.
        console: where to; by default standard error if it is a terminal, and nowhere if it is not.
        beside: work within other work is shown below it, and not in its place.
    """
    global _bar
    if console is None and not sys.stderr.isatty():
        yield
        return
    from rich.markup import escape

    if not _works:
        _bar = _new_bar(console)
        _bar.start()
    bar = _bar
    assert bar is not None
    outer = None if beside or not _works else _works[-1]
    if outer is not None:
        bar.update(outer, visible=False)
    work = bar.add_task(escape(what), total=None, far="")
    _works.append(work)
    try:
        yield
    finally:
        _works.remove(work)
        bar.remove_task(work)
        if outer is not None:
            bar.update(outer, visible=True)
        if not _works:
            bar.stop()
            _bar = None


def _new_bar(console: Console | None) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[far]}"),
        TimeElapsedColumn(),
        console=console or Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # it may be a pipe
    )


def say(what: str) -> None:
    """Tell what is being done from now on."""
    if _bar is not None:
        from rich.markup import escape

        _bar.update(_works[-1], description=escape(what), completed=0, total=None, far="", refresh=True)


def show(done: float, total: float | None, said: str = "") -> None:
    """Tell how far the work is.

    Args:
        done: how much is done.
        total: of how much; None where nobody knows.
        said: what else there is to say.
    """
    if _bar is None:
        return
    far = f"{done:,.0f}/{total:,.0f}" if total else f"{done:,.0f}"
    ended = total is not None and done >= total  # it may be taken away before it is drawn once more
    _bar.update(_works[-1], completed=done, total=total, far=f"{far} {said}".rstrip(), refresh=ended)


@contextmanager
def watching_models() -> Generator[None]:
    """Let models tell how far they are in reading texts, while the block runs."""
    if _bar is None:
        yield
        return
    from standpunt.models.base import Model

    before = Model.watch
    Model.watch = staticmethod(lambda done, total, loss: show(done, total))
    try:
        yield
    finally:
        Model.watch = before


@contextmanager
def file_progress(total: int) -> Generator[Callable[[Done], None]]:
    """Give a function to call with each file that is done, while the block runs; it shows the pairs a second too."""
    with working("files"):
        show(0, total)
        files = pairs = 0
        started = perf_counter()

        def advance(done: Done) -> None:
            nonlocal files, pairs
            files, pairs = files + 1, pairs + done.rows
            show(files, total, f"{pairs / (perf_counter() - started):.0f} pairs/s")

        yield advance


@contextmanager
def training_progress(console: Console | None = None) -> Generator[None]:
    """Show how far each training is that goes in steps, while the block runs, below the work that it is part of.

    Args:
        console: where to; by default standard error if it is a terminal, and nowhere if it is not (training then
            logs a line now and then).
    """
    if console is None and not sys.stderr.isatty():
        yield
        return
    from standpunt.models.base import Model

    before, bar = Model.watch, _TrainingBar(console)
    Model.watch = bar.show
    try:
        yield
    finally:
        Model.watch = before
        bar.close()


class _TrainingBar:
    """A piece of work for each training: begun when the training first tells of itself, ended when it is done."""

    def __init__(self, console: Console | None) -> None:
        self._console = console
        self._work: ExitStack | None = None

    def show(self, done: int, total: int, loss: float) -> None:
        """Be a `standpunt.models.base.Watch`."""
        if self._work is None:
            self._work = ExitStack()
            self._work.enter_context(working("examples", self._console, beside=True))
        show(done, total, "" if loss != loss else f"loss {loss:.3f}")  # nan where nothing is learnt
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._work is not None:
            self._work.close()
            self._work = None
