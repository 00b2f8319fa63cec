from dataclasses import dataclass

import numpy as np
import pytest

from standpunt.errors import InputError
from standpunt.models import Model, ModelConfig, build, families, register, registry
from standpunt.models.controls.majority import Majority, MajorityConfig


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    """Undo what a test registers."""
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))


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


def test_unknown_family_suggests_the_nearest():
    with pytest.raises(InputError, match=r"unknown model family 'tfdif': did you mean 'tfidf'\?$"):
        build(ModelConfig("x", "tfdif"), ("favor", "against"), {})


def test_a_module_is_not_a_family():
    with pytest.raises(InputError, match="unknown model family"):
        build(ModelConfig("x", "standpunt.models.controls.majority.Majority"), ("favor", "against"), {})


def test_a_family_of_another_package_is_found_by_its_entry_point(monkeypatch):
    class Point:
        name = "coin"

        def load(self):
            register("coin")(type("Coin", (Majority,), {}))

    class Points(list):
        names = frozenset({"coin"})

    asked = []

    def entry_points(**wanted):
        asked.append(wanted)
        return Points([Point()] if wanted.get("name", "coin") == "coin" else [])

    monkeypatch.setattr(registry, "entry_points", entry_points)
    assert "coin" in families()
    assert isinstance(build(MajorityConfig(family="coin"), ("against", "favor"), {}), Majority)
    assert {"group": "standpunt.models", "name": "coin"} in asked
