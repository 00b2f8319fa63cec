"""Vectors of encoders with all that belongs to them, against what sentence-transformers makes, worked out by hand.

On 1 December 2026 the poolings here were also compared with sentence-transformers 6.2.0 itself: 6e-7 apart at most.
"""

import shutil

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from transformers import AutoTokenizer, Gemma3TextModel

from standpunt.encoders.resolve import Encoder, resolve_encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.errors import InputError
from standpunt.models.frozen.vectors import Vectors, vectors_of
from tiny_gemma import PROMPTS, WIDTH, save_dense, save_tiny_gemma, write_json

TEXTS = ["De brug moet open, voorzitter.", "Ja.", "De sluis blijft dicht en dat is maar goed ook.", "", "brug brug"]
POOLINGS = [
    ({"pooling_mode_mean_tokens": True}, ["mean"]),
    ({"pooling_mode_cls_token": True}, ["cls"]),
    ({"pooling_mode_lasttoken": True}, ["last"]),
    (
        {"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True, "pooling_mode_cls_token": False},
        ["max", "mean"],
    ),
    ({"pooling_mode_mean_sqrt_len_tokens": True}, ["root"]),
    ({"pooling_mode_weightedmean_tokens": True}, ["weighted"]),
    ({"pooling_mode": ["cls", "mean"]}, ["cls", "mean"]),
    ({"pooling_mode": "lasttoken"}, ["last"]),
    ({"pooling_mode_mean_tokens": True, "include_prompt": False}, ["mean"]),
    ({"pooling_mode_cls_token": True, "include_prompt": False}, ["cls"]),
    ({"pooling_mode_weightedmean_tokens": True, "include_prompt": False}, ["weighted"]),
]
PROMPT = PROMPTS["Classification"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_gemma(tmp_path_factory.mktemp("gemma") / "tiny", TEXTS)


def loaded(folder, **options):
    return SentenceEncoder(Encoder("tiny", str(folder)), **{"precision": "float32", **options})


def by_hand(folder, text, prompt, ways=("mean",), include_prompt=True):
    """Return the vector of one text: the network alone from transformers, all else in numpy."""
    network, tokenizer = Gemma3TextModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        hidden = network(torch.tensor([tokenizer(prompt + text)["input_ids"]])).last_hidden_state[0].numpy()
    skip = 0 if include_prompt else len(tokenizer(prompt)["input_ids"]) - 1
    kept, place = hidden[skip:], np.arange(skip + 1, len(hidden) + 1)[:, None]
    known = {
        "cls": kept[0], "max": kept.max(0), "mean": kept.mean(0), "root": kept.sum(0) / len(kept) ** 0.5,
        "weighted": (kept * place).sum(0) / place.sum(), "last": kept[-1],
    }  # fmt: skip
    vector = np.concatenate([known[way] for way in ways])
    for layer in ("2_Dense", "3_Dense"):
        vector = load_file(folder / layer / "model.safetensors")["linear.weight"] @ vector
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize(("pooling", "ways"), POOLINGS, ids=[f"{' '.join(w)} {len(p)}" for p, w in POOLINGS])
def test_vectors_are_those_of_the_whole_pipeline(tmp_path, pooling, ways):
    folder = save_tiny_gemma(tmp_path / "tiny", TEXTS, pooling=pooling)
    vectors = Vectors(loaded(folder), 96, PROMPT).vectors(TEXTS)
    expected = [by_hand(folder, text, PROMPT, ways, pooling.get("include_prompt", True)) for text in TEXTS]
    assert vectors.shape == (len(TEXTS), WIDTH)
    np.testing.assert_allclose(vectors, expected, atol=2e-6)


def test_attention_goes_both_ways(folder):
    """The last word changes what becomes of the first: EmbeddingGemma is no language model."""
    pooling = {"word_embedding_dimension": WIDTH, "pooling_mode_cls_token": True}
    other = folder.with_name("cls")
    shutil.copytree(folder, other)
    write_json(other / "1_Pooling" / "config.json", pooling)
    one, two = Vectors(loaded(other), 96).vectors(["brug moet open", "brug moet dicht"])
    assert not np.allclose(one, two, atol=1e-3)


def test_prompts_are_found_by_name_and_the_encoders_own_is_the_default(tmp_path, folder):
    encoder = resolve_encoder(str(folder))
    expected = by_hand(folder, TEXTS[0], PROMPT)
    options = {"precision": "float32"}
    named = vectors_of(encoder, 96, prompt="Classification", **options).vectors(TEXTS[:1])[0]
    np.testing.assert_allclose(named, expected, atol=2e-6)
    prefixed = vectors_of(encoder, 96, prefix=PROMPT, **options).vectors(TEXTS[:1])[0]
    np.testing.assert_array_equal(named, prefixed)
    bare = vectors_of(encoder, 96, **options).vectors(TEXTS[:1])[0]
    assert not np.allclose(bare, named, atol=1e-3)  # this one has no default
    own = save_tiny_gemma(tmp_path / "own", TEXTS, default_prompt="Classification")
    np.testing.assert_array_equal(vectors_of(resolve_encoder(str(own)), 96, **options).vectors(TEXTS[:1])[0], named)
    np.testing.assert_array_equal(
        vectors_of(resolve_encoder(str(own)), 96, prefix="", **options).vectors(TEXTS[:1])[0], bare
    )
    with pytest.raises(InputError, match=r"unknown prompt of encoder .*'Clasification': did you mean 'Classification'"):
        vectors_of(encoder, 96, prompt="Clasification", **options)


def test_dense_layers_with_bias_and_activation(folder, tmp_path):
    other = tmp_path / "tanh"
    shutil.copytree(folder, other)
    draw = np.random.default_rng(1)
    weight, bias = draw.normal(0, 0.3, (8, WIDTH)), draw.normal(0, 0.3, 8)
    save_dense(other / "2_Dense", weight, bias, "torch.nn.modules.activation.Tanh")
    modules = [
        {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.sentence_transformer.modules.Pooling"},
        {"idx": 2, "path": "", "type": "sentence_transformers.models.Normalize"},
        {"idx": 3, "path": "2_Dense", "type": "sentence_transformers.base.modules.dense.Dense"},
    ]
    write_json(other / "modules.json", modules)
    network, tokenizer = Gemma3TextModel.from_pretrained(other).eval(), AutoTokenizer.from_pretrained(other)
    with torch.inference_mode():
        mean = network(**tokenizer("brug", return_tensors="pt")).last_hidden_state[0].mean(0).numpy()
    expected = np.tanh(weight @ (mean / np.linalg.norm(mean)) + bias)
    np.testing.assert_allclose(
        Vectors(loaded(other), 96).vectors(["brug"])[0], expected / np.linalg.norm(expected), atol=1e-6
    )


def test_lower_case_and_length_are_the_encoders_own(folder, tmp_path):
    other = tmp_path / "lower"
    shutil.copytree(folder, other)
    write_json(other / "sentence_bert_config.json", {"max_seq_length": 20, "do_lower_case": True})
    encoder = loaded(other)
    assert encoder.longest == 20
    assert encoder.tokens("", ["DE BRUG"], 20) == encoder.tokens("", ["de brug"], 20)
    with pytest.raises(InputError, match=r"model.max_tokens is 21; expected 20 at most"):
        Vectors(encoder, 21)


def test_a_prompt_that_leaves_no_room_for_the_text_is_no_crash(tmp_path):
    folder = save_tiny_gemma(tmp_path / "t", TEXTS, pooling={"pooling_mode_mean_tokens": True, "include_prompt": False})
    vectors = Vectors(loaded(folder), 16, " ".join(["brug"] * 40)).vectors(["Ja."])
    assert np.isfinite(vectors).all()


# What is missing or not known.
def changed(folder, tmp_path, change):
    other = tmp_path / "changed"
    shutil.copytree(folder, other)
    change(other)
    return other


def write_modules(*steps):
    def change(folder):
        modules = [{"path": path, "type": f"sentence_transformers.models.{kind}"} for kind, path in steps]
        write_json(folder / "modules.json", modules)

    return change


TRANSFORMER, POOLING = ("Transformer", ""), ("Pooling", "1_Pooling")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: shutil.rmtree(f / "2_Dense"), r"2_Dense/config.json is missing from .*copy the whole encoder again"),
        (lambda f: (f / "3_Dense" / "model.safetensors").unlink(), "3_Dense/model.safetensors is missing"),
        (lambda f: shutil.rmtree(f / "1_Pooling"), "1_Pooling/config.json is missing"),
        (lambda f: (f / "2_Dense" / "model.safetensors").write_bytes(b"{"), "model.safetensors is damaged"),
        (lambda f: save_dense(f / "2_Dense", np.ones((4, 7))), rf"takes 7 numbers and gets {WIDTH}, so it is"),
        (lambda f: save_dense(f / "2_Dense", np.ones((4, WIDTH)), None, "my.Own"), "Own; known are Identity"),
        (lambda f: (f / "modules.json").write_text("{"), "modules.json cannot be read as its modules.json"),
        (write_modules(TRANSFORMER, POOLING, ("CNN", "2_CNN")), "step 2 of its modules.json is CNN in 2_CNN; expected"),
        (write_modules(("StaticEmbedding", "")), "step 0 of its modules.json is StaticEmbedding"),
        (write_modules(TRANSFORMER), "has no Pooling"),
        (lambda f: write_json(f / "1_Pooling" / "config.json", {"pooling_mode": "men"}), "did you mean 'mean'"),
    ],
)  # fmt: skip
def test_what_is_incomplete_or_not_known_is_named_in_one_sentence(folder, tmp_path, change, said):
    other = changed(folder, tmp_path, change)
    with pytest.raises(InputError, match=said) as caught:
        loaded(other)
    assert "encoder" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_its_files_an_encoder_is_read_as_a_plain_one(folder, tmp_path):
    plain = changed(folder, tmp_path, lambda f: (f / "modules.json").unlink())
    encoder = loaded(plain)
    assert (encoder.files.pooling, encoder.files.dense, encoder.files.prompts) == (("mean",), (), {})


