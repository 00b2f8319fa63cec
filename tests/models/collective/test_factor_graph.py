"""Beliefs about related turns, against exact inference, and what is learnt of relations."""

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.special import softmax

from standpunt.models.collective.factor_graph import Coupling, FactorGraph, fit_factor_graph

SIDES = (0, 1)
AGREE = FactorGraph(1.0, {"speaker": Coupling(1.0, -0.5, 0.3)})
SURE, UNSURE = [0.9, 0.05, 0.05], [0.3, 0.4, 0.3]


def chain(n):
    one = np.arange(n - 1)
    matrix = np.zeros((n, n))
    matrix[one, one + 1] = matrix[one + 1, one] = 1
    return csr_array(matrix)


def test_a_turn_that_is_unsure_follows_the_one_it_is_related_to():
    beliefs = AGREE.infer(np.array([SURE, UNSURE]), SIDES, {"speaker": chain(2)})
    assert beliefs[1].argmax() == 0
    assert beliefs[0, 0] > 0.9
    np.testing.assert_allclose(beliefs.sum(axis=1), 1)


def test_beliefs_are_near_those_of_exact_inference():
    alone = np.array([SURE, UNSURE])
    beliefs = AGREE.infer(alone, SIDES, {"speaker": chain(2)})
    matrix = np.array([[1.0, -0.5, 0], [-0.5, 1.0, 0], [0, 0, 0.3]])
    joint = {(a, b): alone[0, a] * alone[1, b] * np.exp(matrix[a, b]) for a, b in product(range(3), repeat=2)}
    total = sum(joint.values())
    exact = np.array(
        [[sum(p for key, p in joint.items() if key[turn] == label) / total for label in range(3)] for turn in (0, 1)]
    )
    np.testing.assert_allclose(beliefs, exact, atol=0.05)


def test_relations_that_say_nothing_change_nothing():
    alone = np.array([SURE, UNSURE, UNSURE])
    beliefs = FactorGraph.silent(["speaker"]).infer(alone, SIDES, {"speaker": chain(3)})
    np.testing.assert_allclose(beliefs, alone, atol=1e-12)


def test_a_proposition_turned_round_gets_the_answers_turned_round():
    alone = softmax(np.random.default_rng(0).normal(size=(6, 3)), axis=1)
    beliefs = AGREE.infer(alone, SIDES, {"speaker": chain(6)})
    turned = AGREE.infer(alone[:, [1, 0, 2]], SIDES, {"speaker": chain(6)})
    np.testing.assert_allclose(turned[:, [1, 0, 2]], beliefs, atol=1e-12)


def test_a_turn_that_does_not_address_the_issue_is_not_heard():
    alone = np.array([SURE, UNSURE])
    beliefs = AGREE.infer(alone, SIDES, {"speaker": chain(2)}, np.array([0.0, 1.0]))
    np.testing.assert_allclose(beliefs[1], UNSURE, atol=1e-12)


def test_the_number_of_related_turns_does_not_drown_what_a_turn_says():
    star = np.zeros((9, 9))
    star[0, 1:] = star[1:, 0] = 1
    one = AGREE.infer(np.array([UNSURE, SURE]), SIDES, {"speaker": chain(2)})[0]
    many = AGREE.infer(np.array([UNSURE] + [SURE] * 8), SIDES, {"speaker": csr_array(star)})[0]
    np.testing.assert_allclose(many, one, atol=0.02)


def simulated(agree, seed=0, groups=300):
    """Return probabilities that are right in six rows of ten, labels, and the pairs of rows that are related."""
    draw = np.random.default_rng(seed)
    first = draw.integers(0, 2, groups)
    second = np.where(draw.random(groups) < agree, first, 1 - first)
    gold = np.stack([first, second], axis=1).ravel()
    answer = np.where(draw.random(len(gold)) < 0.6, gold, 1 - gold)
    alone = np.full((len(gold), 3), 0.1)
    alone[np.arange(len(gold)), answer] = 0.55
    alone[np.arange(len(gold)), 1 - answer] = 0.35
    pairs = np.arange(len(gold)).reshape(-1, 2)
    matrix = csr_array((np.ones(len(gold)), (pairs.ravel(), pairs[:, ::-1].ravel())), shape=(len(gold), len(gold)))
    return alone, gold, {"reply": matrix}


@pytest.mark.parametrize(("agree", "sign"), [(0.9, 1), (0.1, -1)])
def test_what_a_relation_says_is_learnt_and_helps_on_other_turns(agree, sign):
    graph = fit_factor_graph(*simulated(agree)[:2], SIDES, simulated(agree)[2], penalty=0.002)
    coupling = graph.couplings["reply"]
    assert sign * (coupling.same - coupling.opposite) > 0.5
    alone, gold, related = simulated(agree, seed=1)
    beliefs = graph.infer(alone, SIDES, related)
    right, before = (-np.log(p[np.arange(len(gold)), gold]).mean() for p in (beliefs, alone))
    assert right < before - 0.02


def test_a_relation_that_says_nothing_stays_weak():
    alone, gold, related = simulated(0.5)
    coupling = fit_factor_graph(alone, gold, SIDES, related, penalty=0.002).couplings["reply"]
    assert abs(coupling.same - coupling.opposite) < 0.3


def test_rows_without_a_label_are_neighbours_only():
    alone, gold, related = simulated(0.9)
    hidden = np.where(np.arange(len(gold)) % 2, gold, -1)
    coupling = fit_factor_graph(alone, hidden, SIDES, related, penalty=0.002).couplings["reply"]
    assert coupling.same > coupling.opposite
    assert fit_factor_graph(alone, np.full(len(gold), -1), SIDES, related, penalty=0.1) == FactorGraph.silent(["reply"])


def test_labels_that_weigh_the_same_are_learnt_as_if_they_occurred_as_often():
    alone, gold, related = simulated(0.9)
    seen = np.where((gold == 1) & (np.arange(len(gold)) % 4 > 0), -1, gold)  # a quarter of those against
    graph = fit_factor_graph(alone, seen, SIDES, related, penalty=0.002, class_weights=True)
    known = np.flatnonzero(seen >= 0)
    counts = np.bincount(seen[known])

    def loss(other):
        right = other.infer(alone, SIDES, related)[known, seen[known]]
        return -sum(np.log(right[seen[known] == label]).mean() for label in np.flatnonzero(counts)) / (counts > 0).sum()

    assert counts[0] > 2 * counts[1]
    assert loss(graph) < loss(fit_factor_graph(alone, seen, SIDES, related, penalty=0.002))


def test_labels_that_occur_as_often_are_weighed_the_same_anyway():
    alone, gold, related = simulated(0.9)
    least = np.bincount(gold)[np.bincount(gold) > 0].min()
    rank = np.array([(gold[:place] == label).sum() for place, label in enumerate(gold)])
    even = np.where(rank < least, gold, -1)
    graphs = [
        fit_factor_graph(alone, even, SIDES, related, penalty=0.002, class_weights=choice) for choice in (True, False)
    ]
    assert graphs[0].own == pytest.approx(graphs[1].own, abs=0.02)
    assert graphs[0].couplings["reply"].same == pytest.approx(graphs[1].couplings["reply"].same, abs=0.02)
