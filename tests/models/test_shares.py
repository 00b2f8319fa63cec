"""What models learn of labels that another model gave with probabilities."""

import numpy as np
import pytest

from standpunt.errors import InputError
from standpunt.models import build
from standpunt.models.collective.family import CollectiveConfig
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.models.controls.position import PositionConfig
from standpunt.models.shares import label_shares, weight_of
from standpunt.models.tfidf import TfidfConfig
from standpunt.models.windows.cutting import Reading
from standpunt.models.windows.examples import divide, examples

STANCES = ("favor", "against", "neutral")
SURE = {"favor": 0.9, "against": 0.08, "neutral": 0.02, "none": 0.0}
DOUBTFUL = {"favor": 0.4, "against": 0.35, "neutral": 0.005, "none": 0.245}


def row(text, label, probabilities=None, **more):
    about = {"issue": "i", "proposition": "P", "debate": "d", "language": "nl", "context": "", "evidence": []}
    return about | {"text": text, "label": label, "probabilities": probabilities} | more


def test_a_label_of_people_is_the_whole_of_it():
    assert label_shares(row("a", "against"), STANCES) == {"against": 1.0}


def test_shares_are_those_of_the_scheme_and_sum_to_one():
    assert label_shares(row("a", "favor", SURE), STANCES) == {"favor": 0.9, "against": 0.08, "neutral": 0.02}
    shares = label_shares(row("a", "favor", DOUBTFUL), STANCES)
    assert shares == pytest.approx({"favor": 0.4 / 0.75, "against": 0.35 / 0.75})  # too little of neutral to count
    assert sum(label_shares(row("a", "favor", DOUBTFUL), (*STANCES, "none")).values()) == pytest.approx(1)


def test_a_scheme_that_the_model_did_not_answer_in_gets_the_label_itself():
    assert label_shares(row("a", "addressed", SURE), ("addressed", "none")) == {"addressed": 1.0}
    assert label_shares(row("a", "none", SURE | {"none": None}), (*STANCES, "none")) == {"none": 1.0}


def test_windows_share_a_row_as_its_labels_do():
    made = examples([row("Een zin.", "favor", SURE)], STANCES, Reading(20), class_weights=False, none_per_row=1, seed=0)
    assert [(one.label, one.weight) for one in made] == [(0, 0.9), (1, 0.08), (2, 0.02)]
    both = [row("Een zin.", "favor", SURE), row("Nog een zin.", "against")]
    made = examples(both, STANCES, Reading(20), class_weights=True, none_per_row=1, seed=0)
    weights = np.bincount([one.label for one in made], [one.weight for one in made])
    assert weights == pytest.approx([2 / 3, 2 / 3, 2 / 3])  # labels weigh the same together


def model_of(rows):
    return build(TfidfConfig(min_df=1, issue=False), STANCES, {}).fit(rows)


def test_sure_labels_teach_what_the_labels_themselves_teach():
    one = [row(f"Wij zijn voor {n}.", "favor") for n in range(4)] + [
        row(f"Nee, tegen {n}.", "against") for n in range(4)
    ]
    certain = {"favor": {"favor": 1.0, "against": 0.0, "neutral": 0.0, "none": 0.0}}
    certain["against"] = certain["favor"] | {"favor": 0.0, "against": 1.0}
    two = [item | {"probabilities": certain[item["label"]]} for item in one]
    assert model_of(two).predict_proba(one) == pytest.approx(model_of(one).predict_proba(one))


def test_doubtful_labels_teach_doubt():
    texts = [(f"Wij zijn voor {n}.", "favor", DOUBTFUL) for n in range(4)]
    texts += [(f"Nee, tegen {n}.", "against", DOUBTFUL | {"favor": 0.35, "against": 0.4}) for n in range(4)]
    soft = model_of([row(*item) for item in texts]).predict_proba([row("Wij zijn voor 9.", "favor")])
    hard = model_of([row(text, label) for text, label, _ in texts]).predict_proba([row("Wij zijn voor 9.", "favor")])
    assert 0.5 < soft[0, 0] < hard[0, 0]


def test_a_row_of_a_weighed_corpus_counts_that_much():
    assert weight_of({}) == weight_of({"weight": None}) == 1.0
    assert label_shares(row("a", "against", weight=0.25), STANCES) == {"against": 0.25}
    shares = label_shares(row("a", "favor", SURE, weight=0.5), STANCES)
    assert shares == pytest.approx({"favor": 0.45, "against": 0.04, "neutral": 0.01})


def test_windows_share_the_weight_and_labels_weigh_the_same_together():
    rows = [row("Een zin.", "favor"), row("Nog een zin.", "favor", weight=0.5), row("Nee.", "against", weight=0.5)]
    made = examples(rows, STANCES, Reading(20), class_weights=False, none_per_row=1, seed=0)
    assert [one.weight for one in made] == [1.0, 0.5, 0.5]
    made = examples(rows, STANCES, Reading(20), class_weights=True, none_per_row=1, seed=0)
    assert [one.weight for one in made] == pytest.approx([2 / 3, 1 / 3, 1.0])


def test_what_counts_less_is_not_held_out_to_choose_on():
    issues = [str(number) for number in range(10)]
    rows = [row(f"Zin {issue}.", "favor", issue=issue, weight=weight) for issue in issues for weight in (None, 0.1)]
    rows += [row("Elders.", "against", issue="x", weight=0.1)]
    fitted, held = divide(rows, 0.3, 0)
    chosen = {item["issue"] for item in held}
    assert len(held) == len(chosen) == 3
    assert {item["weight"] for item in held} == {None}
    assert fitted == [item for item in rows if item["issue"] not in chosen]
    light = [item | {"weight": 0.5} for item in rows]
    assert divide(light, 0.3, 0)[1]  # there are no others


def test_words_learn_less_from_what_counts_less():
    rows = [row(f"Wij zijn voor {n}.", "favor") for n in range(4)] + [
        row(f"Wij niet {n}.", "against") for n in range(4)
    ]
    asked = [row("Wij zijn voor.", "favor")]
    some = [item | {"weight": 0.1} if item["label"] == "favor" else item for item in rows]
    full = model_of(rows).predict_proba(asked)
    assert model_of([item | {"weight": 1.0} for item in rows]).predict_proba(asked) == pytest.approx(full)
    unbalanced = build(TfidfConfig(min_df=1, issue=False, balanced=False), STANCES, {})
    assert unbalanced.fit(some).predict_proba(asked)[0, 0] < full[0, 0]


@pytest.mark.parametrize("config", [MajorityConfig(), PartyConfig(smoothing=0), PositionConfig(balanced=False)])
def test_controls_learn_less_from_what_counts_less(config):
    who = {"party": "A", "role": "member"}
    rows = [row("Ja ja.", "favor", **who), row("Nee nee.", "against", **who)] * 4
    some = [item | {"weight": 0.25} if item["label"] == "favor" else item for item in rows]
    proba = build(config, STANCES, {}).fit(some).predict_proba(rows[:1])
    assert proba[0, :2] == pytest.approx([0.2, 0.8], abs=0.01)


def test_a_family_that_reads_no_weights_refuses_them():
    rows = [row("Ja.", "favor", weight=0.5), row("Nee.", "against")]
    with pytest.raises(InputError, match=r"corpus\.weights: model collective of family collective counts every row"):
        build(CollectiveConfig(), STANCES, {}).fit(rows)
