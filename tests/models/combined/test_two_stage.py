"""Two stages: what the first passes on, what the second gets to read, whose probabilities a row has."""

import json

import numpy as np
import pytest

from standpunt.annotation.issues import load_issues
from standpunt.errors import InputError, ModelError
from standpunt.models import Model, build
from standpunt.models.combined.detector import Detector, _definitions, _scores_of_others
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.models.windows.cutting import PART

LABELS = ("favor", "against", "neutral", "none")
STANCES = LABELS[:3]
ISSUES = load_issues(["no_fly_zone", "wolf_culling", "minimum_wage"])
WORDS = {
    "no_fly_zone": "Een no-flyzone boven Oekraïne houdt Russische drones en raketten weg.",
    "wolf_culling": "De wolf doodt schapen en het afschieten van de wolf moet mogen.",
    "minimum_wage": "Het minimumloon per uur is te laag voor wie ervan leven moet.",
}
FILLER = "Voorzitter, dank u wel voor het woord en voor de vragen van de collega's van zojuist."
SECOND = {"name": "tfidf", "family": "tfidf"}


def item(about, issue, label, number=0, *, before=0, after=0):
    text = " ".join([FILLER] * before + [WORDS[about], f"Dat is punt {number}."] + [FILLER] * after)
    start = text.index(WORDS[about])
    evidence = [(start, start + len(WORDS[about]))] if label != "none" else []
    return {
        "text": text, "context": "", "kind": "speech", "issue": issue, "label": label, "evidence": evidence,
        "proposition": ISSUES[issue].proposition["nl"], "party": "Geel", "role": "member",
    }  # fmt: skip


def pairs(numbers):
    stances = dict(zip(ISSUES, STANCES, strict=True))
    return [
        item(about, issue, stances[issue] if about == issue else "none", number, after=(number % 3) * 4)
        for number in numbers
        for about in ISSUES
        for issue in ISSUES
    ]


@pytest.fixture(scope="module")
def train():
    return pairs(range(6))


@pytest.fixture(scope="module")
def model(train):
    config = TwoStageConfig(window_words=30, second=SECOND, recall=1.0)
    return build(config, LABELS, ISSUES).fit(train, pairs(range(6, 9)))


class Reader(Majority):
    """Says "favor" of everything, points at the first ten characters, and remembers what it was given."""

    def _predict_proba(self, rows):
        self.given = rows
        return np.tile([0.7] + [0.3 / (len(self.labels) - 1)] * (len(self.labels) - 1), (len(rows), 1))

    def predict_with_evidence(self, rows):
        return self._predict_proba(rows), [(0, 10)] * len(rows)


@pytest.fixture
def reading(train):
    """Return a function that trains two stages and puts a reader with these labels in the place of the second."""

    def make(labels, **settings):
        made = build(TwoStageConfig(window_words=30, second=SECOND, **settings), LABELS, ISSUES)
        made.fit(train, pairs(range(6, 9)))
        made.second = Reader(MajorityConfig(), labels, ISSUES)
        return made

    return make


def test_what_addresses_its_issue_is_passed_on_and_little_else(model):
    rows = pairs([20, 21])
    passed = set(model.passed(rows).tolist())
    assert {index for index, row in enumerate(rows) if row["label"] != "none"} <= passed
    assert len(passed) < len(rows) / 2
    assert model.predict(rows) == [row["label"] for row in rows]


def test_the_second_stage_reads_only_what_was_passed_on(reading):
    model = reading(LABELS)
    rows = pairs([20])
    model.predict_proba(rows)
    assert [row["issue"] for row in model.second.given] == [rows[index]["issue"] for index in model.passed(rows)]


def test_the_second_stage_reads_the_part_that_passes_and_evidence_counts_from_the_turn(reading):
    model = reading(LABELS)
    row = item("wolf_culling", "wolf_culling", "against", 3, before=12, after=12)
    probabilities, spans = model.predict_with_evidence([row, item("minimum_wage", "no_fly_zone", "none")])
    (given,) = model.second.given
    assert WORDS["wolf_culling"] in given["text"]
    assert len(given["text"]) < len(row["text"]) / 2
    turn, begin = given[PART]
    assert (turn, row["text"][begin : begin + len(given["text"])]) == (row["text"], given["text"])
    start, end = spans[0]
    assert row["text"][start:end] == given["text"][:10]
    assert start > 0
    assert spans[1] is None
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_what_is_not_passed_on_has_the_first_stages_probability_of_none(model):
    rows = pairs([20])
    others = sorted(set(range(len(rows))) - set(model.passed(rows).tolist()))
    probabilities = model.predict_proba(rows)[others]
    assert (probabilities[:, 3] > 0.5).all()
    assert (probabilities[:, 3] < 1).all()
    # What is left is divided as the stances were in training: evenly.
    np.testing.assert_allclose(probabilities[:, :3], np.repeat((1 - probabilities[:, 3:]) / 3, 3, axis=1))


def test_a_second_stage_without_none_divides_what_the_first_leaves(reading):
    model = reading(STANCES)
    rows = pairs([20])
    passed = model.passed(rows)
    probabilities = model.predict_proba(rows)[passed]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(probabilities[:, 0] / probabilities[:, :3].sum(axis=1), 0.7)
    assert len(set(probabilities[:, 3])) > 1


