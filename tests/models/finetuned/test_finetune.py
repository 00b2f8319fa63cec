"""Fine-tuning: every example once an epoch, the best weights kept, and a killed training that loses nothing."""

import json
import random
import shutil
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given, settings

from standpunt.encoders.resolve import resolve_encoder
from standpunt.errors import InputError
from standpunt.models.finetuned import attention
from standpunt.models.finetuned import finetune as module
from standpunt.models.finetuned.checkpoints import Checkpoints
from standpunt.models.finetuned.finetune import dev_loss, finetune
from standpunt.models.finetuned.fresh import fresh_classifier
from standpunt.models.finetuned.pairs import logits, reader
from standpunt.models.finetuned.schedule import Schedule, batches
from standpunt.models.windows.examples import Example
from tiny_bert import save_tiny_bert

WORDS = ("brug", "tunnel", "sluis", "moet", "open", "dicht", "veilig", "duur", "lelijk", "nodig", "nu")
SCHEDULE = Schedule(
    epochs=2, batch_size=4, accumulate=1, learning_rate=3e-3, weight_decay=0.01, max_tokens=48, patience=0,
    evaluate_every=0, checkpoint_every=1,
)  # fmt: skip
N_UPDATES = 10  # 20 examples, two epochs


def examples(count, seed=0):
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        label = draw.randint(0, 1)
        text = " ".join(draw.choices(WORDS[6:] if label else WORDS[:6], k=draw.randint(1, 20)))
        found.append(Example("De brug moet open.", text, label, draw.choice([0.5, 1.0, 2.0])))
    return found


