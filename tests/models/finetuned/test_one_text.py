"""An encoder of sentences that reads proposition, sides and window as one text."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from standpunt.annotation.issues import load_issue
from standpunt.encoders.resolve import Encoder
from standpunt.errors import InputError, ModelError
from standpunt.models import Model, build
from standpunt.models.finetuned.fresh import fresh_mean_classifier
from standpunt.models.finetuned.onnx import to_onnx
from standpunt.models.finetuned.pairs import logits
from standpunt.models.finetuned.parts import unwrapped
from standpunt.models.finetuned.settings import CrossEncoderConfig
from standpunt.text.negation import negated
from tiny_bert import save_tiny_bert
from tiny_gemma import PROMPTS, save_tiny_gemma

LABELS = ("favor", "against", "neutral")
ISSUE = load_issue("rent_freeze")
PROPOSITION = ISSUE.proposition["nl"]
FOR, AGAINST = "De huren moeten nu bevroren worden.", "Wij zijn tegen het bevriezen van de huren."
BESIDE = "Over het weer valt niets te zeggen. Wij danken de bode voor de koffie."
SETTINGS = {
    "head": "mean", "prompt": "Classification", "trained_layers": 2, "lora_rank": 2, "window_words": 8, "sides": True,
    "max_tokens": 96, "epochs": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    texts = [FOR, AGAINST, BESIDE, PROPOSITION, ISSUE.pro["nl"], ISSUE.con["nl"]]
    return save_tiny_gemma(tmp_path_factory.mktemp("encoder") / "tiny", texts)


def rows(text=None):
    said = [(FOR, "favor"), (AGAINST, "against"), (f"{BESIDE} {FOR}", "favor"), (BESIDE, "neutral")] * 3
    return [
        {
            "issue": "rent_freeze",
            "proposition": PROPOSITION,
            "text": text or words,
            "label": label,
            "debate": "d",
            "evidence": [],
        }
        for words, label in said
    ]


@pytest.fixture
def untrained(folder):
    """Return a function that builds a reader that trains for a moment."""

    def build_one(**changes):
        config = CrossEncoderConfig(**{"encoder": str(folder), **SETTINGS, **changes})
        return build(config, LABELS, {"rent_freeze": ISSUE})

    return build_one


def network(folder, **changes):
    settings = {"precision": "float32", "prompt": "Classification", "trained_layers": None, **changes}
    torch.manual_seed(0)
    return fresh_mean_classifier(Encoder("tiny", str(folder)), LABELS, **settings).eval()


def test_the_head_reads_the_mean_of_prompt_and_both_texts(folder):
    made, tokenizer = network(folder), Encoder("tiny", str(folder)).tokenizer()
    text = f"{PROMPTS['Classification']}{PROPOSITION} Tekst: {FOR}"
    with torch.inference_mode():
        mean = made.encoder(**tokenizer(text, return_tensors="pt")).last_hidden_state.mean(dim=1)
        expected = made.head(mean).numpy()
    found = logits(made, tokenizer, [(PROPOSITION, FOR), (PROPOSITION, f"{BESIDE} {FOR}")], max_tokens=96)
    np.testing.assert_allclose(found[:1], expected, atol=1e-5)


def test_a_long_proposition_leaves_room_for_the_text(folder):
    made, tokenizer = network(folder), Encoder("tiny", str(folder)).tokenizer()
    pairs = [(PROPOSITION * 20, text) for text in (FOR, AGAINST)]
    one, other = logits(made, tokenizer, pairs, max_tokens=60)
    assert not np.allclose(one, other)


@pytest.mark.parametrize(("trained", "kept"), [(1, (0, 1)), (2, (0,)), (3, ()), (9, ()), (None, ())])
def test_only_the_upper_layers_get_additions(untrained, trained, kept):
    model = untrained(trained_layers=trained).fit(rows())
    learnt = {name for name, p in model._members[0].named_parameters() if p.requires_grad and "lora_" in name}
    layers = {int(name.split(".layers.")[1].split(".")[0]) for name in learnt}
    assert layers == {0, 1, 2} - {*kept}
    assert not any("embed_tokens" in name for name in learnt)


@pytest.mark.parametrize("of", ["gemma", "bert"])
def test_a_model_is_the_same_after_a_round_trip_in_both_precisions(untrained, folder, tmp_path, of):
    for precision in ("float32", "bfloat16"):
        changes = {} if of == "gemma" else {"prompt": None}
        encoder = folder if of == "gemma" else save_tiny_bert(tmp_path / "encoder", [FOR, AGAINST, BESIDE, PROPOSITION])
        model = untrained(base_precision=precision, nearest=1, encoder=str(encoder), **changes).fit(rows())
        model.save(tmp_path / f"{of} {precision}")
        loaded = Model.load(tmp_path / f"{of} {precision}")
        np.testing.assert_array_equal(loaded.predict_proba(rows()), model.predict_proba(rows()))
        assert next(unwrapped(loaded._members[0]).encoder.parameters()).dtype == getattr(torch, precision)


def test_half_precision_changes_little(folder):
    tokenizer, pairs = Encoder("tiny", str(folder)).tokenizer(), [(PROPOSITION, FOR), (PROPOSITION, BESIDE)]
    full = network(folder)
    half = network(folder, precision="bfloat16")
    half.head.load_state_dict(full.head.state_dict())
    found = [logits(made, tokenizer, pairs, max_tokens=96) for made in (full, half)]
    np.testing.assert_allclose(*found, atol=0.02)


def test_sides_stand_beside_the_proposition_of_the_issue_and_not_beside_its_opposite(untrained):
    model = untrained(negate=1.0, nearest=1)
    plain = {example.first for example in model._examples(rows(), 0)}
    turned = {example.first for example in model._examples(rows(), 0, negate=True)}
    assert plain == {f"Stelling: {PROPOSITION} Voor: {ISSUE.pro['nl']} Tegen: {ISSUE.con['nl']}"}
    assert f"Stelling: {negated(PROPOSITION)}" in turned


def test_only_the_nearest_windows_are_read(untrained, monkeypatch):
    model = untrained(nearest=1).fit(rows())
    seen = []

    def read(network, tokenizer, pairs, **_):
        seen.extend(pairs)
        return np.zeros((len(pairs), len(LABELS)))

    monkeypatch.setattr("standpunt.models.finetuned.cross_encoder.logits", read)
    model.predict_proba(rows(f"{BESIDE} {FOR} {BESIDE}"))
    assert {text for _, text in seen} == {FOR}
    assert len(seen) == len(rows())
    read_in_training = {example.second for example in model._examples(rows(f"{BESIDE} {FOR} {BESIDE}"), 0)}
    assert read_in_training == {FOR}


def test_it_goes_on_from_one_of_its_kind(untrained, tmp_path):
    untrained().fit(rows()).save(tmp_path / "first")
    untrained(start_from=str(tmp_path / "first")).fit(rows())
    with pytest.raises(ModelError, match="trained_layers"):
        untrained(start_from=str(tmp_path / "first"), trained_layers=1).fit(rows())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tuning": "full"}, "model.tuning is full; expected lora"),
        ({"trained_layers": 0}, "model.trained_layers is 0; expected 1 or more"),
        ({"base_precision": "int8"}, "model.base_precision is int8; expected one of"),
        ({"nearest": -1}, "model.nearest is -1; expected 0 or more"),
        ({"head": "segments"}, "model.trained_layers is 2; expected null, unless model.head is mean"),
        ({"head": "segments", "trained_layers": None}, "model.prompt is Classification; expected null, unless"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changes, expected):
    with pytest.raises(InputError, match=expected):
        replace(CrossEncoderConfig(**SETTINGS), **changes)


def test_other_tasks_are_read_in_training_as_in_prediction(untrained):
    model = untrained(nearest=1)
    task = model._made(rows(f"{BESIDE} {FOR} {BESIDE}"), LABELS, 1.0, 0)
    assert {(example.first[:9], example.second) for example in task} == {("Stelling:", FOR)}


def test_it_is_not_converted_rather_than_read_wrongly(untrained):
    pytest.importorskip("onnxruntime", reason="onnxruntime comes with standpunt[onnx]")
    with pytest.raises(InputError, match="use runtime torch"):
        to_onnx(untrained().fit(rows()))


def test_a_prompt_that_the_encoder_does_not_have_is_refused(untrained):
    with pytest.raises(InputError, match="prompt of encoder"):
        untrained(prompt="Clustering").fit(rows())
