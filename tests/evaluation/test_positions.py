"""Positions of speakers and parties, and how well sides are told apart."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from standpunt.evaluation.positions import positions
from standpunt.evaluation.ranking import auc
from standpunt.evaluation.scores import evaluate

LABELS = ("favor", "against", "neutral")


def frame(*rows):
    """Return predictions of rows (debate, issue, speaker, party, gold, p_favor, p_against)."""
    table = pd.DataFrame(rows, columns=["debate", "issue", "speaker", "party", "gold", "p_favor", "p_against"])
    table["p_neutral"] = 1 - table["p_favor"] - table["p_against"]
    most = table[[f"p_{label}" for label in LABELS]].to_numpy().argmax(axis=1)
    return table.assign(seed=0, predicted=[LABELS[place] for place in most])


def test_turns_of_a_speaker_on_an_issue_are_one_position():
    held = positions(
        frame(
            ("d", "bridge", "Bakker", "A", "favor", 0.9, 0.1),
            ("d", "bridge", "Bakker", "A", "favor", 0.4, 0.5),
            ("d", "bridge", "Smit", "A", "against", 0.6, 0.3),
            ("d", "tunnel", "Bakker", "A", "neutral", 0.2, 0.1),
            ("e", "bridge", "Bakker", "A", "against", 0.1, 0.8),
        ),
        LABELS,
        "speaker",
    )
    assert held[["debate", "issue", "speaker", "gold", "predicted", "turns", "first"]].to_numpy().tolist() == [
        ["d", "bridge", "Bakker", "favor", "favor", 2, 0],
        ["d", "bridge", "Smit", "against", "favor", 1, 2],
        ["d", "tunnel", "Bakker", "neutral", "neutral", 1, 3],
        ["e", "bridge", "Bakker", "against", "against", 1, 4],
    ]


@pytest.mark.parametrize(
    ("gold", "expected"),
    [
        (["favor", "against"], "neutral"),
        (["favor", "neutral"], "favor"),
        (["neutral", "against"], "against"),
        (["favor", "against", "neutral"], "neutral"),
        (["against", "against", "neutral"], "against"),
    ],
)
def test_equally_frequent_labels_are_the_side_among_them_or_neutral(gold, expected):
    rows = [("d", "bridge", "Bakker", "A", label, 0.5, 0.3) for label in gold]
    assert positions(frame(*rows), LABELS, "speaker")["gold"].tolist() == [expected]


def drawn(n=400, seed=0):
    draw = np.random.default_rng(seed)
    gold = draw.choice(LABELS, n, p=[0.5, 0.3, 0.2])
    lean = np.where(gold == "favor", 0.4, 0.0) + draw.random(n) * 0.5
    rows = zip(
        draw.choice(list("defgh"), n), draw.choice(["bridge", "tunnel"], n), draw.choice(list("ABCDEFG"), n),
        draw.choice(["x", None], n), gold, lean, (1 - lean) * draw.random(n), strict=True,
    )  # fmt: skip
    return frame(*rows)


def test_scores_of_positions_and_sides_are_those_of_scikit_learn():
    predictions = drawn()
    scores = evaluate(predictions, LABELS, cluster="debate", resamples=200).scores
    for holder in ("speaker", "party"):
        held = positions(predictions, LABELS, holder)
        expected = f1_score(held["gold"], held["predicted"], average="macro")
        assert scores[f"{holder}_macro_f1"].value == pytest.approx(expected)
        assert scores[f"{holder}_macro_f1"].low < expected < scores[f"{holder}_macro_f1"].high
    sides = predictions[predictions["gold"] != "neutral"]
    expected = roc_auc_score(sides["gold"] == "favor", sides["p_favor"] - sides["p_against"])
    assert scores["favor_against_auc"].value == pytest.approx(expected)
    assert scores["favor_against_auc"].low < expected < scores["favor_against_auc"].high


def test_rows_that_do_not_tell_who_speaks_have_no_positions():
    scores = evaluate(drawn().drop(columns=["speaker", "party"]), LABELS, cluster="debate", resamples=50).scores
    assert "favor_against_auc" in scores
    assert not {"speaker_macro_f1", "party_macro_f1"} & set(scores)


def test_drawn_clusters_weigh_as_often_as_they_were_drawn():
    draw = np.random.default_rng(1)
    score, positive, codes = draw.integers(0, 5, 60).astype(float), draw.random(60) < 0.4, draw.integers(0, 4, 60)
    weights = draw.integers(0, 3, (7, 4)) + 1
    expected = [roc_auc_score(positive, score, sample_weight=row[codes]) for row in weights]
    np.testing.assert_allclose(auc(score, positive, codes, weights), expected)


def test_one_class_alone_cannot_be_ranked():
    ones = np.ones(3)
    assert np.isnan(auc(ones, np.array([True] * 3), np.arange(3), np.ones((2, 3), int))).all()
    one_drawn = auc(np.arange(2.0), np.array([True, False]), np.arange(2), np.array([[1, 0], [1, 1]]))
    np.testing.assert_array_equal(one_drawn, [np.nan, 0.0])
