"""The family that reads a debate as a whole."""

from dataclasses import dataclass

import numpy as np
import pytest

from standpunt.errors import InputError
from standpunt.models import Model, build, register
from standpunt.models.collective.family import CollectiveConfig
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.controls.majority import Majority, MajorityConfig

LABELS = ("against", "favor", "neutral")
JOINT = (*LABELS, "none")


@dataclass
class SaysConfig(MajorityConfig):
    family: str = "test_collective_says"


@register("test_collective_says")
class Says(Majority):
    """Reads its probabilities off a column of the rows."""

    config_class = SaysConfig

    def _predict_proba(self, rows):
        return np.array([row["says"] for row in rows])

    def predict_with_evidence(self, rows):
        return self.predict_proba(rows), [(0, 1) for _ in rows]


def made(labels=LABELS, **settings):
    base = {"family": "test_collective_says", "name": "says"}
    return build(CollectiveConfig(base=base, **settings), labels, {})


def debate(name, draw, labels=LABELS, speakers=6, turns=4):
    """Return the rows of a debate in which speakers keep to their side and the turns by themselves tell it badly."""
    rows = []
    for speaker in range(speakers):
        side = int(draw.integers(0, 2))
        for number in range(turns):
            answer = side if draw.random() < 0.6 else 1 - side
            says = np.full(len(labels), 0.1 / (len(labels) - 2))
            says[[answer, 1 - answer]] = 0.55, 0.35
            rows.append({
                "debate": name, "issue": f"{name}-bridge", "turn": f"{speaker}-{number}", "speaker": f"s{speaker}",
                "party": f"p{speaker}", "role": "member", "replies_to": None, "text": "Geel.",
                "label": labels[side], "says": says.tolist(),
            })  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def train():
    draw = np.random.default_rng(0)
    return [row for number in range(20) for row in debate(f"d{number}", draw)]


@pytest.fixture(scope="module")
def model(train):
    return made().fit(train)


@pytest.fixture(scope="module")
def unseen():
    return debate("new", np.random.default_rng(5), speakers=60)


def accuracy(probabilities, rows):
    return np.mean(
        [LABELS[place] == row["label"] for place, row in zip(probabilities.argmax(axis=1), rows, strict=True)]
    )


def test_turns_of_a_speaker_correct_one_another(model, unseen):
    alone = np.array([row["says"] for row in unseen])
    assert accuracy(model.predict_proba(unseen), unseen) > accuracy(alone, unseen) + 0.02


def test_without_relations_every_turn_keeps_what_it_says(train, unseen):
    model = made(relations=[]).fit(train)
    np.testing.assert_allclose(model.predict_proba(unseen), [row["says"] for row in unseen], atol=1e-12)


def test_labels_of_the_debate_that_is_read_are_not_used(model, unseen):
    unlabelled = [{name: value for name, value in row.items() if name != "label"} for row in unseen]
    np.testing.assert_array_equal(model.predict_proba(unlabelled), model.predict_proba(unseen))


def test_whether_a_turn_addresses_the_issue_stays_as_the_base_model_has_it(unseen):
    draw = np.random.default_rng(1)
    train = [row for number in range(10) for row in debate(f"d{number}", draw, JOINT)]
    train += [{**row, "label": "none", "turn": f"{row['turn']}-none"} for row in train[::5]]
    model = made(JOINT).fit(train)
    rows = debate("new", draw, JOINT)
    probabilities = model.predict_proba(rows)
    np.testing.assert_allclose(probabilities[:, 3], [row["says"][3] for row in rows])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_evidence_is_kept_where_the_turn_itself_carries_the_answer(model, unseen):
    probabilities, spans = model.predict_with_evidence(unseen)
    np.testing.assert_array_equal(probabilities, model.predict_proba(unseen))
    changed = probabilities.argmax(axis=1) != np.array([row["says"] for row in unseen]).argmax(axis=1)
    assert changed.any()
    assert [span is None for span in spans] == changed.tolist()


def test_relations_are_learnt_from_debates_that_the_base_model_has_not_seen(train, monkeypatch):
    fitted, predicted = [], []

    def fit(self, rows, dev=None, seed=0):
        fitted.append({row["debate"] for row in rows})
        return self

    def predict_proba(self, rows):
        predicted.append({row["debate"] for row in rows})
        return np.array([row["says"] for row in rows])

    monkeypatch.setattr(Says, "fit", fit)
    monkeypatch.setattr(Says, "predict_proba", predict_proba)
    made(folds=4).fit(train)
    everything = {row["debate"] for row in train}
    assert len(predicted) == 4
    assert [one | other for one, other in zip(fitted[:4], predicted, strict=True)] == [everything] * 4
    assert not any(one & other for one, other in zip(fitted[:4], predicted, strict=True))
    assert fitted[4] == everything


def test_one_debate_is_divided_by_issue(train):
    rows = [{**row, "debate": "one"} for row in train]
    coupling = made().fit(rows).graph.couplings["speaker"]
    assert coupling.same - coupling.opposite > 0.3


def test_a_model_with_one_in_it_reads_whole_debates_too(train):
    whole = {"family": "collective", "name": "whole", "base": {"family": "majority", "name": "m"}}
    alone = {"family": "majority", "name": "m"}
    blend = build(BlendConfig(members={"whole": whole, "alone": alone}), LABELS, {}).fit(train)
    staged = build(TwoStageConfig(second=whole), LABELS, {}).fit(train)
    assert (blend.reads_whole_debates, staged.reads_whole_debates) == (True, True)
    assert not build(TwoStageConfig(second=alone), LABELS, {}).fit(train).reads_whole_debates


def test_a_saved_model_answers_as_before(model, unseen, tmp_path):
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    assert loaded.graph == model.graph
    np.testing.assert_array_equal(loaded.predict_proba(unseen), model.predict_proba(unseen))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"relations": ["speakr"]}, "unknown relation 'speakr': did you mean 'speaker'"),
        ({"folds": 1}, "model.folds is 1; expected 2 or more"),
        ({"penalty": -1.0}, "model.penalty is -1.0; expected 0 or more"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, expected):
    with pytest.raises(InputError, match=expected):
        made(**settings)


def test_other_labels_than_stances_are_refused():
    with pytest.raises(InputError, match="needs the labels favor and against"):
        made(("claim", "premise"))


def test_a_base_with_a_trained_model_in_it_says_which(train, tmp_path):
    build(SaysConfig("of_before"), LABELS, {}).fit(train).save(tmp_path / "before")
    base = TwoStageConfig(trained=str(tmp_path / "before"))
    model = build(CollectiveConfig(base=base, relations=[]), LABELS, {}).fit(train)
    assert model.config.base.second.name == "of_before"
