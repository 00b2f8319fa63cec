import numpy as np
import pytest

from standpunt.annotation.selection import (
    STRATEGIES,
    choose,
    entropy,
    k_center,
    mean_divergence,
    vote_entropy,
)
from standpunt.errors import InputError

SURE, HALF, EVEN = [1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]


def test_entropy():
    values = entropy(np.array([SURE, HALF, EVEN]))
    assert values == pytest.approx([0, np.log(2), np.log(3)])


def test_mean_divergence():
    same, other = np.array([SURE, HALF]), np.array([[0.0, 1.0, 0.0], HALF])
    # Two that are sure of different labels are each log 2 away from their mean.
    assert mean_divergence([same, other]) == pytest.approx([np.log(2), 0])
    assert mean_divergence([same, same, same]) == pytest.approx([0, 0])


def test_mean_divergence_is_that_of_scipy():
    from scipy.stats import entropy as divergence

    rng = np.random.default_rng(0)
    members = rng.dirichlet([1, 1, 1], (4, 20))
    mean = members.mean(axis=0)
    expected = np.mean([divergence(member, mean, axis=1) for member in members], axis=0)
    assert mean_divergence(list(members)) == pytest.approx(expected)


def test_vote_entropy():
    votes = [["favor", "favor", "none"], ["favor", "against", "none"]]
    assert vote_entropy(votes) == pytest.approx([0, np.log(2), 0])
    # Who was not asked does not differ from anybody.
    assert vote_entropy([*votes, ["", "", ""]]) == pytest.approx([0, np.log(2), 0])
    assert vote_entropy([["", "favor"], ["", ""]]) == pytest.approx([0, 0])
    for few in ([], votes[:1]):
        with pytest.raises(InputError, match="two models or more, or the layers of two other annotators"):
            vote_entropy(few)


def test_uncertainty_takes_the_least_sure_first():
    committee = [np.array([SURE, EVEN, HALF, SURE])]
    assert choose("uncertainty", 2, size=4, committee=committee) == [1, 2]


def test_uncertainty_of_several_models_is_that_of_their_mean():
    first, second = np.array([SURE, HALF]), np.array([[0.0, 1.0, 0.0], SURE])
    assert choose("uncertainty", 1, size=2, committee=[first, second]) == [0]


def test_disagreement_of_models():
    first, second = np.array([EVEN, SURE]), np.array([EVEN, [0.0, 0.0, 1.0]])
    assert choose("disagreement", 1, size=2, committee=[first, second]) == [1]
    with pytest.raises(InputError, match="strategy disagreement needs two models or more"):
        choose("disagreement", 1, size=2, committee=[first])


def test_annotators_who_agree_are_never_asked():
    votes = [["favor", "favor", "none"], ["favor", "against", "none"]]
    assert choose("disagreement", 3, size=3, votes=votes) == [1]


def test_diversity_chooses_unlike_texts_among_the_uncertain():
    texts = ["brug verf rood", "brug verf rood", "brug verf groen", "huur woning stad", "trein spoor"]
    committee = [np.array([EVEN, EVEN, EVEN, EVEN, SURE])]
    chosen = choose("diversity", 3, size=5, committee=committee, texts=texts)
    assert 3 in chosen[:2]
    assert len({texts[index] for index in chosen}) == 3
    known = choose("diversity", 1, size=5, committee=committee, texts=texts, known=["huur woning stad brug"])
    assert known != [3]


def test_diversity_looks_no_farther_than_the_most_uncertain():
    texts = ["brug"] * 5 + ["trein"]
    committee = [np.array([EVEN] * 5 + [SURE])]
    assert choose("diversity", 1, size=6, committee=committee, texts=texts)[0] < 5


def test_k_center_is_greedy_farthest_first():
    texts = ["a b", "a b c", "x y", "p q"]
    assert k_center(texts, ["a b"], 3) == [2, 3, 1]
    assert k_center(texts, [], 2)[0] == 0
    assert sorted(k_center(texts, ["a"], 9)) == [0, 1, 2, 3]
    assert k_center([], ["a"], 3) == []
    # What is known already comes in the order given, once nothing else is left.
    assert k_center(["p q", "a b", "a b c", "a b"], ["a b", "a b c"], 4) == [0, 1, 2, 3]
    assert sorted(k_center(["!", "?"], [], 2)) == [0, 1]


def test_k_center_covers_better_than_chance():
    rng = np.random.default_rng(0)
    words = [f"w{number}" for number in range(30)]
    texts = [" ".join(rng.choice(words[: 10 + 5 * (number % 4)], 6)) for number in range(120)]

    def radius(chosen):
        from sklearn.feature_extraction.text import TfidfVectorizer

        features = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
        return 1 - (features @ features[chosen].T).toarray().max(axis=1).min()

    chance = np.mean([radius(rng.choice(120, 15, replace=False)) for _ in range(20)])
    assert radius(k_center(texts, [], 15)) < chance


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_choice_is_unique_and_of_the_size_asked(strategy):
    rng = np.random.default_rng(1)
    committee = [rng.dirichlet([1, 1, 1], 40) for _ in range(2)]
    texts = [f"woord{number % 7} brug" for number in range(40)]
    for n in (1, 10, 40, 60):
        chosen = choose(strategy, n, size=40, committee=committee, texts=texts, seed=3)
        assert len(chosen) == len(set(chosen)) == min(n, 40)
        assert chosen == choose(strategy, n, size=40, committee=committee, texts=texts, seed=3)
    assert choose(strategy, 5, size=0, committee=[np.zeros((0, 3))] * 2) == []


def test_seed_decides_between_equals():
    committee = [np.array([EVEN] * 50)]
    chosen = {tuple(choose("uncertainty", 5, size=50, committee=committee, seed=seed)) for seed in range(5)}
    assert len(chosen) == 5
    assert choose("random", 50, size=50, seed=1) != choose("random", 50, size=50, seed=2)


def test_mistakes():
    with pytest.raises(InputError, match="unknown strategy 'entropy'"):
        choose("entropy", 1, size=1)
    for strategy in ("uncertainty", "diversity"):
        with pytest.raises(InputError, match=f"strategy {strategy} needs a model"):
            choose(strategy, 1, size=1)
