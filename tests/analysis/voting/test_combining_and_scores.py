"""What reading adds to a control, and the scores of both."""

import numpy as np
import pandas as pd
import pytest

from standpunt.analysis.voting.combining import added
from standpunt.analysis.voting.scores import METRICS, vote_differences, vote_scores


@pytest.fixture
def pairs():
    rng = np.random.default_rng(4)
    day = np.repeat(np.arange(1, 7), 60)
    vote = rng.random(360) < 0.5
    return pd.DataFrame(
        {
            "debate": [f"debate {number}" for number in day],
            "day": [f"2030-{number:02d}-01" for number in day],
            "voted": [f"2030-{number:02d}-08" for number in day],
            "motion": [f"{number}-{place % 6}" for place, number in enumerate(day)],
            "party": [f"party {place % 10}" for place in range(360)],
            "vote": vote,
            "control": np.where(vote, 0.55, 0.45) + rng.normal(0, 0.1, 360),
            "reading": np.where(vote, 0.6, 0.4) + rng.normal(0, 0.1, 360),
            "noise": rng.random(360),
        }
    )


def test_a_good_reading_helps_and_noise_does_not(pairs):
    pairs["both"], pairs["nothing"] = added(pairs, "control", ["reading"]), added(pairs, "control", ["noise"])
    scores = vote_scores(pairs, ["control", "both", "nothing"], resamples=200).set_index(["name", "metric"])["value"]
    assert scores["both", "AUC"] > scores["control", "AUC"] + 0.05
    assert abs(scores["nothing", "AUC"] - scores["control", "AUC"]) < 0.03
    gain = vote_differences(pairs, [("both", "control")], resamples=200).set_index("metric")
    assert gain.loc["AUC", "value"] == pytest.approx(scores["both", "AUC"] - scores["control", "AUC"])
    assert gain.loc["AUC", "low"] > 0
    assert gain.loc["Brier", "high"] < 0


def test_the_first_debate_has_the_control_alone(pairs):
    both = added(pairs, "control", ["reading"])
    first = (pairs["day"] == "2030-01-01").to_numpy()
    assert both[first] == pytest.approx(pairs.loc[first, "control"].to_numpy())


def test_votes_of_the_day_and_later_teach_nothing(pairs):
    day = "2030-04-01"
    asked = (pairs["day"] == day).to_numpy()
    before = added(pairs, "control", ["reading"])[asked]
    turned = pairs.assign(vote=np.where(pairs["voted"] >= day, ~pairs["vote"], pairs["vote"]))
    assert added(turned, "control", ["reading"])[asked] == pytest.approx(before)
    known = pairs.assign(vote=np.where(pairs["voted"] < day, ~pairs["vote"], pairs["vote"]))
    assert added(known, "control", ["reading"])[asked] != pytest.approx(before)


def test_what_a_reading_does_not_know_adds_nothing(pairs):
    pairs.loc[pairs["day"] == "2030-06-01", "reading"] = np.nan
    last = (pairs["day"] == "2030-06-01").to_numpy()
    assert added(pairs, "control", ["reading"])[last] == pytest.approx(pairs.loc[last, "control"].to_numpy())


def test_scores_by_hand():
    pairs = pd.DataFrame(
        {
            "debate": ["a", "a", "a", "b"],
            "motion": ["1", "1", "2", "2"],
            "party": ["x", "y", "x", "y"],
            "vote": [True, False, True, False],
            "p": [0.9, 0.2, 0.4, 0.6],
        }
    )
    scores = vote_scores(pairs, ["p"], resamples=50).set_index("metric")
    assert tuple(scores.index) == METRICS
    assert scores["value"].tolist() == pytest.approx(
        [0.75, 0.5, np.nan, 0.5, (0.01 + 0.04 + 0.36 + 0.36) / 4], nan_ok=True
    )
    assert (scores["low"] <= scores["high"]).drop("AUC within a party").all()
