"""A debate that two corpora name and cut in their own ways is one debate; debates that quote one motion are not."""

import numpy as np

from standpunt.splits.shared_units import Shared

QUOTED = "verzoekt de regering alle bruggen van het land voor de winter te laten verven in de kleur van de gemeente"


def said(number, sentences=12):
    return [
        f"Zin {place} van spreker{number} over brug{number}{place} en weg{place}{number}." for place in range(sentences)
    ]


def rows(*pairs):
    return [{"debate": debate, "text": text} for debate, text in pairs]


def sharing(corpora, *wanted):
    return np.flatnonzero(Shared(corpora, "debate").sharing(np.array(wanted))).tolist()


def test_a_debate_is_known_by_what_was_said():
    turns = rows(*[("2030-01-01-bruggen", text) for text in (" ".join(said(1)[:4]), " ".join(said(1)[4:]))])
    parties = rows(
        ("2030-01-01 De bruggen", " ".join([*said(1)[6:], *said(9)])), ("2030-02-01 Wegen", " ".join(said(2)))
    )
    assert sharing([turns, parties], 0) == [0, 1, 2]
    assert sharing([parties, turns], 1) == [1]
    assert sharing([parties, turns], 0) == [0, 2, 3]


def test_a_name_is_enough_and_what_no_debate_is_said_of_shares_nothing():
    first, second = rows(("a", "Ja."), (None, " ".join(said(1)))), rows(("a", "Nee."), ("b", " ".join(said(1))))
    assert sharing([first, second], 0) == [0, 2]
    assert sharing([first, second], 1) == []


def test_a_motion_that_is_quoted_makes_no_two_debates_one():
    first = rows(("a", " ".join([*said(1, 40), QUOTED])), ("b", QUOTED))
    assert sharing([first, rows(("c", " ".join([*said(2, 40), QUOTED])))], 0) == [0]


def test_a_corpus_tells_its_own_debates_apart():
    text = " ".join(said(1))
    assert sharing([rows(("a", text), ("b", text)), rows(("c", " ".join(said(2))))], 0) == [0]
    assert sharing([rows(("a", text), ("b", text)), rows(("c", text))], 0) == [0, 2]
