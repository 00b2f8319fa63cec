"""The position control: what place and length alone tell about a sentence, its words unseen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from standpunt.corpora.rows import Rows, column, column_names
from standpunt.errors import require
from standpunt.models.base import Model, ModelConfig
from standpunt.models.shares import row_weights
from standpunt.models.weights import learnt, read_arrays, restored, write_arrays

WEIGHTS = "weights.safetensors"
FARTHEST = 6  # sentences from premise to claim that are told apart


@dataclass
class PositionConfig(ModelConfig):
    """How the regression is fitted.

    Attributes:
        c: inverse regularisation strength, on standardised features.
        balanced: whether labels weigh inversely to their frequency.
    """

    name: str = "position"
    family: str = "position"
    c: float = 1.0
    balanced: bool = True

    def __post_init__(self) -> None:
        require(self.c > 0, "model.c", self.c, "a number above 0")


class Position(Model):
    """Logistic regression on where a sentence stands in its turn, how far from the claim, and how many words it has.

    Reads the columns `sentence`, `sentences` and `distance` of `standpunt.corpora.sentence_rows`; rows that lack them,
    turns for one, differ in their length alone.
    """

    config_class = PositionConfig
    config: PositionConfig
    weighs_rows = True

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        self._classifier: Pipeline | None = None
        self._only = int(gold[0])
        if len(set(gold.tolist())) > 1:
            weight = "balanced" if self.config.balanced else None
            regression = LogisticRegression(C=self.config.c, class_weight=weight, max_iter=2000, random_state=seed)
            self._classifier = make_pipeline(StandardScaler(), regression)
            self._classifier.fit(_features(train), gold, logisticregression__sample_weight=row_weights(train))

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        probabilities = np.zeros((len(rows), len(self.labels)))
        if self._classifier is None:  # one label only in training
            probabilities[:, self._only] = 1.0
        else:
            probabilities[:, self._classifier.classes_] = self._classifier.predict_proba(_features(rows))
        return probabilities

    def _save_weights(self, folder: Path) -> None:
        arrays = {"only": np.array(self._only)}
        if self._classifier is not None:
            scaler, regression = self._classifier
            arrays |= learnt(scaler, "scaler") | learnt(regression, "classifier")
        write_arrays(arrays, folder / WEIGHTS)

    def _load_weights(self, folder: Path) -> None:
        arrays = read_arrays(folder / WEIGHTS)
        self._only, self._classifier = int(arrays["only"]), None
        if "classifier.coef_" in arrays:
            scaler = restored(StandardScaler(), arrays, "scaler")
            self._classifier = make_pipeline(scaler, restored(LogisticRegression(), arrays, "classifier"))

    def describe(self) -> dict[str, Any]:
        """Return the number of features."""
        return {"features": 0 if self._classifier is None else self._classifier[-1].coef_.shape[1]}


def _features(rows: Rows) -> NDArray[np.float64]:
    """Return features, shape (n_rows, n_features), the same for every row of a task that lacks a column."""
    words = np.array([len(text.split()) for text in column(rows, "text")], dtype=float)
    number, total = _numbers(rows, "sentence", 1), _numbers(rows, "sentences", 1)
    place = (number - 1) / np.clip(total - 1, 1, None)
    distance = np.clip(_numbers(rows, "distance", 0), -FARTHEST, FARTHEST)
    distances = [distance == value for value in range(-FARTHEST, FARTHEST + 1)]
    return np.column_stack(
        [
            np.log1p(words),
            words <= 3,
            place,
            place**2,
            number == 1,
            number == total,
            np.log(number),
            np.log(total),
            *distances,
        ]
    ).astype(float)


def _numbers(rows: Rows, name: str, default: int) -> NDArray[np.float64]:
    """Return a column of numbers; the default where rows lack it or a row has none."""
    if name not in column_names(rows):
        return np.full(len(rows), float(default))
    return np.array([default if value is None else value for value in column(rows, name)], dtype=float)
