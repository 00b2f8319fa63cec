"""Rows without a proposition get that of their issue; what models lack is said in a sentence."""

import pandas as pd
import pytest
from datasets import Dataset

from standpunt.annotation.issues import Issue, load_issue
from standpunt.corpora.rows import with_propositions
from standpunt.errors import InputError
from standpunt.models.base import Model

BOTH = {"nl": "De pont moet gratis.", "en": "The ferry must be free."}
OWN = Issue("ferry", BOTH, BOTH, BOTH, BOTH)
ROWS = [{"issue": "no_fly_zone", "text": "Er moet een no-flyzone komen."}, {"issue": "ferry", "text": "Gratis ponten."}]


@pytest.mark.parametrize("form", [list, pd.DataFrame, Dataset.from_list])
def test_propositions_are_filled_in_from_the_issues_of_the_model_and_those_that_ship(form):
    filled = with_propositions(form(ROWS), {"ferry": OWN})
    found = [row["proposition"] for row in (filled.to_dict("records") if isinstance(filled, pd.DataFrame) else filled)]
    assert found == [load_issue("no_fly_zone").proposition["nl"], "De pont moet gratis."]
    english = with_propositions(form([row | {"language": "en"} for row in ROWS]), {"ferry": OWN})
    said = (
        english["proposition"].tolist()
        if isinstance(english, pd.DataFrame)
        else [row["proposition"] for row in english]
    )
    assert said[1] == "The ferry must be free."


@pytest.mark.parametrize("form", [list, pd.DataFrame, Dataset.from_list])
def test_rows_that_say_it_or_cannot_stay_as_they_are(form):
    for rows in (form([row | {"proposition": "x"} for row in ROWS]), form([{"text": "x"}]), form(ROWS)):
        assert with_propositions(rows, {}) is rows


@pytest.fixture(scope="module")
def model():
    return Model.load("standpunt-nl")


@pytest.mark.parametrize("form", [list, pd.DataFrame, Dataset.from_list])
def test_a_model_answers_on_texts_and_names_of_issues(model, form):
    full = [row | {"proposition": load_issue("no_fly_zone").proposition["nl"]} for row in ROWS[:1]]
    assert model.predict_proba(form(ROWS[:1])) == pytest.approx(model.predict_proba(full))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Een tekst."], r"rows: a str is no row \(row 1\); expected mappings with issue and text"),
        ([{"text": "x"}], "rows have no 'issue', which model standpunt-nl reads"),
        (ROWS, "rows have no 'proposition', which .*, or text and an issue that is defined, as ferry is not"),
        (
            {"text": ["x"], "issue": ["no_fly_zone"]},
            "rows: a dict of columns; expected a list of mappings, a DataFrame",
        ),
        ([ROWS[0], "x"], r"rows: a str is no row \(row 2\)"),
        ([ROWS[0], {"text": "x"}], "rows: row 2 has no 'issue', which row 1 has; give it in all or in none"),
        ([ROWS[0], ROWS[0] | {"proposition": "x"}], "rows: row 1 has no 'proposition', which row 2 has"),
        (
            [ROWS[0], ROWS[0] | {"text": None}],
            "rows: the text of row 2 is nothing; expected a text, which may be empty",
        ),
        (pd.DataFrame([ROWS[0] | {"text": float("nan")}]), "rows: the text of row 1 is nothing"),
        ([ROWS[0] | {"text": 5}], "rows: the text of row 1 is of type int"),
    ],
)
def test_what_rows_lack_is_said(model, rows, said):
    with pytest.raises(InputError, match=said):
        model.predict(rows)
