import numpy as np
import pytest
from sklearn.metrics import log_loss

from standpunt.evaluation.probabilities import brier, cross_entropy, ece, reliability, risk_coverage, selective_accuracy

ONE_HOT = np.eye(3)
EVERYTHING = np.ones((1, 4), int)


def accuracy_at(confidence, right, coverage=0.8):
    codes = np.arange(len(confidence)) % 4
    return selective_accuracy(np.array(confidence), np.array(right, bool), codes, EVERYTHING, coverage)[0]


def test_brier_goes_from_zero_to_two():
    assert brier(ONE_HOT[[0, 0]], ONE_HOT[[0, 1]]).tolist() == [0, 2]
    assert brier(np.array([[0.5, 0.3, 0.2]]), ONE_HOT[[0]])[0] == pytest.approx(0.25 + 0.09 + 0.04)


def test_cross_entropy_of_labels_is_the_log_loss():
    rng = np.random.default_rng(0)
    probabilities, gold = rng.dirichlet([1, 1, 1], 20), rng.integers(0, 3, 20)
    assert cross_entropy(probabilities, ONE_HOT[gold]).mean() == pytest.approx(
        log_loss(gold, probabilities, labels=[0, 1, 2])
    )


def test_cross_entropy_of_an_impossible_label_is_large_and_finite():
    assert 20 < cross_entropy(ONE_HOT[[0]], ONE_HOT[[1]])[0] < 40


def test_cross_entropy_is_least_at_the_shares():
    share = np.array([[0.5, 0.5, 0.0]])
    assert cross_entropy(share, share)[0] < cross_entropy(ONE_HOT[[0]] * 0.8 + 0.2 / 3, share)[0]


def test_ece_by_hand_in_two_bins():
    confidence = np.array([0.5, 0.6, 0.8, 0.9])
    right = np.array([True, False, True, True])
    assert ece(confidence, right, bins=2) == pytest.approx(abs(1.1 - 1) / 4 + abs(1.7 - 2) / 4)


def test_bins_have_equal_mass_whatever_the_confidences():
    confidence = np.array([0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98])
    right = np.array([True, False] * 4)
    by_hand = np.abs((confidence - right).reshape(4, 2).sum(axis=1)).sum() / 8
    assert ece(confidence, right, bins=4) == pytest.approx(by_hand)


def test_rows_of_one_confidence_are_one_bin_in_any_order():
    right = np.array([True] * 6 + [False] * 4)
    assert ece(np.full(10, 0.6), right) == pytest.approx(0)
    assert ece(np.full(10, 0.6), right[::-1]) == pytest.approx(0)
    assert ece(np.full(10, 0.9), right) == pytest.approx(0.3)


def test_risk_coverage_has_the_surest_first():
    coverage, risk = risk_coverage(np.array([0.9, 0.5, 0.7, 0.7]), np.array([True, False, True, False]))
    assert coverage.tolist() == [0.25, 0.75, 1]
    assert risk == pytest.approx([0, 1 / 3, 1 / 2])


def test_accuracy_where_the_least_sure_are_left_out():
    assert accuracy_at([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 0, 1, 0]) == pytest.approx(3 / 4)
    assert accuracy_at([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 0, 1, 0], coverage=1) == pytest.approx(3 / 5)


def test_of_rows_of_one_confidence_the_order_does_not_matter():
    assert accuracy_at([0.5] * 5, [1, 1, 1, 0, 0]) == accuracy_at([0.5] * 5, [0, 0, 1, 1, 1]) == pytest.approx(0.6)
    # One sure row that is right, and three quarters of the four others, half of which are.
    assert accuracy_at([0.9] + [0.5] * 4, [1, 0, 1, 0, 1]) == pytest.approx((1 + 3 * 0.5) / 4)


def test_resamples_count_rows_as_often_as_their_cluster_was_drawn():
    rng = np.random.default_rng(0)
    confidence, right, codes = rng.random(30), rng.random(30) < 0.6, rng.integers(0, 4, 30)
    weights = rng.multinomial(4, [0.25] * 4, size=50)
    accuracies = selective_accuracy(confidence, right, codes, weights)
    for row, value in zip(weights, accuracies, strict=True):
        times = row[codes]
        given = np.repeat(confidence, times), np.repeat(right, times), np.zeros(times.sum(), int)
        assert value == pytest.approx(selective_accuracy(*given, np.ones((1, 1), int))[0])


def test_reliability_by_hand():
    sure, correct, rows = reliability(np.array([0.6, 0.6, 0.9, 0.9]), np.array([True, False, True, True]), bins=2)
    assert sure == pytest.approx([0.6, 0.9])
    assert correct.tolist() == [0.5, 1.0]
    assert rows.tolist() == [2, 2]
