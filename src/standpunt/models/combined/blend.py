"""Several models as one: a weighted mean of the logarithms of their probabilities."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import NONE, Rows, column
from standpunt.debate import Span
from standpunt.errors import InputError, require
from standpunt.evaluation.calibration import SMALLEST_PROBABILITY
from standpunt.models.base import Model, ModelConfig
from standpunt.models.building import build, nested_config
from standpunt.models.windows.examples import fitted_and_held

WEIGHTS = "blend.json"
_TRAINED, _TASK = "trained", "task"
_MOST = 8.0  # a weight; as much as a temperature of one eighth


@dataclass
class BlendConfig(ModelConfig):
    """What is blended.

    Attributes:
        members: by name, the configuration of a model that is trained here, or `{trained: FOLDER}` for one that was
            trained before, with the same labels, or with "none" as well, which is then left out; `{trained: FOLDER,
            task: TASK}` is one that learnt it as an auxiliary task (see `CrossEncoder.answering`).
        dev_share: share of the issues held out to weigh the members on, where no dev rows are given; 0 weighs them
            alike.
        weights: of the members, by name, instead of those that dev rows tell: for a member that learnt from these rows
            before, of which they would tell too much good.
    """

    name: str = "blend"
    family: str = "blend"
    members: dict[str, Any] = field(default_factory=dict)
    dev_share: float = 0.1
    weights: dict[str, float] | None = None

    def __post_init__(self) -> None:
        require(len(self.members) >= 2, "model.members", self.members, "two models or more")
        require(0 <= self.dev_share < 1, "model.dev_share", self.dev_share, "a number from 0 to below 1")
        if self.weights is not None:
            given = {*self.weights} == {*self.members} and min(self.weights.values()) >= 0 < max(self.weights.values())
            names = ", ".join(self.members)
            require(given, "model.weights", dict(self.weights), f"a number of 0 or more for each of {names}, not all 0")
        for name, settings in self.members.items():
            if isinstance(settings, Mapping) and _TRAINED in settings:
                alone = {*settings} <= {_TRAINED, _TASK}
                require(alone, f"model.members.{name}", dict(settings), f"{_TRAINED} and {_TASK} alone")
        self.members = {
            name: dict(settings)
            if isinstance(settings, Mapping) and _TRAINED in settings
            else nested_config(settings, f"model.members.{name}")
            for name, settings in self.members.items()
        }

    @property
    def reads_issue(self) -> bool:
        """Whether a member does; one that was trained before tells it only when it is loaded."""
        return any(not isinstance(member, ModelConfig) or member.reads_issue for member in self.members.values())


class Blend(Model):
    """P(label) is proportional to the product of the members' probabilities, each to the power of its weight.

    This is a logarithmic opinion pool, weighed by the log loss on dev (T. Heskes, Selecting Weighting Factors in
    Logarithmic Opinion Pools, NIPS 1998). Weights are not bound to sum to one: so they calibrate as well. A member may
    be a blend itself.
    """

    config_class = BlendConfig
    weighs_rows = True
    calibrates_itself = True
    config: BlendConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        given = self.config.weights
        fitted, held = fitted_and_held(train, dev, self.config.dev_share if given is None else 0.0, seed, None)
        self.members = {name: self._member(name, fitted, held, seed) for name in self.config.members}
        self.weights = np.full(len(self.members), 1 / len(self.members))
        if given is not None:
            self.weights = np.array([given[name] for name in self.members])
        elif held:
            labels = np.array([self.labels.index(label) for label in column(held, "label")])
            self.weights = fit_weights(self._logs(held), labels)

    def _member(self, name: str, train: list[dict[str, Any]], dev: list[dict[str, Any]], seed: int) -> Model:
        settings = self.config.members[name]
        if isinstance(settings, ModelConfig):
            member = build(settings, self.labels, self.issues)
            member.watch = self.watch
            return member.fit(train, dev or None, seed)
        member = Model.load(str(settings[_TRAINED]))
        if settings.get(_TASK):
            try:
                member = member.answering(settings[_TASK])
            except InputError as error:
                raise InputError(f"{settings[_TRAINED]}: {error}; see model.members.{name}.task") from None
        if {*member.labels} - {NONE} != {*self.labels} - {NONE} or not {*self.labels} <= {*member.labels}:
            raise InputError(
                f"{settings[_TRAINED]}: labels {', '.join(member.labels)}; model.members.{name}.trained needs a model "
                f"with {', '.join(self.labels)}, or with {NONE} as well"
            )
        return member

    def _logs(self, rows: Rows) -> NDArray[np.float64]:
        """Return the logarithms of the members' probabilities, shape (n_members, n_rows, n_labels)."""
        return np.stack([self._in_order(member, member.predict_proba(rows)) for member in self.members.values()])

    def _in_order(self, member: Model, theirs: NDArray[np.float64]) -> NDArray[np.float64]:
        ours = theirs[:, [member.labels.index(label) for label in self.labels]]
        ours = ours / np.clip(ours.sum(axis=1, keepdims=True), SMALLEST_PROBABILITY, None)
        return np.log(np.clip(ours, SMALLEST_PROBABILITY, None))

    def knowing(self, issues: Mapping[str, Issue]) -> Self:
        """Return this model, its members too, with the definitions of more issues."""
        other = super().knowing(issues)
        other.members = {name: member.knowing(issues) for name, member in self.members.items()}
        return other

    def shown(self) -> Sequence[Mapping[str, Any]]:
        """Return the labelled rows that its members show."""
        return [row for member in self.members.values() for row in member.shown()]

    @property
    def reads_issue(self) -> bool:
        """Whether a member does."""
        members: Mapping[str, Model] | None = getattr(self, "members", None)  # before the weights are loaded
        if members is None:
            return self.config.reads_issue
        return any(member.reads_issue for member in members.values())

    @property
    def reads_whole_debates(self) -> bool:
        """Whether a member does."""
        return any(member.reads_whole_debates for member in self.members.values())

    @property
    def reads_whole_turns(self) -> bool:
        """Whether a member does."""
        return any(member.reads_whole_turns for member in self.members.values())

    @property
    def tells_evidence(self) -> bool:
        """Whether a member can tell where in a turn its answer comes from."""
        return any(member.tells_evidence for member in self.members.values())

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return pooled(self._logs(rows), self.weights)

    def predict_with_evidence(self, rows: Rows) -> tuple[NDArray[np.float64], list[Span | None]]:
        """Return probabilities, shape (n_rows, n_labels), and the span [start, end) of each text that carried them.

        The spans are those of the first member that tells any; None where none does.
        """
        logs: list[NDArray[np.float64]] = []
        spans: list[Span | None] | None = None
        for member in self.members.values():
            knows: Any = member
            if spans is None and member.tells_evidence:
                theirs, spans = knows.predict_with_evidence(rows)
            else:
                theirs = member.predict_proba(rows)
            logs.append(self._in_order(member, theirs))
        return pooled(np.stack(logs), self.weights), [None] * len(logs[0]) if spans is None else list(spans)

    def _save_weights(self, folder: Path) -> None:
        weights = dict(zip(self.members, self.weights.tolist(), strict=True))
        (folder / WEIGHTS).write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
        for name, member in self.members.items():
            member.save(folder / name, whole=self)

    def _load_weights(self, folder: Path) -> None:
        weights = json.loads((folder / WEIGHTS).read_text(encoding="utf-8"))
        self.weights = np.array(list(weights.values()))
        self.members = {name: Model.load(folder / name, whole=self) for name in weights}

    def describe(self) -> dict[str, Any]:
        """Return what each member weighs, and what the members say of themselves."""
        facts: dict[str, Any] = {
            f"weight of {name}": round(float(weight), 3)
            for name, weight in zip(self.members, self.weights, strict=True)
        }
        for name, member in self.members.items():
            facts |= {f"{name}, {fact}": value for fact, value in member.describe().items()}
        return facts


def pooled(logs: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of a blend, shape (n_rows, n_labels).

    Args:
        logs: logarithms of the members' probabilities, shape (n_members, n_rows, n_labels).
        weights: of the members, shape (n_members,).
    """
    from scipy.special import softmax

    return softmax(np.tensordot(weights, logs, axes=1), axis=1)


def fit_weights(logs: NDArray[np.float64], gold: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return the weights, from 0 to 8, with the least log loss of the blend; equal ones where that is 0 for all.

    Args:
        logs: logarithms of the members' probabilities, shape (n_members, n_rows, n_labels).
        gold: label of each row as a column index, shape (n_rows,).
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp, softmax

    rows = np.arange(len(gold))
    right = logs[:, rows, gold]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        values = np.tensordot(weights, logs, axes=1)
        expected = (logs * softmax(values, axis=1)).sum(axis=2)
        return float((logsumexp(values, axis=1) - values[rows, gold]).mean()), (expected - right).mean(axis=1)

    start = np.full(len(logs), 1 / len(logs))
    weights_found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, _MOST)] * len(logs)).x
    return weights_found if weights_found.any() else start  # without weights every row would get the first label
