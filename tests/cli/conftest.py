"""The command in a folder of its own, forked or as it is installed, and a small model for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from fake_llm import FakeLlm
from forked import run_standpunt
from standpunt.annotation.issues import load_issues
from standpunt.corpora.corpus import load_corpus
from standpunt.models import build
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.storage.paths import CORPORA

SCRIPT = Path(sys.executable).parent / "standpunt"
HIDDEN = ("STANDPUNT_TRANSCRIPTS", "HYDRA_FULL_ERROR")


def environment(**more):
    """Return an environment without what would change the outcome, and with one thread a process."""
    return {key: value for key, value in os.environ.items() if key not in HIDDEN} | {"OMP_NUM_THREADS": "1"} | more


@pytest.fixture
def start(tmp_path):
    """Return a function that starts the installed program with these arguments in a temporary folder."""

    def popen(*arguments, env=None, **options):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        settings = {"cwd": tmp_path, "env": environment(**env or {}), "encoding": "utf-8"}
        return subprocess.Popen([str(SCRIPT), *map(str, arguments)], **pipes | settings | options)

    return popen


@pytest.fixture
def program(start):
    """Return a function that runs the installed program: for what shows only there, see `forked`."""

    def call(*arguments, **options):
        process = start(*arguments, **options)
        stdout, stderr = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    return call


@pytest.fixture
def standpunt(tmp_path):
    """Return a function that runs `standpunt` and returns its exit code, standard output and standard error."""

    def call(*arguments, env=None):
        return run_standpunt([*map(str, arguments)], tmp_path, environment(**env or {}))

    return call


@pytest.fixture(scope="session")
def fictional_report():
    return CORPORA / "fictional" / "2031-03-04-luchtverdediging" / "report.txt"


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """Return the folder of a model of two issues of the fictional parliament; tests must not change it.

    It is of the party family, which loads in no time; that every family saves and loads is tests/models' business.
    """
    names = ["no_fly_zone", "frozen_assets"]
    rows = load_corpus("fictional").rows(issues=names, with_none=True).to_pandas()
    addressed = rows[rows["label"] != "none"].iloc[::2]
    rest = rows[rows["label"] == "none"].iloc[:: 4 * (len(rows) // len(addressed))]  # fewer, so that it takes sides
    model = build(PartyConfig(), ("favor", "against", "neutral", "none"), load_issues(names))
    folder = tmp_path_factory.mktemp("trained") / "model"
    model.fit(pd.concat([addressed, rest])).save(folder)
    return folder


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory):
    """Return a corpus of a few debates, quick to load."""
    folder = tmp_path_factory.mktemp("corpora") / "small"
    folder.mkdir()
    (folder / "corpus.yaml").write_text("title: A few debates\nsynthetic: true\n", encoding="utf-8")
    for debate in sorted((CORPORA / "fictional").iterdir())[:3]:
        if debate.is_dir():
            shutil.copytree(debate, folder / debate.name)
    return folder


@pytest.fixture
def corpus(small_corpus, tmp_path):
    """Return the path of that corpus relative to the folder the command runs in."""
    shutil.copytree(small_corpus, tmp_path / "small")
    return "./small"


@pytest.fixture
def server(monkeypatch):
    """Return a server that answers as those of language models do."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fake = FakeLlm()
    yield fake
    fake.close()
