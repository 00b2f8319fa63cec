"""What sets the project up elsewhere, uv and containers, as far as it can be checked without them."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
needs_repository = pytest.mark.skipif(
    not (ROOT / "Dockerfile").is_file(), reason="a source distribution has no files for containers"
)


def targets():
    """Return what can be made, and the file that stands for what is installed."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {*re.findall(r"^([a-z-]+):.*##", text, re.M), ".venv/.installed"}


@needs_repository
def test_what_the_image_makes_can_be_made():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    said = [*re.findall(r"\bmake ([\w./-]+)", text), *re.findall(r'"make", "(\w+)"', text)]
    assert set(said) <= targets()
    assert {"run", "test", ".venv/.installed"} <= set(said)  # the two commands of the README, and what both need
    copied = re.findall(r"^COPY (?!--)(\S+) ", text, re.M)
    assert all((ROOT / name).exists() for name in copied)


@needs_repository
def test_the_image_has_a_python_that_the_package_takes():
    least = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    found = re.search(r"^FROM python:3\.(\d+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert int(found[1]) >= int(least.removeprefix(">=3."))


@needs_repository
def test_what_the_image_leaves_out_is_not_part_of_the_project():
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {"src", "configs", "experiments", "tests", "notebooks", "docs", "tools", "Makefile"} & set(left_out)
    assert {".venv", "runs"} <= set(left_out)


@needs_repository
def test_the_dev_container_is_the_image():
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    settings = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))
    assert (ROOT / ".devcontainer" / settings["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert set(re.findall(r"\bmake ([\w./-]+)", settings["postCreateCommand"])) <= targets()


def test_uv_installs_what_the_tests_need():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["dependency-groups"]["dev"] == [f"{project['project']['name']}[dev]"]
    (all_extras,) = [one for one in project["project"]["optional-dependencies"]["dev"] if one.startswith("standpunt[")]
    named = set(all_extras.removeprefix("standpunt[").removesuffix("]").split(","))
    assert named <= set(project["project"]["optional-dependencies"])
    assert {"mlflow", "wandb", "tensorboard"} <= named
