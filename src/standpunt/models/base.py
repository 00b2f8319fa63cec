"""The contract every model family keeps."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError, StandpuntError, unknown_name
from standpunt.evaluation.calibration import fit_temperature, scaled

# Called while a model is being fitted with how many examples are done, of all, and the running loss.
Watch = Callable[[int, int, float], None]

# What torch says where memory is short; everything else raises MemoryError.
_NO_MEMORY = re.compile(r"can't allocate memory|out of memory", re.IGNORECASE)


@dataclass
class ModelConfig:
    """What every family is configured with: the name shown in tables and the family that is built."""

    name: str = "???"
    family: str = "???"


@dataclass
class Provenance:
    """What a model was trained on, kept with it: task, corpora, hash of the rows, seed, languages of the texts."""

    task: str = "stance"
    corpora: list[str] = field(default_factory=list)
    rows: int = 0
    data_sha256: str = ""
    seed: int = 0
    languages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Beside:
    """Labelled rows of another task, for a family that learns it beside its own."""

    labels: tuple[str, ...]
    train: Rows
    dev: Rows | None = None


class Model(ABC):
    """A classifier of rows into the labels of a task.

    `predict` is always `labels[argmax(predict_proba)]`, before and after a round trip through `save` and `load`.
    `temperature`, where there is one, divides the logarithms of the probabilities; `calibrate` sets it, for families
    that do not fit one of their own in training (`calibrates_itself`).
    `watch`, set on one model or on this class for all, is told how far a training is that goes in steps.
    """

    family: ClassVar[str]
    config_class: ClassVar[type[ModelConfig]] = ModelConfig
    watch: Watch | None = None
    calibrates_itself: ClassVar[bool] = False
    temperature: float | None = None

    def __init__(self, config: ModelConfig, labels: Sequence[str], issues: Mapping[str, Issue]) -> None:
        """Set a model up, untrained.

        Args:
            config: of the family's own class.
            labels: the label scheme, in the column order of the probabilities.
            issues: definitions of the issues, keyed by name; saved with the model.
        """
        self.config = config
        self.labels = tuple(labels)
        self.issues = dict(issues)
        self.provenance = Provenance()
        self.beside: dict[str, Beside] = {}  # by task; set before `fit`, for a family whose settings ask for them

    def fit(self, train: Rows, dev: Rows | None = None, seed: int = 0) -> Self:
        """Train on labelled rows.

        Args:
            train: rows with a `label` column.
            dev: labelled rows to stop early or calibrate on; families that do neither ignore it.
            seed: everything random is drawn from it.

        Raises:
            InputError: there are no rows, or a label of either is not in the scheme.
            StandpuntError: there is too little memory.
        """
        if len(train) == 0:
            raise InputError("no rows to train on")
        gold = self._gold(train)
        if dev is not None and len(dev):
            self._gold(dev)
        self.temperature = None
        with enough_memory("train", self.config.name):
            self._fit(train, gold, dev, seed)
        self.provenance.seed = seed
        return self

    def predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        """Return probabilities, shape (n_rows, n_labels), columns in the order of `labels`, rows summing to one.

        Raises:
            StandpuntError: there is too little memory.
        """
        if len(rows) == 0:
            return np.zeros((0, len(self.labels)))
        with enough_memory("predict with", self.config.name):
            probabilities = self._predict_proba(rows)
        return probabilities if self.temperature is None else scaled(probabilities, self.temperature)

    def calibrate(self, dev: Rows) -> None:
        """Fit the temperature on labelled rows that were not trained on; see `standpunt.evaluation.calibration`.

        Raises:
            InputError: a label is not in the scheme.
            StandpuntError: there is too little memory.
        """
        if self.calibrates_itself or len(dev) == 0:
            return
        gold = self._gold(dev)
        with enough_memory("predict with", self.config.name):
            probabilities = self._predict_proba(dev)
        self.temperature = fit_temperature(probabilities, gold)

    def _gold(self, rows: Rows) -> NDArray[np.int_]:
        """Return the label of each row as an index into `labels`.

        Raises:
            InputError: a label is not in the scheme.
        """
        gold = column(rows, "label")
        for label in sorted(set(gold) - set(self.labels), key=str):
            raise unknown_name("label", str(label), self.labels)
        return np.array([self.labels.index(label) for label in gold])

    def predict(self, rows: Rows) -> list[str]:
        """Return the most probable label of each row."""
        return [self.labels[index] for index in self.predict_proba(rows).argmax(axis=1)]

    def knowing(self, issues: Mapping[str, Issue]) -> Self:
        """Return this model with the definitions of more issues, for families that read them; it stays as it is itself.

        Args:
            issues: definitions, keyed by name.
        """
        other = copy(self)
        other.issues = self.issues | dict(issues)
        return other

    def save(self, folder: str | Path) -> None:
        """Save to a new folder: weights, label scheme, issues, versions, provenance and a card.

        Raises:
            InputError: the folder exists already and is not empty.
            StandpuntError: writing failed; nothing is left behind.
        """
        from standpunt.models.persistence import save_model

        save_model(self, Path(folder))

    @staticmethod
    def load(folder: str | os.PathLike[str]) -> Model:
        """Load a model of any family from a folder that `save` wrote, or by the name under which it ships.

        Raises:
            ModelError: the folder is no model, is incomplete, or was damaged or changed.
        """
        from standpunt.models.persistence import load_model
        from standpunt.models.shipped import model_folder

        return load_model(model_folder(folder))

    @property
    def tells_evidence(self) -> bool:
        """Whether it can tell where in a turn its answer comes from, by a method `predict_with_evidence`."""
        return hasattr(self, "predict_with_evidence")

    @abstractmethod
    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        """Train; `gold` holds the label of each row as an index into `labels`."""

    @abstractmethod
    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        """Return probabilities for at least one row."""

    @abstractmethod
    def _save_weights(self, folder: Path) -> None:
        """Write what was learnt into an existing folder, without pickle."""

    @abstractmethod
    def _load_weights(self, folder: Path) -> None:
        """Read what `_save_weights` wrote."""

    def describe(self) -> dict[str, Any]:
        """Return facts about what was learnt, for the card; none by default."""
        return {}


@contextmanager
def enough_memory(to: str, name: str) -> Generator[None]:
    """Say in one sentence where memory ran out.

    Args:
        to: what was being done, e.g. "predict with".
        name: of the model.

    Raises:
        StandpuntError: it ran out within the block.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and not _NO_MEMORY.search(str(error)):
            raise
        raise StandpuntError(
            f"too little memory to {to} model {name}; give it less at a time (a smaller model.batch_size or "
            "model.max_tokens, fewer rows) or take a machine with more"
        ) from error
