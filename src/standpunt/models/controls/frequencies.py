"""Controls that count: what the speaker's party, or the issue, alone tells about the label."""

from __future__ import annotations

import json
from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.errors import require
from standpunt.models.base import Model, ModelConfig
from standpunt.models.shares import row_weights

WEIGHTS = "weights.json"


@dataclass
class FrequenciesConfig(ModelConfig):
    """How counts are smoothed.

    Attributes:
        smoothing: how many rows of the overall label distribution each group's counts are mixed with.
    """

    smoothing: float = 1.0

    def __post_init__(self) -> None:
        require(self.smoothing >= 0, "model.smoothing", self.smoothing, "0 or more")


class Frequencies(Model):
    """Label frequencies per group, smoothed to the overall ones, which a group unseen in training gets."""

    config: FrequenciesConfig
    weighs_rows = True
    saved_as: ClassVar[str]  # name of the groups in the file of weights

    @staticmethod
    @abstractmethod
    def groups(rows: Rows) -> list[str]:
        """Return the group of each row."""

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        weights = row_weights(train)
        self._prior = np.bincount(gold, weights, minlength=len(self.labels)) / weights.sum()
        names, codes = np.unique(np.array(self.groups(train)), return_inverse=True)
        counts = np.zeros((len(names), len(self.labels)))
        np.add.at(counts, (codes, gold), weights)
        counts += self.config.smoothing * self._prior
        self._by_group = dict(zip(names.tolist(), counts / counts.sum(axis=1, keepdims=True), strict=True))

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return np.stack([self._by_group.get(group, self._prior) for group in self.groups(rows)])

    def _save_weights(self, folder: Path) -> None:
        groups = {group: values.tolist() for group, values in self._by_group.items()}
        weights = {"prior": self._prior.tolist(), self.saved_as: groups}
        (folder / WEIGHTS).write_text(json.dumps(weights, ensure_ascii=False), encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        weights = json.loads((folder / WEIGHTS).read_text(encoding="utf-8"))
        self._prior = np.array(weights["prior"])
        self._by_group = {group: np.array(values) for group, values in weights[self.saved_as].items()}


@dataclass
class PartyConfig(FrequenciesConfig):
    """See `FrequenciesConfig`."""

    name: str = "party_only"
    family: str = "party"


class PartyOnly(Frequencies):
    """Per party, per role for who has none; text and issue unseen."""

    config_class = PartyConfig
    saved_as = "parties"

    @staticmethod
    def groups(rows: Rows) -> list[str]:
        """Return the party or else the role of each row."""
        return [party or role for party, role in zip(column(rows, "party"), column(rows, "role"), strict=True)]


@dataclass
class IssueConfig(FrequenciesConfig):
    """See `FrequenciesConfig`."""

    name: str = "issue_only"
    family: str = "issue"


class IssueOnly(Frequencies):
    """Per issue; text and speaker unseen."""

    config_class = IssueConfig
    saved_as = "issues"

    @staticmethod
    def groups(rows: Rows) -> list[str]:
        """Return the issue of each row."""
        return column(rows, "issue")
