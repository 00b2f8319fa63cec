import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, matthews_corrcoef

from standpunt.evaluation.metrics import confusion, metric_names, metrics

LABELS = ("favor", "against", "neutral")


def scores_of(gold, predicted, labels=LABELS):
    scored = np.array([label in gold for label in labels])
    values = metrics(confusion(gold, predicted, labels), labels, scored)
    return dict(zip(metric_names(labels), values.tolist(), strict=True))


def draw(seed, size=50, labels=LABELS):
    rng = np.random.default_rng(seed)
    return rng.choice(labels, size).tolist(), rng.choice(labels, size).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_like_sklearn_on_random_labels(seed):
    gold, predicted = draw(seed)
    scores = scores_of(gold, predicted)
    each = f1_score(gold, predicted, labels=LABELS, average=None)
    assert [scores[f"f1_{label}"] for label in LABELS] == pytest.approx(each)
    assert scores["macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro"))
    assert scores["accuracy"] == pytest.approx(accuracy_score(gold, predicted))
    assert scores["mcc"] == pytest.approx(matthews_corrcoef(gold, predicted))
    assert scores["favor_against_f1"] == pytest.approx(
        f1_score(gold, predicted, labels=["favor", "against"], average="macro")
    )


def test_confusion_has_gold_in_rows():
    gold, predicted = draw(0)
    np.testing.assert_array_equal(
        confusion(gold, predicted, LABELS), confusion_matrix(gold, predicted, labels=list(LABELS))
    )


def test_label_absent_from_gold_is_left_out_of_the_mean():
    gold, predicted = ["favor", "favor", "against", "against"], ["favor", "neutral", "against", "favor"]
    scores = scores_of(gold, predicted)
    assert scores["macro_f1"] == pytest.approx(
        f1_score(gold, predicted, labels=["favor", "against"], average="macro", zero_division=0)
    )
    assert scores["macro_f1"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert np.isnan(scores["f1_neutral"])


def test_label_in_gold_that_is_never_predicted_counts_as_zero():
    scores = scores_of(["favor", "against"], ["favor", "favor"])
    assert scores["f1_against"] == 0
    assert scores["macro_f1"] == pytest.approx(1 / 3)


def test_favor_and_against_mean_leaves_the_others_out():
    gold, predicted = ["favor", "favor", "against", "neutral"], ["favor", "against", "against", "favor"]
    scores = scores_of(gold, predicted)
    assert scores["favor_against_f1"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert scores["macro_f1"] == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)


def test_favor_and_against_mean_of_one_pole_is_that_pole():
    scores = scores_of(["favor", "favor", "neutral"], ["favor", "neutral", "neutral"])
    assert scores["favor_against_f1"] == pytest.approx(scores["f1_favor"]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("gold", "predicted"), [(["favor", "against"], ["favor"] * 2), (["favor"] * 2, LABELS[:2])])
def test_mcc_of_one_label_is_zero_as_in_sklearn(gold, predicted):
    assert scores_of(gold, predicted)["mcc"] == matthews_corrcoef(gold, predicted) == 0


def test_pole_that_is_only_predicted_is_left_out_of_the_favor_and_against_mean():
    # A wrong "against" where no gold row is: its F1 is 0, and the mean is over what occurs in the gold rows.
    scores = scores_of(["favor", "favor", "neutral"], ["favor", "against", "neutral"])
    assert scores["favor_against_f1"] == pytest.approx(scores["f1_favor"]) == pytest.approx(2 / 3)


def test_no_pole_in_gold_is_undefined():
    assert np.isnan(scores_of(["neutral"], ["neutral"])["favor_against_f1"])


def test_perfect_answers():
    gold, _ = draw(1)
    assert set(scores_of(gold, gold).values()) == {1.0}


def test_labels_with_none_like_sklearn():
    labels = (*LABELS, "none")
    gold, predicted = draw(2, labels=labels)
    scores = scores_of(gold, predicted, labels)
    assert list(scores)[2:6] == ["f1_favor", "f1_against", "f1_neutral", "f1_none"]
    assert scores["macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro"))


def test_many_matrices_at_once_are_each_on_their_own():
    pairs = [draw(seed) for seed in range(6)]
    stacked = np.stack([confusion(*pair, LABELS) for pair in pairs]).reshape(2, 3, 3, 3)
    together = metrics(stacked, LABELS, np.array([True] * 3))
    assert together.shape == (2, 3, len(metric_names(LABELS)))
    alone = [list(scores_of(*pair).values()) for pair in pairs]
    np.testing.assert_allclose(together.reshape(6, -1), alone)


def test_unknown_label_is_no_silent_zero():
    with pytest.raises(KeyError):
        confusion(["favor"], ["maybe"], LABELS)
