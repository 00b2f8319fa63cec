"""Which servers of language models are at hand for a study."""

import pytest

from fake_llm import MODEL, FakeLlm

studies = pytest.importorskip("studies", reason="the folder tools is not in a source distribution")


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    studies.served.cache_clear()
    fake = FakeLlm()
    yield fake
    fake.close()
    studies.served.cache_clear()


def test_a_server_is_at_hand_where_it_has_the_model(server):
    assert studies.served(server.url, MODEL)
    assert not studies.served(server.url, "another")
    assert not studies.served(f"{server.url}/elsewhere", MODEL)
    assert not studies.served("http://127.0.0.1:9/v1", MODEL)


@pytest.mark.slow
def test_a_study_without_its_servers_names_them_and_is_not_run(monkeypatch):
    monkeypatch.setattr(studies, "served", lambda address, model: False)
    assert studies.missing("small-language-models")[-2:] == [
        "SmolLM2-135M-Instruct.Q4_1 at http://127.0.0.1:8080/v1", "gemma-3-270m-q4_k_m at http://127.0.0.1:8081/v1",
    ]  # fmt: skip
