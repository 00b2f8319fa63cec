"""Trackers: curves and scores of a run for a viewer, written into the run folder or sent to a server.

A tracker of one's own is a class::

    class Mine(Tracker):
        def __init__(self, folder: Path) -> None: ...
        def log(self, values: Mapping[str, float], step: int) -> None: ...

A package offers it as an entry point of the group `standpunt.trackers` (`mine = "my_package.my_module:Mine"`), and
`tracker.name=mine` chooses it; in one process `TRACKERS.register("mine")` is enough.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from standpunt.errors import InputError
from standpunt.registry import Registry

FOLDER = "tracker"  # of a run folder
NONE = "none"


class Tracker(ABC):
    """Writes what a run tells it: on this machine only below the folder it is given."""

    def __init__(self, folder: Path) -> None:
        """Set up; `folder` exists, is empty, and moves with the run folder once the run has ended."""
        self.folder = folder

    def settings(self, values: Mapping[str, object]) -> None:  # noqa: B027
        """Take the settings of the run, by dotted name (`model.c`), before anything else; not used by default."""

    @abstractmethod
    def log(self, values: Mapping[str, float], step: int) -> None:
        """Take values by name (`train/FOLD/loss`, `scores/CORPUS/macro_f1`) at a step."""

    @abstractmethod
    def close(self) -> None:
        """Write what is still in memory; the run has ended, well or not."""


@contextmanager
def tracking(name: str, run_folder: Path, settings: Mapping[str, object]) -> Generator[Tracker | None]:
    """Give the tracker of a run, None where none is wanted, and close it at the end.

    Args:
        name: "none" or that of a tracker.
        settings: of the run, nested, which the tracker is told.
        run_folder: what the tracker writes is put below it.

    Raises:
        InputError: there is no such tracker, or what it needs is not installed.
    """
    if name == NONE:
        yield None
        return
    cls = TRACKERS.get(name)
    folder = run_folder / FOLDER
    folder.mkdir()
    tracker = cls(folder)
    try:
        tracker.settings(_dotted(settings))
        yield tracker
    finally:
        tracker.close()


def _dotted(settings: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Return nested settings by dotted name."""
    found: dict[str, object] = {}
    for key, value in settings.items():
        found |= _dotted(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return found


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


TRACKERS: Registry[type[Tracker]] = Registry(
    "tracker",
    "standpunt.trackers",
    {
        "mlflow": "standpunt.experiment.track_mlflow:MLflow",
        "tensorboard": "standpunt.experiment.tracking:TensorBoard",
        "wandb": "standpunt.experiment.track_wandb:WandB",
    },
)
