"""Blends: what the members weigh, what they may be, and that a saved one answers as before."""

from dataclasses import dataclass

import numpy as np
import pytest

from standpunt.annotation.issues import load_issue
from standpunt.errors import InputError
from standpunt.models import Model, build, register
from standpunt.models.combined.blend import BlendConfig, fit_weights
from standpunt.models.controls.majority import Majority, MajorityConfig

LABELS = ("favor", "against", "neutral")
WORDS = {"family": "tfidf", "name": "tfidf"}


@dataclass
class SaysConfig(MajorityConfig):
    family: str = "test_blend_says"
    column: str = ""


@register("test_blend_says")
class Says(Majority):
    """Reads its probabilities off a column of the rows."""

    config_class = SaysConfig

    def _predict_proba(self, rows):
        return np.array([row[self.config.column] for row in rows])

    def predict_with_evidence(self, rows):
        return self.predict_proba(rows), [(0, place) for place in range(len(rows))]


def said(gold, share, draw, sure=0.8):
    """Return probabilities that are right in this share of the rows."""
    answers = np.where(draw.random(len(gold)) < share, gold, (gold + draw.integers(1, 3, len(gold))) % 3)
    found = np.full((len(gold), 3), (1 - sure) / 2)
    found[np.arange(len(gold)), answers] = sure
    return found


@pytest.fixture
def rows():
    draw = np.random.default_rng(0)
    gold = draw.integers(0, 3, 900)
    columns = {name: said(gold, share, draw) for name, share in (("good", 0.7), ("fair", 0.6), ("noise", 1 / 3))}
    return [
        {"text": "a", "issue": f"i{place % 7}", "debate": "d", "label": LABELS[label]}
        | {name: values[place].tolist() for name, values in columns.items()}
        for place, label in enumerate(gold)
    ]


def blend(*columns, **settings):
    members = {name: {"family": "test_blend_says", "name": name, "column": name} for name in columns}
    return build(BlendConfig(members=members, **settings), LABELS, {})


def accuracy(model, rows):
    return np.mean([answer == row["label"] for answer, row in zip(model.predict(rows), rows, strict=True)])


def test_better_members_weigh_more_and_noise_nothing(rows):
    model = blend("noise", "fair", "good").fit(rows[:10], rows[10:500])
    noise, fair, good = model.weights
    assert noise < 0.1 < fair < good
    assert accuracy(model, rows[500:]) >= accuracy(blend("good", "noise").fit(rows[:10], rows[10:500]), rows[500:])
    assert list(model.describe()) == ["weight of noise", "weight of fair", "weight of good"]


def test_weights_are_those_of_the_least_log_loss(rows):
    gold = np.array([LABELS.index(row["label"]) for row in rows])
    logs = np.log([[row[name] for row in rows] for name in ("good", "fair")])

    def loss(weights):
        values = np.tensordot(weights, logs, axes=1)
        return np.mean(np.log(np.exp(values).sum(axis=1)) - values[np.arange(len(gold)), gold])

    best = fit_weights(logs, gold)
    for change in ((0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)):
        assert loss(best) < loss(best + np.array(change))


def test_without_dev_rows_a_share_of_the_issues_is_held_out_and_else_all_weigh_alike(rows):
    assert blend("good", "noise").fit(rows).weights[1] < 0.2
    alike = blend("good", "noise", dev_share=0.0).fit(rows)
    np.testing.assert_array_equal(alike.weights, [0.5, 0.5])
    expected = np.sqrt(np.array([row["good"] for row in rows]) * np.array([row["noise"] for row in rows]))
    np.testing.assert_allclose(alike.predict_proba(rows), expected / expected.sum(axis=1, keepdims=True))


def test_trained_members_may_know_none_as_well(rows, tmp_path):
    joint = build(SaysConfig("joint", column="joint"), ("none", *LABELS), {}).fit(rows)
    joint.save(tmp_path / "joint")
    given = [{**row, "joint": [0.5, *(np.array(row["good"]) / 2)]} for row in rows]
    members = {
        "one": {"trained": str(tmp_path / "joint")},
        "two": {"family": "test_blend_says", "name": "two", "column": "good"},
    }
    model = build(BlendConfig(members=members, dev_share=0.0), LABELS, {}).fit(given)
    np.testing.assert_allclose(model.predict_proba(given), [row["good"] for row in rows])
    model.save(tmp_path / "blend")
    loaded = Model.load(tmp_path / "blend")
    np.testing.assert_array_equal(loaded.predict_proba(given), model.predict_proba(given))
    probabilities, spans = loaded.predict_with_evidence(given[:3])
    np.testing.assert_array_equal(probabilities, model.predict_proba(given[:3]))
    assert spans == [(0, 0), (0, 1), (0, 2)]


