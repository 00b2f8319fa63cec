"""Files of votes: what is read, and what is refused."""

import json
from dataclasses import replace

import pytest

from standpunt.debate import Motion
from standpunt.errors import InputError
from standpunt.parliament.votes import MotionVote, join_votes, read_votes

VOTE = MotionVote("37000", 12, "Motie over de\u2028brug", "aangenomen", {"Rood": "Voor"}, False)
LINE = json.dumps(VOTE.record(), ensure_ascii=False)


@pytest.mark.parametrize("text", [f"{LINE}\n", f"\ufeff{LINE}\r\n", f"\n{LINE}\n\n", LINE])
def test_a_vote_a_line_whatever_stands_around_it(tmp_path, text):
    (tmp_path / "votes.jsonl").write_text(text, encoding="utf-8", newline="")
    assert read_votes(tmp_path / "votes.jsonl") == [VOTE]


def test_counts_of_a_council_and_the_letter_of_an_amendment_are_kept(tmp_path):
    vote = MotionVote("H", "A", "Amendement H.A", "verworpen", {}, False, {"Voor": 14, "Tegen": 31})
    assert "counts" not in VOTE.record()
    (tmp_path / "votes.jsonl").write_text(json.dumps(vote.record()), encoding="utf-8")
    assert read_votes(tmp_path / "votes.jsonl") == [vote]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"votes": None}, {"votes": {"Rood": 1}}, {"number": [2]}, {"dossier": 37000}, {"title": None}),
        *({"counts": [1, 2]}, {"counts": {"Voor": "veel"}}),
    ],
)
def test_field_of_the_wrong_type_names_the_line(tmp_path, wrong):
    (tmp_path / "votes.jsonl").write_text(f"{LINE}\n{json.dumps(VOTE.record() | wrong)}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"votes\.jsonl, line 2: no vote"):
        read_votes(tmp_path / "votes.jsonl")


def test_what_no_party_of_this_house_votes_is_refused(tmp_path):
    other = json.dumps(VOTE.record() | {"votes": {"Rood": "Voor", "Labour": "Aye"}})
    (tmp_path / "votes.jsonl").write_text(f"{LINE}\n{other}\n", encoding="utf-8")
    expected = r"line 2: Labour voted 'Aye'; expected Voor, Tegen, Niet deelgenomen or Verdeeld"
    with pytest.raises(InputError, match=expected):
        read_votes(tmp_path / "votes.jsonl")


def motion(number, text="verzoekt de regering de brug te verven", dossier="37 000"):
    return Motion(number, dossier, ("Bos",), text, text, "t-1")


def test_votes_stand_beside_motions_by_dossier_and_number():
    first, second = motion(12), motion(13)
    assert join_votes([first, second], [VOTE, VOTE]) == [(first, VOTE), (second, None)]


def test_of_two_votes_with_one_number_neither_is_believed():
    other = replace(VOTE, votes={"Rood": "Tegen"})
    assert join_votes([motion(12)], [VOTE, other]) == [(motion(12), None)]


def test_of_two_motions_with_one_number_neither_has_the_vote():
    read = [motion(12), motion(12, "verzoekt de regering de brug te slopen")]
    assert [vote for _, vote in join_votes(read, [VOTE])] == [None, None]
    assert [vote for _, vote in join_votes([motion(12), motion(12)], [VOTE])] == [VOTE, VOTE]  # read out twice


def test_a_motion_that_was_changed_and_kept_its_number_is_known_by_its_title():
    first = replace(motion(12), title="Motie H.12 De brug")
    changed = replace(motion(12, "verzoekt de regering de brug te slopen"), title="Gewijzigde motie H.12 De brug")
    vote = replace(VOTE, title=changed.title)
    assert join_votes([first, changed], [vote]) == [(first, None), (changed, vote)]
    again = replace(changed, text="verzoekt de regering de brug te bouwen")
    assert [one for _, one in join_votes([first, changed, again], [vote])] == [None, None, vote]
