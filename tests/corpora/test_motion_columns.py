"""What rows say of the motion that a turn reads."""

from standpunt import load_corpus
from standpunt.corpora.motion_columns import motion_columns
from standpunt.debate import Debate, Motion, Speaker, Turn


def said(number, name, party, role="member"):
    return Turn(f"t{number}", number, Speaker(name, party, role), "speech", 1, None, None, None, None, "...")


def debate(*motions, more=()):
    turns = (
        said(1, "Bakker", "A"),
        said(2, "Smit", "B"),
        said(3, "Élan", "C"),
        said(4, "De Boer", None, "minister"),
        *more,
    )
    read = (Motion(1, None, signers, "", "", "t1", advice) for signers, advice in motions)
    return Debate("d", "Bruggen", turns, tuple(read))


def columns(signers, advice=None, more=()):
    return motion_columns(debate((signers, advice), more=more))["t1"]


def test_sponsors_are_the_other_parties_that_signed():
    assert columns(("Bakker", "Smit", "Elan", "Smit"))["sponsors"] == "B; C"
    assert columns(("Bakker",))["sponsors"] is None
    assert columns(("Bakker", "Onbekend", "De Boer"))["sponsors"] is None


def test_a_name_that_two_parties_have_tells_nothing():
    assert columns(("Bakker", "Smit", "Elan"), more=(said(5, "Smit", "D"),))["sponsors"] == "C"


def test_advice_is_for_or_against_or_neither():
    found = [columns(("Bakker",), advice)["advice"] for advice in ("oordeel Kamer", "ontraden", "overbodig", None)]
    assert found == ["approved", "rejected", None, None]


def test_turns_without_a_motion_have_no_columns_and_rows_have_both():
    assert motion_columns(debate()) == {}
    rows = load_corpus("fictional").rows().to_list()
    of_motions = [row for row in rows if row["advice"] or row["sponsors"]]
    assert of_motions
    assert {row["kind"] for row in of_motions} == {"motion"}
    assert {row["advice"] for row in rows} == {"approved", "rejected", None}
