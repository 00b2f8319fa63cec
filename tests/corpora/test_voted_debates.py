"""Debates whose motions were voted on: pairs of a motion and a party, and the rows made of them."""

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.corpora.voted_debates import HELD_BACK, pairs_of, read_voted_debates, sponsors_of
from standpunt.errors import InputError
from standpunt.tasks import get_task
from voted_data import turns, voted_records, write_data


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def voted(data):
    return read_voted_debates(data)


def test_debates_are_dated_by_their_motions(voted):
    assert [(item.debate.title, item.day, len(item.matches)) for item in voted.debates] == [
        ("De molens", "2030-02-15", 4),
        ("De havens", "2030-03-01", 4),
    ]
    assert voted.left_out == {}
    assert voted.members == {"aalbers": "Geel", "bos": "Paars", "cats": "Rood", "dekker": "Groen"}


def test_pairs_are_of_parties_that_did_not_sign(voted):
    pairs, left_out = pairs_of(voted.debates[0], voted.members)
    assert len(pairs) == 4 * 3
    assert left_out == {"the party signed the motion": 4}
    for pair in pairs:
        assert pair.party not in pair.sponsors
        assert pair.sponsors == sponsors_of(pair.voted, voted.members)
        assert pair.in_favor == (pair.voted.votes[pair.party] == "Voor")


def test_parties_that_the_votes_do_not_know_are_counted_by_name(tmp_path):
    records = voted_records()
    for record in records[24:28]:
        del record["votes"]["Groen"]  # merged with another party, say
    del records[24]["votes"]["Rood"]
    table = turns("De molens", range(24, 28))
    table.append({"debate": "De molens", "speaker": "Evers", "party": "Blauw", "role": "member", "text": "Voorzitter."})
    voted = read_voted_debates(write_data(tmp_path, records, [table]))
    pairs, left_out = pairs_of(voted.debates[0], voted.members)
    assert left_out == {
        "the party signed the motion": 4,
        "no vote of Groen": 3,
        "no vote of Blauw": 4,
        "the party did not vote": 1,
    }
    assert len(pairs) == 4 * 5 - 12


def test_votes_of_another_parliament_are_refused(tmp_path):
    data = write_data(tmp_path, debates=[turns("De wegen", [70, 71])])
    with pytest.raises(
        InputError, match=r"no motion of the reports there was voted on \(no vote on it in the file: 2\)"
    ):
        read_voted_debates(data)


def test_without_a_file_of_motions_one_is_asked_for(tmp_path):
    with pytest.raises(InputError, match=r"moties.jsonl.gz: cannot be read .*; set paths.data \(or STANDPUNT_DATA\)"):
        read_voted_debates(tmp_path)


def test_rows_are_stances(data):
    rows = load_rows("votes", get_task("stance"), layer="adjudicated", data=str(data)).rows
    assert len(rows) == 24
    one = rows[0]
    assert one["id"] == "zaak-024/Groen"
    assert one["proposition"].startswith("verzoekt de regering alle")
    assert {row["label"] for row in rows} == {"favor", "against"}
    assert not any("verzoekt" in row["text"] for row in rows)  # the motions themselves are left out
    assert {row["date"] for row in rows} == {"2030-02-15", "2030-03-01"}


def test_where_nobody_knows_who_signed_there_is_no_pair(tmp_path):
    records = voted_records()
    records[24]["text"] = records[24]["text"].replace("\nAalbers", "\nAalbers\nVreemd")
    records[25] |= {"text": None}
    voted = read_voted_debates(write_data(tmp_path, records, [turns("De molens", range(24, 28))]))
    pairs, left_out = pairs_of(voted.debates[0], voted.members)
    assert left_out == {"nobody knows which parties signed the motion": 4, "the party signed the motion": 2}
    assert {pair.voted.id for pair in pairs} == {"zaak-026", "zaak-027"}


def test_a_member_who_speaks_for_two_parties_has_none(tmp_path):
    second = turns("De havens", range(28, 32))
    for turn in second:
        if turn["speaker"] == "Cats":
            turn["party"] = "Blauw"  # left the party, say
    voted = read_voted_debates(write_data(tmp_path, debates=[turns("De molens", range(24, 28)), second]))
    assert "cats" not in voted.members
    _, left_out = pairs_of(voted.debates[0], voted.members)
    assert left_out["nobody knows which parties signed the motion"] == 4


def test_a_party_that_was_divided_is_counted_as_that(tmp_path):
    records = voted_records()
    records[24]["votes"]["Groen"] = {"Voor": 2, "Tegen": 2}
    voted = read_voted_debates(write_data(tmp_path, records, [turns("De molens", range(24, 28))]))
    _, left_out = pairs_of(voted.debates[0], voted.members)
    assert left_out == {"the party signed the motion": 4, "as many of the party were for as against": 1}


@pytest.mark.parametrize("said", HELD_BACK)
def test_what_is_held_back_is_left_out_and_counted(tmp_path, said):
    held = f"Behandeling: {said} van 2024"
    voted = read_voted_debates(
        write_data(tmp_path, debates=[turns(held, range(24, 28)), turns("De havens", range(32, 36))])
    )
    assert [item.debate.title for item in voted.debates] == ["De havens"]
    assert voted.left_out == {"in a debate that is held back to test on": 4}
    rows = load_rows("votes", get_task("stance"), layer="adjudicated", data=str(tmp_path)).rows
    assert {row["debate"] for row in rows} == {voted.debates[0].name}


def test_a_motion_counts_for_one_debate(tmp_path):
    """Else who trains on all debates but one would have the votes on some of its motions."""
    tables = [turns("De molens", range(24, 28)), turns("De molens, vervolg", range(25, 28))]
    voted = read_voted_debates(write_data(tmp_path, debates=tables))
    assert [item.debate.title for item in voted.debates] == ["De molens"]
    assert voted.left_out == {"read in another debate as well": 3}
