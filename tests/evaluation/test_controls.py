from math import nan

import pytest

from standpunt.evaluation.controls import CONTROLS, control, control_notes, expected_controls
from standpunt.evaluation.paired import Difference

ALL = {name: name for name in CONTROLS}


def gap(first, second, value, low, high):
    return Difference(first, second, "macro_f1", value, low, high, 0.5, 0, 0, 1.0, 999)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ({"name": "mine", "family": "majority"}, "majority"),
        ({"name": "x", "family": "party"}, "party_only"),
        ({"name": "x", "family": "issue"}, "issue_only"),
        ({"name": "x", "family": "tfidf", "issue": False}, "text_only"),
        ({"name": "x", "family": "tfidf", "issue": True}, "tfidf"),
        ({"name": "tfidf", "family": "cross_encoder"}, None),
    ],
)
def test_controls_are_known_by_what_they_are(model, kind):
    assert control(model) == kind


def test_model_that_beats_all_controls_is_not_warned_about():
    gaps = [gap("encoder", name, 0.1, 0.01, 0.2) for name in CONTROLS]
    assert control_notes(ALL | {"encoder": None}, gaps) == []


def test_controls_not_beaten_are_named_whichever_stands_first():
    gaps = [gap("encoder", "majority", 0.1, 0.01, 0.2), gap("encoder", "party_only", 0.1, -0.01, 0.2)]
    gaps.append(gap("tfidf", "encoder", 0.3, 0.1, 0.4))
    (note,) = control_notes(ALL | {"encoder": None}, gaps)
    assert note.startswith(
        "Warning: encoder does not beat party_only (+0.10 [-0.01, 0.20]), tfidf (-0.30 [-0.40, -0.10])"
    )


def test_controls_are_held_against_those_that_see_less():
    gaps = [gap("party_only", "majority", 0.0, 0.0, 0.0), gap("tfidf", "text_only", 0.0, -0.1, 0.1)]
    (note,) = control_notes(ALL, gaps)
    assert note.startswith("Warning: tfidf does not beat text_only")


def test_of_rows_of_one_cluster_nothing_is_said():
    gaps = [gap("encoder", "majority", 0.3, nan, nan)]
    (note,) = control_notes({"encoder": None, "majority": "majority"}, gaps, ["majority"])
    assert note == "Warning: all rows are of one cluster, so that nothing can be said on who beats the controls."


def test_missing_controls_are_named():
    (note,) = control_notes({"encoder": None, "majority": "majority", "tfidf c=2": "tfidf"}, [])
    assert "without the controls party_only, issue_only, text_only" in note


def test_controls_that_say_nothing_of_the_rows_are_not_asked_for():
    assert expected_controls(["a", "b"], ["A"]) == ("majority", "party_only", "issue_only", "text_only", "tfidf")
    assert expected_controls(["a"], ["A"]) == ("majority", "party_only", "text_only", "tfidf")
    assert expected_controls(["a", "b"], [None]) == ("majority", "issue_only", "text_only", "tfidf")
    (note,) = control_notes({"majority": "majority"}, [], ("majority", "tfidf"))
    assert "without the controls tfidf this" in note
