"""What models learn of labels that another model gave with probabilities."""

import numpy as np
import pytest

from standpunt.models import build
from standpunt.models.shares import label_shares
from standpunt.models.tfidf import TfidfConfig
from standpunt.models.windows.cutting import Reading
from standpunt.models.windows.examples import examples

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
