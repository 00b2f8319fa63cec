"""Rows as records and as examples to train on."""

import pandas as pd
import pytest
from datasets import Dataset

from standpunt.models.windows.cutting import Reading
from standpunt.models.windows.examples import examples, records

TEXT = "Dat vind ik niet. De brug blijft dicht."
ASKED = "Voorzitter. Wil de minister de brug openen?"


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
