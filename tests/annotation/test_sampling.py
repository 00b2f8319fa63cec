import numpy as np
import pytest

from standpunt.annotation.sampling import draw, inclusion_probabilities
from standpunt.errors import InputError


def test_without_a_model_all_are_as_likely():
    assert inclusion_probabilities(3, 12).tolist() == [0.25] * 12
    assert inclusion_probabilities(12, 12).tolist() == [1.0] * 12
    assert inclusion_probabilities(99, 4).tolist() == [1.0] * 4
    with pytest.raises(InputError, match="n is 0; expected 1 or more"):
        inclusion_probabilities(0, 4)


def test_what_a_model_is_unsure_of_is_likelier_and_nothing_is_impossible():
    predicted = np.array([[1.0, 0.0]] * 6 + [[0.5, 0.5]] * 2)
    chances = inclusion_probabilities(2, 8, predicted, unsure=0.5)
    assert chances.sum() == pytest.approx(2)
    assert chances[0] == pytest.approx(0.5 * 2 / 8)
    assert chances[-1] == pytest.approx(0.5 * 2 / 8 + 0.5 * 2 / 2)
    # A model that is sure of everything tells nothing.
    assert inclusion_probabilities(2, 8, np.tile([1.0, 0.0], (8, 1))).tolist() == [0.25] * 8


def test_none_is_drawn_twice():
    predicted = np.array([[1.0, 0.0]] * 20 + [[0.5, 0.5]])
    chances = inclusion_probabilities(15, 21, predicted)
    assert chances[-1] == 1
    assert chances.sum() == pytest.approx(15)
    assert chances[:-1] == pytest.approx(14 / 20)


def test_each_is_drawn_with_its_probability_and_as_many_as_they_add_up_to():
    rng = np.random.default_rng(0)
    chances = inclusion_probabilities(8, 20, rng.dirichlet([0.3] * 4, size=20))
    counts = np.zeros(20)
    for seed in range(4000):
        taken = draw(chances, seed)
        assert len(taken) == len(set(taken)) == 8
        counts[taken] += 1
    # Four standard errors of a share that is drawn 4,000 times.
    assert counts / 4000 == pytest.approx(chances, abs=4 * np.sqrt(0.25 / 4000))
    assert draw(chances, 5).tolist() == draw(chances, 5).tolist()
    assert draw(np.ones(4), 1).tolist() == [0, 1, 2, 3]
