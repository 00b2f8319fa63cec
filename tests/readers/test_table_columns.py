"""Which column of a table holds what, and rows as texts and debates."""

import json

import pytest

from standpunt.errors import InputError, ReadError
from standpunt.readers import TableOptions, read_debate, read_debates
from standpunt.readers.tables.columns import columns_of, parse_columns
from standpunt.readers.tables.days import parse_day
from standpunt.readers.tables.texts import texts_of
from standpunt.storage.tables.opening import open_table

SAID = "De brug moet geel worden."


@pytest.fixture
def table(tmp_path):
    """Return a function that writes records as JSON Lines and opens them."""

    def write(*records, name="a.jsonl"):
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (tmp_path / name).write_text(text, "utf-8")
        return open_table(tmp_path / name)

    return write


def test_columns_are_told_by_their_names_in_several_languages(table):
    found = columns_of(
        table({"Nr": 1, "Tekst": SAID, "Spreker": "Smit", "Fractie": "Geel", "Datum": "x", "in-reply-to": 1})
    )
    assert (found.text, found.speaker, found.party, found.date) == ("Tekst", "Spreker", "Fractie", "Datum")
    assert (found.id, found.replies_to, found.debate) == ("Nr", "in-reply-to", None)
    assert found.sentence == (
        "columns: text from Tekst, id from Nr, speaker from Spreker, party from Fractie, date from Datum, replies_to "
        "from in-reply-to"
    )


def test_a_text_is_found_by_what_stands_there_where_no_column_is_called_so(table):
    assert columns_of(table({"a": "x1", "wat": SAID, "partij": "Een partij voor de bruggen"})).text == "wat"


@pytest.mark.parametrize(
    ("record", "given", "said"),
    [
        (
            {"text": SAID, "body": SAID},
            {},
            "columns 'text' and 'body' could both hold the texts; name one with --text-co",
        ),
        ({"a": SAID, "b": SAID}, {}, "columns 'a' and 'b' could both hold the texts"),
        ({"a": 1, "b": "kort"}, {}, r"no column holds texts of several words \(its columns are a, b\); name it with"),
        ({"text": SAID}, {"text": "tekst"}, "column 'tekst': did you mean 'text'"),
        ({"text": SAID}, {"speeker": "x"}, "kind of column 'speeker': did you mean 'speaker'"),
    ],
)
def test_a_column_that_cannot_be_told_is_said(table, record, given, said):
    with pytest.raises(InputError, match=said):
        columns_of(table(record), given)


def test_columns_can_be_named_or_left_out(table):
    one = table({"text": SAID, "body": SAID, "name": "De brug", "wie": "Smit"})
    found = columns_of(one, parse_columns(["speaker=wie", "title="], "body"))
    assert (found.text, found.speaker, found.title) == ("body", "wie", None)
    with pytest.raises(InputError, match="column 'wie'; expected what it holds and its name, such as party=fractie"):
        parse_columns(["wie"])
    with pytest.raises(InputError, match="speaker is named twice"):
        parse_columns(["speaker=a", "speaker=b"])


@pytest.mark.parametrize(
    "said",
    ["2025-03-13", "2025-03-13T10:00:00", "20250313", "13-03-2025", "13/3/2025", "13.03.2025", "13 maart 2025",
     "donderdag 13 maart 2025", "13-maart-2025", "13 mars 2025", "March 13, 2025", "13. März 2025"],
)  # fmt: skip
def test_days_are_read_as_people_write_them(said):
    assert parse_day(said) == "2025-03-13"


@pytest.mark.parametrize("said", ["03/13/2025", "31-02-2025", "vandaag", "2025", "13-03-25"])
def test_what_is_no_day_is_refused(said):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_day(said)


def test_days_in_three_forms_in_one_column_are_one_form_in_the_end(table):
    one = table(*({"text": SAID, "date": day} for day in ("2025-03-13", "14-03-2025", "15 maart 2025", None)))
    assert [text.date for text in texts_of(one, columns_of(one))] == ["2025-03-13", "2025-03-14", "2025-03-15", None]
    bad = table({"text": SAID, "date": "2025-03-13"}, {"text": SAID, "date": "03/13/2025"})
    with pytest.raises(InputError, match=r"a\.jsonl, line 2, column date: '03/13/2025' is no day; expected a day as"):
        list(texts_of(bad, columns_of(bad)))


