"""Decomposed layers: the same as the whole network, each text is read once, and only the layers above are trained."""

import numpy as np
import pytest
import torch

from standpunt.encoders.resolve import Encoder
from standpunt.errors import InputError, ModelError
from standpunt.models import Model, build
from standpunt.models.finetuned.fresh import fresh_classifier
from standpunt.models.finetuned.pairs import DecomposedReader, JointReader, logits, reader
from standpunt.models.finetuned.settings import CrossEncoderConfig
from tiny_bert import save_tiny_bert

LABELS = ("favor", "against")
TEXTS = [f"Wij {word} de brug {'nog lang ' * number}niet." for number, word in enumerate(["willen", "bouwen", "zien"])]
PAIRS = [(f"Er komt een {what}.", text) for what in ("brug", "tunnel") for text in TEXTS]
SETTINGS = {"n_seeds": 1, "epochs": 2, "lora_rank": 2, "window_words": 12, "max_tokens": 48, "decomposed_layers": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_bert(tmp_path_factory.mktemp("encoder"), TEXTS, layers=3)


@pytest.fixture
def encoder(folder):
    return Encoder("tiny", str(folder))


@pytest.fixture
def network(encoder):
    torch.manual_seed(0)
    return fresh_classifier(encoder, LABELS, decomposed_layers=2).eval()


def made(config):
    return build(config, LABELS, {})


def rows():
    return [
        {"issue": first, "proposition": first, "text": second, "label": LABELS[number % 2]}
        for number, (first, second) in enumerate(PAIRS)
    ]


def test_as_the_whole_network_says_of_both_texts(network, encoder):
    tokenizer = encoder.tokenizer()
    values = logits(network, tokenizer, PAIRS, max_tokens=48)
    with torch.inference_mode():
        encoded = tokenizer(*map(list, zip(*PAIRS, strict=True)), padding=True, return_tensors="pt")
        whole = network(**encoded).logits.numpy()
    np.testing.assert_allclose(values, whole, atol=1e-5)
    alone = [logits(network, tokenizer, [pair], max_tokens=48)[0] for pair in PAIRS]
    np.testing.assert_allclose(values, alone, atol=1e-5)


def test_two_tokens_between_the_texts_are_no_part_of_either(network, encoder):
    ids = encoder.tokenizer()(*PAIRS[0], return_tensors="pt")["input_ids"]
    end = int((ids[0] == network.config.separator).nonzero()[0])
    doubled = torch.cat([ids[:, : end + 1], ids[:, end:]], dim=1)
    with torch.inference_mode():
        torch.testing.assert_close(network(doubled).logits, network(ids).logits)


def test_each_distinct_text_is_read_once(network, encoder, monkeypatch):
    read, texts = network.read, []
    monkeypatch.setattr(network, "read", lambda ids, mask: texts.extend(ids) or read(ids, mask))
    reading = reader(network, encoder.tokenizer(), 48)
    reading.read(PAIRS * 5, batch_size=4)
    assert len(texts) == len({text for pair in PAIRS for text in pair})
    reading.remember(["iets anders"])
    assert set(reading._known) == {"iets anders"}  # what is not read next is forgotten
    told = []
    reading.remember(TEXTS, keep=True, watch=lambda *progress: told.append(progress[:2]))
    reading.remember([])
    assert set(reading._kept) == set(TEXTS)
    assert told == [(3, 3)]


def test_memory_is_bounded_by_a_group_of_batches(network, encoder, monkeypatch):
    reading = reader(network, encoder.tokenizer(), 48)
    most = []
    said = reading.logits
    monkeypatch.setattr(reading, "logits", lambda pairs: most.append(len(reading._known)) or said(pairs))
    many = [("Er komt een brug.", f"Wij bouwen {number} bruggen.") for number in range(200)]
    reading.read(many, batch_size=1)
    assert max(most) <= 17 < len(many)


def test_the_kind_of_network_decides(network, encoder):
    assert type(reader(network, encoder.tokenizer(), 48)) is DecomposedReader
    assert type(reader(fresh_classifier(encoder, LABELS), encoder.tokenizer(), 48)) is JointReader


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_only_what_is_above_is_trained(folder, tuning):
    model = made(CrossEncoderConfig(encoder=str(folder), tuning=tuning, learning_rate=1e-2, **SETTINGS))
    model.fit(rows())
    base = Encoder("tiny", str(folder)).encoder().state_dict()
    network = model._members[0]
    tuned = network.merge_and_unload() if tuning == "lora" else network
    changed = {
        name
        for name, value in tuned.encoder.state_dict().items()
        if "pooler" not in name and not torch.equal(value, base[name])  # which is fresh at every load
    }
    assert {name.split(".")[2] for name in changed} == {"2"}


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_saved_loaded_and_trained_again(folder, tuning, tmp_path):
    config = CrossEncoderConfig(encoder=str(folder), tuning=tuning, **SETTINGS)
    model = made(config).fit(rows(), seed=3)
    model.save(tmp_path / "model")
    np.testing.assert_array_equal(Model.load(tmp_path / "model").predict_proba(rows()), model.predict_proba(rows()))
    again = made(config).fit(rows(), seed=3)
    np.testing.assert_array_equal(again.predict_proba(rows()), model.predict_proba(rows()))
    other = CrossEncoderConfig(
        encoder=str(folder), tuning=tuning, start_from=str(tmp_path / "model"), **SETTINGS | {"decomposed_layers": 1}
    )
    with pytest.raises(ModelError, match="decomposed_layers 2"):
        made(other).fit(rows())


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_trained_in_either_precision_whatever_the_processor(folder, tuning, monkeypatch):
    answers = []
    for mixed in (False, True):

        def context(device, mixed=mixed):
            return torch.autocast(device.type, dtype=torch.bfloat16, enabled=mixed)

        monkeypatch.setattr("standpunt.models.finetuned.finetune.precision", context)
        config = CrossEncoderConfig(encoder=str(folder), tuning=tuning, **SETTINGS | {"learning_rate": 1e-3})
        answers.append(made(config).fit(rows()).predict_proba(rows()))
    np.testing.assert_allclose(*answers, atol=0.02)
    assert (answers[0] != answers[1]).any()


def test_bad_input_is_one_sentence(folder):
    config = CrossEncoderConfig(encoder=str(folder), **SETTINGS | {"decomposed_layers": 3})
    with pytest.raises(InputError, match="decomposed layers: 0 to 2, in encoders of type bert"):
        made(config).fit(rows())
    with pytest.raises(InputError, match=r"model\.decomposed_layers"):
        CrossEncoderConfig(encoder=str(folder), decomposed_layers=-1)
