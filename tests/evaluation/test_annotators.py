import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from standpunt.evaluation.annotators import annotator_agreement, shares
from standpunt.evaluation.resampling import Resamples

LABELS = ("favor", "against", "neutral")


def agreement(gold, votes):
    frame = pd.DataFrame({"seed": 0, "gold": gold, "votes": votes})
    clusters = pd.Series([f"s{i // 2}" for i in range(len(gold))])
    return annotator_agreement(frame, LABELS, Resamples.draw(clusters, 100, 0.95, 0))


def test_shares_count_labels_of_the_scheme_only():
    votes = pd.Series([["favor", "against"], np.array(["none", "favor"]), ["none", "none"], None])
    np.testing.assert_array_equal(shares(votes, LABELS)[:2], [[0.5, 0.5, 0], [1, 0, 0]])
    assert np.isnan(shares(votes, LABELS)[2:]).all()


def test_one_against_another_is_the_same_both_ways():
    rng = np.random.default_rng(0)
    gold, one = rng.choice(LABELS, (2, 60)).tolist()
    other = [a if i % 3 else b for i, (a, b) in enumerate(zip(one, gold, strict=True))]
    forth, rows = agreement(gold, list(zip(one, other, strict=True)))
    back, _ = agreement(gold, list(zip(other, one, strict=True)))
    assert forth == back
    assert rows == 60
    assert forth.value == pytest.approx(f1_score(one, other, average="macro"))
    assert forth.low < forth.value < forth.high


def test_rows_that_only_one_labelled_do_not_count():
    score, rows = agreement(["favor"] * 3, [["favor", "favor"], ["favor", "none"], ["favor"]])
    assert (score.value, rows) == (1, 1)


def test_of_three_annotators_every_pair_counts():
    score, _ = agreement(["favor", "against"], [["favor", "favor", "against"], ["against", "against", "favor"]])
    assert score.value == pytest.approx((1 + 0 + 0) / 3)


@pytest.mark.parametrize("votes", [[["favor"], ["favor"]], [None, None], [[], []]])
def test_without_two_annotators_there_is_no_ceiling(votes):
    assert agreement(["favor", "against"], votes) == (None, 0)
