"""Areas under the ROC curve, over all rows and within groups."""

from itertools import product

import numpy as np
import pytest

from standpunt.evaluation.ranking import auc, auc_within


def by_pairs(score, positive, groups):
    """Count every pair of a positive and a negative row of one group."""
    won = [
        (score[one] > score[other]) + (score[one] == score[other]) / 2
        for one, other in product(np.flatnonzero(positive), np.flatnonzero(~positive))
        if groups[one] == groups[other]
    ]
    return np.mean(won) if won else np.nan


@pytest.fixture
def rows():
    rng = np.random.default_rng(3)
    score = rng.integers(0, 6, 60).astype(float)  # many ties
    return score, rng.random(60) < 0.4, rng.integers(0, 7, 60)


def test_it_is_the_share_of_pairs_in_order(rows):
    score, positive, groups = rows
    once = np.ones((1, 1), dtype=int)
    nothing = np.zeros(60, dtype=int)
    assert auc(score, positive, nothing, once)[0] == pytest.approx(by_pairs(score, positive, nothing))
    assert auc_within(score, positive, groups, nothing, once)[0] == pytest.approx(by_pairs(score, positive, groups))


def test_one_group_is_the_whole(rows):
    score, positive, clusters = rows
    weights = np.random.default_rng(1).multinomial(7, np.full(7, 1 / 7), size=120)
    within = auc_within(score, positive, np.zeros(60, dtype=int), clusters, weights)
    assert within == pytest.approx(auc(score, positive, clusters, weights))


@pytest.mark.parametrize("nested", [True, False])
def test_a_resample_is_what_repeating_the_rows_gives(rows, nested):
    score, positive, groups = rows
    clusters = groups // 2 if nested else np.arange(60) % 4
    drawn = np.array([2, 0, 1, 1])
    within = auc_within(score, positive, groups, clusters, drawn[None])[0]
    # A group within a cluster that was drawn twice is there as two groups.
    copies = [(row, copy) for row in range(60) for copy in range(drawn[clusters[row]])]
    repeated = np.array([row for row, _ in copies])
    names = np.array([groups[row] + (100 * copy if nested else 0) for row, copy in copies])
    assert within == pytest.approx(by_pairs(score[repeated], positive[repeated], names))


def test_without_both_classes_there_is_none():
    score, groups, codes = np.arange(4.0), np.array([0, 0, 1, 1]), np.zeros(4, dtype=int)
    once = np.ones((1, 1), dtype=int)
    assert np.isnan(auc_within(score, groups == 0, groups, codes, once)).all()
    assert np.isnan(auc(score, np.ones(4, dtype=bool), codes, once)).all()
