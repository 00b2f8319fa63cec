"""TF-IDF that remembers texts is that of scikit-learn, to the last digit."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from standpunt.text import counts
from standpunt.text.counts import WORD, WordVectors

TEXTS = ["De brug is oud, de brug is scheef.", "Een brug!", "Nieuw: één weg.", "", "de WEG is oud", "..."]
OTHERS = ["Een fiets op de brug en de weg", "fiets", "", *TEXTS[:2]]


def same(vectors, wanted):
    np.testing.assert_array_equal(vectors.toarray(), wanted.toarray())


@pytest.mark.parametrize("max_ngram", [1, 2, 3])
@pytest.mark.parametrize("min_df", [1, 2])
def test_like_scikit_learn(max_ngram, min_df):
    for texts in (TEXTS, TEXTS[::-1], TEXTS[1:]):  # folds of one experiment
        theirs = TfidfVectorizer(ngram_range=(1, max_ngram), sublinear_tf=True, token_pattern=WORD, min_df=min_df)
        wanted = theirs.fit(texts).transform(texts)
        ours = WordVectors(texts, max_ngram, min_df)
        assert ours.ngrams == theirs.get_feature_names_out().tolist()
        np.testing.assert_array_equal(ours.idf, theirs.idf_)
        same(ours.transform(texts), wanted)
        same(ours.transform(OTHERS), theirs.transform(OTHERS))
        assert ours.transform([]).shape == (0, len(ours.ngrams))


def test_no_ngram_in_enough_texts():
    assert WordVectors(["brug", "weg"], 1, 2).ngrams == []


def test_a_text_is_cut_once_and_memory_is_bounded(monkeypatch):
    counts._word_counts.cache_clear()
    vectors = WordVectors(TEXTS, 1, 1)
    cut = []
    whole = vectors._counts._cut
    monkeypatch.setattr(vectors._counts, "_cut", lambda text: cut.append(text) or whole(text))
    before = vectors.transform(TEXTS)
    WordVectors(TEXTS[2:], 1, 1).transform(TEXTS)
    assert cut == []
    monkeypatch.setattr(counts, "_MOST", 12)
    vectors.transform([f"een twee drie vier {n}" for n in range(10)])
    assert 0 < sum(len(columns) for columns, _ in vectors._counts._rows.values()) <= 12
    same(vectors.transform(TEXTS), before)
    counts._word_counts.cache_clear()
