import json

import pandas as pd
import pytest

from standpunt import load_corpus
from standpunt.analysis.motions import agreement_rates, compare_with_votes, motion_issue, party_stances
from standpunt.errors import InputError
from standpunt.models import build
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.parliament.votes import MotionVote, join_votes, read_votes


@pytest.fixture(scope="module")
def corpus():
    return load_corpus("fictional")


@pytest.fixture(scope="module")
def debate(corpus):
    return corpus.debates[0].debate


@pytest.fixture(scope="module")
def model(corpus):
    return build(PartyConfig(), ("favor", "against", "neutral"), corpus.issues).fit(corpus.rows())


@pytest.fixture(scope="module")
def votes():
    return [
        MotionVote("37210", 41, "Motie", "verworpen", {"Europa Nu!": "Voor", "Lage Landen Eerst": "Tegen"}, False),
        MotionVote("37211", 46, "Motie", None, {"Europa Nu!": "Niet deelgenomen"}, False),
    ]


def test_the_request_is_the_proposition(debate):
    motion = debate.motions[0]
    assert motion_issue(motion).proposition["nl"] == motion.request


def test_every_party_that_spoke_has_a_stance_on_every_motion(model, debate):
    stances = party_stances(model, debate)
    parties = {t.speaker.party for t in debate.turns if t.speaker.role == "member" and t.kind != "motion"}
    assert len(stances) == len(parties) * len(debate.motions)
    assert set(stances["party"]) == parties
    larger = (stances["p_favor"] >= stances["p_against"]).map({True: "favor", False: "against"})
    assert stances["stance"].tolist() == larger.tolist()


def test_only_votes_for_and_against_are_compared(model, debate, votes):
    compared = compare_with_votes(party_stances(model, debate), debate, votes)
    assert compared[["number", "party", "vote", "advice"]].values.tolist() == [
        [41, "Europa Nu!", "favor", "against"],
        [41, "Lage Landen Eerst", "against", "against"],
    ]
    assert (compared["with_vote"] == (compared["stance"] == compared["vote"])).all()


def test_rates_by_hand():
    compared = pd.DataFrame(
        {
            "dossier": ["1"] * 4,
            "number": [1, 1, 2, 2],
            "stance": ["favor", "favor", "against", "favor"],
            "vote": ["favor", "against", "against", "against"],
            "advice": ["favor", "favor", None, None],
        }
    )
    rates = agreement_rates(compared).set_index("pair")
    assert rates["share"].to_dict() == {
        "stance and vote": 0.5,
        "stance and advice": 1.0,
        "vote and advice": 0.5,
        "vote and its most frequent side": 0.75,
    }
    assert rates.loc["stance and advice", "pairs"] == 2
    assert (rates["low"] <= rates["share"]).all()
    assert (rates["share"] <= rates["high"]).all()


def test_nothing_to_compare_gives_no_rates(model, debate):
    rates = agreement_rates(compare_with_votes(party_stances(model, debate), debate, []))
    assert rates["share"].isna().all()
    assert (rates["pairs"] == 0).all()


def test_a_model_of_another_task_is_refused(corpus, debate):
    other = build(PartyConfig(), ("oordeel Kamer", "ontraden"), corpus.issues)
    with pytest.raises(InputError, match="stance"):
        party_stances(other, debate)


def test_votes_are_read_back_as_they_are_written(tmp_path, votes, debate):
    path = tmp_path / "votes.jsonl"
    path.write_text("".join(json.dumps(vote.record()) + "\n" for vote in votes), "utf-8")
    assert [vote.record() for vote in read_votes(path)] == [vote.record() for vote in votes]
    joined = {motion.number: vote for motion, vote in join_votes(debate.motions, read_votes(path))}
    assert joined[41].votes["Europa Nu!"] == "Voor"
    assert joined[42] is None


@pytest.mark.parametrize("line", ["{", "[]", '{"dossier": "1"}'])
def test_a_line_that_is_no_vote_is_named(tmp_path, line):
    path = tmp_path / "votes.jsonl"
    path.write_text(f"{line}\n", "utf-8")
    with pytest.raises(InputError, match=r"votes\.jsonl, line 1"):
        read_votes(path)
