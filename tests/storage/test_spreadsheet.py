"""CSV for people: it opens in a spreadsheet, holds no formula, and is what it was when it is read again."""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from standpunt.prediction.output import write_predictions
from standpunt.prediction.reading import read_predictions
from standpunt.storage.spreadsheet import disarmed, read_text, restored, sheet

ARMED = ["=1+1", "+31", "-x", "@sum", "\ttab", "\rreturn", "'=quoted"]


def read_back(content):
    text, delimiter = read_text(content)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_formulas_are_disarmed_and_restored(delimiter):
    head, *rows = read_back(sheet(["text"], [[text] for text in ARMED], delimiter))
    assert head == ["text"]
    cells = [cell for (cell,) in rows]
    assert all(cell.startswith("'") for cell in cells)
    assert [restored(cell) for cell in cells] == ARMED
    assert [restored(disarmed(text)) for text in ("'s avonds", "gewoon", "")] == ["'s avonds", "gewoon", ""]


def test_numbers_are_numbers_in_either_notation():
    row = [0.125, np.float64(-0.5), np.int64(-3), True, None, float("nan"), 1e-9]
    assert read_back(sheet(list("abcdefg"), [row]))[1] == ["0.125", "-0.5", "-3", "True", "", "", "1e-09"]
    assert read_back(sheet(list("abcdefg"), [row], ";"))[1] == ["0,125", "-0,5", "-3", "True", "", "", "1e-09"]


def test_the_file_has_its_mark_and_lists_are_json():
    content = sheet(["a"], [[["x", 1]]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_back(content)[1] == ['["x", 1]']


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_predictions_come_back_as_they_were(tmp_path, delimiter):
    claim = {"component": "claim", "frame": None, "relation": None, "text_start": 0, "text_end": 9}
    frame = pd.DataFrame(
        {
            "debate": ["12469e48"] * 2,
            "turn": ["12469e48-001", "12469e48-002"],
            "speaker": ["=Bos", 'Aalbers; "Piet"'],
            "party": ["@Geel", None],
            "issue": "no_fly_zone",
            **{f"p_{label}": [0.1234567890123, 1 / 3] for label in ("favor", "against", "neutral")},
            "label": "favor",
            "evidence_start": pd.array([0, None], dtype="Int64"),
            "evidence_end": pd.array([9, None], dtype="Int64"),
            "evidence": ["-Nee, zei hij", None],
            "arguments": [[claim], []],
        }
    )
    write_predictions(frame, tmp_path / "out.csv", delimiter)
    content = (tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfdebate" + delimiter.encode())
    assert b"'=Bos" in content
    found = read_predictions(tmp_path / "out.csv")
    assert found["speaker"].tolist() == frame["speaker"].tolist()
    assert found["evidence"][0] == "-Nee, zei hij"
    assert found["arguments"].tolist() == frame["arguments"].tolist()
    for name in ("p_favor", "p_against", "p_neutral"):
        assert found[name].tolist() == frame[name].tolist()
    assert found["evidence_end"][0] == 9