def test_a_second_stage_can_be_trained_without_none(train):
    config = TwoStageConfig(window_words=30, second=SECOND, second_none=False)
    model = build(config, LABELS, ISSUES).fit(train, pairs(range(6, 9)))
    assert model.second.labels == STANCES
    rows = pairs([20])
    assert model.predict(rows) == [row["label"] for row in rows]


def test_a_lower_recall_passes_on_less(train):
    dev = pairs(range(6, 9)) + [item("minimum_wage", "wolf_culling", "favor", n) for n in range(9)]  # hard ones
    counts = [
        len(build(TwoStageConfig(window_words=30, second=SECOND, recall=recall), LABELS, ISSUES)
            .fit(train, dev).passed(pairs([20])))
        for recall in (1.0, 0.5)
    ]  # fmt: skip
    assert counts[0] > counts[1] >= 3


def debates(numbers, *, synthetic=False, misses=0):
    """Return rows of a debate for each number; in every so many of them, what shares words addresses nothing."""
    return [
        {**row, "debate": f"{synthetic}-{number}", "turn": f"{place // len(ISSUES)}", "synthetic": synthetic}
        | ({"label": "none", "evidence": []} if misses and number % misses == 0 else {})
        for number in numbers
        for place, row in enumerate(pairs([number]))
    ]


def competing(rows, dev=None):
    return build(TwoStageConfig(window_words=30, second=SECOND, competing=True), LABELS, ISSUES).fit(rows, dev)


def detector(rows, **settings):
    made = Detector(30, 0.95, **settings)
    made.fit(rows, [], ISSUES, "none")
    return made


def test_issues_compete_for_a_turn():
    rows = debates(range(12))
    row, *others = [row for row in pairs([20]) if WORDS["wolf_culling"] in row["text"]]
    both = {**row, "text": " ".join([WORDS["wolf_culling"], WORDS["minimum_wage"]])}
    asked = [{**both, **{key: other[key] for key in ("issue", "proposition")}} for other in (row, *others)]
    place = [one["issue"] for one in asked].index("wolf_culling")
    for settings, same in (({"competing": True}, False), ({}, True)):
        model = detector(rows, **settings)
        among, alone = model.detect(asked, ISSUES), model.detect(asked[place : place + 1], ISSUES)
        assert bool(among.probabilities[place] == pytest.approx(alone.probabilities[0])) is same
    assert competing(rows, rows).reads_whole_turns
    assert not build(TwoStageConfig(second=SECOND), LABELS, ISSUES).fit(rows, rows).reads_whole_turns


def test_an_issue_that_is_asked_about_in_two_ways_does_not_compete_with_itself():
    model = detector(debates(range(12)), competing=True)
    row = item("wolf_culling", "wolf_culling", "against")
    once, twice = (model.detect(rows, ISSUES).probabilities for rows in ([row], [row, {**row, "proposition": "Nee."}]))
    np.testing.assert_allclose(twice, np.repeat(once, 2))


def test_a_turn_that_is_asked_about_one_issue_is_judged_as_where_none_compete():
    rows = debates(range(4))  # fewer debates than folds: both learn from the same scores
    together, apart = (detector(rows, competing=several) for several in (True, False))
    for row in pairs([20]):
        alone, expected = (model.detect([row], ISSUES).probabilities for model in (together, apart))
        np.testing.assert_allclose(alone, expected)
        assert bool(alone[0] > 0.5) is (row["label"] != "none")
    mixed = [*pairs([20])[:3], {**item("wolf_culling", "wolf_culling", "against"), "turn": "9"}]
    np.testing.assert_allclose(
        together.detect(mixed, ISSUES).probabilities[3:], together.detect(mixed[3:], ISSUES).probabilities
    )


def test_how_sure_it_may_be_is_learnt_from_real_debates():
    rows = debates(range(12), synthetic=True) + debates(range(12, 24), misses=2)
    unflagged = [{key: value for key, value in row.items() if key != "synthetic"} for row in rows]
    places = [number for number, row in enumerate(pairs([30])) if row["label"] != "none"]
    real, all_of_them = (
        detector(given, competing=True).detect(pairs([30]), ISSUES).probabilities[places].mean()
        for given in (rows, unflagged)
    )
    assert real == pytest.approx(0.5, abs=0.1)
    assert all_of_them > 0.65


def test_with_invented_debates_alone_it_learns_from_these():
    model = competing(debates(range(12), synthetic=True), debates(range(12, 15), synthetic=True))
    rows = pairs([20])
    assert model.predict(rows) == [row["label"] for row in rows]


def test_round_trip_where_issues_compete(tmp_path):
    model = competing(debates(range(12)), debates(range(12, 15)))
    model.save(tmp_path / "model")
    rows = pairs([20])
    for asked in (rows, rows[:1]):
        np.testing.assert_array_equal(Model.load(tmp_path / "model").predict_proba(asked), model.predict_proba(asked))


