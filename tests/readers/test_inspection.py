"""What `standpunt check` prints of a report, and what `predict` warns of."""

from standpunt.readers import plain
from standpunt.readers.inspection import COLUMNS, inspect_debate, warnings_of

SPEECH = "Voorzitter. De brug is oud. "


def test_record_has_a_value_for_each_column(read):
    found = inspect_debate(read(("De voorzitter", "Welkom."), ("Mevrouw Smit (Geel)", SPEECH)))
    assert {*found, "file"} == set(COLUMNS)
    assert (found["oddities"], found["places"]) == ({}, {})


def test_turn_of_unusual_length(read):
    debate = read(("De voorzitter", "Welkom."), ("Mevrouw Smit (Geel)", SPEECH * 1001))
    found = inspect_debate(debate)
    assert found["oddities"] == {"turn of more than 5,000 words": 1}
    assert found["places"] == {"turn of more than 5,000 words": "turn 2"}
    assert warnings_of(debate) == ["turn of more than 5,000 words: 1 (turn 2)"]
    assert warnings_of(read(("Mevrouw Smit (Geel)", SPEECH * 999))) == []


def test_places_are_listed_in_part():
    debate = plain.parse("De voorzitter:\nWelkom.\n" + "Jan Smit (Geel):\nDank.\n" * 13)
    lines = ", ".join(f"line {number}" for number in range(3, 23, 2))
    assert warnings_of(debate) == [f"header-like text not taken: 13 ({lines} and 3 more)"]


def test_what_was_left_out_is_no_reason_to_warn():
    lines = [f"Zin {number} gaat over een brug." for number in range(200)]
    for place in range(0, 200, 40):
        lines[place] += "\nHet Huis, verslag"
    debate = plain.parse("De voorzitter:\n" + "\n".join(lines) + "\n")
    assert inspect_debate(debate)["oddities"] == {"running head or page number left out": 5}
    assert warnings_of(debate) == []
