"""Training the models of one experiment, on rows whose text is tested on nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standpunt.config import Config, SplitConfig
from standpunt.corpora.loading import LoadedRows, joined
from standpunt.corpora.rows import DEV, TRAIN, column
from standpunt.duplicates import Duplicates
from standpunt.errors import InputError
from standpunt.models import Model, build
from standpunt.models.base import Beside, Provenance
from standpunt.splits import Fold, Shared
from standpunt.tasks import Task, get_task
from standpunt.tracking import Tracker

if TYPE_CHECKING:
    from datasets import Dataset


class Training:
    """Trains the models of one experiment: on the training side of a fold, or on all rows to train on.

    Of a corpus with parts, rows to train on are those of the part "train", outside the folds.

    Rows with the same or nearly the same text as a row of a test corpus are never trained on, nor are rows of a further
    training corpus with the text of a row that the fold tests on; formulas of a few words do not count. Nor are rows of
    a further corpus whose speaker, party, debate or issue the fold tests on, where the protocol holds that out. What
    `split.apart` names is on one side only of all corpora, and what is trained on is not among the dev rows, since what
    is tuned on them is for what was not. `dropped` says how many rows the last model was not fitted on for such a
    reason, those the protocol left out included.

    Folds that share their training rows (the parts of a data set) share the model. Of the tasks that are learnt beside
    the model's own, no row of a debate that is tested on is trained on.
    """

    def __init__(
        self,
        config: Config,
        task: Task,
        corpora: list[LoadedRows],
        tests: list[LoadedRows],
        skipped: dict[str, str],
        tracker: Tracker | None,
        beside: Mapping[str, LoadedRows] | None = None,
    ) -> None:
        """Set up; of `corpora` the first is cross-validated, the others are only ever trained on.

        `skipped` says which corpora to test on could not be had, and why; `beside` has the rows of other tasks.
        """
        self.task, self.corpora, self.tests, self.skipped = task, corpora, tests, skipped
        self.issues = {name: issue for item in corpora for name, issue in item.issues.items()}
        self.dropped = 0
        texts = [column(item.rows, "text") for item in (*corpora, *tests)]
        self.duplicates = Duplicates([text for part in texts for text in part])  # the rows of the first come first
        self._ends = np.cumsum([len(part) for part in texts])
        everything = [item.rows for item in (*corpora, *tests)]
        self._apart = [Shared(everything, unit) for unit in config.split.apart]
        self._held_out = [Shared(everything, unit) for unit in _held_out(config.split)] if len(corpora) > 1 else []
        tested = np.arange(self._ends[len(corpora) - 1], self._ends[-1])
        self._tested = self.duplicates.of(tested, formulas=False) | self._shared(self._apart, tested)
        self._config, self._tracker, self._others = config, tracker, dict(beside or {})
        self._last: tuple[bytes, Model] | None = None

    def on(self, fold: Fold | None) -> Model:
        """Return the model trained on the training rows of a fold, or without one on all rows to train on.

        Raises:
            InputError: no row is left to train on.
        """
        chosen, aside, left_out = self._chosen(fold)
        key = b"|".join(part.tobytes() for part in chosen)
        if self._last is None or self._last[0] != key:
            train = [item.rows.select(part) for item, part in zip(self.corpora, chosen, strict=True)]
            dev = [item.rows.select(part) for item, part in zip(self.corpora, aside, strict=True) if len(part)]
            model = build(self._config.model, self.task.labels, self.issues)
            self._watch(model, "all" if fold is None else fold.unit)
            held = joined(dev) if dev else None
            model.beside = self._beside(fold)
            model.fit(joined(train), held, self._config.seed)
            if held is not None:
                model.calibrate(held)
            model.provenance = Provenance(
                self.task.name,
                [item.name for item in self.corpora],
                sum(len(part) for part in train),
                self.corpora[0].sha256,
                self._config.seed,
                sorted({language for item in self.corpora for language in item.languages}),
            )
            self._last = (key, model)
        self.dropped = left_out
        return self._last[1]

    def with_config(self, config: Config) -> Training:
        """Return one that trains by other settings on the same rows."""
        other = copy(self)
        other._config, other._last = config, None
        return other

    def trainable(self, fold: Fold | None) -> tuple[NDArray[np.int_], NDArray[np.int_] | None]:
        """Return the indices of the first corpus to train on and those to stop early on, before any is left out."""
        return (_of_part(self.corpora[0].rows, TRAIN), None) if fold is None else (fold.train, fold.dev)

    def _chosen(self, fold: Fold | None) -> tuple[list[NDArray[np.int_]], list[NDArray[np.int_]], int]:
        """Return the indices of each corpus to train on, those to stop early on, and how many rows were left out."""
        unseen = self._unseen(fold)
        banned = self.duplicates.of(unseen, formulas=False) | self._shared(self._held_out, unseen)
        banned[: self._ends[0]] = False  # in the first corpus the fold has seen to it
        banned |= self._tested | self._shared(self._apart, unseen)
        train, dev = self.trainable(fold)
        train = self._everywhere(train, TRAIN)
        dev = np.zeros(0, dtype=int) if dev is None else self._everywhere(dev, DEV)
        wanted = len(train) + len(dev)
        kept = train[~banned[train]]
        dev = dev[~(banned | self._shared(self._apart, kept))[dev]]
        if not len(kept):
            raise InputError("nothing is left to train on: all texts, or all that split.apart names, are tested on too")
        left_out = wanted - len(kept) - len(dev) + (0 if fold is None else len(fold.dropped))
        return self._of_each(kept), self._of_each(dev), left_out

    def _everywhere(self, main: NDArray[np.int_], part: str) -> NDArray[np.int_]:
        """Return indices of the first corpus and those of a part of the others, into all corpora one after another."""
        others = [
            end - len(item.rows) + _of_part(item.rows, part)
            for item, end in zip(self.corpora[1:], self._ends[1:], strict=False)
        ]
        return np.concatenate([main, *others])

    def _of_each(self, rows: NDArray[np.int_]) -> list[NDArray[np.int_]]:
        """Return indices into all corpora as indices into each that is trained on."""
        ends = self._ends[: len(self.corpora)]
        starts = ends - [len(item.rows) for item in self.corpora]
        return [rows[(rows >= start) & (rows < end)] - start for start, end in zip(starts, ends, strict=True)]

    def _shared(self, units: list[Shared], rows: NDArray[np.int_]) -> NDArray[np.bool_]:
        """Return for every row of all corpora whether it shares one of the units with one of `rows`."""
        return np.any([np.zeros(self._ends[-1], dtype=bool), *(shared.of(rows) for shared in units)], axis=0)

    def _unseen(self, fold: Fold | None) -> NDArray[np.int_]:
        """Return the rows of the first corpus that a fold tests on, or another fold that shares its model would."""
        if fold is None:
            return np.zeros(0, dtype=int)
        others = [fold.train, fold.dropped] if fold.dev is None else [fold.train, fold.dropped, fold.dev]
        return np.setdiff1d(np.arange(len(self.corpora[0].rows)), np.concatenate(others))

    def _beside(self, fold: Fold | None) -> dict[str, Beside]:
        """Return the rows of other tasks, those of debates that are tested on left out."""
        tested = {name for item in self.tests for name in column(item.rows, "debate")}
        tested |= set(column(self.corpora[0].rows.select(self._unseen(fold)), "debate"))
        found = {}
        for task, item in self._others.items():
            kept = np.array([debate not in tested for debate in column(item.rows, "debate")])
            parts = [_of_part(item.rows, part) for part in (TRAIN, DEV)]
            train, dev = (item.rows.select(part[kept[part]]) for part in parts)
            if len(train) == 0:
                raise InputError(f"model.beside: nothing of {item.name} is left to learn {task} from")
            found[task] = Beside(get_task(task).labels, train, dev if len(dev) else None)
        return found

    def _watch(self, model: Model, fold: str) -> None:
        """Let the tracker know the loss of a training that goes in steps, beside whoever watches already."""
        tracker, other = self._tracker, model.watch
        if tracker is None:
            return

        def watch(done: int, total: int, loss: float) -> None:
            if not isnan(loss):  # texts are read before anything is learnt
                tracker.log({f"train/{fold}/loss": loss}, done)
            if other is not None:
                other(done, total, loss)

        model.watch = watch


def _held_out(split: SplitConfig) -> list[str]:
    """Return the unit that a protocol holds out, in a list; empty where it holds out none."""
    return {"leave_one_out": [split.unit], "random_by_group": [split.unit], "k_shot": ["issue"]}.get(split.name, [])


def _of_part(rows: Dataset, part: str) -> NDArray[np.int_]:
    """Return the indices of a part of a data set; rows that are not divided are all to train on."""
    if "part" not in rows.column_names:
        return np.arange(len(rows) if part == TRAIN else 0)
    return np.flatnonzero(np.array(column(rows, "part")) == part)
