"""Likeness of words: cosines of TF-IDF vectors, of pairs of texts and of all with all."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from standpunt.text.likeness import N_FEATURES, Likeness, Ngrams

SAID = ["de brug moet er komen", "de weg moet er komen", "de haven moet er komen", "een luchtverdedigingszone"]


@pytest.fixture
def ngrams():
    found = Ngrams()
    found.fit(SAID)
    return found


def cosines(vectorizer, ones, others):
    return Likeness.by(vectorizer, [*ones, *others]).of_pairs(ones, others)


def test_a_text_is_like_itself_and_parts_of_words_count(ngrams):
    itself, compound, other, nothing = cosines(
        ngrams, ["de brug", "luchtverdediging", "de brug", "de brug"], ["de brug", "luchtverdedigingszone", "xyz", ""]
    )
    assert itself == pytest.approx(1)
    assert compound > 0.5
    assert other < 0.01
    assert nothing == 0


def test_rare_words_weigh_more(ngrams):
    ones, others = ["brug moet"] * 2, ["de brug", "er moet"]
    rare, common = cosines(ngrams, ones, others)
    assert rare > common
    plain = cosines(Ngrams(), ones, others)
    assert rare - common > plain[0] - plain[1]


def test_what_was_learnt_is_all_that_is_needed(ngrams):
    assert ngrams.rarity.shape == (N_FEATURES,)
    again = Ngrams(ngrams.rarity.copy())
    np.testing.assert_array_equal(again.transform(SAID).toarray(), ngrams.transform(SAID).toarray())


def test_rarity_is_that_of_scikit_learn(ngrams):
    vectorizer = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)).fit(SAID)
    ones, others = SAID * 2, SAID + SAID[::-1]
    # Two n-grams may have one place among the hashed ones.
    np.testing.assert_allclose(cosines(ngrams, ones, others), cosines(vectorizer, ones, others), atol=0.02)


@pytest.mark.parametrize("few", [False, True])
def test_pairs_are_entries_of_the_table(ngrams, few):
    texts = [*SAID, "", "de brug", "komen er"]
    likeness = Likeness.by(ngrams, texts)
    table = likeness.of_all(texts, texts)
    np.testing.assert_allclose(table, table.T)
    ones, others = [one for one in texts for _ in texts], texts * len(texts)
    np.testing.assert_allclose(likeness.of_pairs(ones, others, few=few), table.ravel(), atol=1e-12)
    np.testing.assert_allclose(likeness.of_pairs(texts[:2], texts[3:5], few=few), [table[0, 3], table[1, 4]])


def test_each_text_is_made_a_vector_once():
    class Counting(Ngrams):
        seen = ()

        def transform(self, texts):
            self.seen = (*self.seen, *texts)
            return super().transform(texts)

    counting = Counting()
    Likeness.by(counting, SAID * 3).of_pairs(SAID * 3, SAID[:1] * 12)
    assert sorted(counting.seen) == sorted(SAID)
