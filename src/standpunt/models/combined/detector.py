"""The first of two stages: which windows of a turn address an issue, from the words they share with what defines it.

Texts are turned into features once each, turns by window and issues by definition; a pair then costs a few products of
sparse vectors, so that every (turn, issue) pair of a debate can be looked at. A turn is about few issues: what it
shares with one can be held against what it shares with the others that it is asked about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import SYNTHETIC, language_of
from standpunt.debate import Span, overlaps
from standpunt.models.weights import learnt, ngrams_of, read_arrays, restored, restored_vectorizer, write_arrays
from standpunt.models.windows.cutting import windows
from standpunt.text.likeness import Likeness

WEIGHTS, WORDS = "detector.safetensors", "detector.json"
_KINDS = ("speech", "interruption", "reply", "motion")
_ANALYZERS = (("word", (1, 1)), ("char_wb", (4, 4)))
_MOST_NGRAMS = 100_000
_LEAST_SPREAD = 1e-3
_EVEN = 0.5  # what is not passed on must be more likely not to address the issue
_FOLDS = 5
_SCORE, _BELOW = 0, 2  # columns of `_standing`
_OWN = slice(2)  # those that tell nothing of other issues


@dataclass(frozen=True, slots=True)
class Detection:
    """What the detector says of rows.

    Attributes:
        probabilities: of addressing the issue, shape (n_rows,).
        spans: the part [start, end) of each text to read on: from the first to the last window that passes; None for a
            row of which no window does.
    """

    probabilities: NDArray[np.float64]
    spans: list[Span | None]

    @property
    def passed(self) -> NDArray[np.int_]:
        """The rows that are passed on."""
        return np.array([index for index, span in enumerate(self.spans) if span is not None], dtype=int)


class Detector:
    """Logistic regression over the similarity of a window, its turn, and the turn answered to what is said of an issue.

    Similarities are cosines of TF-IDF vectors, of words and of character n-grams, to the proposition, to the
    proposition with the issue's aliases, and to all that defines it; those of a window also as a standard score among
    the issues of training, since long or wordy windows are like every issue. Windows that hold evidence are the
    positive examples. The best window of a turn decides: its score and the number of windows it is the best of become a
    probability by a second regression (after J. Platt, Probabilistic Outputs for Support Vector Machines, 1999).

    Where issues compete, it also reads how the score stands among those of the other issues of the turn, and learns
    from scores of debates that the first one was not trained on. It and the operating point then come from real debates
    alone where there are any: turns that were invented for an issue share so much with it that scores would promise too
    much of others. A turn that is asked about one issue alone has nothing to hold it against; another such regression,
    from the same scores, takes these.
    """

    def __init__(self, window_words: int, recall: float, *, competing: bool = False) -> None:
        """Set up, untrained.

        Args:
            window_words: how many words a window has.
            recall: the share of addressed pairs of dev that must be passed on.
            competing: whether the issues of a turn compete; all rows of a turn are then given at once.
        """
        self.window_words = window_words
        self.recall = recall
        self.competing = competing
        self.threshold = 0.0  # a probability; everything passes

    def fit(
        self, train: Sequence[dict[str, Any]], dev: Sequence[dict[str, Any]], issues: Mapping[str, Issue], none: str
    ) -> None:
        """Train, and choose the operating point on dev; without addressed pairs in dev everything is passed on.

        Args:
            train: rows with text, language, context, kind, issue, proposition, label and evidence, and with debate,
                turn and synthetic where they have these.
            dev: such rows that are not trained on.
            issues: definitions by name.
            none: the label of rows that do not address their issue.
        """
        texts = sorted({row["text"] for row in train})
        pieces = [text[start:end] for text in texts for start, end in windows(text, self.window_words)]
        self._reference = sorted(set(_definitions(train, issues)))
        pieces += [said[-1] for said in self._reference]
        self._vectorizers = [vectorizer.fit(pieces) for vectorizer in _untrained_vectorizers()]
        vars(self).pop("_likeness_of_reference", None)
        features, owners, spans = self._features(train, issues)
        addressed = np.array([row["label"] != none for row in train])
        held = np.array(
            [
                not train[owner]["evidence"] or overlaps(span, train[owner]["evidence"])
                for owner, span in zip(owners, spans, strict=True)
            ]
        )
        self._windows: Pipeline | None = None
        self._platt: LogisticRegression | None = None
        self._lone: LogisticRegression | None = None
        self._constant = float(addressed.mean())
        positive = addressed[owners] & held
        if positive.any() and not addressed.all():
            self._windows = _untrained_regression().fit(features, positive)
            scores = self._windows.decision_function(features)
            chosen = np.full(len(train), True)
            if self.competing:
                debates = np.array([str(row.get("debate")) for row in train])[owners]
                scores = _scores_of_others(scores, features, positive, debates)
                real = _real(train)
                chosen = real if len({*addressed[real]}) == 2 else chosen
            standing = self._standing(scores, owners, train)
            self._platt = LogisticRegression().fit(standing[chosen], addressed[chosen])
            if self.competing:
                self._lone = LogisticRegression().fit(standing[chosen, _OWN], addressed[chosen])
        known = np.array([row["label"] != none for row in dev], dtype=bool)
        if known.any():
            real = known & _real(dev)
            known = real if self.competing and real.any() else known
            detected = self.detect(dev, issues).probabilities[known]
            # The highest threshold that keeps the share wanted.
            keep = int(np.ceil(self.recall * len(detected)))
            self.threshold = min(float(np.sort(detected)[len(detected) - keep]), _EVEN)

    def detect(self, rows: Sequence[dict[str, Any]], issues: Mapping[str, Issue]) -> Detection:
        """Say of at least one row whether it addresses its issue, and where.

        An issue that is not in `issues` is known by its proposition alone.
        """
        features, owners, spans = self._features(rows, issues)
        scores = np.full(len(owners), self._constant)
        if self._windows is not None and self._platt is not None:
            scores = self._windows.decision_function(features)
            standing = self._standing(scores, owners, rows)[owners]
            below = standing[:, _SCORE] - scores
            standing[:, _SCORE] -= below
            if self.competing:
                standing[:, _BELOW] -= below
            scores = self._platt.predict_proba(standing)[:, 1]
            if self._lone is not None and (lone := _asked_alone(rows)[owners]).any():
                scores[lone] = self._lone.predict_proba(standing[lone, _OWN])[:, 1]
        starts = np.searchsorted(owners, np.arange(len(rows) + 1))
        parts: list[Span | None] = []
        for first, stop in pairwise(starts):
            passing = np.flatnonzero(scores[first:stop] >= self.threshold)
            parts.append((spans[first + passing[0]][0], spans[first + passing[-1]][1]) if len(passing) else None)
        return Detection(_best(scores, owners), parts)

    def _standing(
        self, scores: NDArray[np.float64], owners: NDArray[np.int_], rows: Sequence[Mapping[str, Any]]
    ) -> NDArray[np.float64]:
        """Return how the best window of each row stands, shape (n_rows, 2), or (n_rows, 5) where issues compete.

        The columns are its score, the logarithm of the number of windows, how far the score is below the best one of
        the turn (negative), the mean over the issues of the turn, and the logarithm of its rank among them.
        """
        best = pd.Series(_best(scores, owners))
        standing = [best, np.log(np.bincount(owners))]
        if self.competing:
            turn = best.groupby(_turns(rows))
            rank = turn.rank("min", ascending=False)  # an issue that is asked about in two ways does not compete
            standing += [best - turn.transform("max"), turn.transform("mean"), np.log(rank)]
        return np.column_stack(standing)

    def _features(
        self, rows: Sequence[dict[str, Any]], issues: Mapping[str, Issue]
    ) -> tuple[NDArray[np.float64], NDArray[np.int_], list[Span]]:
        """Return the features of all windows of all rows, the row of each window, and its span."""
        cut = {text: windows(text, self.window_words) for text in {row["text"] for row in rows}}
        owners = np.repeat(np.arange(len(rows)), [len(cut[row["text"]]) for row in rows])
        spans = [span for row in rows for span in cut[row["text"]]]
        pieces = [rows[owner]["text"][start:end] for owner, (start, end) in zip(owners, spans, strict=True)]
        said = _definitions(rows, issues)
        contexts = [row.get("context") or "" for row in rows]
        window_columns, row_columns = [], []
        texts = [*pieces, *contexts, *(text for texts in said for text in texts)]
        for vectorizer, reference in zip(self._vectorizers, self._likeness_of_reference, strict=True):
            likeness = Likeness.by(vectorizer, texts, reference)
            for kind in range(3):
                issue = [texts[kind] for texts in said]
                cosines = likeness.of_pairs(pieces, [issue[owner] for owner in owners], few=True)
                mean, spread = _typical(likeness, pieces, [texts[kind] for texts in self._reference])
                window_columns += [cosines, (cosines - mean) / spread]
                row_columns += [_best(cosines, owners), likeness.of_pairs(contexts, issue, few=True)]
        lengths = np.log1p([len(piece.split()) for piece in pieces])
        row_columns += [np.array([row.get("kind") == kind for row in rows], dtype=float) for kind in _KINDS]
        return np.column_stack([*window_columns, lengths, np.column_stack(row_columns)[owners]]), owners, spans

    @cached_property
    def _likeness_of_reference(self) -> list[Likeness]:
        """What is said of the issues of training, which every window is compared with, by each vectorizer."""
        texts = [text for said in self._reference for text in said]
        return [Likeness.by(vectorizer, texts) for vectorizer in self._vectorizers]

    def save(self, folder: Path) -> None:
        """Write into an existing folder, without pickle."""
        words = {
            "ngrams": [ngrams_of(vectorizer) for vectorizer in self._vectorizers],
            "reference": self._reference,
            "constant": self._constant,
            "threshold": self.threshold,
        }
        (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        arrays = {f"idf.{place}": vectorizer.idf_ for place, vectorizer in enumerate(self._vectorizers)}
        if self._windows is not None and self._platt is not None:
            scaler, regression = self._windows
            arrays |= learnt(scaler, "scaler") | learnt(regression, "windows") | learnt(self._platt, "platt")
        if self._lone is not None:
            arrays |= learnt(self._lone, "lone")
        write_arrays(arrays, folder / WEIGHTS)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        arrays = read_arrays(folder / WEIGHTS)
        self._vectorizers = [
            restored_vectorizer(vectorizer, ngrams, arrays[f"idf.{place}"])
            for place, (vectorizer, ngrams) in enumerate(zip(_untrained_vectorizers(), words["ngrams"], strict=True))
        ]
        vars(self).pop("_likeness_of_reference", None)
        self._reference = [tuple(said) for said in words["reference"]]
        self._constant, self.threshold = words["constant"], words["threshold"]
        self._windows = self._platt = self._lone = None
        if "platt.coef_" in arrays:
            scaler = restored(StandardScaler(), arrays, "scaler")
            self._windows = make_pipeline(scaler, restored(LogisticRegression(), arrays, "windows"))
            self._platt = restored(LogisticRegression(), arrays, "platt")
        if "lone.coef_" in arrays:
            self._lone = restored(LogisticRegression(), arrays, "lone")


def _scores_of_others(
    scores: NDArray[np.float64], features: NDArray[np.float64], positive: NDArray[np.bool_], debates: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Return the score of each window, shape (n_windows,), by a regression that was trained without its debate.

    It stays as it is where there are fewer debates than folds, or the others have no positive example.
    """
    if len({*debates}) < _FOLDS:
        return scores
    scores = scores.copy()
    for kept, held in GroupKFold(_FOLDS).split(features, groups=debates):
        if len({*positive[kept]}) == 2:
            other = _untrained_regression().fit(features[kept], positive[kept])
            scores[held] = other.decision_function(features[held])
    return scores


