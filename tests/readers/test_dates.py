"""Dates: printed in the report, or given where it does not say."""

import pytest

from standpunt.errors import InputError
from standpunt.readers import read_debate, read_debates
from standpunt.readers.dates import read_date, sitting_date

REPORT = "De voorzitter:\nWelkom.\n"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Donderdag 5 april 2018", "2018-04-05"),
        ("2018-04-05", "2018-04-05"),
        ("05-04-2018", "2018-04-05"),
        ("31 februari 2018", None),
        ("ergens in april", None),
    ],
)
def test_date_is_read(text, day):
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("preamble", "heads", "day"),
    [
        (["Vergadering van donderdag 5 april 2018"], [], "2018-04-05"),
        (["Vergadering van vrijdag 5 april 2018"], [], None),  # it was a Thursday
        (["(Zie vergadering van 31 januari 2024.)"], [], None),
        (["Donderdag 5 april 2018", "Vrijdag 6 april 2018"], [], None),
        (["Bruggen"], ["Bruggen, 5 april 2018", "3", "Bruggen, 5 april 2018"], "2018-04-05"),
        (["Bruggen"], ["Bruggen, 5 april 2018", "Bruggen, 6 april 2018"], None),
        (["Donderdag 5 april 2018"], ["gedrukt 9 april 2018"], "2018-04-05"),
    ],
)
def test_date_of_the_sitting_is_told_where_there_is_no_doubt(preamble, heads, day):
    assert sitting_date(preamble, heads) == day


def test_date_in_the_preamble_of_a_report(tmp_path):
    (tmp_path / "a.txt").write_text(f"Donderdag 5 april 2018\nAanvang 10.15 uur\n\n{REPORT}", "utf-8")
    assert read_debate(tmp_path / "a.txt").date == "2018-04-05"
    assert read_debate(tmp_path / "a.txt", date="2020-01-02").date == "2018-04-05"


def test_date_is_given_where_the_report_does_not_say(tmp_path):
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    assert read_debate(tmp_path / "a.txt").date is None
    assert read_debate(tmp_path / "a.txt", date="2025-09-11").date == "2025-09-11"
    assert [debate.date for debate in read_debates(tmp_path / "a.txt", date="2025-09-11")] == ["2025-09-11"]


@pytest.mark.parametrize("day", ["11-09-2025", "2025-9-11", "20250911", "2025-02-30", "gisteren", ""])
def test_what_is_no_date_is_refused(tmp_path, day):
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    with pytest.raises(InputError, match="expected a day as YYYY-MM-DD"):
        read_debate(tmp_path / "a.txt", date=day)
