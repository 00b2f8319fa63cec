"""A server that misbehaves to order, and language models that ask it."""

import pytest

from fake_llm import FakeLlm, row
from standpunt.annotation.issues import load_issues
from standpunt.models import build
from standpunt.models.llm import asking, client
from standpunt.models.llm.settings import LlmConfig
from standpunt.models.llm.spending import forget_spending

LABELS = ("favor", "against", "neutral", "none")


@pytest.fixture(autouse=True)
def _afresh(monkeypatch):
    """Begin every test as a command does: nothing spent, nothing remembered; and do not wait long between tries."""
    monkeypatch.setattr(client, "_FIRST_WAIT", 0.01)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    forget_spending()
    for known in (asking._REMEMBERED, asking._FIRST, asking._LIMITS):
        known.clear()


@pytest.fixture
def server():
    fake = FakeLlm()
    yield fake
    fake.close()


@pytest.fixture
def ask(server, tmp_path):
    """Return a function that makes a model that asks the server, and keeps answers in a folder."""

    def model(labels=LABELS, **settings):
        given = {"base_url": server.url, "calibration_rows": 0, "cache": str(tmp_path / "answers"), "concurrency": 1}
        return build(LlmConfig(**{**given, **settings}), labels, load_issues(["no_fly_zone", "conscription"]))

    return model


@pytest.fixture
def rows():
    words = ("een", "twee", "drie", "vier", "vijf", "zes")
    return [row(f"Nummer {word}: wij zijn {'tegen' if at % 2 else 'voor'}.") for at, word in enumerate(words)]