TURNS = [
    {"date": "13-november-2024", "i": 2, "speaker": "Smit", "party": "Geel", "role": "member", "text": SAID},
    {"date": "13-november-2024", "i": 1, "speaker": None, "party": None, "role": "voorzitter", "text": "Mevrouw Smit."},
    {"date": "13-november-2024", "i": 3, "speaker": None, "party": None, "role": "VOTE", "text": "Aangenomen."},
    {"date": "14-november-2024", "i": 1, "speaker": "Pot", "party": "Blauw", "role": "executive", "text": "Nee."},
    {"date": "14-november-2024", "i": 2, "speaker": "Pot", "party": "Blauw", "role": "executive", "text": " "},
]


def test_the_turns_of_debates_without_a_name_are_debates_by_day(table):
    path = table(*TURNS, name="turns.jsonl").path
    first, second = read_debates(path)
    assert [(turn.speaker.role, turn.kind, turn.text) for turn in first.turns] == [
        ("chair", "chair", "Mevrouw Smit."),
        ("member", "speech", SAID),
    ]
    assert (first.date, first.notes[0].kind, first.notes[0].text) == ("2024-11-13", "vote", "Aangenomen.")
    assert (second.turns[0].speaker.role, second.oddities) == ("alderman", {"row without text": 1})


@pytest.mark.parametrize("first", ["1", "2025-03-13", "3,5"])
def test_a_table_without_names_of_columns_does_not_lose_its_first_row(tmp_path, first):
    path = tmp_path / "bare.csv"
    path.write_text(f'"{first}",De brug moet blijven staan.\n2,De brug moet echt weg.\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"bare\.csv: the first line \(.*, De brug moet .*\) looks like a row"):
        columns_of(open_table(path))
    assert columns_of(open_table(path), {"text": "De brug moet blijven staan."}).text == "De brug moet blijven staan."
    path.write_text("nr,Wat vindt u van de brug?\n1,De brug moet echt weg.\n", encoding="utf-8")  # as of a survey
    assert columns_of(open_table(path)).text == "Wat vindt u van de brug?"


def test_a_debate_of_two_days_has_the_first_date_and_says_so(table):
    (debate,) = read_debates(table(*(row | {"debate": "Brug"} for row in TURNS), name="turns.jsonl").path)
    assert (debate.date, debate.oddities) == (
        "2024-11-13",
        {"row of another date than the debate's first": 2, "row without text": 1, "row without speaker": 1},
    )


def test_texts_that_stand_alone_are_turns_without_floor(table):
    rows = [{"id": f"r{n}", "text": text, "party": "Geel"} for n, text in enumerate((SAID, "Nee."))]
    path = table(*rows, {"id": "r2", "text": "Jawel.", "in_reply_to": "r1"}, name="reacties.jsonl").path
    debate = read_debate(path)
    assert (debate.id, [turn.id for turn in debate.turns]) == ("reacties", ["r0", "r1", "r2"])
    assert {turn.kind for turn in debate.turns} == {"speech"}
    assert [turn.replies_to for turn in debate.turns] == [None, None, "r1"]
    with pytest.raises(ReadError, match=r"line 2: the id 'r0' is that of line 1 too; ids must differ"):
        read_debate(table(rows[0], rows[0]).path)


def test_how_a_table_is_read_can_be_said(table):
    path = table({"spreker": "Minister Pot", "text": SAID}, {"spreker": "Smit", "fractie": "Geel", "text": "Nee."}).path
    assert {turn.speaker.role for turn in read_debate(path).turns} == {"minister", "member"}
    debate = read_debate(path, table=TableOptions(read_as="debate"))
    assert [turn.speaker.role for turn in debate.turns] == ["minister", "member"]
    turns = table(*TURNS[:2], name="turns.jsonl").path
    assert [turn.kind for turn in read_debate(turns, table=TableOptions(read_as="texts")).turns] == ["speech", "speech"]
    with pytest.raises(ReadError, match="no column says who speaks"):
        read_debate(table({"text": SAID}).path, table=TableOptions(read_as="debate"))


def test_a_table_without_any_text_is_refused(table):
    with pytest.raises(ReadError, match="column text holds no text"):
        read_debate(table({"text": "", "party": "Geel"}).path)
