"""The issue-only control: what the issue alone tells about the label, text and speaker unseen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows, column
from standpunt.errors import require
from standpunt.models.base import Model, ModelConfig
from standpunt.models.registry import register

WEIGHTS = "weights.json"


@dataclass
class IssueConfig(ModelConfig):
    """`smoothing`: how many rows of the overall label distribution each issue's counts are mixed with."""

    name: str = "issue_only"
    family: str = "issue"
    smoothing: float = 1.0

    def __post_init__(self) -> None:
        require(self.smoothing >= 0, "model.smoothing", self.smoothing, "0 or more")


@register("issue")
class IssueOnly(Model):
    """Label frequencies per issue, smoothed to the overall ones, which an issue unseen in training gets."""

    config_class = IssueConfig
    config: IssueConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        issues = np.array(column(train, "issue"))
        self._prior = np.bincount(gold, minlength=len(self.labels)) / len(gold)
        names, codes = np.unique(issues, return_inverse=True)
        counts = np.zeros((len(names), len(self.labels)))
        np.add.at(counts, (codes, gold), 1.0)
        counts += self.config.smoothing * self._prior
        self._by_issue = dict(zip(names.tolist(), counts / counts.sum(axis=1, keepdims=True), strict=True))

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return np.stack([self._by_issue.get(issue, self._prior) for issue in column(rows, "issue")])

    def _save_weights(self, folder: Path) -> None:
        weights = {"prior": self._prior.tolist(), "issues": {k: v.tolist() for k, v in self._by_issue.items()}}
        (folder / WEIGHTS).write_text(json.dumps(weights, ensure_ascii=False), encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        weights = json.loads((folder / WEIGHTS).read_text(encoding="utf-8"))
        self._prior = np.array(weights["prior"])
        self._by_issue = {issue: np.array(values) for issue, values in weights["issues"].items()}
