"""Of a long turn, the windows that are read."""

import numpy as np
import pytest

from standpunt.models.windows.nearest import nearest, nearest_spans
from standpunt.text.likeness import Ngrams

TEXTS = ["De brug moet open.", "Het weer is mooi.", "Wij bouwen bruggen.", "Een brug verbindt.", "Goed weer."]


@pytest.mark.parametrize(
    ("at_most", "expected"), [(1, [3, 4]), (2, [0, 3, 4]), (3, [0, 2, 3, 4]), (9, [0, 1, 2, 3, 4])]
)
def test_the_windows_whose_words_are_nearest_are_kept_in_order(at_most, expected):
    owners = np.array([0, 0, 0, 0, 1])
    assert nearest(owners, TEXTS, ["een brug", "het weer"], at_most, Ngrams()).tolist() == expected


def test_of_windows_as_near_as_one_another_the_first_are_kept():
    owners = np.zeros(4, dtype=int)
    assert nearest(owners, ["a b c"] * 4, ["iets anders"], 2, Ngrams()).tolist() == [0, 1]


def test_a_rare_word_tells_more_once_it_is_known_to_be_rare():
    words = Ngrams()
    texts = ["wij willen iets", "de brug is dicht"]
    asked = ["wij willen een brug"]
    assert nearest(np.zeros(2, dtype=int), texts, asked, 1, words).tolist() == [0]
    words.fit([f"wij willen iets {number}" for number in range(50)])
    assert nearest(np.zeros(2, dtype=int), texts, asked, 1, words).tolist() == [1]


def test_the_spans_of_one_row():
    spans = [(0, 5), (6, 9), (10, 20)]
    assert nearest_spans(spans, TEXTS[:3], "het weer", 1, Ngrams()) == ((6, 9),)
    assert nearest_spans(spans[:1], TEXTS[:1], "het weer", 1, Ngrams()) == ((0, 5),)
