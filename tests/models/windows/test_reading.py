"""What of a row is read: windows, and the turn that is answered before them."""

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset

from standpunt.models import Model
from standpunt.models.windows.reading import Reading, examples, records

TEXT = "Dat vind ik niet. De brug blijft dicht."
ASKED = "Voorzitter. Wil de minister de brug openen?"


def test_window_behind_the_end_of_the_turn_that_is_answered():
    row = {"text": TEXT, "context": ASKED}
    first, second = Reading(5).spans(row)
    assert Reading(5).text(row, second) == "De brug blijft dicht."
    assert Reading(5, 3, "[SEP]").text(row, second) == "de brug openen? [SEP] De brug blijft dicht."
    assert Reading(5, 99, "[SEP]").text(row, first) == f"{ASKED} [SEP] Dat vind ik niet."


@pytest.mark.parametrize("row", [{}, {"context": ""}, {"context": None}, {"context": " \n"}])
def test_turn_that_answers_none_is_read_alone(row):
    assert Reading(5, 3, "[SEP]").text({"text": TEXT, **row}, (0, 17)) == "Dat vind ik niet."


@pytest.mark.parametrize("kind", [list, Dataset.from_list, pd.DataFrame])
def test_records_of_any_kind_of_rows(kind):
    rows = [
        {"id": "1", "issue": "b", "proposition": "p", "text": TEXT, "context": None, "label": "favor", "evidence": []},
        {"id": "2", "issue": "b", "proposition": "p", "text": TEXT, "context": ASKED, "label": "none",
         "evidence": [[0, 17]]},
    ]  # fmt: skip
    first, second = records(kind(rows))
    assert (first["context"], second["context"]) == (None, ASKED)
    assert (first["evidence"], second["evidence"]) == ([], [(0, 17)])
    assert "id" not in first


def test_rows_without_context_or_evidence_are_records_too():
    assert records([{"text": TEXT, "issue": "b"}]) == [{"text": TEXT, "issue": "b", "evidence": []}]


def test_examples_carry_the_context():
    row = {"text": TEXT, "context": ASKED, "proposition": "De brug moet open.", "label": "against", "evidence": []}
    made = examples([row], ("favor", "against"), Reading(99, 2, "|"), class_weights=True, none_per_row=1.0, seed=0)
    assert [(e.first, e.second, e.label) for e in made] == [("De brug moet open.", f"brug openen? | {TEXT}", 1)]


@pytest.mark.parametrize("name", ["cross_encoder, context", "embeddings"])
def test_a_model_with_context_answers_to_what_was_asked(make, rows, tmp_path, name):
    model = make(name, n_seeds=1, context=True) if name != "embeddings" else make(name, context=True)
    model.fit(rows[:20]).save(tmp_path / "model")
    given = [{**row, "context": context} for row in rows[:3] for context in ("", ASKED)]
    loaded = Model.load(tmp_path / "model")
    probabilities = loaded.predict_proba(given)
    np.testing.assert_array_equal(probabilities, model.predict_proba(given))
    assert (np.abs(probabilities[::2] - probabilities[1::2]).max(axis=1) > 1e-4).all()


@pytest.mark.parametrize("name", ["cross_encoder", "embeddings"])
def test_a_model_without_context_does_not_see_it(make, rows, name):
    model = (make(name, n_seeds=1, epochs=1) if name == "cross_encoder" else make(name)).fit(rows[:20])
    given = [{**row, "context": context} for row in rows[:3] for context in ("", ASKED)]
    probabilities = model.predict_proba(given)
    np.testing.assert_allclose(probabilities[::2], probabilities[1::2], atol=1e-6)
