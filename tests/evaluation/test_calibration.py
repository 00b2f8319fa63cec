import numpy as np
import pytest

from standpunt.evaluation.calibration import BOUNDS, fit_bias_correction, fit_temperature, scaled
from standpunt.evaluation.probabilities import ece


def drawn(temperature, n=4000, seed=0):
    """Draw labels from probabilities and return these as a model at that temperature would give them."""
    rng = np.random.default_rng(seed)
    true = rng.dirichlet([1, 1, 1], n)
    gold = np.array([rng.choice(3, p=row) for row in true])
    return scaled(true, temperature), gold


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_temperature_is_found_again(temperature):
    probabilities, gold = drawn(1 / temperature)
    assert fit_temperature(probabilities, gold) == pytest.approx(temperature, rel=0.08)


def test_scaling_mends_the_calibration_of_rows_it_was_not_fitted_on():
    probabilities, gold = drawn(0.4, seed=1)
    temperature = fit_temperature(probabilities[:2000], gold[:2000])
    rest, labels = probabilities[2000:], gold[2000:]
    after = scaled(rest, temperature)
    errors = [ece(p.max(axis=1), p.argmax(axis=1) == labels) for p in (rest, after)]
    assert errors[0] > 0.1
    assert errors[1] < 0.04


def test_answers_stay_and_the_inverse_undoes_it():
    probabilities = np.random.default_rng(0).dirichlet([0.3] * 4, 100)
    for temperature in BOUNDS:
        once = scaled(probabilities, temperature)
        np.testing.assert_allclose(once.sum(axis=1), 1)
        assert (once.argmax(axis=1) == probabilities.argmax(axis=1)).all()
    np.testing.assert_allclose(scaled(scaled(probabilities, 3.0), 1 / 3.0), probabilities, atol=1e-12)


def test_rows_may_have_temperatures_of_their_own():
    probabilities = np.array([[0.8, 0.2], [0.8, 0.2]])
    both = scaled(probabilities, np.array([1.0, 2.0]))
    np.testing.assert_allclose(both[0], [0.8, 0.2])
    np.testing.assert_allclose(both[1], scaled(probabilities, 2.0)[1])


def test_label_of_no_probability_keeps_it():
    np.testing.assert_array_equal(scaled(np.array([[1.0, 0.0]]), 4.0), [[1.0, 0.0]])
    assert np.isfinite(scaled(np.array([[1 - 1e-300, 1e-300]]), 0.25)).all()


def test_a_few_right_answers_do_not_make_a_model_certain():
    probabilities = np.tile([0.6, 0.4], (5, 1))
    temperature = fit_temperature(probabilities, np.zeros(5, int))
    assert BOUNDS[0] <= temperature < 0.3


def test_nothing_to_fit_on_is_no_scaling():
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, int)) == 1


def test_bias_correction_of_a_few_rows_stays_near_what_it_was_given():
    # All four are right, so that without the prior the log loss falls for ever with a growing slope.
    gold, labels = np.array([0, 1, 0, 1]), ("favor", "against")
    given = np.where(np.eye(2)[gold] == 1, 0.6, 0.4)
    fitted = fit_bias_correction(given, gold, labels)
    assert 1 < fitted.slope < 2
    assert fitted.bias == pytest.approx({"favor": 0, "against": 0}, abs=1e-6)
    assert fitted.apply(given, labels).max() < 0.7


def test_bias_correction_is_the_optimum_of_log_loss_and_prior_together():
    probabilities, gold = drawn(0.5, n=12, seed=3)
    labels = ("favor", "against", "neutral")
    fitted = fit_bias_correction(probabilities, gold, labels)
    optimum = np.array([fitted.slope, *(fitted.bias[label] for label in labels)])

    def loss(values):
        given = type(fitted)(values[0], dict(zip(labels, values[1:], strict=True))).apply(probabilities, labels)
        return -np.log(given[np.arange(len(gold)), gold]).sum() + ((values - [1, 0, 0, 0]) ** 2).sum() / 2

    changes = 0.01 * np.concatenate([np.eye(4), -np.eye(4)])
    assert all(loss(optimum + change) > loss(optimum) for change in changes)
