"""`standpunt run` as those who know Hydra expect it: --cfg, --info, added groups, and what a shell completes."""

import os
import shutil
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner

from standpunt.cli.completion import _completed
from standpunt.cli.main import cli

RUN = ("run", "baselines", "hydra.mode=RUN")


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Return a function that runs a command within this process, in a folder of its own, and gives its result."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(cli, words, catch_exceptions=True)


def test_cfg_job_prints_what_hydra_composes_and_runs_nothing(asked, tmp_path, capfd):
    done = asked(*RUN, "model=text_only", "seed=7", "--cfg", "job")
    assert done.exit_code == 0, done.output
    settings = yaml.safe_load(done.output or capfd.readouterr().out)
    assert (settings["name"], settings["seed"], settings["model"]["name"]) == ("baselines", 7, "text_only")
    assert "hydra" not in settings
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cfg", "job", "--package", "model"), "# @package model"),
        (("--cfg", "hydra"), "sweep-"),
        (("--cfg", "job", "--resolve", "-p", "paths"), "runs: runs"),
        (("--info", "defaults-tree"), "model: tfidf"),
        (("--info", "searchpath"), "Config search path"),
        (("--info",), "Installed Hydra Plugins"),
        (("-i", "plugins"), "Launcher"),
        (("+model.c=3.0", "--cfg", "job", "-p", "model"), "c: 3.0"),
    ],
)
def test_what_hydra_knows_is_printed(asked, tmp_path, capfd, words, said):
    done = asked(*RUN, *words)
    assert done.exit_code == 0, done.output
    assert said in done.output + capfd.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_group_that_an_experiment_lacks_is_added(asked, tmp_path, capfd):
    groups = "corpus: fictional, task: stance, split: leave_one_speaker_out, evaluation: default, paths: default"
    (tmp_path / "mine.yaml").write_text(
        f"defaults: [schema, {', '.join(groups.split(', '))}, tracker: none, search: none, _self_]\nname: mine\n"
    )
    done = asked("run", "mine.yaml", "+model=text_only", "--cfg", "job", "-p", "model")
    assert done.exit_code == 0, done.output
    assert "name: text_only" in done.output + capfd.readouterr().out


@pytest.mark.parametrize("word", ["+model=tfidf", "+tracker=tensorboard"])
def test_a_group_that_is_chosen_already_is_not_added_but_named(asked, word):
    error = asked(*RUN, word, "--cfg", "job").exception
    assert str(error).endswith(f"with {word}: it is chosen already; to choose another, write {word[1:]}")
    assert error.exit_code == 2


@pytest.mark.parametrize("words", [("--cfg", "jobs"), ("--info", "everything"), ("-sc", "install=tcsh")])
def test_what_cannot_be_shown_is_refused(asked, words):
    done = asked(*RUN, *words)
    assert done.exit_code == 2
    assert "one of" in done.output


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("model=tf", ["model=tfidf", "model=tfidf_pair"]),
        ("model=tfidf,maj", ["model=tfidf,majority"]),
        ("+tracker=ml", ["+tracker=mlflow"]),
        ("hydra/launcher=jo", ["hydra/launcher=joblib"]),
        ("mod", ["model=", "model.name=", "model.family="]),
        ("evaluation.re", ["evaluation.resamples="]),
        (
            "~sea",
            ["~search=", "~search.sampler=", "~search.trials=", "~search.space=", "~search.unit=", "~search.share="],
        ),
        ("nothing=", []),
        ("nothing", []),
    ],
)
def test_overrides_are_completed(word, found):
    assert set(found) <= set(_completed("baselines", word))
    assert bool(found) == bool(_completed("baselines", word))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["standpunt", "run", "voting-a"], ["voting-advice"]),
        (["standpunt", "run", "baselines", "see"], ["seed="]),
        (["standpunt", "run", "baselines", "model", "=", "maj"], ["majority"]),
        (["standpunt", "run", "baselines", "tracker", "="], ["mlflow", "none", "tensorboard", "wandb"]),
        (["standpunt", "run", "no-such-experiment", "model", "=", "maj"], []),
        (["standpunt", "comp"], ["compare"]),
    ],
)
def test_a_bash_completes_the_command(tmp_path, words, found):
    """The script is evaluated as told, and asked as readline asks it, where the sign = is a word of its own."""
    program = tmp_path / "standpunt"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m standpunt "$@"\n')
    program.chmod(0o755)
    given = " ".join(f"'{word}'" for word in words)
    script = (
        'eval "$(standpunt run -sc install=bash)"; '
        f"COMP_WORDS=({given}); COMP_CWORD={len(words) - 1}; _standpunt_completion standpunt; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == found
