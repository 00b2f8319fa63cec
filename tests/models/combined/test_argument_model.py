"""Argument models as folders: the one that ships, and what is wrong with others."""

import re
import shutil

import pytest

from sentence_models import make_part
from standpunt.errors import InputError, ModelError
from standpunt.models.base import Model
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.shipped import model_folder, shipped_models
from standpunt.storage.paths import MODELS
from standpunt.tasks import PARTS, TASKS

NAME = "standpunt-nl-arguments"


@pytest.fixture(scope="module")
def shipped():
    return ArgumentModel.load(NAME)


def test_the_shipped_one_is_small_and_has_its_card(shipped):
    assert NAME in shipped_models()
    files = [path for path in (MODELS / NAME).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    card = (MODELS / NAME / "README.md").read_text(encoding="utf-8")
    for words in ("synthetic", "component", "frame", "link", "tk-ukraine", "--arguments"):
        assert words in card
    for part in PARTS:
        model = getattr(shipped, part)
        assert (model.provenance.task, set(model.labels)) == (part, set(TASKS[part].labels))
        assert f"{model.provenance.rows} rows" in card
    assert re.fullmatch("[0-9a-f]{64}", shipped.sha256)


def test_a_folder_goes_before_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert model_folder(NAME) == MODELS / NAME
    (tmp_path / NAME).mkdir()
    assert model_folder(NAME).resolve() == tmp_path / NAME


def test_cards_of_sentence_models_speak_of_sentences(tmp_path):
    make_part("component").save(tmp_path / "one")
    card = (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
    assert "This model classifies a sentence of a turn: claim, premise, none." in card
    assert "argument-mining" in card
    assert "## Issues" not in card
    assert "--arguments" in card


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(MODELS / NAME, tmp_path / "models")


def test_unknown_names_and_folders():
    with pytest.raises(InputError, match=f"did you mean '{NAME}'"):
        model_folder("standpunt-nl-argument")
    with pytest.raises(InputError, match="no/such: no such model folder"):
        model_folder("no/such")


def test_a_part_is_missing(folder):
    shutil.rmtree(folder / "frame")
    with pytest.raises(
        InputError, match="it has no folder frame; expected a folder with a saved model in each of comp"
    ):
        ArgumentModel.load(folder)


def test_a_part_is_of_another_task(folder):
    shutil.rmtree(folder / "frame")
    shutil.copytree(folder / "component", folder / "frame")
    with pytest.raises(InputError, match=r"frame: its model is of task component with the labels .* of task frame"):
        ArgumentModel.load(folder)


def test_a_single_model_is_no_argument_model(folder):
    with pytest.raises(InputError, match="a single model, of task link; expected a folder"):
        ArgumentModel.load(folder / "link")


def test_a_part_is_damaged(folder):
    (folder / "link" / "weights.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="link"):
        ArgumentModel.load(folder)


def test_a_changed_part_changes_the_hash(shipped, folder):
    shutil.rmtree(folder / "frame")
    model = Model.load(MODELS / NAME / "frame")
    model.config.name = "other"
    model.save(folder / "frame")
    assert ArgumentModel.load(folder).sha256 != shipped.sha256
    assert ArgumentModel.load(MODELS / NAME).sha256 == shipped.sha256
