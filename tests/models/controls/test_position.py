"""The position control, and TF-IDF with the words of the proposition; what all families keep to is in test_contract."""

import numpy as np
import pytest

from standpunt.errors import InputError
from standpunt.models import build
from standpunt.models.controls.position import PositionConfig
from standpunt.models.tfidf import TfidfConfig


def sentence(number, label, *, total=9, words=8, distance=0, proposition="de brug", text=None):
    return {
        "issue": "component",
        "text": text or " ".join(["woord"] * words),
        "proposition": proposition,
        "sentence": number,
        "sentences": total,
        "distance": distance,
        "label": label,
    }


def fitted(rows, labels, config=None):
    return build(config or PositionConfig(), labels, {}).fit(rows)


def test_place_in_the_turn_tells():
    rows = [sentence(number, "none" if number in (1, 9) else "claim") for number in range(1, 10)] * 5
    model = fitted(rows, ("claim", "none"))
    assert model.predict([sentence(1, "")] + [sentence(5, "")] + [sentence(9, "")]) == ["none", "claim", "none"]


def test_length_tells():
    rows = [sentence(3, "none", words=2), sentence(3, "claim", words=20)] * 10
    model = fitted(rows, ("claim", "none"))
    assert model.predict([sentence(3, "", words=1), sentence(3, "", words=5000)]) == ["none", "claim"]


def test_distance_to_the_claim_tells():
    rows = [
        sentence(5, "support" if distance in (-1, 1) else "none", distance=distance) for distance in range(-4, 5)
    ] * 5
    model = fitted(rows, ("support", "attack", "none"))
    predicted = model.predict([sentence(5, "", distance=distance) for distance in (-40, -1, 1, 4)])
    assert predicted == ["none", "support", "support", "none"]


def test_words_do_not_tell():
    rows = [sentence(3, "none", text="ja"), sentence(3, "claim", text="nee")] * 10
    probabilities = fitted(rows, ("claim", "none")).predict_proba(rows)
    np.testing.assert_allclose(probabilities, 0.5, atol=1e-6)


def test_turn_of_one_word():
    model = fitted([sentence(1, "none", total=1, words=1), sentence(2, "claim")], ("claim", "none"))
    assert model.predict([sentence(1, "", total=1, words=1)]) == ["none"]


def test_strength_of_regularisation_is_checked():
    with pytest.raises(InputError, match=r"model\.c is 0; expected a number above 0"):
        PositionConfig(c=0)


def test_tfidf_reads_the_proposition_where_it_is_wanted():
    rows = [
        sentence(3, label, proposition=around)
        for label, around in (("claim", "want … omdat"), ("none", "dank … voorzitter")) * 6
    ]
    configs = (TfidfConfig(proposition=value, min_df=1) for value in (False, True))
    blind, seeing = (fitted(rows, ("claim", "none"), config) for config in configs)
    np.testing.assert_allclose(blind.predict_proba(rows), 0.5, atol=1e-6)
    assert seeing.predict(rows) == [row["label"] for row in rows]


def test_tfidf_sees_how_like_text_and_proposition_are():
    words = [f"woord{number}" for number in range(12)]
    rows = [
        sentence(3, "support" if one == other else "none", text=words[one], proposition=words[other])
        for one in range(12)
        for other in (one, (one + 5) % 12)
    ]
    model = fitted(rows, ("support", "none"), TfidfConfig(proposition=True))
    assert model.predict(rows) == [row["label"] for row in rows]
