import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from standpunt.errors import InputError
from standpunt.evaluation.paired import bootstrap_p, check_same_rows, differences, holm, mcnemar
from standpunt.evaluation.scores import evaluate

LABELS = ("favor", "against", "neutral")


def frame(share_right, seed=0, n=200, draw=0):
    rng = np.random.default_rng(draw)
    gold = np.array(LABELS)[np.arange(n) % 3]
    wrong = np.array(LABELS)[(np.arange(n) + 1) % 3]
    return pd.DataFrame(
        {
            "id": [f"r{i:03d}" for i in range(n)], "seed": seed, "issue": "army", "gold": gold,
            "speaker": [f"s{i // 10}" for i in range(n)],
            "predicted": np.where(rng.random(n) < share_right, gold, wrong),
        }
    )  # fmt: skip


@pytest.fixture
def pair():
    return [("weak", frame(0.5)), ("strong", frame(0.9, draw=1))]


def test_difference_is_that_of_the_scores_and_its_interval_is_around_it(pair):
    (gap,) = differences(pair, LABELS, resamples=400)
    scores = [evaluate(one, LABELS, resamples=10).scores["macro_f1"].value for _, one in pair]
    assert (gap.first, gap.second) == ("strong", "weak")
    assert gap.value == pytest.approx(scores[1] - scores[0])
    assert 0 < gap.low < gap.value < gap.high
    assert gap.p == pytest.approx(2 / 401)
    assert gap.mcnemar < 0.001


def test_rows_of_one_cluster_allow_no_interval_and_no_p(pair):
    (gap,) = differences([(name, one.assign(speaker="s")) for name, one in pair], LABELS, resamples=50)
    assert gap.value > 0
    assert np.isnan([gap.low, gap.high, gap.p, gap.p_holm]).all()


def test_models_that_agree_do_not_differ(pair):
    (gap,) = differences([pair[0], ("again", pair[0][1])], LABELS, resamples=50)
    assert (gap.value, gap.low, gap.high, gap.p, gap.mcnemar) == (0, 0, 0, 1, 1)
    assert (gap.only_first, gap.only_second) == (0, 0)


def test_pairing_makes_the_interval_narrower(pair):
    """A model and the same with five rows mended differ by little in every resample."""
    better = pair[0][1].copy()
    wrong = np.flatnonzero(better["gold"] != better["predicted"])[::20]
    better.loc[wrong, "predicted"] = better.loc[wrong, "gold"]
    (gap,) = differences([pair[0], ("mended", better)], LABELS, resamples=400)
    alone = evaluate(better, LABELS, resamples=400).scores["macro_f1"]
    assert gap.high - gap.low < 0.5 * (alone.high - alone.low)
    assert (gap.only_first, gap.only_second) == (len(wrong), 0)


def test_order_of_rows_does_not_matter(pair):
    turned = [(name, one.iloc[::-1]) for name, one in pair]
    assert differences(turned, LABELS, resamples=50) == differences(pair, LABELS, resamples=50)


def test_seeds_are_averaged_and_need_not_be_the_same(pair):
    seeds = [frame(0.9, seed, draw=seed + 1) for seed in range(3)]
    (gap,) = differences([pair[0], ("strong", pd.concat(seeds))], LABELS, resamples=50)
    means = [differences([pair[0], ("strong", one.assign(seed=0))], LABELS, resamples=50)[0].value for one in seeds]
    assert gap.value == pytest.approx(np.mean(means))


def test_every_pair_is_there_and_holm_counts_them(pair):
    gaps = differences([*pair, ("third", frame(0.8, draw=2))], LABELS, resamples=200)
    assert [(gap.first, gap.second) for gap in gaps] == [("strong", "weak"), ("third", "weak"), ("third", "strong")]
    assert [gap.p_holm for gap in gaps] == holm([gap.p for gap in gaps])
    assert all(gap.p_holm >= gap.p for gap in gaps)


@pytest.mark.parametrize("change", ["fewer", "other", "relabelled"])
def test_other_rows_are_refused(pair, change):
    other = pair[1][1].copy()
    if change == "fewer":
        other = other[:-1]
    elif change == "other":
        other.loc[0, "id"] = "x"
    else:
        other.loc[0, "gold"] = "neutral"
    with pytest.raises(InputError, match="weak and strong were not scored on the same rows of mine"):
        check_same_rows([pair[0], ("strong", other)], "mine")


def test_mcnemar_is_the_sign_test_on_discordant_rows():
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 5) == 1
    assert mcnemar(0, 5) == pytest.approx(2 * 0.5**5)
    assert mcnemar(5, 0) == mcnemar(0, 5)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1, 1]
    assert holm([]) == []
    # Never laxer than controlling the false discovery rate.
    p = np.random.default_rng(0).random(20) ** 3
    assert (np.array(holm(p)) >= false_discovery_control(p) - 1e-12).all()


def test_bootstrap_p_is_two_sided_and_never_zero():
    gaps = np.array([1.0] * 97 + [-1.0] * 2)
    assert bootstrap_p(gaps) == bootstrap_p(-gaps) == pytest.approx(2 * 3 / 100)
    assert bootstrap_p(np.ones(99)) == pytest.approx(0.02)
    assert bootstrap_p(np.zeros(99)) == 1


def test_p_is_uniform_where_nothing_differs():
    """Of models that are equally good, about one in ten differs at p < 0.1."""
    p = [
        differences([("a", frame(0.7, draw=2 * k)), ("b", frame(0.7, draw=2 * k + 1))], LABELS, resamples=99)[0].p
        for k in range(100)
    ]
    assert 3 <= sum(value < 0.1 for value in p) <= 22
