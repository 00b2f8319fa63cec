"""Files of votes: what is read, and what is refused."""

import json

import pytest

from standpunt.errors import InputError
from standpunt.parliament.votes import MotionVote, read_votes

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
