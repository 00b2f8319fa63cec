"""Frozen embeddings with logistic regression: proposition and window become vectors, which are compared."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from standpunt.corpora.rows import Rows
from standpunt.errors import require
from standpunt.models.frozen.model import FrozenConfig, FrozenModel
from standpunt.models.windows.cutting import Reading, cut
from standpunt.models.windows.examples import examples, fitted_and_held
from standpunt.models.windows.model import Answers, Records, WindowedModel
from standpunt.models.windows.pooling import Pooling

WEIGHTS, POOLING = "weights.safetensors", "pooling.json"
_CHUNK = 8192  # pairs whose features are in memory at a time


@dataclass
class EmbeddingsConfig(FrozenConfig):
    """What is embedded, and how the regression is fitted.

    Beside the settings of `standpunt.models.frozen.model.FrozenConfig`:

    Attributes:
        context: whether each window is read behind the end of the turn that is answered; give `max_tokens` room.
        context_words: how many words of that turn are read, its last ones.
        c: inverse regularisation strength, on standardised features.
        batch_size: texts a forward pass.

    The regression has one optimum, found whatever the seed: there are no `n_seeds`, no early stopping, no gradient
    accumulation and no checkpoints here. The seed only draws the rows with "none" and the issues held out.
    """

    name: str = "embeddings"
    family: str = "embeddings"
    context: bool = False
    context_words: int = 40
    c: float = 0.01
    batch_size: int = 32

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.context_words >= 1, "model.context_words", self.context_words, "1 or more")
        require(self.c > 0, "model.c", self.c, "a number above 0")
        require(self.batch_size >= 1, "model.batch_size", self.batch_size, "1 or more")


class Embeddings(FrozenModel, WindowedModel):
    """Multinomial logistic regression over [u, v, |u - v|, u * v] of proposition u and window v, pooled to the turn.

    The features are those of A. Conneau et al., Supervised Learning of Universal Sentence Representations, EMNLP 2017.
    A label that no training row has gets probability zero before calibration.
    """

    config_class = EmbeddingsConfig
    weighs_rows = True
    config: EmbeddingsConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        self._open(cached=True)
        train_rows, dev_rows = fitted_and_held(train, dev, self.config.dev_share, seed)
        pairs = examples(
            train_rows,
            self.labels,
            self._reading,
            class_weights=self.config.class_weights,
            none_per_row=self.config.none_per_row,
            seed=seed,
        )
        first = self._embed([pair.first for pair in pairs])
        second = self._embed([pair.second for pair in pairs])
        features = _features(first, second)
        self._mean, spread = features.mean(axis=0), features.std(axis=0)
        self._scale = np.where(spread > 1e-9, spread, 1.0)  # what never changes tells nothing
        features = (features - self._mean) / self._scale
        self._regress(features, np.array([pair.label for pair in pairs]), np.array([pair.weight for pair in pairs]))
        self._remember_encoder()
        self._pool_by(dev_rows)

    def _regress(self, features: NDArray[np.float64], labels: NDArray[np.int_], weights: NDArray[np.float64]) -> None:
        """Set a row of coefficients and an intercept for each label, minus infinity for one that does not occur."""
        self._coef = np.zeros((len(self.labels), features.shape[1]))
        self._intercept = np.full(len(self.labels), -np.inf)
        present = np.unique(labels)
        self._intercept[present] = 0.0
        if len(present) == 1:
            return
        fitted = LogisticRegression(C=self.config.c, max_iter=2000).fit(features, labels, sample_weight=weights)
        if len(present) == 2:  # one row, for the second label
            self._coef[present[1]], self._intercept[present[1]] = fitted.coef_[0], fitted.intercept_[0]
        else:
            self._coef[present], self._intercept[present] = fitted.coef_, fitted.intercept_

    def _open(self, *, cached: bool = False) -> None:
        super()._open(cached=cached)
        self._batch_size = self.config.batch_size
        context = self.config.context_words if self.config.context else 0
        self._reading = Reading(self.config.window_words, context, self._vectors.separator)

    def _windows(self, rows: Records) -> Answers:
        owners, spans = cut(rows, self._reading)
        first = self._embed([row["proposition"] for row in rows])[owners]
        second = self._embed([self._reading.text(rows[at], span) for at, span in zip(owners, spans, strict=True)])
        values = np.concatenate(
            [
                (_features(first[at : at + _CHUNK], second[at : at + _CHUNK]) - self._mean) / self._scale @ self._coef.T
                for at in range(0, len(spans), _CHUNK)
            ]
        )
        return softmax(values + self._intercept, axis=1), owners, spans

    def _save_weights(self, folder: Path) -> None:
        from safetensors.numpy import save_file

        tensors = {
            "mean": self._mean,
            "scale": self._scale,
            "coef": self._coef,
            "intercept": self._intercept,
            "probe": self._probe,
        }
        save_file({name: np.ascontiguousarray(value) for name, value in tensors.items()}, folder / WEIGHTS)
        (folder / POOLING).write_text(json.dumps(asdict(self._pooling), indent=1) + "\n", encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        tensors = load_file(folder / WEIGHTS)
        self._mean, self._scale = tensors["mean"], tensors["scale"]
        self._coef, self._intercept, self._probe = tensors["coef"], tensors["intercept"], tensors["probe"]
        self._pooling = Pooling(**json.loads((folder / POOLING).read_text(encoding="utf-8")))
        self._open()
        self._check_encoder()

    def describe(self) -> dict[str, Any]:
        """Return the number of features, the pooling rule, and how the encoder was run."""
        return {"features": self._coef.shape[1], "pooling": asdict(self._pooling)} | self._computed()


def _features(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the features of pairs of vectors, shape (n_pairs, 4 * width)."""
    u, v = first.astype(np.float64), second.astype(np.float64)
    return np.hstack([u, v, np.abs(u - v), u * v])
