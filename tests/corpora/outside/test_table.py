"""A table of labelled texts, to train on and to test on."""

import pandas as pd
import pytest

from standpunt.annotation.issues import load_issue
from standpunt.corpora.loading import load_rows
from standpunt.errors import InputError
from standpunt.tasks import get_task

ROWS = [
    {"tekst": "Ja, doe het.", "standpunt": "Voor", "issue": "no_fly_zone", "partij": "Geel"},
    {"tekst": "Nee, nooit.", "standpunt": "oneens", "issue": "no_fly_zone", "partij": "Blauw"},
    {"tekst": "Over de brug.", "standpunt": "geen", "issue": "no_fly_zone", "partij": None},
    {"tekst": "Gratis is beter.", "standpunt": "favour", "issue": "ponten", "partij": "Geel"},
]


@pytest.fixture
def load(tmp_path):
    def read(rows, task="stance_joint"):
        pd.DataFrame(rows).to_csv(tmp_path / "mijn.csv", index=False, sep=";")
        return load_rows("table", get_task(task), layer="adjudicated", path=str(tmp_path / "mijn.csv"))

    return read


def test_labels_columns_and_issues_are_what_people_call_them(load):
    loaded = load(ROWS)
    rows = loaded.rows
    assert rows["label"][:] == ["favor", "against", "none", "favor"]
    assert rows["party"][:] == ["Geel", "Blauw", None, "Geel"]
    assert rows["proposition"][0] == load_issue("no_fly_zone").proposition["nl"]
    assert rows["proposition"][3] == "ponten"  # nothing defines it beyond its name
    assert loaded.issues == {"no_fly_zone": load_issue("no_fly_zone")}
    assert rows["id"][0] == "mijn.csv/1/no_fly_zone"
    assert load(ROWS, "stance").rows["label"][:] == ["favor", "against", "favor"]


def test_a_proposition_and_parts_are_taken_as_they_are(load):
    rows = load(
        [row | {"stelling": "De pont moet gratis.", "part": part} for row, part in zip(ROWS, "abab", strict=True)]
    ).rows
    assert set(rows["proposition"]) == {"De pont moet gratis."}
    assert rows["part"][:] == ["a", "b", "a", "b"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda row: row | {"standpunt": "misschien"},
            r"mijn\.csv, line 2, column standpunt: label 'misschien'; expected favor",
        ),
        (lambda row: row | {"standpunt": None}, r"mijn\.csv, line 2, column standpunt: no label; expected favor"),
        (
            lambda row: {key: row[key] for key in ("tekst", "issue")},
            r"no column with labels \(its columns are tekst, issue\)",
        ),
        (lambda row: {key: row[key] for key in ("tekst", "standpunt")}, "no column says what the labels are about"),
        (lambda row: row | {"issue": None}, r"line 2: no issue and no proposition in this row"),
    ],
)
def test_what_is_wrong_is_said(load, change, said):
    with pytest.raises(InputError, match=said):
        load([change(ROWS[0])])
