"""The key is in no file and nothing that is printed, whatever goes well or wrong."""

import os

import pytest
import yaml

from forked import run_standpunt
from standpunt.models import Model

SECRET = "sk-very-secret-0123456789"
STANCES = ("favor", "against", "neutral")


def run(folder, *arguments):
    """Run the command in a folder, with the key in its environment; return what it printed and its exit code."""
    done = run_standpunt(arguments, folder, {**os.environ, "MY_KEY": SECRET, "OPENAI_LOG": "debug"})
    return done.stdout + done.stderr, done.returncode


def experiment(folder, server, **model):
    settings = {
        "defaults": ["config", {"override model": "llm"}, {"override split": "random_by_group"}, "_self_"],
        "name": "secret", "limit_rows": 30, "limit_folds": 1, "evaluation": {"resamples": 5},
        "model": {"base_url": server.url, "key_variable": "MY_KEY", "calibration_rows": 2, "tries": 2, **model},
    }  # fmt: skip
    (folder / "experiment.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")


def assert_nowhere(folder, printed):
    assert SECRET not in printed
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


@pytest.mark.slow
def test_a_run_has_the_key_nowhere(server, tmp_path):
    server.key = SECRET
    experiment(tmp_path, server)
    printed, code = run(tmp_path, "run", ".")
    assert code == 0, printed
    assert "questions asked" in printed
    assert set(server.keys) == {f"Bearer {SECRET}"}  # which it was given
    (model,) = tmp_path.glob("runs/secret/*/model")
    assert (tmp_path / "runs" / "answers" / "answers.sqlite").is_file()
    assert Model.load(model).config.key_variable == "MY_KEY"
    assert "MY_KEY" in (model / "README.md").read_text("utf-8")
    assert_nowhere(tmp_path, printed)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["401", "echo", "cut", "too long"])
def test_a_run_that_fails_has_the_key_nowhere(server, tmp_path, fault):
    def echo(handler, body):
        handler._send(400, {"error": {"message": f"bad request with {handler.headers['Authorization']}"}})

    server.always = echo if fault == "echo" else fault
    experiment(tmp_path, server)
    printed, code = run(tmp_path, "run", ".", "-m", "seed=0,1")
    assert code in (1, 2), printed
    assert_nowhere(tmp_path, printed)


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["model.key_variable", "+model.api_key", "model.base_url"])
def test_a_key_given_in_place_of_its_variable_is_not_repeated(server, tmp_path, setting):
    experiment(tmp_path, server)
    value = f"http://user:{SECRET}@host/v1" if setting.endswith("url") else SECRET
    for arguments in (["run", "."], ["run", ".", "-m", "seed=0,1"]):
        printed, code = run(tmp_path, *arguments, f"'{setting}={value}'".strip("'"))
        assert code == 2
        assert setting.lstrip("+") in printed
        assert_nowhere(tmp_path, printed)


@pytest.mark.slow
def test_a_key_among_what_is_swept_over_is_not_kept(server, tmp_path):
    server.key = SECRET
    experiment(tmp_path, server)
    printed, code = run(tmp_path, "run", ".", "-m", f"model.key_variable=MY_KEY,{SECRET}")
    assert code == 2
    assert "model.key_variable has a value that may be a key" in printed
    assert server.asked == []
    assert_nowhere(tmp_path, printed)
