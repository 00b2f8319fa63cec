"""Which sentences concern an issue."""

import numpy as np
import pandas as pd
import pytest

from standpunt.annotation.issues import load_issue
from standpunt.prediction import relevance as module
from standpunt.prediction.arguments import SENTENCE_COLUMNS
from standpunt.prediction.relevance import CARRIED, MOST, concerning, relevance

ZONE, ASSETS = load_issue("no_fly_zone"), load_issue("frozen_assets")
ABOUT_ZONE = "Er moet een no-flyzone boven Oekraïne komen, een gezamenlijke luchtverdedigingszone."
ABOUT_ASSETS = "De bevroren Russische tegoeden moeten naar Oekraïne."
ELSE = "Mijn fractie vraagt aandacht voor de veerponten."


def table(*sentences):
    """Return sentences of a turn given as (text, component, number of the claim or None)."""
    rows = []
    for number, (text, component, target) in enumerate(sentences, start=1):
        about = {
            "turn": "d-1",
            "ordinal": 1,
            "sentence": number,
            "start": 100 * number,
            "end": 100 * number + len(text),
        }
        rows.append({**about, "text": text, "component": component, "target": target, "relation": target and "support"})
    return pd.DataFrame(rows, columns=list(SENTENCE_COLUMNS)).astype({"target": "Int64"})


def test_a_sentence_is_nearest_to_the_issue_it_is_about():
    values = relevance([ABOUT_ZONE, ABOUT_ASSETS, ELSE], [ZONE, ASSETS])
    assert values.shape == (3, 2)
    assert (values >= 0).all()
    assert (values <= 1).all()
    assert values.argmax(axis=0).tolist() == [0, 1]


def test_no_sentences_or_issues():
    assert relevance([], [ZONE]).shape == (0, 1)
    assert relevance([ELSE], []).shape == (1, 0)
    assert relevance(["?"], [ZONE]).tolist() == [[0]]
    for sentences, issues in ((table((ELSE, "claim", None)), []), (table(), [ZONE])):
        assert list(concerning(sentences, issues)) == [*SENTENCE_COLUMNS, "issue", "relevance", "rank"]
        assert concerning(sentences, issues).empty


def test_arguments_are_ranked_and_what_is_none_or_about_something_else_is_left_out():
    less = f"{ABOUT_ZONE[:-1]}, en de veerponten."
    said = [(ABOUT_ZONE, "none"), (ELSE, "claim"), (less, "claim"), (ABOUT_ZONE, "claim")]
    found = concerning(table(*((text, component, None) for text, component in said)), [ZONE, ASSETS])
    zone = found[found["issue"] == "no_fly_zone"]
    assert zone["sentence"].tolist() == [4, 3]
    assert zone["rank"].tolist() == [1, 2]
    assert zone["relevance"].is_monotonic_decreasing


def test_a_premise_carries_its_claims_relevance():
    found = concerning(table((ABOUT_ZONE, "claim", None), (ELSE, "premise", 1), (ELSE, "premise", None)), [ZONE])
    assert found["sentence"].tolist() == [1, 2]
    assert found["relevance"].iloc[1] == pytest.approx(CARRIED * found["relevance"].iloc[0])


def test_what_annotators_marked_concerns_the_issue_whatever_its_words():
    sentences = table((ELSE, "claim", None), (ELSE, "premise", 1), ("Een no-flyzone helpt.", "claim", None))
    found = concerning(sentences, [ZONE], {(1, "no_fly_zone"): ((100, 110),)})
    assert found[["sentence", "relevance"]].values.tolist() == [[1, 1.0], [2, CARRIED]]


def test_no_more_than_so_many():
    found = concerning(table(*[(ABOUT_ZONE, "claim", None)] * (MOST + 3)), [ZONE])
    assert found["sentence"].tolist() == list(range(1, MOST + 1))


def test_a_claim_that_is_not_there_is_no_error(monkeypatch):
    monkeypatch.setattr(module, "relevance", lambda texts, issues, language: np.full((len(texts), len(issues)), 0.5))
    assert concerning(table((ELSE, "premise", 9)), [ZONE])["relevance"].tolist() == [0.5]
