"""Turns as a table in JSON Lines."""

import json

import pytest

from standpunt.errors import ReadError
from standpunt.readers import read_debate, read_debates
from voted_data import motion_text, turns, write_lines


def test_debates_and_motions_of_a_table(tmp_path):
    one, other = turns("De bruggen", [4, 5], date="2030-05-01"), turns("De molens", [6])
    lines = [turn for pair in zip(one, other, strict=True) for turn in pair]  # one line of each in turn
    debates = list(read_debates(write_lines(tmp_path / "turns.jsonl", lines), debate_id="d"))
    assert [(debate.id, debate.title, debate.date) for debate in debates] == [
        ("d", "De bruggen", "2030-05-01"),
        ("d-2", "De molens", None),
    ]
    assert [turn.kind for turn in debates[0].turns].count("motion") == 2
    motion = debates[0].motions[1]
    assert motion.submitters == ("Bos",)
    assert (
        motion.request
        == "verzoekt de regering alle havens van gemeente5 binnen termijn5 door dienst5 met verf5 te verven"
    )
    words = " ".join(debates[0].turn(motion.turn).text.split())
    assert words == motion_text(5)
    assert debates[0].turns[1].speaker.party == "Geel"


def test_places_order_the_turns(tmp_path):
    lines = [{**turn, "i": place} for place, turn in enumerate(turns("De bruggen", [4]))]
    debate = read_debate(write_lines(tmp_path / "turns.jsonl", reversed(lines)))
    assert [turn.speaker.name for turn in debate.turns if turn.kind != "motion"][:3] == [
        "De voorzitter",
        "Aalbers",
        "De voorzitter",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "koning"}, "line 3, column role: role 'koning'; expected one of chair, member,"),
        ({"text": ["a"]}, "line 3, column text: a list; expected a text"),
        ({"party": {"a": 1}}, "line 3, column party: a record; expected a text"),
        ({"i": "drie"}, "line 3, column i: 'drie'; expected the place of the turn in its debate"),
        ({"date": "vandaag"}, "line 3, column date: 'vandaag' is no day; expected a day as YYYY-MM-DD"),
    ],
)
def test_a_line_that_is_no_turn_is_named(tmp_path, change, said):
    lines = turns("De bruggen", [4])
    lines[2] |= change
    with pytest.raises(ReadError, match=said):
        read_debate(write_lines(tmp_path / "turns.jsonl", lines))


def test_a_broken_line_is_named(tmp_path):
    path = tmp_path / "turns.jsonl"
    path.write_text(json.dumps(turns("De bruggen", [4])[0]) + '\n{"debate": "De', encoding="utf-8")
    with pytest.raises(ReadError, match="line 2: not valid JSON; expected a record a line"):
        read_debate(path)
