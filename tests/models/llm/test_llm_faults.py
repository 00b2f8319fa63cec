"""A server that misbehaves: each fault is one sentence or another try, and nothing that was answered is lost."""

import sqlite3
import time

import pytest

from fake_llm import FAULTS
from standpunt.errors import InputError, StandpuntError


def kept(tmp_path):
    with sqlite3.connect(tmp_path / "answers" / "answers.sqlite") as connection:
        return connection.execute("SELECT count(*) FROM answers").fetchone()[0]


@pytest.mark.parametrize("fault", ["429", "500", "cut", "half JSON"])
def test_what_may_pass_is_tried_again(ask, server, rows, fault):
    server.faults = [None, fault, fault]
    labels = ask().fit(rows).predict(rows)
    assert labels == ["favor", "against"] * 3
    assert len(server.asked) == len(rows) + 2


def test_silence_is_given_up_and_tried_again(ask, server, rows):
    server.faults = ["silence"]
    begun = time.monotonic()
    assert ask(timeout=0.3).fit(rows).predict(rows[:1]) == ["favor"]
    assert time.monotonic() - begun < 10
    assert len(server.asked) == 2


def test_silence_without_end_is_one_sentence(ask, server, rows):
    server.always = "silence"
    with pytest.raises(StandpuntError, match=r"no answer within 0.2 s \(model.timeout\) \(2 tries\).*is kept$"):
        ask(timeout=0.2, tries=2).fit(rows).predict(rows[:1])


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("429", r"429 was answered \(Rate limit reached \[rate_limit_exceeded\]\) \(6 tries\); try again later"),
        ("500", r"500 was answered \(The server had an error"),
        ("cut", r"the connection was cut \(6 tries\)"),
        ("half JSON", r"the answer breaks off or is no JSON \(6 tries\)"),
    ],
)
def test_what_does_not_pass_is_one_sentence_and_answers_are_kept(ask, server, rows, tmp_path, fault, said):
    server.faults = [None, None] + [fault] * 6
    with pytest.raises(StandpuntError, match=said) as caught:
        ask().fit(rows).predict(rows)
    assert caught.value.exit_code == 1
    assert "what was answered is kept" in str(caught.value)
    assert kept(tmp_path) == 2
    server.faults, server.asked[:] = [], []
    assert ask().fit(rows).predict(rows) == ["favor", "against"] * 3
    assert len(server.asked) == len(rows) - 2


def test_a_server_that_asks_to_wait_is_given_that_time(ask, server, rows, monkeypatch):
    waits = []
    monkeypatch.setattr("standpunt.models.llm.asking.Desk._pause", lambda desk, seconds: waits.append(seconds))
    server.faults = ["429, wait 2"]
    ask().fit(rows).predict(rows[:1])
    assert waits[0] == 2.0
    assert len(server.asked) == 2


def test_a_wait_that_is_too_long_is_one_sentence(ask, server, rows):
    server.faults = ["429, wait an hour"]
    with pytest.raises(StandpuntError, match=r"with the request to wait 3600 s, more than model.longest_wait"):
        ask().fit(rows).predict(rows[:1])
    assert len(server.asked) == 1


def test_no_money_is_one_sentence_at_once(ask, server, rows):
    server.always = "429, no money"
    with pytest.raises(StandpuntError, match="there is no credit left"):
        ask().fit(rows).predict(rows[:1])
    assert len(server.asked) == 1


def test_a_key_that_is_refused_is_one_sentence(ask, server, rows, monkeypatch):
    server.key = "right"
    with pytest.raises(InputError, match=r"the key was refused \(401\); name the environment variable that holds it"):
        ask(model="kleintje").fit(rows).predict(rows[:1])
    monkeypatch.setenv("MY_KEY", "wrong-secret")
    with pytest.raises(InputError, match="check what the environment variable MY_KEY holds") as caught:
        ask(model="kleintje", key_variable="MY_KEY").fit(rows).predict(rows[:1])
    assert "wrong-secret" not in str(caught.value)
    monkeypatch.setenv("MY_KEY", "right")
    assert ask(key_variable="MY_KEY").fit(rows).predict(rows[:1]) == ["favor"]


def test_a_key_that_is_not_set_is_one_sentence(ask, rows, monkeypatch):
    monkeypatch.delenv("MY_KEY", raising=False)
    with pytest.raises(InputError, match=r"the environment variable MY_KEY .* is not set"):
        ask(key_variable="MY_KEY").fit(rows).predict(rows[:1])