def test_a_trained_member_may_answer_an_auxiliary_task(rows, tmp_path, monkeypatch):
    build(SaysConfig("says", column="fair"), LABELS, {}).fit(rows).save(tmp_path / "says")
    members = {
        "one": {"trained": str(tmp_path / "says"), "task": "component"},
        "two": {"family": "test_blend_says", "name": "two", "column": "good"},
    }
    model = build(BlendConfig(members=members, dev_share=0.0), LABELS, {})
    with pytest.raises(InputError, match=r"learns only its own task .*; see model\.members\.one\.task"):
        model.fit(rows)
    other = build(SaysConfig("other", column="good"), LABELS, {}).fit(rows)
    monkeypatch.setattr(Says, "answering", lambda self, task: other)
    assert model.fit(rows).members["one"] is other


def test_members_that_are_all_worse_than_chance_weigh_alike():
    gold = np.arange(30) % 3
    wrong = np.log(np.full((30, 3), 0.45))
    wrong[np.arange(30), gold] = np.log(0.1)
    np.testing.assert_allclose(fit_weights(np.stack([wrong, wrong]), gold), [0.5, 0.5])


def test_members_that_tell_no_evidence_give_none(rows):
    plain = {"family": "majority", "name": "majority"}
    model = build(BlendConfig(members={"a": plain, "b": plain}), LABELS, {}).fit(rows)
    assert model.predict_with_evidence(rows[:2])[1] == [None, None]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"a": WORDS}, r"model\.members is .*; expected two models or more"),
        (
            {"a": WORDS, "b": {"trained": "x", "tasks": "y"}},
            r"model\.members\.b is .*; expected trained and task alone",
        ),
        ({"a": WORDS, "b": {"name": "x"}}, r"model\.members\.b names no family"),
        ({"a": WORDS, "b": {"family": "blend"}}, r"model\.members is {}; expected two models or more"),
        ({"a": WORDS, "b": WORDS | {"d": 1}}, r"model\.members\.b: Key 'd' not in 'TfidfConfig'"),
    ],
)
def test_what_cannot_be_a_member(members, expected):
    with pytest.raises(InputError, match=expected) as caught:
        BlendConfig(members=members)
    assert "\n" not in str(caught.value)


def test_a_trained_member_of_other_labels(rows, tmp_path):
    labels = ("claim", "premise", "none")
    build(SaysConfig("odd", column="good"), labels, {}).fit([{"label": "claim"}]).save(tmp_path / "odd")
    model = build(BlendConfig(members={"a": WORDS, "b": {"trained": str(tmp_path / "odd")}}), LABELS, {})
    with pytest.raises(InputError, match=r"labels claim, premise, none; model\.members\.b\.trained needs"):
        model.fit([{**row, "proposition": "p"} for row in rows[:50]])


@pytest.mark.parametrize("weights", [{"a": 1.0}, {"a": 1.0, "b": -1.0}, {"a": 0.0, "b": 0.0}, {"a": 1.0, "c": 1.0}])
def test_given_weights_are_one_for_each_member(weights):
    with pytest.raises(InputError, match=r"model\.weights is .*; expected a number of 0 or more for each of a, b"):
        BlendConfig(members={"a": WORDS, "b": WORDS}, weights=weights)


def test_weights_that_are_given_are_not_learnt(rows):
    model = blend("noise", "good", weights={"good": 0.2, "noise": 0.6}).fit(rows[:10], rows[10:500])
    np.testing.assert_array_equal(model.weights, [0.6, 0.2])


def test_rows_are_held_out_for_the_weights_alone(rows, monkeypatch):
    fitted = []
    monkeypatch.setattr(Says, "_fit", lambda self, train, gold, dev, seed: fitted.append(len(train)))
    blend("noise", "good", weights={"good": 0.5, "noise": 0.5}).fit(rows)
    assert fitted == [len(rows)] * 2


def test_a_blend_weighs_a_blend_and_a_trained_member_beside_it(rows, tmp_path):
    build(SaysConfig("fair", column="fair"), LABELS, {}).fit(rows).save(tmp_path / "fair")
    members = {
        "inner": {"family": "blend", "name": "inner", "members": blend("noise", "good").config.members},
        "fair": {"trained": str(tmp_path / "fair")},
    }
    weights = {"inner": 0.5, "fair": 0.5}
    model = build(BlendConfig("outer", members=members, weights=weights), LABELS, {}).fit(rows[:10], rows[10:500])
    inner = blend("noise", "good").fit(rows[:10], rows[10:500])
    expected = np.sqrt(inner.predict_proba(rows) * np.array([row["fair"] for row in rows]))
    np.testing.assert_allclose(model.predict_proba(rows), expected / expected.sum(axis=1, keepdims=True))
    model.save(tmp_path / "outer")
    loaded = Model.load(tmp_path / "outer")
    np.testing.assert_array_equal(loaded.predict_proba(rows), model.predict_proba(rows))
    assert loaded.config == model.config


def test_members_know_the_issues_that_are_made_known(rows):
    issue = load_issue("rent_freeze")
    model = blend("good", "fair").fit(rows)
    told = model.knowing({"new": issue})
    assert [member.issues for member in told.members.values()] == [{"new": issue}] * 2
    assert not model.issues
    assert not any(member.issues for member in model.members.values())
