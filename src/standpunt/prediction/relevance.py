"""Which sentences of a turn concern an issue.

By the words they share with the issue's definition. The stance model's own answer on the sentence is worse: a model
learns from whole turns whether an issue is addressed, and a turn of forty sentences teaches it little about the three
that do. Of 274 evidence spans of the Ukraine debate (turns of four sentences and more) the first sentence of the order
meets 62 % and one of the first three 89 %; by 1 - p(none) of a TF-IDF model trained on the fictional debates it is
33 % and 65 %, by chance 18 % and 46 %. Figures and what else was tried: docs/arguments.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.corpora.rows import NONE
from standpunt.debate import Span, overlaps

# 95 % of the turns of real debates that address an issue have a sentence above it, and 55 % of the others: whether an
# issue is addressed at all is for the stance model to say.
SMALLEST_RELEVANCE = 0.08
SHARE = 0.5  # of the relevance that the best argument of the turn has
MOST = 5  # arguments a turn and issue
CARRIED = 0.75  # how much of its claim's relevance a premise has, whatever its own words are


def relevance(sentences: Sequence[str], issues: Sequence[Issue], language: str = LANGUAGE) -> NDArray[np.float64]:
    """Return how like the words of sentences are to those of issues.

    The cosine of TF-IDF vectors of character n-grams (3 to 5, within words): Dutch compounds ("luchtverdedigingszone")
    share parts of words with a definition rather than words. Frequencies are those of the sentences given.

    Args:
        sentences: all sentences of a debate.
        issues: their proposition, aliases, definition and poles are read.
        language: of the sentences; issues are read in it if they are defined in it, and else in Dutch.

    Returns:
        Values from 0 to 1, shape (n_sentences, n_issues).
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    from standpunt.text.likeness import Likeness

    if not sentences or not issues:
        return np.zeros((len(sentences), len(issues)))
    definitions = [issue.said(issue.language_for(language)) for issue in issues]
    vectorizer = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5))
    texts = [*sentences, *definitions]
    return Likeness(texts, vectorizer.fit_transform(texts)).of_all(sentences, definitions)


def concerning(
    sentences: pd.DataFrame,
    issues: Sequence[Issue],
    evidence: Mapping[tuple[int, str], Sequence[Span]] | None = None,
    language: str = LANGUAGE,
) -> pd.DataFrame:
    """Return the premises and claims that concern each issue, ranked within their turn.

    An argument's relevance is that of its words (see `relevance`), one where annotators marked it as evidence, and of a
    premise at least `CARRIED` times that of the claim it belongs to. It concerns the issue if its relevance is
    `SMALLEST_RELEVANCE` or more and `SHARE` of that of the turn's best argument or more, and it is among the first
    `MOST`.

    Args:
        sentences: all sentences of a debate, as `standpunt.prediction.arguments.predict_sentences` or
            `standpunt.analysis.arguments.sentences_of_layer` returns them.
        issues: the issues.
        evidence: spans of a turn's text that show its stance, by ordinal of the turn and issue, where they are known.
        language: of the debate.

    Returns:
        The rows of the arguments with `issue`, `relevance` and `rank` (from 1 in each turn and issue), in the order of
        issues, turns and ranks; a sentence that concerns two issues is there twice.
    """
    values = relevance(sentences["text"].tolist(), issues, language)
    argues = (sentences["component"] != NONE).to_numpy(bool)
    claims = _claims(sentences)
    parts = []
    for place, issue in enumerate(issues):
        own = values[:, place]
        if evidence:
            own = np.where(_marked(sentences, issue.name, evidence), 1.0, own)
        carried = np.where(claims >= 0, CARRIED * own[claims], 0.0)
        frame = sentences.assign(issue=issue.name, relevance=np.maximum(own, carried))[argues]
        best = frame.groupby("ordinal")["relevance"].transform("max")
        frame = frame[(frame["relevance"] >= SMALLEST_RELEVANCE) & (frame["relevance"] >= SHARE * best)]
        frame = frame.sort_values(["ordinal", "relevance", "sentence"], ascending=[True, False, True])
        frame = frame.assign(rank=frame.groupby("ordinal").cumcount() + 1)
        parts.append(frame[frame["rank"] <= MOST])
    empty = sentences.iloc[:0].assign(issue="", relevance=0.0, rank=0)
    return pd.concat(parts, ignore_index=True) if parts else empty


def _claims(sentences: pd.DataFrame) -> NDArray[np.int_]:
    """Return the row of the claim that each row belongs to, -1 where it belongs to none."""
    pairs = zip(sentences["ordinal"], sentences["sentence"], strict=True)
    places = {pair: place for place, pair in enumerate(pairs)}
    aims = zip(sentences["ordinal"], sentences["target"], strict=True)
    return np.array([-1 if pd.isna(target) else places.get((turn, target), -1) for turn, target in aims], dtype=int)


def _marked(
    sentences: pd.DataFrame, issue: str, evidence: Mapping[tuple[int, str], Sequence[Span]]
) -> NDArray[np.bool_]:
    """Tell which sentences overlap with what annotators marked for an issue."""
    rows = zip(sentences["ordinal"], sentences["start"], sentences["end"], strict=True)
    return np.array(
        [overlaps((start, end), evidence.get((turn, issue), ())) for turn, start, end in rows],
        dtype=bool,
    )