TRAIN, DEV = examples(20), examples(8, seed=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(save_tiny_bert(tmp_path_factory.mktemp("encoder"), [" ".join(WORDS)] * 3, hidden=16, layers=1))


@pytest.fixture
def network(folder):
    """Return a function that makes the same fresh network each time, and its tokenizer."""

    def make(dropout=0.1):
        torch.manual_seed(5)
        encoder = resolve_encoder(folder)
        made = fresh_classifier(encoder, ("favor", "against"))
        for part in made.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = dropout
        return made, encoder.tokenizer()

    return make


def weights(network):
    return {name: value.numpy().copy() for name, value in network.state_dict().items()}


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


class Killed(Exception):
    pass


def kill_at(update, batch_size=SCHEDULE.batch_size):
    def watch(done, _total, _loss):
        if done == update * batch_size:
            raise Killed

    return watch


# What it learns from.
@given(st.lists(st.integers(0, 400), min_size=1, max_size=700), st.integers(1, 9), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_batches_hold_every_example_once_an_epoch(lengths, size, seed):
    schedule = replace(SCHEDULE, epochs=2, batch_size=size)
    made = list(batches(lengths, schedule, seed))
    half = len(made) // 2
    assert 2 * half == len(made)
    for epoch in (made[:half], made[half:]):
        assert Counter(index for batch in epoch for index in batch) == Counter(range(len(lengths)))
        assert max(map(len, epoch)) <= size
    assert made == list(batches(lengths, schedule, seed))


def test_batches_are_of_like_length_and_in_another_order_each_epoch():
    draw = random.Random(2)
    lengths = [draw.randint(1, 300) for _ in range(400)]
    made = list(batches(lengths, replace(SCHEDULE, batch_size=8), 0))
    spread = np.mean([np.ptp([lengths[index] for index in batch]) for batch in made])
    assert spread < 20
    assert made[:50] != made[50:]
    firsts = [lengths[batch[0]] for batch in made[:50]]
    assert firsts != sorted(firsts)


def test_number_of_updates_is_that_of_the_batches(network):
    seen = []
    facts = finetune(*network(), TRAIN[:18], [], SCHEDULE, seed=0, watch=lambda *progress: seen.append(progress))
    assert facts == {"updates": 10, "examples": 18, "dev_loss": []}
    assert [done for done, _, _ in seen] == list(range(4, 44, 4))
    assert {total for _, total, _ in seen} == {40}


def test_it_learns(network):
    made, tokenizer = network()
    before = dev_loss(reader(made, tokenizer, SCHEDULE.max_tokens), TRAIN)
    finetune(made, tokenizer, TRAIN, [], replace(SCHEDULE, epochs=20), seed=0)
    assert dev_loss(reader(made, tokenizer, SCHEDULE.max_tokens), TRAIN) < before / 2
    assert not made.training


def test_same_seed_same_weights_and_another_seed_others(network):
    found = []
    for seed in (0, 0, 1):
        made, tokenizer = network()
        finetune(made, tokenizer, TRAIN, [], SCHEDULE, seed=seed)
        found.append(weights(made))
    assert same(found[0], found[1])
    assert not same(found[0], found[2])


@pytest.mark.parametrize("fast", [True, False])
def test_attention_is_plain_while_training_in_bfloat16_and_as_before_then(network, monkeypatch, fast):
    monkeypatch.setattr(attention, "multiplies_bfloat16", lambda device: fast)
    trained, tokenizer = network()
    config, seen = trained.base_model.config, set()
    before = config._attn_implementation
    finetune(trained, tokenizer, TRAIN, DEV, SCHEDULE, seed=0, watch=lambda *_: seen.add(config._attn_implementation))
    assert before == config._attn_implementation == "sdpa"
    assert seen == ({"eager"} if fast else {"sdpa"})


def test_only_what_requires_a_gradient_is_trained(network):
    made, tokenizer = network()
    for name, parameter in made.named_parameters():
        parameter.requires_grad_(name.startswith("head."))
    before = weights(made)
    finetune(made, tokenizer, TRAIN, [], SCHEDULE, seed=0)
    changed = {name for name, value in weights(made).items() if not np.array_equal(value, before[name])}
    assert changed == {name for name in before if name.startswith("head.")}


@pytest.mark.parametrize("parts", [2, 3, 4, 9])
def test_accumulated_batches_equal_the_whole_batch(network, monkeypatch, parts):
    monkeypatch.setattr(module, "precision", lambda device: nullcontext())
    found = []
    for accumulate in (1, parts):
        made, tokenizer = network(dropout=0.0)
        made = made.double()  # the order of sums is noise in single precision, which Adam makes large
        schedule = replace(SCHEDULE, batch_size=8, accumulate=accumulate, epochs=1)
        finetune(made, tokenizer, TRAIN, [], schedule, seed=0)
        found.append(weights(made))
    start, _ = network(dropout=0.0)
    assert not same(found[0], weights(start))
    for name in found[0].keys() - {"encoder.encoder.layer.0.attention.self.key.bias"}:  # its gradient is zero
        np.testing.assert_allclose(found[1][name], found[0][name], atol=1e-9)


def test_weight_of_an_example_counts(network):
    heavy = [replace(example, label=0, weight=1000.0 if index else 1.0) for index, example in enumerate(TRAIN)]
    heavy[0] = replace(heavy[0], label=1)
    made, tokenizer = network()
    finetune(made, tokenizer, heavy, [], replace(SCHEDULE, epochs=8, batch_size=20), seed=0)
    said = logits(made, tokenizer, [(heavy[0].first, heavy[0].second)], max_tokens=48)
    assert said[0].argmax() == 0


# Stopping early.
def test_best_weights_are_kept_where_it_gets_worse(network):
    made, tokenizer = network()
    # Labels of dev are the opposite of those of train: the more it learns, the worse.
    turned = [replace(example, label=1 - example.label) for example in TRAIN]
    schedule = replace(SCHEDULE, epochs=6, evaluate_every=1)
    facts = finetune(made, tokenizer, TRAIN, turned, schedule, seed=0)
    assert facts["updates"] == 30 == len(facts["dev_loss"])
    assert dev_loss(reader(made, tokenizer, schedule.max_tokens), turned) == pytest.approx(
        min(facts["dev_loss"]), abs=1e-5
    )
    assert min(facts["dev_loss"]) < facts["dev_loss"][-1]


@pytest.mark.parametrize("patience", [1, 3])
def test_it_stops_after_so_many_evaluations_without_a_better_one(network, patience):
    turned = [replace(example, label=1 - example.label) for example in TRAIN]
    schedule = replace(SCHEDULE, epochs=30, evaluate_every=1, patience=patience)
    told = []
    facts = finetune(*network(), TRAIN, turned, schedule, seed=0, watch=lambda *progress: told.append(progress))
    losses = facts["dev_loss"]
    assert [done for done, _, _ in told] == [*range(4, 4 * facts["updates"] + 1, 4), 600]  # nothing more will come
    assert facts["updates"] == len(losses) < 150
    assert losses.index(min(losses)) == len(losses) - 1 - patience


def test_without_an_interval_dev_is_looked_at_once_an_epoch(network):
    facts = finetune(*network(), TRAIN, DEV, replace(SCHEDULE, epochs=3), seed=0)
    assert len(facts["dev_loss"]) == 3


# Killed and called again.
@pytest.fixture
def uninterrupted(network):
    known = {}

    def train(dev, schedule=SCHEDULE):
        key = (len(dev), schedule)
        if key not in known:
            made, tokenizer = network()
            facts = finetune(made, tokenizer, TRAIN, dev, schedule, seed=3)
            known[key] = weights(made), facts
        return known[key]

    return train


def only(place):
    """Return the one folder in a folder."""
    (found,) = place.iterdir()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("dev", [[], DEV], ids=["without dev", "with dev"])
@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("update", range(1, N_UPDATES + 1))
def test_killed_training_ends_with_the_weights_of_one_that_was_not(
    network, uninterrupted, tmp_path, update, every, dev
):
    schedule = replace(SCHEDULE, checkpoint_every=every, evaluate_every=2, patience=2)
    expected, facts = uninterrupted(dev, schedule)
    place = tmp_path / "checkpoints"
    made, tokenizer = network()
    try:
        finetune(
            made, tokenizer, TRAIN, dev, schedule, seed=3, checkpoints=Checkpoints(place), watch=kill_at(update)
        )  # fmt: skip
    except Killed:
        done = update - 1 - (update - 1) % every
        assert place.is_dir() == bool(done)
        if done:
            assert json.loads((only(place) / "state.json").read_text())["done"] == done
    made, tokenizer = network()
    checkpoints = Checkpoints(place)
    assert finetune(made, tokenizer, TRAIN, dev, schedule, seed=3, checkpoints=checkpoints) == facts
    assert same(weights(made), expected)
    checkpoints.remove()
    assert list(place.iterdir()) == []


def test_killed_again_and_again(network, uninterrupted, tmp_path):
    expected, facts = uninterrupted(DEV)
    checkpoints = Checkpoints(tmp_path)
    for update in range(2, N_UPDATES + 1, 2):
        made, tokenizer = network()
        with pytest.raises(Killed):
            finetune(
                made, tokenizer, TRAIN, DEV, SCHEDULE, seed=3, checkpoints=checkpoints, watch=kill_at(update)
            )  # fmt: skip
    made, tokenizer = network()
    assert finetune(made, tokenizer, TRAIN, DEV, SCHEDULE, seed=3, checkpoints=checkpoints) == facts
    assert same(weights(made), expected)


@pytest.mark.parametrize("patience", [0, 1], ids=["to the end", "stopped early"])
def test_training_that_had_ended_is_not_done_again(network, tmp_path, patience):
    turned = [replace(example, label=1 - example.label) for example in TRAIN]
    schedule = replace(SCHEDULE, epochs=6, evaluate_every=1, patience=patience, checkpoint_every=1000)
    made, tokenizer = network()
    facts = finetune(made, tokenizer, TRAIN, turned, schedule, seed=3, checkpoints=Checkpoints(tmp_path))
    again, _ = network()
    again.forward = None  # nothing is read any more
    assert finetune(again, tokenizer, TRAIN, turned, schedule, seed=3, checkpoints=Checkpoints(tmp_path)) == facts
    assert same(weights(again), weights(made))


@pytest.fixture
def checkpoint(network, tmp_path):
    """Return the folder of a checkpoint of six updates."""
    made, tokenizer = network()
    with pytest.raises(Killed):
        finetune(
            made, tokenizer, TRAIN, DEV, SCHEDULE, seed=3, checkpoints=Checkpoints(tmp_path), watch=kill_at(7)
        )  # fmt: skip
    return only(tmp_path)


@pytest.mark.parametrize("suffix", [".new", ".old"])
def test_killed_while_one_checkpoint_takes_the_place_of_another(network, uninterrupted, checkpoint, suffix):
    expected, facts = uninterrupted(DEV)
    checkpoint.rename(checkpoint.with_name(checkpoint.name + suffix))
    made, tokenizer = network()
    seen = []
    watch = lambda done, *_: seen.append(done)  # noqa: E731
    kept = Checkpoints(checkpoint.parent)
    assert finetune(made, tokenizer, TRAIN, DEV, SCHEDULE, seed=3, checkpoints=kept, watch=watch) == facts
    assert seen == [28, 32, 36, 40]
    assert same(weights(made), expected)
    kept.remove()
    assert list(checkpoint.parent.iterdir()) == []


def other_start(made):
    """Change a weight that is trained."""
    with torch.no_grad():
        made.head[1].weight[0, 0] += 1e-4


def other_encoder(made):
    """Change a weight that is not trained."""
    with torch.no_grad():
        made.encoder.embeddings.word_embeddings.weight[7, 0] += 1e-4


def fewer_trained(made):
    made.encoder.encoder.requires_grad_(False)


OTHERS = {
    "schedule": {"schedule": replace(SCHEDULE, learning_rate=1e-3)},
    "seed": {"seed": 4},
    "fewer examples": {"train": TRAIN[:-1]},
    "other labels": {"train": [replace(example, label=0) for example in TRAIN]},
    "other dev": {"dev": DEV[:-1]},
    "a row of dev in train": {"train": [*TRAIN, DEV[0]], "dev": DEV[1:]},
    "other start": {"change": other_start},
    "other encoder": {"change": other_encoder},
    "fewer weights": {"change": fewer_trained},
}


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS)
def test_another_training_begins_anew_and_leaves_the_checkpoint(network, tmp_path, changes):
    def start(change=None, train=TRAIN, dev=DEV, schedule=SCHEDULE, seed=3, checkpoints=None, watch=None):
        made, tokenizer = network()
        made.encoder.embeddings.requires_grad_(False)
        if change:
            change(made)
        finetune(made, tokenizer, train, dev, schedule, seed=seed, checkpoints=checkpoints, watch=watch)
        return weights(made)

    with pytest.raises(Killed):
        start(checkpoints=Checkpoints(tmp_path), watch=kill_at(7))
    before = {path.name: path.read_bytes() for path in only(tmp_path).iterdir()}
    other = Checkpoints(tmp_path)
    assert same(start(**changes, checkpoints=other), start(**changes))
    other.remove()
    assert {path.name: path.read_bytes() for path in only(tmp_path).iterdir()} == before


@pytest.mark.parametrize("name", ["state.json", "state.safetensors"])
@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"{"), lambda path: path.write_bytes(b"")])
def test_checkpoint_that_is_damaged_is_refused(network, checkpoint, name, damage):
    damage(checkpoint / name)
    with pytest.raises(InputError, match=f"{checkpoint}: the checkpoint is damaged; remove the folder") as caught:
        finetune(*network(), TRAIN, DEV, SCHEDULE, seed=3, checkpoints=Checkpoints(checkpoint.parent))
    assert "\n" not in str(caught.value)