def _turns(rows: Sequence[Mapping[str, Any]]) -> NDArray[np.int_]:
    """Return the number of the turn of each row, shape (n_rows,)."""
    return pd.factorize(pd.Series([(row.get("debate"), row.get("turn"), row["text"]) for row in rows]))[0]


def _asked_alone(rows: Sequence[Mapping[str, Any]]) -> NDArray[np.bool_]:
    """Tell of each row, shape (n_rows,), whether its turn is asked about no other issue."""
    issues = pd.Series([row["issue"] for row in rows])
    return (issues.groupby(_turns(rows)).transform("nunique") == 1).to_numpy()


def _real(rows: Sequence[Mapping[str, Any]]) -> NDArray[np.bool_]:
    """Tell of each row, shape (n_rows,), whether it is of a debate that was held."""
    return np.array([not row.get(SYNTHETIC) for row in rows], dtype=bool)


def _untrained_regression() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))


def _untrained_vectorizers() -> list[TfidfVectorizer]:
    return [
        TfidfVectorizer(
            analyzer=analyzer, ngram_range=ngrams, sublinear_tf=True, max_features=_MOST_NGRAMS, dtype=np.float32
        )
        for analyzer, ngrams in _ANALYZERS
    ]


def _typical(
    likeness: Likeness, texts: Sequence[str], others: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and spread of the cosines of each text to all of `others`, shape (n_texts,) each."""
    distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    places = [distinct[text] for text in texts]
    cosines = likeness.of_all(list(distinct), others)
    return cosines.mean(axis=1)[places], cosines.std(axis=1)[places] + _LEAST_SPREAD


def _definitions(rows: Sequence[dict[str, Any]], issues: Mapping[str, Issue]) -> list[tuple[str, str, str]]:
    """Return what is said of each row's issue, three times; of an unknown one the proposition."""
    keys = [(row["issue"], language_of(row)) for row in rows]
    known = {(name, language): _said(issues[name], language) for name, language in {*keys} if name in issues}
    return [known.get(key, (row["proposition"],) * 3) for key, row in zip(keys, rows, strict=True)]


def _said(issue: Issue, language: str) -> tuple[str, str, str]:
    """Return an issue's proposition, that with its aliases, and all that defines it, as read beside such a text."""
    language = issue.language_for(language)
    proposition = issue.proposition[language]
    aliases = " ; ".join((proposition, *issue.aliases))
    own = (issue.definition[language], issue.pro[language], issue.con[language])
    return proposition, aliases, " ".join((aliases, *own))


def _best(values: NDArray[np.float64], owners: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return the highest value of each row's windows, shape (n_rows,)."""
    return np.maximum.reduceat(values, np.searchsorted(owners, np.arange(owners[-1] + 1)))
