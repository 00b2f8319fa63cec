"""The real EmbeddingGemma, where it is at hand: against its network from transformers and its layers in numpy."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from transformers import AutoTokenizer, Gemma3TextModel

from standpunt.encoders.named import folder_of
from standpunt.encoders.precision import BFLOAT16, FLOAT32
from standpunt.encoders.resolve import resolve_encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.models.frozen.vectors import Vectors

pytestmark = [
    pytest.mark.skipif(
        folder_of("embeddinggemma") is None,
        reason="EmbeddingGemma is not on this machine: standpunt encoder assemble embeddinggemma, STANDPUNT_ENCODERS",
    ),
    pytest.mark.slow,
]
TEXTS = [
    "Wij zijn tegen de brug, voorzitter: zij kost te veel.",
    "De brug is te duur, dus stemmen wij niet voor.",
    "Morgen wordt het zonnig in het hele land.",
]


@pytest.fixture(scope="module")
def found():
    """Return the vectors of the texts in float32 and in bfloat16, and the prompt that was put before them."""
    vectors, prompt = {}, ""
    for precision in (FLOAT32, BFLOAT16):
        encoder = SentenceEncoder(resolve_encoder("embeddinggemma"), precision=precision, threads=1)
        prompt = encoder.files.prompt("Classification", encoder.name)
        vectors[precision] = Vectors(encoder, 160, prompt).vectors(TEXTS)
    return vectors, prompt


def test_vectors_are_those_of_its_pipeline(found):
    vectors, prompt = found
    assert prompt == "task: classification | query: "
    folder = folder_of("embeddinggemma")
    network, tokenizer = Gemma3TextModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    for text, vector in zip(TEXTS, vectors[FLOAT32], strict=True):
        with torch.inference_mode():
            expected = network(**tokenizer(prompt + text, return_tensors="pt")).last_hidden_state[0].mean(0).numpy()
        for layer in ("2_Dense", "3_Dense"):
            expected = load_file(folder / layer / "model.safetensors")["linear.weight"] @ expected
        np.testing.assert_allclose(vector, expected / np.linalg.norm(expected), atol=1e-5)


def test_what_says_the_same_is_near_in_both_precisions(found):
    for vectors in found[0].values():
        cosines = vectors @ vectors.T
        assert cosines[0, 1] > cosines[0, 2] + 0.2
    assert (found[0][FLOAT32] * found[0][BFLOAT16]).sum(axis=1).min() > 0.999
