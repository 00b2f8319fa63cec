"""The contract every model family keeps."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from standpunt import __version__
from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import ROW_COLUMNS, Rows, check_rows, column, undefined, with_propositions
from standpunt.errors import InputError, unknown_name
from standpunt.evaluation.calibration import fit_temperature, scaled
from standpunt.models.cards import CardFacts, model_card, with_license
from standpunt.models.display import as_html, line
from standpunt.models.loading import load_model, outline_of
from standpunt.models.memory import enough_memory
from standpunt.models.packages import installed
from standpunt.models.persistence import rename_in_card, write_folder
from standpunt.models.provenance import Provenance
from standpunt.models.scores import Scores
from standpunt.models.shares import row_weights
from standpunt.storage.hub import upload

# Called while a model is being fitted with how many examples are done, of all, and the running loss.
Watch = Callable[[int, int, float], None]


@dataclass
class ModelConfig:
    """What every family is configured with.

    Attributes:
        name: of the model, as tables show it.
        family: the family that is built, see `standpunt.models.families`.
    """

    name: str = "???"
    family: str = "???"

    @property
    def reads_issue(self) -> bool:
        """Whether such a model reads what an issue is, so that it can answer on one that it was not trained on.

        A family says so by a property of its own. One that does not say it answers unseen issues only when that is
        insisted upon (see `standpunt.prediction.checks.check_knowledge`).
        """
        return False


@dataclass(frozen=True)
class AuxiliaryRows:
    """Labelled rows of an auxiliary task, for a family that learns several.

    Attributes:
        labels: the label scheme of the task, in column order.
        train: rows to train on.
        dev: rows to stop early and to calibrate on, where there are any.
    """

    labels: tuple[str, ...]
    train: Rows
    dev: Rows | None = None


class Model(ABC):
    """A classifier of rows into the labels of a task.

    `predict` is always `labels[argmax(predict_proba)]`, before and after a round trip through `save` and `load`.
    `temperature`, where there is one, divides the logarithms of the probabilities; `calibrate` sets it, for families
    that do not fit one of their own in training (`calibrates_itself`).
    A family that `weighs_rows` lets them count in training as much as their column `weight` says (`corpus.weights`), or
    has its members do so; the others refuse rows that do not count alike.
    The answer for a row is the same whatever rows are given with it, but in families that `reads_whole_turns` or
    `reads_whole_debates`: these are given all rows of a turn at once, or all rows of a debate and an issue too.
    `watch`, set on one model or on this class for all, is told how far a training is that goes in steps.
    """

    config_class: ClassVar[type[ModelConfig]] = ModelConfig
    watch: Watch | None = None
    calibrates_itself: ClassVar[bool] = False
    weighs_rows: ClassVar[bool] = False
    temperature: float | None = None
    scores: Scores = Scores()  # how well it did on labelled debates, where that was measured
    card: str | None = None  # the text that lies beside a loaded model, which may have been written on
    seal: str | None = None  # the hash it is known by once it was saved; None for one that was not, or learnt since

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
        self.auxiliary: dict[
            str, AuxiliaryRows
        ] = {}  # by task; set before `fit`, for a family whose settings ask for them

    def fit(self, train: Rows, dev: Rows | None = None, seed: int = 0) -> Self:
        """Train on labelled rows.

        Args:
            train: rows with a `label` column.
            dev: labelled rows to stop early or calibrate on; families that do neither ignore it.
            seed: everything random is drawn from it.

        Raises:
            InputError: there are no rows, they are not such (see `check_rows`), a label of either is not in the scheme,
                rows have weights that the family does not read, or a package is not installed.
            StandpuntError: there is too little memory.
        """
        if len(train) == 0:
            raise InputError("no rows to train on")
        check_rows(train)
        if not self.weighs_rows and (row_weights(train) != 1).any():
            raise InputError(
                f"corpus.weights: model {self.config.name} of family {self.family} counts every row alike; leave the "
                "weights out, or train another family"
            )
        gold = self._gold(train)
        if dev is not None and len(dev):
            self._gold(dev)
        self.temperature = self.card = self.seal = None
        with enough_memory("train", self.config.name), installed(self.config.name):
            self._fit(train, gold, dev, seed)
        self.provenance.seed, self.provenance.rows = seed, len(train)
        return self

    def predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        """Return probabilities, shape (n_rows, n_labels), columns in the order of `labels`, rows summing to one.

        Args:
            rows: a Dataset, a DataFrame or a sequence of mappings. Where they have no `proposition`, it is that of
                their `issue`, by its definition in this model or among those that ship.

        Raises:
            InputError: an issue is unknown, a row has no text, or rows lack a column that the model reads.
            StandpuntError: there is too little memory.
        """
        if len(rows) == 0:
            return np.zeros((0, len(self.labels)))
        check_rows(rows)
        rows = with_propositions(rows, self.issues)
        with enough_memory("predict with", self.config.name):
            try:
                probabilities = self._predict_proba(rows)
            except KeyError as error:
                if error.args and error.args[0] in ROW_COLUMNS:
                    raise InputError(
                        f"rows have no {error.args[0]!r}, which model {self.config.name} reads; give it, or text and "
                        f"an issue that is defined{undefined(rows, self.issues)} (for texts alone there is "
                        "standpunt.predict_texts)"
                    ) from error
                raise
        return probabilities if self.temperature is None else scaled(probabilities, self.temperature)

    def calibrate(self, dev: Rows) -> None:
        """Fit the temperature on labelled rows that were not trained on; see `standpunt.evaluation.calibration`.

        Raises:
            InputError: a label is not in the scheme.
            StandpuntError: there is too little memory.
        """
        if self.calibrates_itself or len(dev) == 0:
            return
        gold, self.seal = self._gold(dev), None
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
        other.issues, other.card = self.issues | dict(issues), None
        return other

    def answering(self, task: str) -> Model:
        """Return it as a model of a task: its own or, in a family that learns several, an auxiliary one.

        Raises:
            InputError: it did not learn that task.
        """
        if task == self.provenance.task:
            return self
        raise InputError(
            f"model {self.config.name} of family {self.family} learns only its own task ({self.provenance.task}), "
            f"and {task} is asked for"
        )

    @property
    def family(self) -> str:
        """The name of its family, as configurations give it."""
        return self.config.family

    def __repr__(self) -> str:
        return line(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def save(self, folder: str | Path, *, license: str | None = None, whole: Model | None = None) -> None:
        """Save to a new folder: weights, label scheme, issues, versions, provenance and a card.

        Args:
            folder: where to.
            license: that its card gives it, by the id that model hubs have for it, such as "cc-by-4.0"; by default what
                the card says already, and for a new one "apache-2.0", or the terms of its encoder.
            whole: the model that this one is a part of, where it is one: issues that both have are kept once, and the
                card of the whole is that of its parts.

        Raises:
            InputError: the folder exists already and is not empty.
            StandpuntError: writing failed; nothing is left behind.
        """
        shared = whole is not None and self.issues == whole.issues
        record = {
            "family": self.family,
            "config": asdict(self.config),
            "labels": list(self.labels),
            "issues": None if shared else [issue.record() for issue in self.issues.values()],
            "provenance": asdict(self.provenance),
            "temperature": self.temperature,
        }
        card = (self.card or model_card(self.card_facts())) if whole is None else None
        if card is not None and license is not None:
            card = with_license(card, license)
        self.seal = write_folder(Path(folder), record, self._save_weights, card, self.scores if whole is None else None)

    def push_to_hub(
        self,
        repository: str,
        *,
        license: str | None = None,
        private: bool = False,
        token: str | None = None,
        message: str | None = None,
    ) -> str:
        """Save to a repository on the Hugging Face hub, from where `Model.load` takes it, and return its address.

        Args:
            repository: OWNER/NAME; it is made where it is not there.
            license: that its card gives it; see `save`.
            private: whether a repository that is made is private.
            token: that may write; by default the one that `hf auth login` keeps, or HF_TOKEN.
            message: of the commit.

        Raises:
            InputError: that is no id, or the hub does not allow it.
            StandpuntError: the hub cannot be reached.
        """
        with TemporaryDirectory() as place:
            folder = Path(place) / "model"
            self.save(folder, license=license)
            rename_in_card(folder, repository)
            said = message or f"{self.config.name}, saved by standpunt {__version__}"
            return upload(folder, repository, private=private, token=token, message=said)

    @staticmethod
    def load(folder: str | os.PathLike[str], *, whole: Model | None = None) -> Model:
        """Load a model of any family: from a folder that `save` wrote, by the name under which it ships, from the hub.

        Args:
            folder: the folder, the name, or OWNER/NAME (OWNER/NAME@REVISION) of a model on the Hugging Face hub.
            whole: for a part of another model, that one.

        Raises:
            ModelError: the folder is no model, is incomplete, or was damaged or changed, or a package is not installed.
        """
        return load_model(folder, whole)

    @staticmethod
    def outline(folder: str | os.PathLike[str]) -> Model | None:
        """Return what a saved model says of itself, before its weights are loaded: it cannot predict.

        Args:
            folder: the folder, or the name under which the model ships.

        Returns:
            The model with its configuration, labels, issues and provenance; None for a view of another model, which
            says nothing of itself.

        Raises:
            ModelError: there is no such model, or its manifest is damaged, from another version, or that of a part.
        """
        return outline_of(folder)

    @property
    def reads_issue(self) -> bool:
        """Whether it reads what an issue is, so that it can answer on one that it was not trained on."""
        return self.config.reads_issue

    def knows(self, issue: Issue) -> bool:
        """Tell whether it was trained on an issue: on one of that name that is the same proposition."""
        own = self.issues.get(issue.name)
        return own is not None and own.is_same(issue)

    @property
    def corpora_behind(self) -> set[str]:
        """The corpora that it and, where it is made of several, its members were trained on."""
        members: Mapping[str, Model] = getattr(self, "members", {})
        return {*self.provenance.corpora}.union(*(member.corpora_behind for member in members.values()))

    def card_facts(self) -> CardFacts:
        """Return what its card says of it, scores aside."""
        settings = {**asdict(self.config), **self.describe()}
        return CardFacts(self.config.name, self.labels, self.provenance, self.issues, settings, self.corpora_behind)

    @property
    def reads_whole_debates(self) -> bool:
        """Whether the answer for a row depends on the other rows of its debate and issue."""
        return False

    @property
    def reads_whole_turns(self) -> bool:
        """Whether the answer for a row depends on the other rows of its turn, on what else the turn is asked about."""
        return self.reads_whole_debates

    def abstained(self, rows: Rows) -> NDArray[np.bool_]:
        """Return for each row, shape (n_rows,), whether it got no answer: its probabilities say nothing of it then."""
        return np.zeros(len(rows), dtype=bool)

    def shown(self) -> Sequence[Mapping[str, Any]]:
        """Return the labelled rows, as records, that it shows when it is asked about others; none in most families."""
        return ()

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