def test_all_that_changes_a_vector_changes_its_store(folder, tmp_path):
    """Vectors kept in one folder are never taken for those of another prompt, pooling, layer, precision or length."""

    def file(folder, prompt=PROMPT, max_tokens=96, **options):
        return Vectors(loaded(folder, **options), max_tokens, prompt).store(tmp_path / "vectors")._file.path

    def dense(other):
        weight = np.random.default_rng(5).normal(0, 0.3, (WIDTH, 40))
        save_dense(other / "3_Dense", weight)

    pooling = {"word_embedding_dimension": WIDTH, "pooling_mode_lasttoken": True}
    others = {
        "the same": folder,
        "dense": changed(folder, tmp_path / "a", dense),
        "pooling": changed(folder, tmp_path / "b", lambda f: write_json(f / "1_Pooling" / "config.json", pooling)),
        "lower": changed(
            folder, tmp_path / "c", lambda f: write_json(f / "sentence_bert_config.json", {"do_lower_case": True})
        ),
        "weights": save_tiny_gemma(tmp_path / "d", TEXTS, seed=1),
    }
    names = {what: file(other) for what, other in others.items()}
    names |= {"prompt": file(folder, ""), "length": file(folder, max_tokens=64)}
    names |= {"precision": file(folder, precision="bfloat16")}
    assert file(folder) == names["the same"]
    assert len(set(names.values())) == len(names)
