"""A model family of one's own: multinomial naive Bayes over the words of a turn."""

from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load_file, save_file
from sklearn.feature_extraction.text import HashingVectorizer

from standpunt.corpora.rows import column
from standpunt.errors import require
from standpunt.models import Model, ModelConfig, register

WEIGHTS = "weights.safetensors"


@dataclass
class NaiveBayesConfig(ModelConfig):
    """`smoothing` is added to every count, `n_features` is the number of hashed words."""

    name: str = "naive_bayes"
    family: str = "naive_bayes"
    smoothing: float = 1.0
    n_features: int = 16384

    def __post_init__(self):
        """Refuse values that cannot be meant."""
        require(self.smoothing > 0, "model.smoothing", self.smoothing, "more than 0")
        require(self.n_features >= 1, "model.n_features", self.n_features, "1 or more")


@register("naive_bayes")
class NaiveBayes(Model):
    """A. McCallum, K. Nigam, A comparison of event models for naive Bayes text classification, AAAI workshop 1998."""

    config_class = NaiveBayesConfig
    config: NaiveBayesConfig

    def _fit(self, train, gold, dev, seed):
        member = np.eye(len(self.labels))[gold]  # (n_rows, n_labels)
        counts = self._words(train).T @ member + self.config.smoothing  # (n_features, n_labels)
        with np.errstate(divide="ignore"):  # a label without rows has probability 0
            self._prior = np.log(member.mean(axis=0))
        self._words_given_label = np.log(counts / counts.sum(axis=0))

    def _predict_proba(self, rows):
        logs = self._words(rows) @ self._words_given_label + self._prior
        odds = np.exp(logs - logs.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    def _save_weights(self, folder):
        save_file({"prior": self._prior, "words": self._words_given_label}, folder / WEIGHTS)

    def _load_weights(self, folder):
        weights = load_file(folder / WEIGHTS)
        self._prior, self._words_given_label = weights["prior"], weights["words"]

    def _words(self, rows):
        words = HashingVectorizer(n_features=self.config.n_features, alternate_sign=False, norm=None)
        return words.transform(column(rows, "text"))
