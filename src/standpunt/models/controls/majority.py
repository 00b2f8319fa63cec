"""The majority control: always the most frequent label of the training rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows
from standpunt.models.base import Model, ModelConfig
from standpunt.models.shares import row_weights

WEIGHTS = "weights.json"


@dataclass
class MajorityConfig(ModelConfig):
    """Nothing to configure."""

    name: str = "majority"
    family: str = "majority"


class Majority(Model):
    """Gives every row the label frequencies of the training rows as probabilities."""

    config_class = MajorityConfig
    weighs_rows = True

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        counts = np.bincount(gold, row_weights(train), minlength=len(self.labels))
        self._prior = counts / counts.sum()

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return np.tile(self._prior, (len(rows), 1))

    def _save_weights(self, folder: Path) -> None:
        (folder / WEIGHTS).write_text(json.dumps({"prior": self._prior.tolist()}), encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        self._prior = np.array(json.loads((folder / WEIGHTS).read_text(encoding="utf-8"))["prior"])
