"""Models found by the name they ship under."""

import pytest

from standpunt.errors import ModelError
from standpunt.models import Model, shipped


@pytest.fixture
def ships(monkeypatch, tmp_path):
    place = tmp_path / "models"
    (place / "one").mkdir(parents=True)
    monkeypatch.setattr(shipped, "MODELS", place)
    return place


def test_by_name(ships):
    assert shipped.shipped_models() == ("one",)
    assert shipped.model_folder("one") == ships / "one"


def test_a_folder_of_the_users_goes_first(ships, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one").mkdir()
    assert not shipped.model_folder("one").is_relative_to(ships)


def test_other_names_are_folders(ships):
    assert shipped.model_folder("two").name == "two"
    with pytest.raises(ModelError, match=r"two: no such model folder; .*comes with the package \(one\)"):
        Model.load("two")
