"""Motions of a report and the votes on them."""

import pytest

from standpunt.debate import Debate, Motion, MotionVote, Speaker, Turn
from standpunt.errors import InputError
from standpunt.parliament.debate_votes import debate_votes
from standpunt.parliament.motion_matching import MotionIndex
from standpunt.parliament.requests import request_of
from standpunt.parliament.voted_motions import read_voted_motions
from voted_data import motion_text, voted_record, voted_records, write_lines

DAY = "2030-02-01"  # on which 16 to 19 are tabled


@pytest.fixture
def read(tmp_path):
    def index(records):
        return MotionIndex(read_voted_motions(write_lines(tmp_path / "moties.jsonl", records)).motions)

    return index


def motion(number, *, printed=True, dossier="37210-V", **more):
    text = (
        motion_text(number, **more).replace("; ", ";\n\n").replace(", overw", ",\n\noverw").replace(", en", ",\n\nen")
    )
    return Motion(number if printed else None, dossier if printed else None, ("Bos",), text, request_of(text), "t-1")


def found(index, *motions, day=DAY):
    result = index.match(motions, day)
    return [(match.voted.number, match.by) for match in result.matches], result.left_out


def test_by_number_and_by_words(read):
    index = read(voted_records())
    assert found(index, motion(16), motion(17, printed=False)) == ([(16, "number"), (17, "words")], {})
    assert found(index, motion(16, dossier="37 210-V")) == ([(16, "number")], {})


def test_a_number_that_another_text_has_is_not_believed(read):
    other = Motion(
        17, "37210-V", ("Bos",), "", "verzoekt de regering iets heel anders te doen dan wat daar staat", "t-1"
    )
    assert found(read(voted_records()), other) == ([], {"another motion has its number": 1})


def test_a_motion_that_was_changed_before_the_vote(read):
    records = voted_records()
    records[17] = voted_record(90, DAY, "2030-02-07", "Bos", text=records[17]["text"].replace("Nr.\n17", "Nr.\n90"))
    index = read(records)
    assert found(index, motion(17)) == ([(90, "words")], {})  # only its number is new
    rewritten = motion_text(17).replace("door dienst17 met verf17 te verven", "te bekijken en dan pas te beslissen")
    records[17]["text"] = f"Kamerstukken\n37 210\n-\nV\nNr.\n90\n{rewritten}\nBos"
    assert found(read(records), motion(17)) == ([], {"its words were changed before the vote": 1})


def test_a_motion_that_was_never_voted_on_is_counted(read):
    assert found(read(voted_records(8)), motion(17)) == ([], {"no vote on it in the file": 1})


def test_words_that_several_motions_have(read):
    records = voted_records()
    again = voted_record(91, DAY, "2030-02-07", "Bos", text=records[17]["text"].replace("Nr.\n17", "Nr.\n91"))
    index = read([*records, again])
    assert found(index, motion(17, printed=False)) == ([], {"several motions have its words": 1})
    assert found(index, motion(17)) == ([(17, "number")], {})


def test_one_vote_for_two_motions(read):
    result = found(read(voted_records()), motion(17), motion(17, printed=False))
    assert result == ([], {"one vote for two motions of the report": 2})


def test_the_same_words_on_another_day(read):
    index = read(voted_records())
    assert found(index, motion(17), day="2030-06-01") == ([], {"a motion of another day has its words": 1})


def test_the_motions_tell_the_day(read):
    index = read(voted_records())
    result = index.match([motion(number, printed=False) for number in (16, 17, 18, 36)])
    assert result.day == DAY
    assert [match.voted.number for match in result.matches] == [16, 17, 18]
    assert result.left_out == {"a motion of another day has its words": 1}
    alone = index.match([motion(17, printed=False)])
    assert (alone.day, alone.matches) == (None, ())
    assert alone.left_out == {"it has no number, and the day of the debate is not known": 1}


def test_a_motion_that_was_withdrawn_is_said_to_have_no_vote(tmp_path):
    records = voted_records()
    records[17]["votes"] = {}
    read = read_voted_motions(write_lines(tmp_path / "moties.jsonl", records))
    assert found(MotionIndex(read.motions, read.unusable), motion(17), motion(70)) == (
        [],
        {"no vote by party": 1, "no vote on it in the file": 1},
    )


def debate(*motions, parties=("Geel", "Paars")):
    turns = tuple(
        Turn(f"t-{n}", n, Speaker(f"Lid {n}", party, "member"), "speech", 1, None, None, None, None, "Voorzitter.")
        for n, party in enumerate(parties, start=1)
    )
    return Debate("d", "De bruggen", turns, motions, date=DAY)


def vote(number, votes, **more):
    return MotionVote("37210-V", number, f"Motie {number}", "aangenomen", votes, False, **more).record()


def test_votes_of_a_day_are_counted(tmp_path):
    path = write_lines(
        tmp_path / "votes.jsonl",
        [
            vote(16, {"Geel": "Voor"}),
            vote(17, {}) | {"result": "ingetrokken"},
            vote(18, {"Geel": "Voor"}),
            vote(18, {"Geel": "Tegen"}),
        ],
    )
    read = [motion(16), motion(17), motion(18), motion(19), motion(20, printed=False)]
    (known,) = debate_votes(path, [debate(*read)])
    assert known.left_out == {
        "no vote by party (ingetrokken)": 1,
        "its number is another motion's too": 1,
        "no vote on it in the file": 1,
        "it has no number in the report": 1,
    }
    assert known.parties == ("Paars",)
    assert known.note.startswith("4 of 5 motions have no vote (no vote by party (ingetrokken): 1; ")
    assert known.note.endswith("; in no vote on a motion: Paars, who spoke")


def test_where_every_motion_has_a_vote_nothing_is_noted(tmp_path):
    path = write_lines(tmp_path / "votes.jsonl", [vote(16, {"Geel": "Voor", "Paars": "Tegen"})])
    assert [read.note for read in debate_votes(path, [debate(motion(16))])] == [""]
    counted = write_lines(tmp_path / "council.jsonl", [vote(16, {}, counts={"Voor": 3, "Tegen": 2})])
    assert [read.note for read in debate_votes(counted, [debate(motion(16))])] == [""]


def test_a_file_of_motions_says_who_was_divided(tmp_path):
    records = voted_records()
    records[16]["votes"] = {"Geel": {"Voor": 1, "Tegen": 1}, "Paars": "Voor"}
    (read,) = debate_votes(write_lines(tmp_path / "moties.jsonl", records), [debate(motion(16))])
    assert (read.votes[0].votes, read.note) == ({"Paars": "Voor", "Geel": "Verdeeld"}, "")


@pytest.mark.parametrize("records", [voted_records(8), [vote(70, {"Geel": "Voor"})]], ids=["motions", "votes"])
def test_votes_of_another_debate_are_refused(tmp_path, records):
    path = write_lines(tmp_path / "votes.jsonl", records)
    said = (
        r"no vote in it is on one of the 2 motions of the report \(no vote on it in the file: 2\); expected the votes"
    )
    with pytest.raises(InputError, match=said):
        debate_votes(path, [debate(motion(16)), debate(motion(17))])
    with pytest.raises(InputError, match="the report has no motions"):
        debate_votes(path, [debate()])
