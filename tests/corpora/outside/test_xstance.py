"""Comments of candidates in several languages."""

import json

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.errors import InputError
from standpunt.tasks import get_task

RECORD = {
    "id": 1,
    "language": "de",
    "question_id": 7,
    "question": "Soll die  Brücke gesperrt werden?",
    "comment": "Ja, sie ist alt.",
    "label": "FAVOR",
    "author": "Muster",
    "topic": "Verkehr",
}
FRENCH = RECORD | {
    "id": 2,
    "language": "fr",
    "question": "Faut-il fermer le pont?",
    "comment": "Non.",
    "label": "AGAINST",
}


@pytest.fixture
def load(tmp_path):
    def read(*records):
        path = tmp_path / "valid.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return load_rows("xstance", get_task("stance"), layer="a", path=str(path))

    return read


def test_each_comment_is_a_row_in_its_language(load):
    loaded = load(RECORD, FRENCH)
    assert [(row["language"], row["part"], row["proposition"], row["label"]) for row in loaded.rows] == [
        ("de", "de", "Soll die Brücke gesperrt werden?", "favor"),
        ("fr", "fr", "Faut-il fermer le pont?", "against"),
    ]
    assert loaded.languages == ("de", "fr")
    assert load(FRENCH).languages == ("fr",)


@pytest.mark.parametrize("wrong", [{"label": "MAYBE"}, {"language": None}, {"id": None}])
def test_a_malformed_line_is_named(load, wrong):
    with pytest.raises(InputError, match=r"valid\.jsonl, line 2: not a comment"):
        load(RECORD, RECORD | wrong)
