"""Where annotators differ, and how far each two agree."""

import pytest

from standpunt.annotation.agreement import layer_agreement
from standpunt.annotation.differences import apart, differences
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.made_by import Answer, MadeBy
from standpunt.annotation.pair_agreement import pair_agreement
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError

ISSUE = "no_fly_zone"
MADE = MadeBy("m", "tfidf", "2031-02-03", "0.1.0", ("favor", "against", "neutral", "none"))


@pytest.fixture(scope="module")
def source(read):
    turns = [("De heer Jansen (Rood)" if at % 2 else "Mevrouw Smit (Geel)", f"Zin {at}.") for at in range(6)]
    debate = read(("De voorzitter", "Aan de orde."), *turns)
    return Source.from_debate(debate, title="Bruggen", date="2031-01-01")


def layer(source, annotator, stances, answers=(), issues=(ISSUE,)):
    labels = tuple(Label(turn, ISSUE, label, source.turns[turn - 1].speaker) for turn, label in stances.items())
    return Layer(annotator, issues, source.sha256, labels, made_by=MADE if answers else None, answers=tuple(answers))


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("favor", "favor", 0), ("favor", "against", 1), ("favor", "neutral", 0.5), ("none", "against", 0.5),
        ("neutral", "none", 0.25),
    ],
)  # fmt: skip
def test_distance_of_labels(one, other, far):
    assert apart(one, other) == apart(other, one) == far


def test_the_worst_difference_comes_first(source):
    people = layer(source, "jan", {2: "favor", 3: "favor", 4: "favor", 5: "neutral"})
    other = layer(source, "eva", {2: "favor", 3: "against", 5: "favor", 6: "neutral"})
    found = differences([(source, [people, other])])
    assert [(one.turn, one.distance) for one in found] == [(3, 1.0), (4, 0.5), (5, 0.5), (6, 0.25)]
    assert [(said.annotator, said.label) for said in found[0].said] == [("eva", "against"), ("jan", "favor")]


def test_a_doubtful_answer_counts_for_less_and_no_answer_not_at_all(source):
    answers = [
        Answer(2, ISSUE, (0.3, 0.4, 0.2, 0.1)),
        Answer(3, ISSUE, (0.05, 0.05, 0.0, 0.9)),
        Answer(4, ISSUE, None),
    ]
    people = layer(source, "jan", {2: "favor", 3: "favor", 4: "favor"})
    model = layer(source, "m", {2: "against"}, answers)
    found = differences([(source, [people, model])])
    assert [(one.turn, one.distance) for one in found] == [(3, pytest.approx(0.45)), (2, pytest.approx(0.4))]
    assert [said.probability for said in found[0].said] == [None, 0.9]


def test_no_answer_is_no_label_in_agreement(source):
    people, answers = layer(source, "jan", {2: "favor", 3: "against"}), [Answer(3, ISSUE, None)]
    with_silence = layer_agreement([(source, [people, layer(source, "m", {2: "favor"}, answers)])], resamples=9)
    without = layer_agreement([(source, [people, layer(source, "m", {2: "favor"})])], resamples=9)
    assert with_silence[-1]["alpha"] == 1.0
    assert without[-1]["alpha"] < 1.0


def test_annotators_are_compared_two_by_two_worst_first(source):
    same = {2: "favor", 3: "against", 4: "neutral"}
    layers = [layer(source, "a", same), layer(source, "b", same), layer(source, "c", {2: "against", 3: "favor"})]
    found = pair_agreement([(source, layers)], resamples=9)
    assert [(one["annotator"], one["other"]) for one in found] == [("a", "c"), ("b", "c"), ("a", "b")]
    assert (found[-1]["alpha"], found[-1]["pairs"], found[0]["same_stance"]) == (1.0, 3, 0.0)
    two = layer_agreement([(source, layers[::2])], resamples=9)[-1]
    assert found[0] == {"annotator": "a", "other": "c", "debates": 1} | {k: v for k, v in two.items() if k != "issue"}


def test_two_on_different_issues_have_nothing_in_common(source):
    layers = [layer(source, "a", {2: "favor"}), layer(source, "b", {}, issues=("frozen_assets",))]
    with pytest.raises(LayerError, match="no two annotators with an issue of a debate in common; got a, b"):
        pair_agreement([(source, layers)])
