"""The issue-only control and the calibration that all models share."""

import numpy as np
import pytest

from standpunt.corpora.rows import column
from standpunt.models import Model


def rows_of(*pairs):
    return [{"id": f"r{i}", "issue": issue, "label": label, "text": "x"} for i, (issue, label) in enumerate(pairs)]


@pytest.fixture
def fitted(make):
    army = [("army", "favor")] * 3 + [("army", "against")]
    return make("issue_only").fit(rows_of(*army, *[("gas", "against")] * 4, ("gas", "neutral")))


def test_issue_has_the_majority_it_had_in_training(fitted):
    assert fitted.predict(rows_of(("army", None), ("gas", None))) == ["favor", "against"]


def test_unseen_issue_has_that_of_all_rows(fitted):
    probabilities = fitted.predict_proba(rows_of(("bridges", None)))
    np.testing.assert_allclose(probabilities, [[3 / 9, 5 / 9, 1 / 9]])


def test_smoothing_mixes_rows_of_all_issues_in(make):
    rows = rows_of(*[("army", "favor")] * 3, ("gas", "against"))
    model = make("issue_only", smoothing=2.0).fit(rows)
    np.testing.assert_allclose(model.predict_proba(rows[:1]), [[(3 + 2 * 0.75) / 5, 2 * 0.25 / 5, 0]])


def test_temperature_is_saved_with_the_model(make, rows, tmp_path):
    model = make("tfidf").fit(rows[:40], seed=3)
    before = model.predict_proba(rows)
    model.calibrate(rows[40:])
    assert model.temperature != 1
    assert model.predict(rows) == [model.labels[index] for index in before.argmax(axis=1)]
    gold = np.array([model.labels.index(label) for label in column(rows, "label")])[40:]
    loss = [-np.log(p[40:][np.arange(len(gold)), gold]).mean() for p in (before, model.predict_proba(rows))]
    assert loss[1] < loss[0]
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    assert loaded.temperature == model.temperature
    np.testing.assert_array_equal(loaded.predict_proba(rows), model.predict_proba(rows))


def test_training_again_forgets_the_temperature(make, rows):
    model = make("tfidf").fit(rows[:40])
    model.calibrate(rows[40:])
    assert model.fit(rows[:40]).temperature is None


def test_family_that_calibrates_itself_is_left_alone(make, rows, monkeypatch):
    model = make("tfidf").fit(rows[:40])
    monkeypatch.setattr(type(model), "calibrates_itself", True)
    model.calibrate(rows[40:])
    assert model.temperature is None
