"""Texts that are nearly the same are found, all of them and no others."""

import numpy as np
import pytest

from standpunt.text.duplicates import FORMULA, NGRAM, THRESHOLD, Duplicates, near_pairs


def words(count, start=0):
    return [f"woord{number}" for number in range(start, start + count)]


def alike(first, second, **options):
    return bool(Duplicates([first, second]).like(np.array([0]), **options)[1])


def by_hand(texts):
    """Compare every pair."""
    sets = [
        {text[start : start + NGRAM] for start in range(len(text) - NGRAM + 1)} if len(text) > FORMULA else set()
        for text in texts
    ]
    return [
        [int(i != j and bool(a and b) and len(a & b) >= THRESHOLD * len(a | b)) for j, b in enumerate(sets)]
        for i, a in enumerate(sets)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_pairs_are_those_of_comparing_every_two(seed):
    rng = np.random.default_rng(seed)
    bases = [rng.integers(0, 30, rng.integers(20, 40)) for _ in range(4)]
    texts = set()
    for _ in range(25):
        text = bases[rng.integers(4)].copy()
        for _ in range(rng.integers(0, 5)):
            text[rng.integers(len(text))] = rng.integers(30)
        texts.add(tuple(map(str, text[rng.integers(0, 4) : len(text) - rng.integers(0, 4)])))
    texts = sorted(texts)
    pairs = near_pairs(texts).toarray().tolist()
    assert pairs == by_hand(texts)
    assert any(map(any, pairs))


def test_case_space_and_punctuation_are_nothing():
    assert alike("Dank u wel, voorzitter.", "dank  u\nWEL voorzitter")


def test_a_word_changed_in_a_long_text_is_found():
    text = words(40)
    assert alike(" ".join(text), " ".join([*text[:20], "anders", *text[21:]]))


def test_a_text_within_one_twice_as_long_is_found_and_within_a_longer_one_not():
    assert alike(" ".join(words(40)), " ".join(words(70)))
    assert not alike(" ".join(words(40)), " ".join(words(90)))


def test_different_texts_with_the_same_formula_are_not_alike():
    formula = "en gaat over tot de orde van de dag"
    assert not alike(" ".join([*words(30), formula]), " ".join([*words(30, start=50), formula]))


def test_short_texts_count_only_where_asked_and_only_as_a_whole():
    text = " ".join(words(FORMULA))
    assert alike(text, text)
    assert not alike(text, text, formulas=False)
    assert not alike(text, " ".join([*words(FORMULA - 1), "anders"]))
    longer = " ".join(words(FORMULA + 1))
    assert alike(longer, longer, formulas=False)


def test_texts_without_words_are_told_apart():
    duplicates = Duplicates(["…", "!", "", "", "…"])
    assert duplicates.like(np.array([0])).tolist() == [True, False, False, False, True]
    assert duplicates.like(np.array([2])).tolist() == [False, False, True, True, False]


def test_no_texts_and_no_rows():
    assert Duplicates([]).like(np.zeros(0, dtype=int)).tolist() == []
    assert Duplicates(["ja"]).like(np.zeros(0, dtype=int)).tolist() == [False]
