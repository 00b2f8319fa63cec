"""How what is said of windows becomes one answer."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from standpunt.models.windows.pooling import Pooling, fit_pooling


# Probabilities of windows, and which row each belongs to.
@st.composite
def scored(draw, none):
    owners = sorted(draw(st.lists(st.integers(0, 5), min_size=1, max_size=20)))
    owners = np.unique(owners, return_inverse=True)[1]
    labels = draw(st.integers(3 if none else 2, 5))
    raw = draw(
        st.lists(
            st.lists(st.floats(0, 1), min_size=labels, max_size=labels).filter(lambda row: sum(row) > 1e-6),
            min_size=len(owners), max_size=len(owners),
        )
    )  # fmt: skip
    values = np.array(raw)
    return values / values.sum(axis=1, keepdims=True), owners


POOLINGS = st.builds(Pooling, st.sampled_from([0.0, 0.5, 2.0, 8.0]), st.sampled_from([0.25, 1.0, 8.0]))


@given(st.data(), POOLINGS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_pooled_rows_are_distributions_and_a_window_of_their_own_carries_them(data, pooling, with_none):
    values, owners = data.draw(scored(with_none))
    pooled, carried = pooling.pool(values, owners, values.shape[1] - 1 if with_none else None)
    assert pooled.shape == (owners[-1] + 1, values.shape[1])
    assert np.isfinite(pooled).all()
    assert (pooled >= 0).all()
    np.testing.assert_allclose(pooled.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_array_equal(owners[carried], np.arange(owners[-1] + 1))


@given(st.data(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_rows_do_not_depend_on_one_another(data, with_none):
    values, owners = data.draw(scored(with_none))
    none = values.shape[1] - 1 if with_none else None
    pooled, carried = Pooling().pool(values, owners, none)
    for row in range(owners[-1] + 1):
        alone, index = Pooling().pool(values[owners == row], np.zeros((owners == row).sum(), int), none)
        np.testing.assert_allclose(alone[0], pooled[row], atol=1e-9)
        assert np.flatnonzero(owners == row)[index[0]] == carried[row]


def test_without_sharpness_it_is_the_mean():
    values = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3]])
    pooled, _ = Pooling(sharpness=0.0).pool(values, np.array([0, 0, 1]), None)
    np.testing.assert_allclose(pooled, [values[:2].mean(axis=0), values[2]], atol=1e-9)


def test_one_window_is_itself_whatever_its_sharpness():
    values = np.array([[0.6, 0.3, 0.1]])
    for sharpness in (0.0, 2.0, 8.0):
        for none in (None, 2):
            pooled, carried = Pooling(sharpness).pool(values, np.array([0]), none)
            np.testing.assert_allclose(pooled, values, atol=1e-9)
            assert carried.tolist() == [0]


def test_sharper_means_that_the_surer_window_counts_more():
    values = np.array([[0.9, 0.05, 0.05], [0.2, 0.45, 0.35]])
    favor = [Pooling(sharpness).pool(values, np.array([0, 0]), None)[0][0, 0] for sharpness in (0, 1, 4, 16)]
    assert favor == sorted(favor)
    assert favor[-1] == pytest.approx(0.9, abs=1e-6)


def test_a_window_that_does_not_address_the_issue_does_not_matter():
    speaks, silent = [0.6, 0.2, 0.1, 0.1], [1e-9, 1e-9, 1e-9, 1 - 3e-9]
    alone, _ = Pooling().pool(np.array([speaks]), np.array([0]), 3)
    among, carried = Pooling().pool(np.array([silent, speaks, silent, silent]), np.array([0] * 4), 3)
    np.testing.assert_allclose(among, alone, atol=1e-6)
    assert carried.tolist() == [1]


def test_a_turn_addresses_an_issue_as_soon_as_one_window_does():
    values = np.array([[0.0, 0.0, 1.0], [0.4, 0.2, 0.4], [0.0, 0.1, 0.9]])
    pooled, _ = Pooling().pool(values, np.array([0, 0, 0]), 2)
    assert pooled[0, 2] == pytest.approx(0.4)


def test_what_carried_is_the_window_that_speaks_most_for_the_answer():
    values = np.array([[0.45, 0.5, 0.05], [0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.1, 0.7, 0.2], [0.05, 0.9, 0.05]])
    owners = np.array([0, 0, 0, 1, 1])
    pooled, carried = Pooling().pool(values, owners, None)
    assert pooled.argmax(axis=1).tolist() == [0, 1]
    assert carried.tolist() == [1, 4]


def test_where_no_window_addresses_the_issue_the_surest_of_them_carried():
    values = np.array([[0.1, 0.1, 0.8], [0.01, 0.01, 0.98], [0.1, 0.05, 0.85]])
    pooled, carried = Pooling().pool(values, np.array([0, 0, 0]), 2)
    assert pooled[0].argmax() == 2
    assert carried.tolist() == [1]


def test_temperature_makes_less_sure_and_keeps_the_order():
    values = np.array([[0.7, 0.2, 0.1]])
    cold, same, hot = (Pooling(0, t).pool(values, np.array([0]), None)[0][0] for t in (0.25, 1.0, 4.0))
    np.testing.assert_allclose(same, values[0])
    assert cold[0] > same[0] > hot[0] > hot[1] > hot[2]


def log_loss(pooling, values, owners, gold, none):
    pooled, _ = pooling.pool(values, owners, none)
    return -np.log(np.clip(pooled[np.arange(len(gold)), gold], 1e-12, None)).mean()


@given(st.data(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_fitted_pooling_never_loses_more_than_what_it_starts_from(data, with_none):
    values, owners = data.draw(scored(with_none))
    values = np.clip(values, 1e-3, None)
    values /= values.sum(axis=1, keepdims=True)
    n_rows = int(owners[-1]) + 1
    gold = np.array(data.draw(st.lists(st.integers(0, values.shape[1] - 1), min_size=n_rows, max_size=n_rows)))
    none = values.shape[1] - 1 if with_none else None
    fitted = fit_pooling(values, owners, gold, none)
    for other in (Pooling(), Pooling(0.0), Pooling(8.0, 8.0)):
        assert log_loss(fitted, values, owners, gold, none) <= log_loss(other, values, owners, gold, none) + 1e-6


def test_fitted_pooling_cools_answers_that_are_too_sure():
    draw = np.random.default_rng(0)
    gold = draw.integers(0, 3, 600)
    # Right in six of ten, and nearly certain each time.
    said = np.where(draw.random(600) < 0.6, gold, (gold + 1) % 3)
    values = np.full((600, 3), 0.005)
    values[np.arange(600), said] = 0.99
    fitted = fit_pooling(values, np.arange(600), gold, None)
    pooled, _ = fitted.pool(values, np.arange(600), None)
    assert fitted.temperature > 3
    assert pooled.max(axis=1).mean() == pytest.approx(0.6, abs=0.03)


def test_fitted_pooling_is_sharp_where_one_sure_window_tells():
    draw = np.random.default_rng(1)
    gold = draw.integers(0, 2, 300)
    values, owners = [], []
    for row, label in enumerate(gold):
        sure = [0.05, 0.05]
        sure[label] = 0.95
        others = [[0.5 + d, 0.5 - d] for d in draw.uniform(-0.15, 0.15, 6)]
        values += [sure, *others]
        owners += [row] * 7
    assert fit_pooling(np.array(values), np.array(owners), gold, None).sharpness >= 4


def test_weights_count_as_rows_that_are_there_several_times():
    draw = np.random.default_rng(2)
    values, gold, weights = draw.dirichlet([1, 1, 1], 80), draw.integers(0, 3, 40), draw.integers(1, 5, 40)
    twice = np.repeat(np.arange(40), 2)  # two windows a row
    times = np.repeat(np.arange(40), weights)
    windows_of = np.concatenate([[2 * row, 2 * row + 1] for row in times])
    expected = fit_pooling(values[windows_of], np.repeat(np.arange(len(times)), 2), gold[times], 2)
    pooling = fit_pooling(values, twice, gold, 2, weights.astype(float))
    assert pooling.sharpness == expected.sharpness
    assert pooling.temperature == pytest.approx(expected.temperature, rel=1e-3)
