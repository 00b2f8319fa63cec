"""Trackers: curves and scores of a run for a viewer, written into the run folder.

A tracker of one's own is a class with a name::

    @register_tracker("mine")
    class Mine(Tracker):
        def __init__(self, folder: Path) -> None: ...
        def log(self, values: Mapping[str, float], step: int) -> None: ...

It is chosen by `tracker.name=mine`, in a process that has imported it: an experiment is then run from Python
(`standpunt.experiment.run.run`), or the module is an entry point of the group `standpunt.trackers` of an installed
package (`mine = "my_package.my_module"`), which `standpunt run` and the jobs it starts elsewhere import by that name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path

from standpunt.errors import InputError, unknown_name

FOLDER = "tracker"  # of a run folder
NONE = "none"
_GROUP = "standpunt.trackers"


class Tracker(ABC):
    """Writes what a run tells it, and only below the folder it is given."""

    def __init__(self, folder: Path) -> None:
        """Set up; `folder` exists, is empty, and moves with the run folder once the run has ended."""
        self.folder = folder

    @abstractmethod
    def log(self, values: Mapping[str, float], step: int) -> None:
        """Take values by name (`train/FOLD/loss`, `scores/CORPUS/macro_f1`) at a step."""

    @abstractmethod
    def close(self) -> None:
        """Write what is still in memory; the run has ended, well or not."""


_registered: dict[str, type[Tracker]] = {}


def register_tracker(name: str) -> Callable[[type[Tracker]], type[Tracker]]:
    """Class decorator that makes a tracker known under a name."""

    def add(cls: type[Tracker]) -> type[Tracker]:
        _registered[name] = cls
        return cls

    return add


@contextmanager
def tracking(name: str, run_folder: Path) -> Generator[Tracker | None]:
    """Give the tracker of a run, None where none is wanted, and close it at the end.

    Args:
        name: "none" or that of a tracker.
        run_folder: what the tracker writes is put below it.

    Raises:
        InputError: there is no such tracker, or what it needs is not installed.
    """
    if name == NONE:
        yield None
        return
    cls = _tracker_class(name)
    folder = run_folder / FOLDER
    folder.mkdir()
    tracker = cls(folder)
    try:
        yield tracker
    finally:
        tracker.close()


def _tracker_class(name: str) -> type[Tracker]:
    offered = {point.name: point for point in entry_points(group=_GROUP)}
    if name not in _registered and name in offered:
        offered[name].load()
    if name not in _registered:
        raise unknown_name("tracker", name, {NONE, *_registered, *offered})
    return _registered[name]


@register_tracker("tensorboard")
class TensorBoard(Tracker):
    """Event files for `tensorboard --logdir`."""

    def __init__(self, folder: Path) -> None:
        """Open the event file.

        Raises:
            InputError: TensorBoard is not installed.
        """
        super().__init__(folder)
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise InputError(
                "tracker tensorboard needs TensorBoard; install it with: pip install 'standpunt[tensorboard]'"
            ) from None
        self._writer = SummaryWriter(str(folder))

    def log(self, values: Mapping[str, float], step: int) -> None:
        """Add a point to each curve."""
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)

    def close(self) -> None:
        """Flush and close the event file."""
        self._writer.close()
