"""Motions and votes from a file: what they become, and what is no use is counted or refused."""

import pytest

from standpunt.errors import InputError
from standpunt.parliament.voted_motions import members_of, read_voted_motions
from voted_data import voted_record, voted_records, write_lines

DAYS = ("2030-05-01", "2030-05-07")


def read(tmp_path, *records):
    return read_voted_motions(write_lines(tmp_path / "moties.jsonl", records))


def test_a_motion(tmp_path):
    (motion,) = read(tmp_path, voted_record(3, *DAYS, "Dekker")).motions
    assert (motion.id, motion.dossier, motion.number) == ("zaak-003", "37210-V", 3)
    assert (motion.tabled, motion.voted) == DAYS
    assert (
        motion.request
        == "verzoekt de regering alle dijken van gemeente3 binnen termijn3 door dienst3 met verf3 te verven"
    )
    assert motion.signed == ("Dekker",)
    assert motion.advice == "oordeel Kamer"
    assert motion.votes == {"Geel": "Tegen", "Paars": "Voor", "Rood": "Voor", "Groen": "Voor"}
    assert not motion.by_person


def test_called_by_name_a_party_voted_as_most_of_its_members(tmp_path):
    votes = {
        "Geel": {"Voor": 2, "Tegen": 1},
        "Paars": {"Voor": 1, "Tegen": 1},
        "Rood": {"Niet deelgenomen": 3},
        "Groen": "Tegen",
    }
    (motion,) = read(tmp_path, voted_record(1, *DAYS, votes=votes)).motions
    assert motion.by_person
    assert motion.votes == {"Geel": "Voor", "Groen": "Tegen"}  # one that was divided took no side


def test_a_motion_without_a_vote_is_counted(tmp_path):
    withdrawn = voted_record(1, *DAYS, votes={}, result="Ingetrokken")
    found = read(tmp_path, withdrawn, voted_record(2, *DAYS))
    assert [motion.number for motion in found.motions] == [2]
    assert found.left_out == {"no vote by party": 1}


def test_two_motions_with_one_number_are_both_left_out(tmp_path):
    twice = [voted_record(1, *DAYS), voted_record(1, *DAYS, zaak_id="another"), voted_record(2, *DAYS)]
    found = read(tmp_path, *twice)
    assert [motion.number for motion in found.motions] == [2]
    assert found.left_out == {"its number is another motion's too": 2}


def test_motions_whose_text_is_missing_share_no_number(tmp_path):
    found = read(tmp_path, *(voted_record(number, *DAYS, text=None) for number in (1, 2)))
    assert [(motion.number, motion.request) for motion in found.motions] == [(None, ""), (None, "")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date_vote": "2030-04-30"}, "line 1: voted on 2030-04-30, before it was tabled on 2030-05-01"),
        ({"date_vote": "binnenkort"}, "line 1: not a motion with its votes"),
        ({"date": "gisteren"}, "line 1: not a motion with its votes"),
        ({"votes": {"Geel": 3}}, "line 1: not a motion with its votes"),
        ({"votes": ["Geel"]}, "line 1: not a motion with its votes"),
        ({"title": None}, "line 1: not a motion with its votes"),
    ],
)
def test_a_line_that_is_no_such_motion_is_named(tmp_path, change, said):
    with pytest.raises(InputError, match=said):
        read(tmp_path, voted_record(1, *DAYS) | change)


def test_a_file_of_votes_of_another_kind_is_refused(tmp_path):
    fetched = {"dossier": "37210", "number": 1, "title": "Motie", "result": None, "votes": {}, "by_person": False}
    with pytest.raises(InputError, match=r"not a motion with its votes as standpunt.parliament.voted_motions expects"):
        read(tmp_path, fetched)


def test_one_id_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match="line 2: a second motion with the id 'zaak-001'"):
        read(tmp_path, voted_record(1, *DAYS), voted_record(1, *DAYS))


def test_members(tmp_path):
    records = [*voted_records(8), voted_record(50, *DAYS, sponsors=[["Inge van Bos", "Paars"], ["Élan", None]])]
    motions = read(tmp_path, *records).motions
    assert members_of(motions) == {"aalbers": "Geel", "bos": "Paars", "cats": "Rood", "dekker": "Groen"}
    assert members_of(motions, {"Élan": "Blauw", "Bos": "Groen"})["elan"] == "Blauw"
    assert members_of(motions, {"Élan": "Blauw", "Bos": "Groen"})["bos"] == "Groen"


def test_a_member_of_two_parties_has_none(tmp_path):
    moved = voted_record(9, *DAYS, "Bos", sponsors=[["Bos", "Rood"]])
    assert "bos" not in members_of(read(tmp_path, *voted_records(4), moved).motions)


def test_members_called_by_name_may_be_evenly_divided(tmp_path):
    votes = {"Geel": {"Voor": 2, "Tegen": 2}, "Rood": {"Niet deelgenomen": 3}, "Paars": {"Voor": 0}, "Groen": "Voor"}
    (motion,) = read(tmp_path, voted_record(1, *DAYS, votes=votes)).motions
    assert (motion.votes, motion.divided) == ({"Groen": "Voor"}, ("Geel",))


@pytest.mark.parametrize("cast", ["Aye", {"Aye": 3}, {"Voor": 1, "Onthouden": 2}])
def test_votes_in_the_words_of_another_parliament_are_refused(tmp_path, cast):
    with pytest.raises(InputError, match=r"line 2: Geel voted '\w+'; expected Voor, Tegen, Niet deelgenomen or"):
        read(tmp_path, voted_record(1, *DAYS), voted_record(2, *DAYS, votes={"Geel": cast}))


@pytest.mark.parametrize("count", [-1, 1.5, "2", True, None])
def test_members_are_counted_in_whole_numbers(tmp_path, count):
    with pytest.raises(InputError, match="line 1: not a motion with its votes"):
        read(tmp_path, voted_record(1, *DAYS, votes={"Geel": {"Voor": count}}))


def test_one_number_for_a_withdrawn_motion_and_another_is_one_too_many(tmp_path):
    withdrawn = voted_record(1, *DAYS, votes={}, zaak_id="another", result="Ingetrokken")
    found = read(tmp_path, withdrawn, voted_record(1, *DAYS), voted_record(2, *DAYS, votes={}))
    assert found.motions == ()
    assert found.left_out == {"its number is another motion's too": 2, "no vote by party": 1}
    assert found.unusable == {
        ("37210-V", 1): "its number is another motion's too",
        ("37210-V", 2): "no vote by party",
    }
