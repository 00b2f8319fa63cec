"""The party-only control: what the speaker's party alone tells about the label, text and issue unseen."""

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
class PartyConfig(ModelConfig):
    """`smoothing`: how many rows of the overall label distribution each party's counts are mixed with."""

    name: str = "party_only"
    family: str = "party"
    smoothing: float = 1.0

    def __post_init__(self) -> None:
        require(self.smoothing >= 0, "model.smoothing", self.smoothing, "0 or more")


@register("party")
class PartyOnly(Model):
    """Label frequencies per party (per role for who has none), smoothed to the overall ones."""

    config_class = PartyConfig
    config: PartyConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        groups = np.array(_groups(train))
        self._prior = np.bincount(gold, minlength=len(self.labels)) / len(gold)
        self._by_party = {}
        for group in sorted(set(groups.tolist())):
            counts = (
                np.bincount(gold[groups == group], minlength=len(self.labels)) + self.config.smoothing * self._prior
            )
            self._by_party[group] = counts / counts.sum()

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return np.stack([self._by_party.get(group, self._prior) for group in _groups(rows)])

    def _save_weights(self, folder: Path) -> None:
        weights = {"prior": self._prior.tolist(), "parties": {k: v.tolist() for k, v in self._by_party.items()}}
        (folder / WEIGHTS).write_text(json.dumps(weights, ensure_ascii=False), encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        weights = json.loads((folder / WEIGHTS).read_text(encoding="utf-8"))
        self._prior = np.array(weights["prior"])
        self._by_party = {party: np.array(values) for party, values in weights["parties"].items()}


def _groups(rows: Rows) -> list[str]:
    return [party or role for party, role in zip(column(rows, "party"), column(rows, "role"), strict=True)]
