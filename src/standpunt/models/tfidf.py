"""TF-IDF with logistic regression, with the issue or without it (the text-only control)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from standpunt.corpora.rows import PROBABILITIES, WEIGHT, Rows, column
from standpunt.errors import InputError, require
from standpunt.models.base import Model, ModelConfig
from standpunt.models.shares import label_shares, weight_of
from standpunt.models.weights import learnt, read_arrays, restored, restored_vectorizer, write_arrays
from standpunt.models.windows.examples import records
from standpunt.text.counts import WORD, WordVectors
from standpunt.text.likeness import Vectorizer

WEIGHTS, WORDS = "weights.safetensors", "words.json"
MAX_ISSUES = 1000  # with more of them, the weights fill the memory
ROWS_AN_ISSUE = 2  # on average; with fewer there is nothing to learn about one issue


@dataclass
class TfidfConfig(ModelConfig):
    """What is counted, and how the regression is fitted.

    Attributes:
        issue: whether the model sees the issue.
        proposition: whether it sees the words of the proposition as well, and how like they are to those of the text.
        max_ngram: words of the longest n-grams.
        min_df: rows an n-gram must be in.
        c: inverse regularisation strength.
        balanced: whether labels weigh inversely to their frequency.
    """

    name: str = "tfidf"
    family: str = "tfidf"
    issue: bool = True
    proposition: bool = False
    max_ngram: int = 1
    min_df: int = 2
    c: float = 1.0
    balanced: bool = True

    def __post_init__(self) -> None:
        require(self.max_ngram >= 1, "model.max_ngram", self.max_ngram, "1 or more")
        require(self.min_df >= 1, "model.min_df", self.min_df, "1 or more")
        require(self.c > 0, "model.c", self.c, "a number above 0")

    @property
    def reads_issue(self) -> bool:
        """Whether the words of the proposition are read."""
        return self.proposition


class Tfidf(Model):
    """Linear model on word n-grams.

    With the issue, every n-gram is there once for all issues and once for each issue seen in training (feature
    augmentation: H. Daumé III, Frustratingly Easy Domain Adaptation, ACL 2007), so that the same words may speak for
    one issue and against another; for an unseen issue only the shared part counts. Data sets of one issue, of fewer
    than `ROWS_AN_ISSUE` rows an issue, and of more than `MAX_ISSUES` have the shared part alone.
    """

    config_class = TfidfConfig
    weighs_rows = True
    config: TfidfConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        issues = sorted(set(column(train, "issue"))) if self.config.issue else []
        several = 1 < len(issues) <= MAX_ISSUES and len(gold) >= ROWS_AN_ISSUE * len(issues)
        self._known = issues if several else []
        texts = column(train, "text")
        if self.config.proposition:
            texts = [*texts, *sorted(set(column(train, "proposition")))]
        vectors = WordVectors(texts, self.config.max_ngram, min(self.config.min_df, len(gold)))
        if not vectors.ngrams:  # none is in enough rows
            vectors = WordVectors([*texts, "leeg"], self.config.max_ngram, 1)
        self._vectorizer: Vectorizer = vectors
        self._ngrams, self._idf = vectors.ngrams, vectors.idf
        self._classifier: LogisticRegression | None = None
        self._used: Any = np.zeros(0, dtype=int)
        self._only = int(gold[0])
        if len(set(gold.tolist())) > 1:
            features = self._features(train)
            # A column that is empty in training has the weight zero; most are, since few n-grams meet every issue.
            self._used = np.unique(features.indices)
            if len(self._used) == 0:
                raise InputError(f"model {self.config.name}: no text to train on has a word in it; give others")
            balanced = "balanced" if self.config.balanced else None
            classifier = LogisticRegression(C=self.config.c, max_iter=2000, random_state=seed)
            divided = self._divided(train)
            if divided is None:
                self._classifier = classifier.set_params(class_weight=balanced).fit(features[:, self._used], gold)
            else:
                places, labels, weights = divided
                self._classifier = classifier.fit(features[places][:, self._used], labels, sample_weight=weights)
            # To single precision: the saved model is half the size, and answers as this one does.
            self._classifier.coef_ = self._classifier.coef_.astype(np.float32)

    def _divided(self, train: Rows) -> tuple[NDArray[np.int_], NDArray[np.int_], NDArray[np.float64]] | None:
        """Divide rows that a model labelled over their labels, as it found them probable.

        Returns:
            Of each part the row, the label as an index and the weight; None where every row counts one for one label.
        """
        read = records(train, ("label", PROBABILITIES, WEIGHT))
        divided = [label_shares(row, self.labels) for row in read]
        weighty = [weight_of(row) for row in read]
        if all(len(shares) == 1 for shares in divided) and set(weighty) == {1.0}:
            return None
        parts = [(at, label, share) for at, shares in enumerate(divided) for label, share in shares.items()]
        places = np.array([at for at, _, _ in parts])
        labels = np.array([self.labels.index(label) for _, label, _ in parts])
        weights = np.array([share for _, _, share in parts])
        if self.config.balanced:
            totals = np.bincount(labels, weights)
            weights = weights * sum(weighty) / (np.count_nonzero(totals) * totals[labels])
        return places, labels, weights

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        probabilities = np.zeros((len(rows), len(self.labels)))
        if self._classifier is None:  # one label only in training
            probabilities[:, self._only] = 1.0
        else:
            probabilities[:, self._classifier.classes_] = self._classifier.predict_proba(
                self._features(rows)[:, self._used]
            )
        return probabilities

    def _features(self, rows: Rows) -> Any:
        text = self._vectorizer.transform(column(rows, "text"))
        parts = [text]
        if self._known:
            known = {issue: place for place, issue in enumerate(self._known)}
            parts.append(_per_issue(text, [known.get(issue, -1) for issue in column(rows, "issue")], len(known)))
        if self.config.proposition:
            proposition = self._vectorizer.transform(column(rows, "proposition"))
            alike = text.multiply(proposition).sum(axis=1)  # the cosine, both being of length one
            parts += [proposition, sparse.csr_matrix(alike)]
        return sparse.hstack(parts, format="csr")

    def _save_weights(self, folder: Path) -> None:
        words = {"ngrams": self._ngrams, "issues": self._known}
        (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        arrays = {"idf": self._idf, "only": np.array(self._only)}
        if self._classifier is not None:
            used = np.zeros(self._used[-1] + 1, dtype=bool)  # a bit for each column
            used[self._used] = True
            arrays |= learnt(self._classifier, "classifier") | {"used": np.packbits(used)}
        write_arrays(arrays, folder / WEIGHTS)

    def _load_weights(self, folder: Path) -> None:
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        arrays = read_arrays(folder / WEIGHTS)
        self._known = words["issues"]
        self._ngrams, self._idf = words["ngrams"], arrays["idf"]
        # Which does not remember the texts: a model that was loaded is asked of each once.
        empty = TfidfVectorizer(ngram_range=(1, self.config.max_ngram), sublinear_tf=True, token_pattern=WORD)
        self._vectorizer = restored_vectorizer(empty, self._ngrams, self._idf)
        self._only, self._classifier = int(arrays["only"]), None
        if "classifier.coef_" in arrays:
            self._used = np.flatnonzero(np.unpackbits(arrays["used"]))
            self._classifier = restored(LogisticRegression(), arrays, "classifier")

    def describe(self) -> dict[str, Any]:
        """Return the number of n-grams, and of issues that have a copy of them."""
        return {"n-grams": len(self._ngrams), "issues with their own": len(self._known)}


def _per_issue(text: sparse.csr_matrix, places: list[int], n_issues: int) -> sparse.csr_matrix:
    """Return the columns of `text` once for each issue, empty but for that of the row; -1 for an unknown issue."""
    rows = np.repeat(np.arange(text.shape[0]), np.diff(text.indptr))
    place = np.array(places, dtype=int)[rows]
    kept = place >= 0
    columns = place[kept] * text.shape[1] + text.indices[kept]
    return sparse.csr_matrix((text.data[kept], (rows[kept], columns)), (text.shape[0], n_issues * text.shape[1]))
