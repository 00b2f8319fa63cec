"""What may be a key is hidden, and nothing else."""

import pytest

from standpunt.text.secrets import HIDDEN, hidden, without_secrets


@pytest.mark.parametrize(
    ("setting", "value", "shown"),
    [
        ("model.key_variable", "sk-abc", HIDDEN),
        ("+model.api_key", "abc", HIDDEN),
        ("model.base_url", "http://a:b@host/v1", HIDDEN),
        ("model.base_url", "http://host/v1?key=abc", HIDDEN),
        ("model.key_variable", "OPENAI_API_KEY", "OPENAI_API_KEY"),
        ("model.base_url", "'http://127.0.0.1:8080/v1'", "'http://127.0.0.1:8080/v1'"),
        ("model.max_tokens", "x", "x"),
        ("model.name", "sk-abc", "sk-abc"),
    ],
)
def test_values_are_shown_or_hidden(setting, value, shown):
    assert hidden(setting, value) == shown


def test_settings_in_yaml_are_shown_without():
    text = "model:\n  key_variable: sk-abc\n  base_url: http://host/v1\n  name: llm\nother:\n- api_key: 'x y'\n"
    hidden_text = text.replace("sk-abc", HIDDEN).replace("'x y'", HIDDEN)
    assert without_secrets(text) == hidden_text