def test_an_unknown_model_is_one_sentence_with_those_there_are(ask, rows):
    with pytest.raises(InputError, match=r"it has no model 'grootje'; it has kleintje; set model.model"):
        ask(model="grootje").fit(rows).predict(rows[:1])


def test_a_question_that_is_too_long_is_one_sentence(ask, server, rows, tmp_path):
    server.faults = [None, "too long"]
    with pytest.raises(InputError, match=r"a question is too long for kleintje .*model.max_words"):
        ask().fit(rows).predict(rows)
    assert kept(tmp_path) == 1


def test_an_address_that_is_none_is_one_sentence(ask, server, rows):
    with pytest.raises(InputError, match=r"nothing answers there \(404\); the address usually ends in /v1"):
        ask(base_url=server.url + "/other", model="kleintje").fit(rows).predict(rows[:1])
    with pytest.raises(StandpuntError, match=r"it cannot be reached .*start the server, or correct model.base_url"):
        ask(base_url="http://127.0.0.1:1/v1", model="m", tries=2).fit(rows).predict(rows[:1])


def test_a_page_of_another_kind_is_one_sentence(ask, server, rows):
    server.always = "HTML"
    with pytest.raises(InputError, match="something else than a chat completion was answered"):
        ask().fit(rows).predict(rows[:1])


@pytest.mark.parametrize("fault", ["answer cut", "another label", "empty"])
def test_an_answer_that_is_none_is_repeated_once(ask, server, rows, fault):
    server.faults = [fault]
    model = ask().fit(rows)
    assert model.predict(rows[:1]) == ["favor"]
    assert len(server.asked) == 2
    assert len(server.asked[1]["messages"]) == len(server.asked[0]["messages"]) + 2
    assert "Dat was geen antwoord" in server.asked[1]["messages"][-1]["content"]
    assert not model.abstained(rows[:1])[0]


@pytest.mark.parametrize("fault", ["answer cut", "another label", "empty"])
def test_what_is_no_answer_twice_is_abstained_from_and_counted(ask, server, rows, fault):
    server.always = lambda handler, body: (
        FAULTS[fault](handler, body)
        if "Nummer een" in body["messages"][1]["content"]
        else handler._send(200, server.answer(body))
    )
    model = ask().fit(rows)
    answers = model.classify(rows)
    assert [item.label for item in answers] == [None, "against", *["favor", "against"] * 2]
    assert not answers[0].refused
    assert answers[0].probabilities.tolist() == [1.0, 0.0, 0.0, 0.0]  # as in training
    assert model._desk.spending.outcomes["no answer"] == 1
    assert model._desk.spending.outcomes["repeated"] == 1
    assert model._desk.spending.outcomes["answered"] == 5


@pytest.mark.parametrize("fault", ["refusal", "filtered"])
def test_a_refusal_is_told_apart_and_not_repeated(ask, server, rows, fault):
    server.faults = [fault]
    model = ask().fit(rows)
    answers = model.classify(rows)
    assert (answers[0].label, answers[0].refused) == (None, True)
    assert len(server.asked) == len(rows)
    assert model._desk.spending.outcomes == {"refused": 1, "answered": 5, "quoted": 5, "repeated": 0}


def test_what_a_server_does_not_take_is_left_out_from_then_on(ask, server, rows):
    server.gives -= {"logprobs", "schema"}
    model = ask().fit(rows)
    assert model.predict(rows) == ["favor", "against"] * 3
    assert model._desk.spending.without == {"top_logprobs", "response_format"}
    assert len(server.asked) == len(rows) + 2
    assert {"logprobs", "top_logprobs", "response_format"}.isdisjoint(server.asked[-1])


def test_a_parameter_that_has_another_name_gets_it(ask, server, rows):
    def choosy(handler, body):
        if "max_tokens" in body:
            return FAULTS["max_tokens"](handler, body)
        return handler._send(200, server.answer(body))

    server.always = choosy
    assert ask(max_tokens=77).fit(rows).predict(rows) == ["favor", "against"] * 3
    assert server.asked[-1]["max_completion_tokens"] == 77
    assert len(server.asked) == len(rows) + 1


def test_the_first_model_that_the_server_lists_is_asked(ask, server, rows):
    ask().fit(rows).predict(rows[:1])
    assert server.asked[0]["model"] == "kleintje"


def test_requests_go_side_by_side_and_no_more_than_configured(ask, server, rows):
    server.always = "slow"
    assert ask(concurrency=3).fit(rows).predict(rows) == ["favor", "against"] * 3
    assert 1 < server.most_concurrent <= 3
