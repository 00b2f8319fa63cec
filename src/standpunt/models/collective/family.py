"""A model of a debate as a whole, behind any model that reads its turns one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import SIDES
from standpunt.corpora.rows import NONE, Rows
from standpunt.debate import Span
from standpunt.errors import InputError, require, unknown_name
from standpunt.evaluation.calibration import SMALLEST_PROBABILITY
from standpunt.models.base import Model, ModelConfig
from standpunt.models.building import fit_part, nested_config
from standpunt.models.collective.factor_graph import Coupling, FactorGraph, fit_factor_graph
from standpunt.models.collective.relations import PARTY, RELATIONS, REPLY, SPEAKER, related
from standpunt.models.windows.examples import records

BASE = "base"
FACTS = "collective.json"


@dataclass
class CollectiveConfig(ModelConfig):
    """What reads the turns, and what is made of their relations.

    Attributes:
        base: the configuration of the model that reads each turn by itself.
        relations: which relations of turns are heard; with none of them every turn keeps what the base model says.
        folds: into how many parts the debates (or the issues, where there are fewer debates) that are trained on are
            divided to learn what relations say: each part is predicted by a base model trained on the others.
        penalty: of the squared couplings, beside the mean log loss.
        class_weights: whether labels weigh the same together while relations are learnt, however many rows each has.
        learnt_with: the configuration of a model that stands in for the base model while relations are learnt, where
            the base model takes too long to be trained for each fold; by default none does.
    """

    name: str = "collective"
    family: str = "collective"
    base: Any = field(default_factory=lambda: {"name": "tfidf", "family": "tfidf"})
    relations: list[str] = field(default_factory=lambda: [SPEAKER, PARTY, REPLY])
    folds: int = 5
    penalty: float = 0.002
    class_weights: bool = False
    learnt_with: Any = None

    def __post_init__(self) -> None:
        self.base = nested_config(self.base, "model.base", outer=self.family)
        if self.learnt_with is not None:
            self.learnt_with = nested_config(self.learnt_with, "model.learnt_with", outer=self.family)
        for name in self.relations:
            if name not in RELATIONS:
                raise unknown_name("relation", name, RELATIONS)
        require(self.folds >= 2, "model.folds", self.folds, "2 or more")
        require(self.penalty >= 0, "model.penalty", self.penalty, "0 or more")

    @property
    def reads_issue(self) -> bool:
        """Whether the base model does."""
        return self.base.reads_issue


class Collective(Model):
    """The turns of a debate on an issue are classified together, by what they say and by how they are related.

    The stance of a turn hears those of the same speaker, of the same party and of the turns it answers or is answered
    by (see `standpunt.models.collective.factor_graph`). Whether a turn addresses its issue at all ("none") stays as the
    base model has it. No label of the debate that is read is used.

    The answer for a row depends on the other rows of its debate and issue: give all of them at once.
    """

    config_class = CollectiveConfig
    calibrates_itself = True
    config: CollectiveConfig

    def __init__(self, config: ModelConfig, labels: Any, issues: Mapping[str, Issue]) -> None:
        """Set it up, untrained; see `Model`.

        Raises:
            InputError: the labels are not those of a stance.
        """
        super().__init__(config, labels, issues)
        if not {*SIDES} <= {*self.labels}:
            raise InputError(
                f"model {config.name} relates stances and needs the labels {' and '.join(SIDES)}; "
                f"these rows have {', '.join(self.labels)}"
            )
        self._stances = [place for place, label in enumerate(self.labels) if label != NONE]
        kept = [self.labels[place] for place in self._stances]
        self._sides = (kept.index(SIDES[0]), kept.index(SIDES[1]))

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        rows = records(train, None)
        self.graph = FactorGraph.silent(self.config.relations)
        if self.config.relations:
            self.graph = self._learn(rows, gold, dev, seed)
        self.base = fit_part(self.config.base, self, train, dev, seed)
        self.config = replace(self.config, base=self.base.config)

    def _learn(self, rows: list[dict[str, Any]], gold: NDArray[np.int_], dev: Rows | None, seed: int) -> FactorGraph:
        """Learn what relations say from the answers of base models to debates they were not trained on."""
        from sklearn.model_selection import GroupKFold

        debates, issues = ([str(row.get(name)) for row in rows] for name in ("debate", "issue"))
        groups = debates if len({*debates}) >= self.config.folds else issues
        folds = min(self.config.folds, len({*groups}))
        if folds < 2:
            return self.graph
        probabilities = np.zeros((len(rows), len(self.labels)))
        for kept, held in GroupKFold(folds).split(rows, groups=groups):
            base = fit_part(
                self.config.learnt_with or self.config.base, self, [rows[number] for number in kept], dev, seed
            )
            probabilities[held] = base.predict_proba([rows[number] for number in held])
        alone, addressed = self._divided(probabilities)
        column = np.full(len(self.labels), -1)
        column[self._stances] = np.arange(len(self._stances))
        relations = related(rows, self.config.relations)
        return fit_factor_graph(
            alone,
            column[gold],
            self._sides,
            relations,
            penalty=self.config.penalty,
            addressed=addressed,
            class_weights=self.config.class_weights,
        )

    def _divided(self, probabilities: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the probabilities of the stances given that a turn takes one, and that it takes one."""
        stances = probabilities[:, self._stances]
        addressed = stances.sum(axis=1)
        return stances / np.clip(addressed, SMALLEST_PROBABILITY, None)[:, None], addressed

    def together(self, rows: Rows, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities of turns together.

        Args:
            rows: with the columns that tell relations (`standpunt.models.collective.relations.COLUMNS`).
            probabilities: what the base model says of each row, shape (n_rows, n_labels).

        Returns:
            The same shape; the column of "none" stays as it is.
        """
        alone, addressed = self._divided(probabilities)
        beliefs = self.graph.infer(alone, self._sides, related(records(rows, None), self.config.relations), addressed)
        result = probabilities.copy()
        result[:, self._stances] = beliefs * addressed[:, None]
        return result

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return self.together(rows, self.base.predict_proba(rows))

    def shown(self) -> Sequence[Mapping[str, Any]]:
        """Return the labelled rows that the base model shows."""
        return self.base.shown()

    @property
    def reads_whole_debates(self) -> bool:
        """Always."""
        return True

    @property
    def tells_evidence(self) -> bool:
        """Whether the base model can tell where in a turn its answer comes from."""
        return self.base.tells_evidence

    def predict_with_evidence(self, rows: Rows) -> tuple[NDArray[np.float64], list[Span | None]]:
        """Return probabilities, shape (n_rows, n_labels), and the span [start, end) of each text that carried them.

        The span is None where the other turns changed the answer, so that no part of this one carries it.
        """
        knows: Any = self.base
        alone, spans = knows.predict_with_evidence(rows)
        probabilities = self.together(rows, alone)
        changed = alone.argmax(axis=1) != probabilities.argmax(axis=1)
        return probabilities, [None if other else span for other, span in zip(changed, spans, strict=True)]

    def knowing(self, issues: Mapping[str, Issue]) -> Self:
        """Return this model, its base too, with the definitions of more issues."""
        other = super().knowing(issues)
        other.base = self.base.knowing(issues)
        return other

    def _save_weights(self, folder: Path) -> None:
        facts = {"own": self.graph.own, "couplings": {name: asdict(c) for name, c in self.graph.couplings.items()}}
        (folder / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        self.base.save(folder / BASE, whole=self)

    def _load_weights(self, folder: Path) -> None:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        self.graph = FactorGraph(facts["own"], {name: Coupling(**c) for name, c in facts["couplings"].items()})
        self.base = Model.load(folder / BASE, whole=self)

    def describe(self) -> dict[str, Any]:
        """Return what relations say, and what the base model says of itself."""
        facts: dict[str, Any] = {"own": round(self.graph.own, 3)}
        for relation, coupling in self.graph.couplings.items():
            facts |= {f"{relation}, {name}": round(value, 3) for name, value in asdict(coupling).items()}
        return facts | {f"base, {name}": fact for name, fact in self.base.describe().items()}
