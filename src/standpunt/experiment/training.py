"""Training the models of one experiment, on rows whose text is tested on nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from math import isnan

import numpy as np

from standpunt.corpora.loading import LoadedRows, joined
from standpunt.corpora.rows import DEV, TRAIN, column
from standpunt.errors import InputError
from standpunt.experiment.config import Config
from standpunt.experiment.tracking import Tracker
from standpunt.models import Model, build
from standpunt.models.base import Beside
from standpunt.models.provenance import Provenance
from standpunt.splits import Fold
from standpunt.splits.training_rows import TrainingRows, of_part
from standpunt.tasks import Task, get_task


class Training:
    """Trains the models of one experiment: on the training side of a fold, or on all rows to train on.

    Folds that share their training rows (the parts of a data set) share the model. Of the tasks that are learnt beside
    the model's own, no row of a debate that is tested on is trained on.

    Attributes:
        rows: which rows are trained on; see `standpunt.splits.training_rows`.
        dropped: how many rows the last model was not fitted on because they, or what they share, are tested on; those
            the protocol left out included.
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
        self.rows = TrainingRows(corpora, tests, config.split)
        self._config, self._tracker, self._others = config, tracker, dict(beside or {})
        self._last: tuple[bytes, Model] | None = None

    def on(self, fold: Fold | None) -> Model:
        """Return the model trained on the training rows of a fold, or without one on all rows to train on.

        Raises:
            InputError: no row is left to train on.
        """
        chosen = self.rows.chosen(fold)
        key = b"|".join(part.tobytes() for part in (*chosen.train, *chosen.dev))
        if self._last is None or self._last[0] != key:
            train = [item.rows.select(part) for item, part in zip(self.corpora, chosen.train, strict=True)]
            dev = [item.rows.select(part) for item, part in zip(self.corpora, chosen.dev, strict=True) if len(part)]
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
        self.dropped = chosen.dropped
        return self._last[1]

    def with_config(self, config: Config) -> Training:
        """Return one that trains by other settings on the same rows."""
        other = copy(self)
        other._config, other._last = config, None
        return other

    def _beside(self, fold: Fold | None) -> dict[str, Beside]:
        """Return the rows of other tasks, those of debates that are tested on left out."""
        tested = {name for item in self.tests for name in column(item.rows, "debate")}
        tested |= set(column(self.corpora[0].rows.select(self.rows.unseen(fold)), "debate"))
        found = {}
        for task, item in self._others.items():
            kept = np.array([debate not in tested for debate in column(item.rows, "debate")])
            parts = [of_part(item.rows, part) for part in (TRAIN, DEV)]
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
