import pandas as pd
import pytest

from standpunt.analysis.course import stance_course
from standpunt.analysis.motions import motion_stances
from standpunt.analysis.replies import replies
from standpunt.parliament.votes import MotionVote


def test_course_follows_an_issue_with_a_running_mean(stances):
    course = stance_course(stances, window=3)
    assert course["ordinal"].tolist() == [2, 3, 4, 5, 6]
    assert course["value"].tolist() == pytest.approx([0.7, -0.6, 0.85, -0.3, 0.4])
    assert course["mean"].tolist() == pytest.approx([0.05, 0.95 / 3, -0.05 / 3, 0.95 / 3, 0.05])


def test_running_mean_does_not_cross_issues(stances):
    both = pd.concat([stances, stances.assign(issue="other", value=-1.0)], ignore_index=True)
    course = stance_course(both)
    assert course.loc[course["issue"] == "other", "mean"].tolist() == [-1] * 5


def test_replies_tell_agreement_on_shared_issues(debate, stances):
    answered = replies(debate, stances).set_index(["holder", "to"])
    row = answered.loc[("Bomen", "A & <i>B</i>")]
    assert (row["replies"], row["agree"], row["disagree"], row["open"]) == (1, 0, 1, 0)
    assert row["issues"] == ("green_bridges",)
    neutral = stances.assign(stance=stances["stance"].where(stances["ordinal"] != 3, "neutral"))
    assert replies(debate, neutral)["open"].tolist() == [1, 1]


def test_replies_by_speaker_count_turns_without_labels(debate, stances):
    answered = replies(debate, stances[stances["ordinal"] > 4], by="speaker")
    assert answered[["holder", "to", "replies", "agree", "disagree"]].values.tolist() == [
        ["Bos", "Aalbers", 1, 0, 0],
        ["Aalbers", "Bos", 1, 0, 0],
    ]


def vote(**votes):
    return MotionVote("37000", 7, "", "verworpen", {"A & <i>B</i>": "Voor", "Bomen": "Tegen", **votes}, False)


def test_a_party_that_votes_against_its_stance_is_found(debate, stances):
    on_motions = motion_stances(debate, stances, [vote(Bomen="Voor")]).set_index("party")
    assert on_motions["stance"].to_dict() == {"A & <i>B</i>": "favor", "Bomen": "against"}
    assert on_motions["differs"].to_dict() == {"A & <i>B</i>": False, "Bomen": True}
    assert on_motions["turn"].tolist() == [6, 6]


def test_a_motion_against_the_proposition_turns_positions_round(debate, stances):
    against = stances.assign(stance=stances["stance"].where(stances["ordinal"] != 6, "against"))
    on_motions = motion_stances(debate, against, [vote()]).set_index("party")
    assert on_motions["stance"].to_dict() == {"A & <i>B</i>": "against", "Bomen": "favor"}
    assert on_motions["differs"].all()


def test_without_votes_nothing_differs(debate, stances):
    on_motions = motion_stances(debate, stances)
    assert on_motions["vote"].isna().all()
    assert not on_motions["differs"].any()


def test_what_differs_comes_first_with_the_turn_that_shows_it(debate, stances):
    found = motion_stances(debate, stances, [vote(Bomen="Voor")])
    assert found["party"].tolist() == ["Bomen", "A & <i>B</i>"]
    assert found["said"].tolist() == [3, 4]  # the turn in which the party is clearest
