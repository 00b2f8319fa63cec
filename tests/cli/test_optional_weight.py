"""What needs no neural network works without torch, transformers and peft, and loads none of them where they are."""

import subprocess
import sys

import pytest

from standpunt.storage.paths import CORPORA

DEBATE = CORPORA / "fictional" / "2031-03-04-luchtverdediging"
REPORT = DEBATE / "report.txt"
HEAVY = ("torch", "transformers", "peft")

# Runs commands, one a line, in one process; tells after each its exit code and which of the packages it has loaded.
COMMANDS = """
import sys
from importlib.machinery import PathFinder
from importlib.metadata import DistributionFinder

heavy, missing = sys.argv[1].split(","), sys.argv[2] == "missing"


class Without(PathFinder):
    "The usual finder of modules and of what is installed, on a machine without these packages."

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in heavy else super().find_spec(name, path, target)

    @classmethod
    def find_distributions(cls, context=DistributionFinder.Context()):
        return iter(()) if context.name in heavy else super().find_distributions(context)


if missing:
    sys.meta_path[sys.meta_path.index(PathFinder)] = Without

from standpunt.cli.main import main

for command in sys.stdin.read().splitlines():
    sys.argv = ["standpunt", *command.split()]
    try:
        main()
    except SystemExit as end:
        print("ENDED", command.split()[0], end.code, *[name for name in heavy if name in sys.modules])
"""


def ended(commands, how, folder):
    """Return what each command ended with, the exit code first, and all that was written to standard error."""
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, ",".join(HEAVY), how],
        input="\n".join(commands),
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("ENDED")]
    assert len(lines) == len(commands), done.stderr
    return lines, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("how", ["missing", "present"])
def test_what_needs_no_network_does_without(tmp_path, how):
    linear = "model=two_stage model@model.second=tfidf task=stance_joint"
    commands = [
        f"turns {REPORT}",
        f"check {REPORT}",
        f"report {DEBATE / 'stance.adjudicated.jsonl'}",
        f"predict standpunt-nl {REPORT} --issues no_fly_zone --out shipped.csv",
        f"run baselines {linear} debug=smoke limit_rows=30 evaluation.test=[] save_model=true hydra.mode=RUN",
    ]
    lines, errors = ended(commands, how, tmp_path)
    assert lines == [[command.split()[0], "0"] for command in commands], errors
    (model,) = tmp_path.glob("runs/baselines/*/model")
    assert (model / "second" / "weights.safetensors").is_file()
    own = f"predict {model} {REPORT} --issues no_fly_zone --out own.csv"
    assert ended([own], how, tmp_path)[0] == [["predict", "0"]]
    assert (tmp_path / "own.csv").read_text("utf-8").count("p_favor") == 1


@pytest.mark.slow
def test_what_needs_a_network_says_what_is_missing(tmp_path):
    commands = [
        f"predict standpunt-comments-e5 {REPORT} --issues no_fly_zone --anyway --out one.csv",
        "run baselines model=embeddings debug=smoke limit_rows=30 evaluation.test=[] hydra.mode=RUN",
        f"predict {REPORT} --issues no_fly_zone --out out.csv",
    ]
    lines, errors = ended(commands, "missing", tmp_path)
    assert lines == [["predict", "2"], ["run", "2"], ["predict", "0"]], errors
    assert errors.count("which is not installed; install it (pip install ") == 2
    assert "model: standpunt-nl (" in errors  # and not the default, which has an encoder
    assert "Traceback" not in errors


@pytest.mark.parametrize("how", ["missing", "present"])
def test_what_is_missing_cannot_be_imported(tmp_path, how):
    (tmp_path / "torch.py").touch()  # stands first in the path
    command = [sys.executable, "-c", COMMANDS + "import torch", "torch", how]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert ("No module named 'torch'" in done.stderr) is (how == "missing")
    assert (done.returncode == 0) is (how == "present")
