"""What a name in a configuration stands for, open to other packages: one registry for each kind of thing.

There are five kinds. Each has a contract, a group of entry points, and a table of what ships:

| kind | contract | entry points |
|---|---|---|
| model family | `standpunt.models.base.Model` | `standpunt.models` |
| reader | `standpunt.readers.format.Format` | `standpunt.readers` |
| protocol | `standpunt.splits.protocol.Protocol` | `standpunt.protocols` |
| data set | `standpunt.corpora.outside.data_set.DataSet` | `standpunt.data_sets` |
| tracker | `standpunt.experiment.tracking.Tracker` | `standpunt.trackers` |

A package adds to a kind by an entry point in its pyproject.toml, after which the name works in every configuration and
in every process that a run starts::

    [project.entry-points."standpunt.models"]
    naive_bayes = "my_package.naive_bayes:NaiveBayes"

Within one process, a notebook for example, `register` does the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, Generic, TypeVar

from standpunt.errors import InputError, unknown_name

T = TypeVar("T")


class Registry(Generic[T]):
    """Things of one kind by name; each is imported when it is first asked for, since some are heavy."""

    def __init__(self, kind: str, group: str, shipped: Mapping[str, str]) -> None:
        """Set up.

        Args:
            kind: what a name stands for, for messages: "model family".
            group: of the entry points of other packages.
            shipped: of each name that ships, where it is found: "package.module:Thing".
        """
        self.kind, self.group = kind, group
        self._shipped = dict(shipped)
        self._things: dict[str, T] = {}

    def names(self) -> tuple[str, ...]:
        """Return all names, in order."""
        return tuple(sorted({*self._shipped, *self._things, *_offered_in(self.group).names}))

    def get(self, name: str) -> T:
        """Return the thing of a name. What was registered goes before what ships, and that before other packages.

        Raises:
            InputError: there is no such thing, or its package cannot be imported.
        """
        if name not in self._things:
            self._things[name] = self._entry_point(name).load() if name in self._shipped else self._offered(name)
        return self._things[name]

    def register(self, name: str) -> Callable[[Any], Any]:
        """Return a decorator that makes a thing known under a name in this process."""

        def add(thing: Any) -> Any:
            self._things[name] = thing
            return thing

        return add

    def _entry_point(self, name: str) -> EntryPoint:
        return EntryPoint(name, self._shipped[name], self.group)

    def _offered(self, name: str) -> T:
        for point in _offered_in(self.group).select(name=name):
            try:
                return point.load()
            except (ImportError, AttributeError) as error:
                package = point.dist.name if point.dist is not None else point.value
                raise InputError(
                    f"{self.kind} {name!r} of package {package} cannot be loaded ({error}); install what it needs"
                ) from None
        raise unknown_name(self.kind, name, self.names())


def _offered_in(group: str) -> EntryPoints:
    """Return what all packages offer to a kind; they are looked through anew once one is installed or removed."""
    return _looked_up(entry_points, group, tuple((place, _changed(place)) for place in sys.path))


@lru_cache(maxsize=16)
def _looked_up(look: Callable[..., EntryPoints], group: str, places: tuple[tuple[str, int], ...]) -> EntryPoints:
    """Looking takes ten milliseconds, and every report asks which formats there are."""
    return look(group=group)


def _changed(place: str) -> int:
    """Return when something was last put into a folder, or taken from it; 0 where there is none."""
    try:
        return os.stat(place or ".").st_mtime_ns
    except OSError:
        return 0
