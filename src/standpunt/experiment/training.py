"""Training the models of one experiment, on rows whose text is tested on nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np

from standpunt.corpora.loading import joined
from standpunt.corpora.rows import DEV, TRAIN, column
from standpunt.errors import InputError
from standpunt.experiment.config import Config
from standpunt.experiment.preparation import Prepared
from standpunt.experiment.tracking import Tracker
from standpunt.models import Model, build
from standpunt.models.base import AuxiliaryRows
from standpunt.models.provenance import Provenance
from standpunt.splits import Fold
from standpunt.splits.shown import assert_not_tested
from standpunt.splits.training_rows import Chosen, of_part
from standpunt.tasks import get_task


@dataclass(frozen=True)
class Trained:
    """A trained model, and how many rows it was not fitted on because they, or what they share, are tested on.

    Rows that the protocol left out are among the dropped.
    """

    model: Model
    dropped: int


class Training:
    """Trains the models of one experiment: on the training side of a fold, or on all rows to train on.

    Folds that share their training rows (the parts of a data set) share the model. Of the tasks that are learnt beside
    the model's own, no row of a debate that is tested on is trained on.
    """

    def __init__(self, config: Config, prepared: Prepared, tracker: Tracker | None = None) -> None:
        """Set up.

        Args:
            config: says which model is trained, and its seed.
            prepared: the rows.
            tracker: is told the losses of trainings that go in steps.
        """
        self._config, self._prepared, self._tracker = config, prepared, tracker
        self._last: tuple[bytes, Model] | None = None

    def on(self, fold: Fold | None) -> Trained:
        """Train on the training rows of a fold, or without one on all rows to train on.

        Raises:
            InputError: no row is left to train on.
        """
        chosen = self._prepared.rows.chosen(fold)
        key = b"|".join(part.tobytes() for part in (*chosen.train, *chosen.dev))
        if self._last is None or self._last[0] != key:
            self._last = (key, self._fitted(chosen, fold))
        return Trained(self._last[1], chosen.dropped)

    def _fitted(self, chosen: Chosen, fold: Fold | None) -> Model:
        corpora = self._prepared.corpora
        train = [item.rows.select(part) for item, part in zip(corpora, chosen.train, strict=True)]
        dev = [item.rows.select(part) for item, part in zip(corpora, chosen.dev, strict=True) if len(part)]
        model = build(self._config.model, self._prepared.task.labels, self._prepared.issues)
        self._watch(model, "all" if fold is None else fold.unit)
        held = joined(dev) if dev else None
        model.auxiliary = self._auxiliary(fold)
        model.fit(joined(train), held, self._config.seed)
        self._check_shown(model, fold)
        if held is not None:
            model.calibrate(held)
        model.provenance = Provenance(
            self._prepared.task.name,
            [item.name for item in corpora],
            sum(len(part) for part in train),
            corpora[0].sha256,
            self._config.seed,
            sorted({language for item in corpora for language in item.languages}),
        )
        return model

    def _check_shown(self, model: Model, fold: Fold | None) -> None:
        """Make sure that a model that shows labelled rows shows none of what is tested on.

        Raises:
            LeakageError: it does.
        """
        prepared, shown = self._prepared, model.shown()
        unseen = prepared.corpora[0].rows.select(prepared.rows.unseen(fold))
        assert_not_tested(shown, unseen, prepared.protocol.kept_apart)
        for item in prepared.tests:
            assert_not_tested(shown, item.rows, None)

    def _auxiliary(self, fold: Fold | None) -> dict[str, AuxiliaryRows]:
        """Return the rows of other tasks, those of debates that are tested on left out."""
        prepared = self._prepared
        tested = {name for item in prepared.tests for name in column(item.rows, "debate")}
        tested |= set(column(prepared.corpora[0].rows.select(prepared.rows.unseen(fold)), "debate"))
        auxiliary = {}
        for task, item in prepared.auxiliary.items():
            kept = np.array([debate not in tested for debate in column(item.rows, "debate")])
            parts = [of_part(item.rows, part) for part in (TRAIN, DEV)]
            train, dev = (item.rows.select(part[kept[part]]) for part in parts)
            if len(train) == 0:
                raise InputError(f"model.auxiliary: nothing of {item.name} is left to learn {task} from")
            auxiliary[task] = AuxiliaryRows(get_task(task).labels, train, dev if len(dev) else None)
        return auxiliary

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
