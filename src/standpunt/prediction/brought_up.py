"""Which issues a report itself brings up, told by words: seconds for all issues that ship, no model asked.

An issue's definition is compared with every passage of a debate, three sentences of one turn. How much a passage speaks
for an issue is how much its words are like those of the definition, beyond what definitions are like one another, times
how far that stands out among all issues that ship; of a passage that is long or general, all issues look a little like
it. An issue is brought up by the three turns that speak for it most, and by the share of passages that speak for it
more than for any other.

Of the 166 issues that are labelled in eighteen real debates all are kept, with 2.6 others a debate; of the 237 of the
fictional ones, whose definitions were not written for one debate, 85 %, with 1.7 others. The numbers below were chosen
with all of these in view (benchmarks/brought_up.py, docs/concepts/model.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from standpunt.annotation.issues import LANGUAGE, LANGUAGES, Issue, load_issue, shipped_issues
from standpunt.debate import Debate
from standpunt.text.likeness import Ngrams
from standpunt.text.sentences import split_sentences

SENTENCES, STEP = 3, 2  # of a passage, and from one to the next
TURNS = 3  # whose best passages count
SHARE = 30.0  # what the share of passages that speak for an issue most counts
LEAST_PASSAGE = 0.3  # what a passage must speak for an issue to be among them
FEWEST = 100  # passages that the share is taken of, in a short debate too
LEAST = 1.05  # above it an issue is brought up
_LEAST_SPREAD = 1e-3


def brought_up(debate: Debate, issues: Sequence[Issue], language: str = LANGUAGE) -> tuple[Issue, ...]:
    """Return those issues that a debate brings up, in the order given.

    Args:
        debate: the debate as read.
        issues: the issues that may be; whether one is taken does not depend on the others.
        language: of the debate. In a language in which no issue ships there is nothing to compare with: all are taken.
    """
    if language not in LANGUAGES:
        return tuple(issues)
    scores = prominence(debate, issues, language)
    return tuple(issue for issue, score in zip(issues, scores, strict=True) if score >= LEAST)


def prominence(debate: Debate, issues: Sequence[Issue], language: str = LANGUAGE) -> NDArray[np.float64]:
    """Return how much a debate is about each issue, shape (n_issues,); `LEAST` or more is being brought up.

    Args:
        debate: the debate as read; the chair's turns do not count.
        issues: the issues.
        language: of the debate, one of those in which issues ship.
    """
    passages, turns = _passages(debate)
    if not passages or not issues:
        return np.zeros(len(issues))
    reference = _reference(language)
    asked = _definitions(language, tuple(issue.said(issue.language_for(language)) for issue in issues))
    shipped = _definitions(language, reference.said)
    windows = reference.ngrams.transform(passages)
    likeness, among = (windows @ asked.vectors.T).toarray(), (windows @ shipped.vectors.T).toarray()
    mean, spread = among.mean(axis=1, keepdims=True), among.std(axis=1, keepdims=True) + _LEAST_SPREAD
    speaks = (likeness - asked.general) * (likeness - mean) / spread
    most = ((among - shipped.general) * (among - mean) / spread).max(axis=1, keepdims=True)
    first = (speaks >= np.maximum(most, LEAST_PASSAGE)).sum(axis=0) / max(len(passages), FEWEST)
    best = np.maximum.reduceat(speaks, np.flatnonzero(np.diff(turns, prepend=-1)))
    return np.sort(best, axis=0)[::-1][:TURNS].mean(axis=0) + SHARE * first


def _passages(debate: Debate) -> tuple[list[str], NDArray[np.int_]]:
    """Return the passages of all turns that are not the chair's, and the ordinal of the turn of each."""
    passages, turns = [], []
    for turn in debate.turns:
        if turn.speaker.role == "chair":
            continue
        spans = split_sentences(turn.text)
        for start in range(0, max(1, len(spans) - SENTENCES + STEP) if spans else 0, STEP):
            part = spans[start : start + SENTENCES]
            passages.append(turn.text[part[0][0] : part[-1][1]])
            turns.append(turn.ordinal)
    return passages, np.array(turns, dtype=int)


@dataclass(frozen=True)
class _Reference:
    """What is said of each issue that ships, and n-grams by how rare they are in it."""

    said: tuple[str, ...]
    ngrams: Ngrams


@cache
def _reference(language: str) -> _Reference:
    said = tuple(load_issue(name).said(language) for name in shipped_issues())
    ngrams = Ngrams()
    ngrams.fit(said)
    return _Reference(said, ngrams)


@dataclass(frozen=True)
class _Definitions:
    """What is said of some issues: vectors of n-grams, and how much each is like those of other issues, the mean."""

    vectors: sparse.csr_matrix
    general: NDArray[np.float64]


@lru_cache(maxsize=8)
def _definitions(language: str, said: tuple[str, ...]) -> _Definitions:
    """Return the definitions of issues; every debate of many is compared with the same ones."""
    reference = _reference(language)
    vectors = reference.ngrams.transform(said)
    shipped = vectors if said == reference.said else _definitions(language, reference.said).vectors
    likeness = (vectors @ shipped.T).toarray()
    other = np.array([[text != issue for issue in reference.said] for text in said])
    return _Definitions(vectors, np.where(other, likeness, 0.0).sum(axis=1) / np.maximum(other.sum(axis=1), 1))