def test_checkpoint_without_its_tensors_is_refused(network, checkpoint):
    (checkpoint / "state.safetensors").unlink()
    with pytest.raises(InputError, match="damaged"):
        finetune(*network(), TRAIN, DEV, SCHEDULE, seed=3, checkpoints=Checkpoints(checkpoint.parent))


def test_folder_of_another_kind_is_no_checkpoint(network, uninterrupted, checkpoint):
    shutil.rmtree(checkpoint)
    checkpoint.mkdir()
    made, tokenizer = network()
    finetune(made, tokenizer, TRAIN, DEV, SCHEDULE, seed=3, checkpoints=Checkpoints(checkpoint.parent))
    assert same(weights(made), uninterrupted(DEV)[0])


# Texts of any length.
def test_logits_do_not_depend_on_what_else_is_asked(network):
    made, tokenizer = network()
    pairs = [(example.first, example.second) for example in TRAIN]
    together = logits(made, tokenizer, pairs, max_tokens=48)
    alone = np.concatenate([logits(made, tokenizer, [pair], max_tokens=48) for pair in pairs])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert logits(made, tokenizer, pairs, max_tokens=48, batch_size=3).shape == together.shape == (20, 2)


@pytest.mark.parametrize("first", ["", "brug", "brug " * 500, "brug" * 3000, "\u00e9\u0301" * 300])
@pytest.mark.parametrize("second", ["", "open", "open " * 100_000])
def test_texts_of_any_length(network, first, second):
    made, tokenizer = network()
    values = logits(made, tokenizer, [(first, second)], max_tokens=48)
    assert values.shape == (1, 2)
    assert np.isfinite(values).all()


