"""Frozen embeddings beyond the contract: what is embedded, how often, and by which encoder."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from standpunt.encoders.resolve import resolve_encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.errors import InputError, ModelError
from standpunt.models import Model
from standpunt.models.frozen.embeddings import Embeddings, EmbeddingsConfig, _features
from standpunt.models.frozen.vectors import Vectors, vectors_of
from standpunt.models.windows.cutting import windows
from tiny_bert import POSITIONS, save_tiny_bert

WORDS = ["brug", "de brug", "De brug moet open.", "De sluis blijft dicht, voorzitter.", "Ja.", ""]


@pytest.fixture
def vectors(tiny_encoder):
    return Vectors(SentenceEncoder(resolve_encoder(tiny_encoder), precision="float32"), 64)


def counted(vectors, monkeypatch):
    """Return a list that fills with the batches the network sees, as texts."""
    seen, encoder = [], vectors.encoder
    whole, forward = encoder.tokenizer, encoder.vectors

    def read(tokens, skip=0):
        seen.append([whole.decode(part, skip_special_tokens=True) for part in tokens])
        return forward(tokens, skip)

    monkeypatch.setattr(encoder, "vectors", read)
    return seen


# Vectors.
def test_vectors_are_means_of_the_last_layer(vectors, tiny_encoder):
    network, tokenizer = AutoModel.from_pretrained(tiny_encoder).eval(), AutoTokenizer.from_pretrained(tiny_encoder)
    for text, found in zip(WORDS, vectors.vectors(WORDS), strict=True):
        with torch.inference_mode():
            mean = network(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(dim=0).numpy()
        np.testing.assert_allclose(found, mean / np.linalg.norm(mean), atol=1e-5)


def test_each_distinct_text_is_read_once_in_batches_of_the_same_length(vectors, monkeypatch):
    seen = counted(vectors, monkeypatch)
    texts = ["ja ja", "de de", "ja", "de", "ja de", ""]
    found = vectors.vectors([*texts, *texts[::-1]], batch_size=2)
    np.testing.assert_array_equal(found[: len(texts)], found[len(texts) :][::-1])
    lengths = [{len(vectors.encoder.tokenizer(text)["input_ids"]) for text in batch} for batch in seen]
    assert all(len(batch) <= 2 for batch in seen)
    assert all(len(several) == 1 for several in lengths)
    assert [next(iter(several)) for several in lengths] == sorted(next(iter(several)) for several in lengths)
    assert sum(map(len, seen)) == len(texts)
    np.testing.assert_array_equal(vectors.vectors(texts[2:4]), found[2:4])
    assert sum(map(len, seen)) == len(texts)


def test_only_so_many_vectors_are_remembered(vectors, monkeypatch):
    monkeypatch.setattr("standpunt.models.frozen.vectors._KEPT", 3)
    seen = counted(vectors, monkeypatch)
    assert vectors.vectors(WORDS).shape == (6, 32)
    assert len(vectors._known) == 3
    read = sum(map(len, seen))
    vectors.vectors(WORDS)
    assert (read, sum(map(len, seen))) == (6, 9)


def test_progress_of_many_texts_is_told(vectors, monkeypatch):
    monkeypatch.setattr("standpunt.models.frozen.vectors._MANY", 10)
    told = []
    texts = [f"zin {number}" for number in range(25)]
    vectors.vectors(texts, batch_size=2, watch=lambda done, total, loss: told.append((done, total)))
    assert {total for _, total in told} == {25}
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 10
    assert told[-1] == (25, 25)


def test_the_same_encoder_is_loaded_once_and_another_at_its_place_anew(tmp_path):
    folder = save_tiny_bert(tmp_path / "encoder", WORDS)
    first = vectors_of(resolve_encoder(str(folder)), 64)
    assert vectors_of(resolve_encoder(str(folder)), 64) is first
    other = vectors_of(resolve_encoder(str(folder)), 64, prefix="query: ")
    assert other is not first
    assert other.encoder is first.encoder
    shutil.rmtree(folder)
    save_tiny_bert(folder, WORDS, seed=1)
    again = vectors_of(resolve_encoder(str(folder)), 64)
    assert not np.allclose(again.vectors(WORDS[:1]), first.vectors(WORDS[:1]))


# The model.
def test_features_by_hand():
    found = _features(np.array([[1.0, -2.0]], np.float32), np.array([[0.5, 3.0]], np.float32))
    np.testing.assert_array_equal(found, [[1, -2, 0.5, 3, 0.5, 5, 0.5, -6]])


def test_it_learns_and_names_the_window(make):
    said = {"favor": "Ik ben voor.", "against": "Ik ben tegen."}
    rows = [
        {"issue": f"i{n % 4}", "proposition": f"Voorstel {n % 4} moet door.", "text": f"{said[label]} Dat is {n}.",
         "label": label, "evidence": []}
        for n in range(40) for label in said
    ]  # fmt: skip
    model = make("embeddings", dev_share=0.0, c=1.0, window_words=5).fit(rows)
    assert isinstance(model, Embeddings)
    assert model.predict(rows) == [row["label"] for row in rows]
    long = "De zon schijnt vandaag weer. Ik ben tegen. De zon schijnt vandaag weer."
    probabilities, spans = model.predict_with_evidence([{**rows[0], "text": long}])
    np.testing.assert_array_equal(probabilities, model.predict_proba([{**rows[0], "text": long}]))
    assert spans[0] in windows(long, 5)
    assert probabilities[0].argmax() == 1


def test_prefix_is_part_of_what_is_read(make, rows):
    models = [make("embeddings", prefix=prefix).fit(rows[:20]) for prefix in ("", "vraag: ")]
    one, other = (model.predict_proba(rows[:5]) for model in models)
    assert np.abs(one - other).max() > 1e-4


def test_turns_and_issues_of_any_length(make, rows):
    model = make("embeddings").fit(rows[:10])
    texts = ["", " \n ", "Ja.", " ".join(["Dat is een zin van zes woorden."] * 15_000), "woord " * 100_000]
    given = [{**rows[0], "text": text} for text in texts] + [{**rows[0], "proposition": "De brug moet er zijn. " * 100}]
    probabilities, spans = model.predict_with_evidence(given)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)
    assert spans[:2] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("changes", [{"hidden": 16}, {"seed": 1}], ids=str)
def test_another_encoder_at_its_place_is_refused(make, rows, tmp_path, changes):
    texts = [row["text"] for row in rows]
    encoder = save_tiny_bert(tmp_path / "encoder", texts)
    make("embeddings", encoder=str(encoder)).fit(rows[:10]).save(tmp_path / "model")
    shutil.rmtree(encoder)
    save_tiny_bert(encoder, texts, **changes)
    with pytest.raises(ModelError) as caught:
        Model.load(tmp_path / "model")
    message = str(caught.value)
    assert f"encoder '{encoder}' is not the one the model was trained with" in message
    assert "\n" not in message


def test_encoder_that_is_nowhere_is_named(make, rows):
    with pytest.raises(InputError, match="/nothing: no such folder; expected an encoder's folder"):
        make("embeddings", encoder="/nothing").fit(rows[:5])


def test_more_tokens_than_the_encoder_reads_are_refused(make, rows):
    with pytest.raises(InputError, match=f"model.max_tokens is {POSITIONS + 1}; expected {POSITIONS} at most"):
        make("embeddings", max_tokens=POSITIONS + 1).fit(rows[:5])


@pytest.mark.parametrize(
    ("name", "value"),
    [("window_words", 4), ("context_words", 0), ("max_tokens", 15), ("c", 0.0), ("none_per_row", -1.0),
     ("dev_share", 1.0), ("batch_size", 0), ("threads", 0)],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(name, value):
    with pytest.raises(InputError, match=rf"model\.{name} is {value}; expected"):
        replace(EmbeddingsConfig(), **{name: value})
