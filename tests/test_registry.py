from dataclasses import dataclass

import numpy as np
import pytest

from standpunt import registry
from standpunt.errors import InputError
from standpunt.models import FAMILIES, Model, ModelConfig, build, families, register
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.registry import Registry


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    """Undo what a test registers."""
    monkeypatch.setattr(FAMILIES, "_things", dict(FAMILIES._things))


@pytest.fixture
def offered(monkeypatch):
    """Return a function that makes another package offer a thing under a name, and counts how often it is loaded."""

    def offer(name, load):
        class Point:
            value, dist = "other:thing", None

        Point.load = staticmethod(load)

        class Points(list):
            names = frozenset({name})

            def select(self, name):
                return self if name in self.names else []

        monkeypatch.setattr(registry, "entry_points", lambda **wanted: Points([Point]))

    return offer


def test_a_family_of_ones_own_is_built_by_name():
    @dataclass
    class CoinConfig(ModelConfig):
        name: str = "coin"
        family: str = "coin"
        heads: float = 0.75

    @register("coin")
    class Coin(Model):
        config_class = CoinConfig

        def _fit(self, train, gold, dev, seed):
            self.trained_on = gold.tolist()

        def _predict_proba(self, rows):
            return np.tile([self.config.heads, 1 - self.config.heads], (len(rows), 1))

        def _save_weights(self, folder):
            (folder / "coin.txt").write_text("fair")

        def _load_weights(self, folder):
            self.side = (folder / "coin.txt").read_text()

    model = build(CoinConfig(), ("against", "favor"), {})
    assert isinstance(model, Coin)
    assert model.family == "coin"
    assert "coin" in families()
    assert model.fit([{"label": "favor"}]).trained_on == [1]
    assert model.predict([{}, {}]) == ["against", "against"]


def test_a_family_of_ones_own_is_saved_and_loaded(tmp_path):
    @register("half")
    class Half(Majority):
        pass

    config = MajorityConfig(name="half", family="half")
    build(config, ("favor", "against"), {}).fit([{"label": "favor"}]).save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    assert type(loaded) is Half
    assert loaded.config == config


def test_shipped_families_are_known_before_they_are_imported():
    assert {"majority", "party", "tfidf"} <= set(families())


@pytest.mark.parametrize("name", families())
def test_every_family_that_ships_is_found_where_the_table_says(name):
    assert issubclass(FAMILIES.get(name), Model)


def test_unknown_family_suggests_the_nearest():
    with pytest.raises(InputError, match=r"unknown model family 'tfdif': did you mean 'tfidf'\?$"):
        build(ModelConfig("x", "tfdif"), ("favor", "against"), {})


def test_a_module_is_not_a_family():
    with pytest.raises(InputError, match="unknown model family"):
        build(ModelConfig("x", "standpunt.models.controls.majority.Majority"), ("favor", "against"), {})


def test_a_family_of_another_package_is_found_by_its_entry_point_and_loaded_once(offered):
    loaded = []

    def load():
        loaded.append(1)
        return type("Coin", (Majority,), {})

    offered("coin", load)
    assert "coin" in families()
    for _ in range(2):
        model = build(MajorityConfig(family="coin"), ("against", "favor"), {})
        assert (isinstance(model, Majority), type(model).__name__) == (True, "Coin")
    assert loaded == [1]


def test_what_ships_goes_before_what_another_package_offers(offered):
    offered("majority", lambda: None)
    assert FAMILIES.get("majority") is Majority


def test_a_package_that_cannot_be_imported_is_named_in_one_sentence(offered):
    def load():
        raise ImportError("No module named 'missing'")

    offered("coin", load)
    kind = Registry("tracker", "standpunt.trackers", {})
    with pytest.raises(InputError, match=r"^tracker 'coin' of package other:thing cannot be loaded \(No module named"):
        kind.get("coin")


def test_packages_are_looked_through_anew_once_one_is_installed(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    kind = Registry("tracker", "standpunt.trackers", {})
    assert "coin" not in kind.names()
    info = tmp_path / "coin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: coin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[standpunt.trackers]\ncoin = coin:Coin\n")
    assert "coin" in kind.names()
