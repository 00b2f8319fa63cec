"""Likeness of words by hashed character n-grams."""

import numpy as np
import pytest

from standpunt.models.frozen.ngrams import N_FEATURES, Ngrams

SAID = ["de brug moet er komen", "de weg moet er komen", "de haven moet er komen", "een luchtverdedigingszone"]


@pytest.fixture
def ngrams():
    found = Ngrams()
    found.fit(SAID)
    return found


def test_a_text_is_like_itself_and_parts_of_words_count(ngrams):
    itself, compound, other, nothing = ngrams.cosines(
        ["de brug", "luchtverdediging", "de brug", "de brug"], ["de brug", "luchtverdedigingszone", "xyz", ""]
    )
    assert itself == pytest.approx(1)
    assert compound > 0.5
    assert other < 0.01
    assert nothing == 0


def test_rare_words_weigh_more(ngrams):
    rare, common = ngrams.cosines(["brug moet"] * 2, ["de brug", "er moet"])
    assert rare > common
    plain = Ngrams().cosines(["brug moet"] * 2, ["de brug", "er moet"])
    assert rare - common > plain[0] - plain[1]


def test_what_was_learnt_is_all_that_is_needed(ngrams):
    assert ngrams.rarity.shape == (N_FEATURES,)
    again = Ngrams(ngrams.rarity.copy())
    ones, others = SAID * 2, SAID + SAID[::-1]
    np.testing.assert_array_equal(again.cosines(ones, others), ngrams.cosines(ones, others))