def test_first_text_leaves_half_of_the_room_to_the_second(network, monkeypatch):
    made, tokenizer = network()
    lengths = []
    forward = made.forward

    def look(input_ids, **others):
        ended = (input_ids[0] == tokenizer.sep_token_id).nonzero()[0].item()
        lengths.append((ended - 1, input_ids.shape[1]))
        return forward(input_ids=input_ids, **others)

    monkeypatch.setattr(made, "forward", look)
    logits(made, tokenizer, [("brug " * 100, "open " * 100)], max_tokens=48)
    logits(made, tokenizer, [("brug " * 10, "open " * 100)], max_tokens=48)
    logits(made, tokenizer, [("brug " * 100, "open")], max_tokens=48)
    assert lengths == [(24, 48), (10, 48), (24, 28)]


def test_checkpoint_on_a_full_disk_is_an_error_in_one_sentence(network, tmp_path, monkeypatch):
    from safetensors import torch as safetensors_torch

    from standpunt.errors import StandpuntError

    def fill_the_disk(*_):
        raise RuntimeError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(safetensors_torch, "save_file", fill_the_disk)
    with pytest.raises(StandpuntError, match="No space left on device"):
        finetune(*network(), TRAIN, [], SCHEDULE, seed=0, checkpoints=Checkpoints(tmp_path / "c"))
    shutil.rmtree(tmp_path / "c", ignore_errors=True)
    assert list(tmp_path.iterdir()) == []