def test_scores_are_those_of_a_regression_that_did_not_see_the_debate():
    draw = np.random.default_rng(0)
    features, debate = draw.normal(size=(60, 3)), np.repeat([f"d{n}" for n in range(6)], 10)
    positive = draw.random(60) < 0.5
    before = _scores_of_others(np.zeros(60), features, positive, debate)
    turned = positive.copy()
    turned[:10] = ~turned[:10]
    after = _scores_of_others(np.zeros(60), features, turned, debate)
    np.testing.assert_array_equal(before[:10], after[:10])
    assert not np.allclose(before[10:], after[10:])
    np.testing.assert_array_equal(_scores_of_others(np.ones(60), features, positive, np.repeat("d", 60)), 1)


def test_round_trip(model, tmp_path):
    rows = pairs([20])
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(rows), model.predict_proba(rows))
    assert loaded.config == model.config
    assert loaded.second.labels == LABELS
    assert loaded.second.issues == loaded.issues == ISSUES


def test_round_trip_of_a_first_stage_that_saw_no_pair_that_addresses_its_issue(tmp_path):
    rows = [row for row in pairs(range(3)) if row["label"] == "none"]
    model = build(TwoStageConfig(window_words=30, second=SECOND), LABELS, ISSUES).fit(rows)
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model").predict_proba(pairs([20]))
    np.testing.assert_array_equal(loaded, model.predict_proba(pairs([20])))


def test_a_part_keeps_neither_a_card_nor_issues_that_the_whole_has(model, train, tmp_path):
    model.save(tmp_path / "model")
    part = tmp_path / "model" / "second"
    assert not (part / "README.md").exists()
    assert json.loads((part / "model.json").read_text("utf-8"))["issues"] is None
    with pytest.raises(ModelError, match=f"of a part of another model; load the whole, {tmp_path / 'model'}$"):
        Model.load(part)
    fewer = dict(list(ISSUES.items())[:1])
    build(MajorityConfig(), STANCES, fewer).fit([row for row in train if row["label"] != "none"]).save(
        tmp_path / "other"
    )
    config = TwoStageConfig(window_words=30, trained=str(tmp_path / "other"))
    build(config, LABELS, ISSUES).fit(train).save(tmp_path / "of-both")
    assert Model.load(tmp_path / "of-both").second.issues == fewer


def test_a_trained_model_takes_the_second_place(train, tmp_path):
    rows = pairs([20])
    other = build(MajorityConfig(), STANCES, ISSUES).fit([row for row in train if row["label"] == "against"])
    other.save(tmp_path / "other")
    model = build(TwoStageConfig(window_words=30, trained=str(tmp_path / "other")), LABELS, ISSUES).fit(train)
    assert model.second.family == model.config.second.family == "majority"
    assert {model.predict(rows)[index] for index in model.passed(rows)} <= {"against", "none"}


def test_a_trained_model_with_other_labels_is_refused(train, tmp_path):
    odd = build(MajorityConfig(), ("yes", "no"), ISSUES).fit([{"label": "yes"}])
    odd.save(tmp_path / "odd")
    config = TwoStageConfig(trained=str(tmp_path / "odd"))
    with pytest.raises(InputError, match=r"odd: labels yes, no; model.trained needs a model with favor"):
        build(config, LABELS, ISSUES).fit(train)


def test_without_none_every_pair_is_passed_on(train):
    rows = [row for row in train if row["label"] != "none"]
    model = build(TwoStageConfig(second=SECOND), STANCES, ISSUES).fit(rows)
    assert len(model.passed(rows)) == len(rows)
    np.testing.assert_array_equal(model.predict_proba(rows), model.second.predict_proba(rows))


def test_an_issue_of_ones_own_is_found_by_its_proposition(model):
    row = {**item("wolf_culling", "wolf_culling", "favor"), "issue": "mine", "proposition": WORDS["wolf_culling"]}
    assert model.passed([row, {**row, "proposition": "Alle bruggen worden groen geverfd."}]).tolist() == [0]


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"recall": 0}, "model.recall is 0"),
        ({"second": {}}, "model.second names no family"),
        ({"second": {"family": "two_stage"}}, "expected another family"),
        ({"second": {"family": "tfidf", "max_ngrams": 2}}, "max_ngrams"),
        ({"second": {"family": "tfidff"}}, "did you mean 'tfidf'"),
    ],
)
def test_bad_settings_are_refused(settings, why):
    with pytest.raises(InputError, match=why):
        TwoStageConfig(**settings)


@pytest.mark.parametrize(("language", "read"), [(None, "nl"), ("nl", "nl"), ("en", "en"), ("fr", "nl")])
def test_the_first_stage_reads_an_issue_in_the_language_of_the_row(language, read):
    issue = ISSUES["no_fly_zone"]
    row = {"issue": "no_fly_zone", "proposition": "?"} | ({} if language is None else {"language": language})
    ((proposition, _, everything),) = _definitions([row], ISSUES)
    assert proposition == issue.proposition[read]
    assert all(texts[read] in everything for texts in (issue.definition, issue.pro, issue.con))
    assert _definitions([row | {"issue": "unknown"}], ISSUES) == [("?", "?", "?")]
