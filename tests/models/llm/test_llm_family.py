"""A language model as a classifier: probabilities, evidence, calibration, and a model folder."""

import json

import numpy as np
import pytest

from fake_llm import row
from standpunt.errors import InputError
from standpunt.models import Model
from standpunt.models.llm.family import STATED
from standpunt.models.llm.settings import LlmConfig

LABELS = ("favor", "against", "neutral", "none")


def test_probabilities_are_those_of_the_labels(ask, rows):
    probabilities = ask().fit(rows).predict_proba(rows)
    np.testing.assert_allclose(probabilities[0], [1.01 / 1.04, *[0.01 / 1.04] * 3])
    np.testing.assert_allclose(probabilities[1], [0.01 / 1.04, 1.01 / 1.04, *[0.01 / 1.04] * 2])


def test_without_log_probabilities_they_come_of_several_answers(ask, server, rows):
    server.gives -= {"logprobs"}
    drawn = iter(["favor", "against", "favor", "favor"])
    server.always = lambda handler, body: handler._send(
        200, {"choices": [{"message": {"content": json.dumps({"label": next(drawn), "quotation": ""})}}]}
    )
    model = ask(answers=4, temperature=0.7, probabilities="answers").fit(rows)
    np.testing.assert_allclose(model.predict_proba(rows[:1])[0], [3.25 / 5, 1.25 / 5, 0.25 / 5, 0.25 / 5])
    assert [body["seed"] for body in server.asked] == [0, 1, 2, 3]
    assert "logprobs" not in server.asked[0]
    assert model.describe()["probabilities from"] == "4 answers"


def test_without_either_there_are_none_and_the_card_says_so(ask, server, rows, tmp_path):
    server.gives -= {"logprobs"}
    model = ask().fit(rows)
    np.testing.assert_allclose(model.predict_proba(rows[:1])[0], [STATED, *[(1 - STATED) / 3] * 3])
    model.save(tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text("utf-8")
    assert "none: the server gives none, the label answered gets 0.9 before calibration" in card


def test_log_probabilities_that_are_wanted_and_not_given_are_one_sentence(ask, server, rows):
    server.gives -= {"logprobs"}
    with pytest.raises(
        InputError, match=r"it gives no log-probabilities for kleintje; set model.probabilities=answers"
    ):
        ask(probabilities="logprobs").fit(rows).predict_proba(rows[:1])


def test_the_temperature_is_fitted_on_dev_and_else_on_training_rows(ask, server, rows):
    wrong = [{**item, "label": "neutral"} for item in rows]
    sure = ask(calibration_rows=10).fit(rows, seed=1)
    unsure = ask(calibration_rows=10).fit(rows, wrong, seed=1)
    assert sure.temperature is None or sure.temperature > 1  # the training labels say favor to half of what is against
    right = [{**item, "label": label} for item, label in zip(rows, ["favor", "against"] * 3, strict=True)]
    assert ask(calibration_rows=10).fit(rows, right).temperature < 1
    assert unsure.temperature == 8.0
    assert unsure.predict_proba(rows).max() < 0.5
    assert len(server.asked) == len(rows)  # each question was paid once
    assert ask(calibration_rows=2).fit(rows).describe()["calibrated on"] == "2 rows"


def test_a_quotation_that_is_in_the_turn_is_evidence(ask, server, rows):
    model = ask().fit(rows)
    probabilities, spans = model.predict_with_evidence(rows)
    assert [rows[0]["text"][start:end] for start, end in spans[:1]] == ["Nummer een: wij zijn voor."]
    np.testing.assert_array_equal(probabilities, model.predict_proba(rows))
    assert model.tells_evidence
    assert model.predict_with_evidence([])[1] == []


def test_a_quotation_that_is_not_in_the_turn_is_none(ask, server, rows):
    server.quotation = "Dat heeft niemand gezegd."
    model = ask().fit(rows)
    assert model.predict_with_evidence(rows)[1] == [None] * len(rows)
    assert model.classify(rows)[0].quotation == server.quotation
    assert model._desk.spending.outcomes["misquoted"] > 0


def test_the_same_question_is_asked_once(ask, server, rows):
    ask().fit(rows).predict(rows * 3)
    assert len(server.asked) == len(rows)


def test_a_saved_model_has_its_templates_and_examples_and_no_place_of_its_own(ask, server, rows, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    said = "{% block system %}- favor\n- against\nquotation{% endblock %}{% block again %}x{% endblock %}"
    asked = '{% block question %}"""\n{{ text }}\n"""{% endblock %}'
    (own / "stance.nl.jinja").write_text(said + asked, encoding="utf-8")
    model = ask(templates=str(own), examples=2).fit(rows)
    expected = model.predict_proba(rows)
    model.save(tmp_path / "model")
    (own / "stance.nl.jinja").unlink()
    own.rmdir()
    loaded = Model.load(tmp_path / "model")
    assert loaded.messages(rows) == model.messages(rows)
    asked_before = len(server.asked)
    np.testing.assert_array_equal(loaded.predict_proba(rows), expected)
    assert len(server.asked) == asked_before


def test_templates_that_changed_since_are_refused(ask, rows):
    with pytest.raises(InputError, match=r"the templates are not those of model.templates_sha256"):
        ask(templates_sha256="ab" * 32).fit(rows)


def test_an_issue_that_it_was_not_made_for_is_asked_about_by_its_definition(ask, rows):
    model = ask().fit(rows)
    assert model.reads_issue
    other = {**rows[0], "issue": "conscription", "proposition": "De dienstplicht moet terug."}
    assert model.issues["conscription"].definition["nl"] in model.messages([other])[0][1][1]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("base_url", "localhost", "expected an address such as http"),
        ("base_url", "http://user:pass@host/v1", "has a user, a password or parameters in it"),
        ("key_variable", "sk-abc123", "never the key itself; what was given is not repeated here"),
        ("choose", "best", "expected one of fixed, words, vectors"),
        ("answers", 5, r"model.temperature is 0.0; expected more than 0 where model.answers asks for several"),
        ("probabilities", "all", "expected one of auto, logprobs, answers, none"),
        ("budget_money", 0, "expected more than 0, or null"),
        ("language", "fr", "expected one of nl, en, or null"),
        ("max_words", 3, "expected 20 or more, or null"),
        ("templates", "/nowhere", "/nowhere: there is none; expected templates among"),
    ],
)
def test_settings_that_make_no_sense_are_one_sentence(setting, value, said):
    with pytest.raises(InputError, match=said) as caught:
        LlmConfig(**{setting: value})
    assert "sk-abc123" not in str(caught.value)
    assert "pass@" not in str(caught.value)


def test_turns_that_nothing_answers_are_labelled_as_most_are_in_training(ask, server, rows):
    server.always = "refusal"
    trained = [{**item, "label": label} for item, label in zip(rows, ["none"] * 4 + ["favor"] * 2, strict=True)]
    model = ask().fit(trained)
    assert model.predict([row()]) == ["none"]
    assert model.abstained([row()]).tolist() == [True]
    np.testing.assert_allclose(model.predict_proba([row()])[0], [2 / 6, 0, 0, 4 / 6])
