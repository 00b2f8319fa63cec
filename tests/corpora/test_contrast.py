"""The contrast set: what does not fit the debates is refused with its place."""

import json
from pathlib import Path

import pytest

from standpunt.corpora import contrast
from standpunt.errors import InputError


@pytest.fixture
def pair():
    with open(contrast.FILE, encoding="utf-8") as file:
        return json.loads(file.readline())


@pytest.fixture
def put(tmp_path, pair):
    """Return a function that writes a set of one pair, and its negations where they are given."""

    def write(negations=None, **changed):
        (tmp_path / "contrast.jsonl").write_text(json.dumps(pair | changed) + "\n", encoding="utf-8")
        if negations is not None:
            (tmp_path / contrast.NEGATIONS).write_text(negations, encoding="utf-8")
        return tmp_path / "contrast.jsonl"

    return write


def test_shipped_set_has_pairs_of_both_parts():
    rows = list(contrast.rows(Path(contrast.FILE), "stance"))
    assert {row["part"] for row in rows} == {contrast.MINIMAL, contrast.NEGATION}
    assert len(rows) == 2 * len({row["pair"] for row in rows})
    assert {row["language"] for row in rows} == {"nl"}


@pytest.mark.parametrize("turn", [0, 9999])
def test_turn_that_there_is_not(put, turn):
    with pytest.raises(InputError, match=rf"contrast\.jsonl, line 1: there is no turn {turn}"):
        list(contrast.rows(put(turn=turn), "stance"))


@pytest.mark.parametrize(
    ("negations", "why"),
    [
        (None, r"negations\.yaml: cannot be read"),
        ("- a", "expected YAML with a list of opposite"),
        ("a: [", "expected YAML with a list of opposite"),
        ("{}", "no opposite of"),
    ],
)
def test_negations_that_are_missing_or_malformed(put, negations, why):
    with pytest.raises(InputError, match=why):
        list(contrast.rows(put(negations), "stance"))
