import math

import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask

from standpunt.annotation.agreement import MISSING, krippendorff_alpha, layer_agreement
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError

# The reliability data of Krippendorff's textbook, with its nominal alpha of 0.743.
TEXTBOOK = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
) - 1  # fmt: skip


def alpha(codes, **options):
    return krippendorff_alpha(np.array(codes), **({"resamples": 200} | options))


def good_data(seed=1, units=80, error=0.1):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, units)
    codes = np.tile(truth, (3, 1))
    wrong = rng.random(codes.shape) < error
    return np.where(wrong, rng.integers(0, 4, codes.shape), codes)


def test_textbook_value():
    result = alpha(TEXTBOOK)
    assert result.alpha == pytest.approx(0.743, abs=5e-4)
    assert result.units == 11


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("missing", [0.0, 0.2, 0.5])
def test_alpha_is_that_of_nltk(seed, missing):
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(2, 5)), int(rng.integers(10, 60)))
    codes = rng.integers(0, int(rng.integers(2, 6)), shape)
    codes = np.where(rng.random(shape) < 0.5, codes[0], codes)
    codes[rng.random(shape) < missing] = MISSING
    triples = [(a, u, codes[a, u]) for a, u in np.ndindex(shape) if codes[a, u] != MISSING]
    # NLTK does not leave out what only one annotator labelled; such units say nothing about agreement.
    labelled = (codes != MISSING).sum(axis=0)
    expected = AnnotationTask(data=[t for t in triples if labelled[t[1]] > 1]).alpha()
    result = alpha(codes)
    assert result.alpha == pytest.approx(expected, abs=1e-9)
    assert result.units == (labelled > 1).sum()


def test_perfect_agreement():
    result = alpha([[0, 1, 2, 0], [0, 1, 2, 0]])
    assert (result.alpha, result.observed) == (1.0, 1.0)
    assert result.high == 1.0


def test_chance_agreement_is_about_zero():
    codes = np.random.default_rng(0).integers(0, 3, (2, 5000))
    assert abs(alpha(codes, resamples=10).alpha) < 0.05


def test_systematic_disagreement_is_below_zero():
    assert alpha([[0, 1, 0, 1], [1, 0, 1, 0]]).alpha < 0


def test_observed_is_the_share_of_units_that_agree():
    assert alpha([[0, 1, 2, 0, 1], [0, 1, 1, 0, MISSING]]).observed == 0.75


@pytest.mark.parametrize(
    ("codes", "units"),
    [
        ([[0, 0, 0], [0, 0, 0]], 3),
        ([[0, MISSING], [MISSING, 1]], 0),
        ([[MISSING, MISSING], [MISSING, MISSING]], 0),
        ([[0, 1, 2]], 0),
        (np.zeros((2, 0), dtype=int), 0),
        ([[1, MISSING], [1, 0]], 1),
    ],
)
def test_alpha_is_nan_where_it_is_undefined(codes, units):
    result = alpha(codes)
    assert math.isnan(result.alpha)
    assert math.isnan(result.low)
    assert math.isnan(result.high)
    assert result.units == units


def test_fewer_than_two_units_with_two_labels_is_nan():
    assert math.isnan(alpha([[0, MISSING], [1, 0]]).alpha)


def test_interval_contains_alpha_on_good_data():
    for seed in range(5):
        result = alpha(good_data(seed), resamples=500)
        assert result.low < result.alpha < result.high
        assert result.high - result.low < 0.3


def test_wider_confidence_gives_a_wider_interval():
    narrow, wide = (alpha(good_data(), confidence=c, resamples=500) for c in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_seed_gives_the_same_interval_twice():
    first, second, other = (alpha(good_data(), seed=seed) for seed in (7, 7, 8))
    assert first == second
    assert (first.low, first.high) != (other.low, other.high)
    assert first.alpha == other.alpha


def test_clusters_are_resampled_whole():
    codes = np.repeat(good_data(units=20, error=0.2), 8, axis=1)
    clusters = [f"turn {n // 8}" for n in range(160)]
    single, clustered = alpha(codes, resamples=500), alpha(codes, clusters=clusters, resamples=500)
    assert clustered.alpha == pytest.approx(single.alpha)
    assert clustered.high - clustered.low > 1.5 * (single.high - single.low)


@pytest.fixture(scope="module")
def source(read):
    return Source.from_debate(
        read(
            ("De voorzitter", "Het woord is aan de heer Jansen."),
            *[("De heer Jansen (Rood)", f"Voorzitter. Brug {n}.") for n in range(6)],
        ),
        title="Bruggen",
        date="2031-01-01",
    )


def layer(source, annotator, stances, sha256=None, issues=("no_fly_zone",)):
    labels = tuple(Label(n, "no_fly_zone", s, "Jansen") for n, s in enumerate(stances, start=2) if s)
    return Layer(annotator, issues, sha256 or source.sha256, labels)


def test_layers_are_compared_on_turns_that_are_not_the_chairs(source):
    a = layer(source, "a", ["favor", "favor", "against", "neutral", None, None])
    b = layer(source, "b", ["favor", "favor", "against", "against", None, "favor"])
    issue, every = layer_agreement([(source, [a, b])], resamples=50)
    assert (issue["issue"], every["issue"]) == ("no_fly_zone", "all")
    assert (issue["turns"], issue["pairs"], issue["same_stance"]) == (6, 4, 0.75)
    codes = [[0, 0, 1, 2, 3, 3], [0, 0, 1, 1, 3, 0]]
    assert issue["alpha"] == pytest.approx(alpha(codes).alpha, abs=1e-4)
    assert issue["stance_alpha"] == pytest.approx(alpha([row[:4] for row in codes]).alpha, abs=1e-4)
    assert {**every, "issue": ""} == {**issue, "issue": ""}


def test_agreement_needs_two_annotators_on_one_text(source):
    a = layer(source, "a", ["favor"])
    for layers in ([a], [a, a], []):
        with pytest.raises(LayerError, match="two or more different annotators"):
            layer_agreement([(source, layers)])
    for members in ([], [(source, [layer(source, name, [], issues=()) for name in "ab"])]):
        with pytest.raises(LayerError, match="there is none in these"):
            layer_agreement(members)
    with pytest.raises(LayerError, match="another text"):
        layer_agreement([(source, [a, layer(source, "b", ["favor"], sha256="0" * 64)])])
