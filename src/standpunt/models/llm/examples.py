"""Labelled turns that are shown before a question."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import Rows
from standpunt.models.llm.settings import FIXED, WORDS, LlmConfig
from standpunt.models.windows.examples import records
from standpunt.text.duplicates import words_of

# What is kept of a labelled turn; who speaks is not shown, and is kept to tell that nobody is on both sides.
KEPT = ("id", "debate", "speaker", "party", "language", "issue", "proposition", "text", "label", "evidence")
_AT_A_TIME = 1024  # questions whose likeness to all examples is held in memory


class Examples:
    """Chooses among the labelled turns that a model was given; never the turn itself that is asked about."""

    def __init__(self, config: LlmConfig, pool: Sequence[Mapping[str, Any]]) -> None:
        """Set up.

        Args:
            config: how many are shown, and which.
            pool: those to choose from.
        """
        self._config = config
        self.pool = [dict(record) for record in pool]
        self._texts = [words_of(record["text"]) for record in self.pool]

    @classmethod
    def of(cls, config: LlmConfig, train: Rows, seed: int) -> Examples:
        """Return the pool of some training rows: those that are shown where they are fixed, all where they are chosen.

        Args:
            config: see `Examples`.
            train: labelled rows.
            seed: those that are fixed are drawn from it.
        """
        if config.examples == 0:
            return cls(config, [])
        pool = records(train, KEPT)
        if config.choose == FIXED:
            order = random.Random(seed).sample(range(len(pool)), len(pool))
            # One more than is shown, for the turn that is itself among them.
            order = _taking_turns(order, pool, config.examples + 1, balanced=config.balanced)
            pool = [pool[place] for place in order]
        return cls(config, pool)

    def for_rows(self, rows: Sequence[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
        """Return what is shown before each row, the nearest last."""
        if not self.pool or self._config.examples == 0:
            return [[] for _ in rows]
        if self._config.choose == FIXED:
            ranked = [list(range(len(self.pool)))] * len(rows)
            return [self._chosen(row, order) for row, order in zip(rows, ranked, strict=True)]
        chosen: list[list[dict[str, Any]]] = []
        for start in range(0, len(rows), _AT_A_TIME):
            part = rows[start : start + _AT_A_TIME]
            order = np.argsort(-self._likeness(part), axis=1, kind="stable")
            chosen += [self._chosen(row, line.tolist()) for row, line in zip(part, order, strict=True)]
        return chosen

    def _chosen(self, row: Mapping[str, Any], order: Sequence[int]) -> list[dict[str, Any]]:
        """Return the first of an order that are not the row's own text, the first one last."""
        own = words_of(row["text"])
        others = [place for place in order if self._texts[place] != own]
        taken = _taking_turns(others, self.pool, self._config.examples, balanced=self._config.balanced)
        return [self.pool[place] for place in reversed(taken)]

    def _likeness(self, rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
        """Return how like each row is to each example, shape (n_rows, n_examples)."""
        if self._config.choose == WORDS:
            vectorizer, known = self._words
            return np.asarray((vectorizer.transform(map(_said, rows)) @ known.T).todense())
        return self._vectors([_said(row) for row in rows]) @ self._vectors([_said(row) for row in self.pool]).T

    @cached_property
    def _words(self) -> tuple[Any, Any]:
        """What counts words, and the counts of the pool, shape (n_examples, n_words)."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+")
        return vectorizer, vectorizer.fit_transform(map(_said, self.pool))

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float64]:
        from standpunt.encoders.resolve import resolve_encoder
        from standpunt.models.frozen.vectors import vectors_of

        encoder = resolve_encoder(self._config.encoder)
        return np.asarray(vectors_of(encoder, self._config.encoder_tokens).vectors(texts), dtype=float)


def _said(row: Mapping[str, Any]) -> str:
    return f"{row.get('proposition') or ''} {row['text']}".strip() or "-"


def _taking_turns(order: Sequence[int], pool: Sequence[Mapping[str, Any]], number: int, *, balanced: bool) -> list[int]:
    """Return the first of an order; where they are balanced, the labels take turns, and the first label begins."""
    if not balanced:
        return list(order[:number])
    by_label: dict[str, list[int]] = defaultdict(list)
    for place in order:
        by_label[pool[place]["label"]].append(place)
    taken: list[int] = []
    for turn in range(max(map(len, by_label.values()), default=0)):
        taken += [places[turn] for places in by_label.values() if turn < len(places)]
        if len(taken) >= number:
            break
    return taken[:number]
