"""An encoder that ships as additions to another: added once, kept, and what is said where they do not fit."""

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from standpunt.encoders import cache
from standpunt.encoders.named import TAUGHT, terms_of
from standpunt.encoders.resolve import Encoder, resolve_encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.encoders.taught import ADDITIONS, DENSE, SETTINGS, merge, taught
from standpunt.errors import InputError
from standpunt.storage.paths import ENCODERS

LAYER, WIDE = "encoder.layer.0.intermediate.dense", 5


@pytest.fixture
def additions(tmp_path, tiny):
    """Return a folder with an addition of rank 2 to one layer of the tiny encoder, and a dense layer."""
    rng, (out, given) = np.random.default_rng(0), tiny.tensors[f"{LAYER}.weight"].shape
    source = tmp_path / "additions"
    source.mkdir()
    factors = {
        f"{LAYER}.down": rng.normal(size=(2, given)).astype("float16"),
        f"{LAYER}.up": rng.normal(size=(out, 2)).astype("float16"),
    }
    save_file(factors, source / ADDITIONS)
    dense = {"linear.weight": rng.normal(size=(WIDE, given)), "linear.bias": rng.normal(size=WIDE)}
    save_file({name: tensor.astype("float16") for name, tensor in dense.items()}, source / DENSE)
    (source / SETTINGS).write_text(json.dumps({"prompts": {"query": "query: "}}), encoding="utf-8")
    return source


def test_additions_are_added_to_their_layers_alone(folder, additions, tiny, tmp_path):
    merge(folder, additions, tmp_path / "merged")
    weights, factors = load_file(tmp_path / "merged" / "model.safetensors"), load_file(additions / ADDITIONS)
    added = factors[f"{LAYER}.up"].astype("float32") @ factors[f"{LAYER}.down"].astype("float32")
    for name, tensor in tiny.tensors.items():
        expected = tensor + added if name == f"{LAYER}.weight" else tensor
        np.testing.assert_allclose(weights[name], expected, atol=1e-6)


def test_vectors_are_the_mean_of_the_last_layer_through_the_dense_one(folder, additions, tmp_path):
    merge(folder, additions, tmp_path / "merged")
    encoder = SentenceEncoder(Encoder("taught", str(tmp_path / "merged")), precision="float32", threads=1)
    assert encoder.files.prompt(None, "taught") == "query: "
    tokens = encoder.tokens("query: ", ["de brug moet open."], 32)
    (vector,) = encoder.vectors(tokens)
    network, dense = Encoder("taught", str(tmp_path / "merged")).encoder().eval(), load_file(additions / DENSE)
    with torch.inference_mode():
        mean = network(torch.tensor(tokens)).last_hidden_state[0].mean(dim=0).numpy()
    expected = dense["linear.weight"].astype("float32") @ mean + dense["linear.bias"].astype("float32")
    np.testing.assert_allclose(vector, expected / np.linalg.norm(expected), atol=1e-5)


def test_additions_to_another_encoder_are_refused_and_nothing_is_left(folder, additions, tmp_path):
    save_file(
        {f"{LAYER}.down": np.ones((2, 3), "float16"), f"{LAYER}.up": np.ones((3, 2), "float16")}, additions / ADDITIONS
    )
    with pytest.raises(InputError, match="do not fit onto"):
        merge(folder, additions, tmp_path / "merged")
    (additions / ADDITIONS).write_bytes(b"no tensors")
    with pytest.raises(InputError, match="install standpunt again"):
        merge(folder, additions, tmp_path / "merged")
    assert {path.name for path in tmp_path.iterdir()} == {"additions"}


@pytest.mark.parametrize("name", TAUGHT)
def test_what_ships_is_made_once_and_names_the_terms_of_its_teacher(name, monkeypatch, tmp_path):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    encoder = resolve_encoder(name)
    made = taught(name)
    assert encoder.place == str(made)
    before = (made / "model.safetensors").stat().st_mtime_ns
    assert taught(name) == made
    assert (made / "model.safetensors").stat().st_mtime_ns == before
    assert [path.name for path in made.parent.iterdir() if path.name.startswith(".")] == []
    terms = terms_of(name)
    assert terms is not None
    assert terms.name in (ENCODERS / name / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TAUGHT)
def test_what_ships_finds_the_text_that_means_the_same(name):
    encoder = SentenceEncoder(resolve_encoder(name), precision="float32")
    texts = [
        "Wij steunen dit voorstel.",
        "Dit plan heeft onze instemming.",
        "Wij zijn tegen dit voorstel.",
        "Het regent.",
    ]
    one, same, other, weather = (
        encoder.vectors(tokens[None])[0] for tokens in map(np.array, encoder.tokens("query: ", texts, 64))
    )
    assert one @ same > one @ weather
    assert one @ other > other @ weather
    assert len(one) == 768
