"""A real server, llama.cpp with SmolLM2 135M from the package index: answers of a form, log-probabilities, tokens."""

import numpy as np
import pytest

from fake_llm import row
from standpunt.errors import InputError
from standpunt.models.llm.counting import counting
from standpunt.models.llm.spending import all_spending

llm_server = pytest.importorskip("llm_server", reason="the folder tools is not in a source distribution")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(llm_server.why_not() is not None, reason=str(llm_server.why_not())),
]


@pytest.fixture(scope="module")
def address():
    """Serve the model while the tests of this file run; return where."""
    with llm_server.served("--context", "2048", "--threads", "1") as served:
        yield served


@pytest.fixture
def asking(ask, address):
    return lambda **settings: ask(**{"base_url": address, "timeout": 600.0, "max_tokens": 60, **settings})


def test_answers_are_of_the_form_with_probabilities(asking):
    rows = [row("Die zone moet er komen."), row("Die zone is gevaarlijk.")]
    model = asking(calibration_rows=2).fit(rows)
    answers = model.classify(rows)
    assert all(item.label in model.labels for item in answers)
    probabilities = np.stack([item.probabilities for item in answers])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert model.describe()["probabilities from"] == "log-probabilities"
    assert model.describe()["language model"] == "SmolLM2-135M-Instruct.Q4_1"
    assert model.temperature is not None
    spending = all_spending()[0]
    assert (spending.asked, spending.without) == (2, set())
    assert spending.tokens_out <= 120


def test_tokens_are_counted_as_the_server_counts_them(asking):
    rows = [row("Die zone moet er komen.")]
    model = asking(quotation=False).fit(rows)
    with counting() as counts:
        model.predict(rows)
    (count,) = counts.counts.values()
    model.predict(rows)
    assert count.exact
    assert count.tokens_in == all_spending()[0].tokens_in


def test_a_question_that_is_too_long_is_one_sentence(asking):
    with pytest.raises(InputError, match=r"a question is too long for .*model.max_words"):
        asking().fit([row()]).predict([row("Dit is een lange beurt over de zone. " * 400)])
