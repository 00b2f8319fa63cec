import pandas as pd
import pytest

from standpunt.analysis.stance_map import evidence, side, stance_map
from standpunt.errors import InputError


def turns(*rows, **more):
    """Return stances of one party on one issue: (p_favor, p_against, words) a turn."""
    frame = pd.DataFrame(rows, columns=["p_favor", "p_against", "words"])
    values = {"p_neutral": 1 - frame["p_favor"] - frame["p_against"], "value": frame["p_favor"] - frame["p_against"]}
    frame = frame.assign(ordinal=range(1, len(frame) + 1), **values)
    constant = {"holder": "P", "speaker": "S", "issue": "i", "addressed": 1.0, "certainty": 1.0, "disputed": False}
    return frame.assign(**constant | more)


def cell(*rows, weight="turns", **more):
    return stance_map(turns(*rows, **more), weight=weight).iloc[0]


def test_value_is_the_mean_of_turns_or_of_words():
    rows = [(1, 0, 300), (0, 1, 100)]
    assert cell(*rows)["value"] == 0
    assert cell(*rows, weight="words")["value"] == 0.5


def test_a_turn_counts_by_the_probability_that_it_addresses_the_issue():
    assert cell((1, 0, 1), (0, 1, 1), addressed=[0.9, 0.1])["value"] == pytest.approx(0.8)


def test_interval_narrows_with_turns_that_agree():
    one, three, nine = (cell(*[(1, 0, 1)] * n) for n in (1, 3, 9))
    assert one["low"] < three["low"] < nine["low"] < 1 == nine["high"]
    assert one["certainty"] < three["certainty"] < nine["certainty"]


def test_interval_widens_with_unsure_labels():
    sure, unsure = (cell(*[(p, 0.5 - p / 2, 1)] * 6) for p in (1, 0.4))
    assert unsure["high"] - unsure["low"] > sure["high"] - sure["low"]


def test_interval_holds_the_value_and_is_the_same_for_the_same_seed(stances):
    cells = stance_map(stances)
    assert ((cells["low"] <= cells["value"]) & (cells["value"] <= cells["high"])).all()
    pd.testing.assert_frame_equal(cells, stance_map(stances))


def test_interval_reaches_to_labels_that_were_adjudicated_against_the_annotators():
    position = cell(*[(0, 1, 1)] * 9, value=1.0)
    assert position["value"] == position["high"] == 1
    assert position["low"] < -0.5


def test_cells_by_party_and_by_speaker(stances):
    by_party = stance_map(stances).set_index("holder")
    assert by_party["turns"].to_dict() == {"A & <i>B</i>": 3, "Bomen": 1, "cabinet": 1}
    assert by_party["disputed"].to_dict() == {"A & <i>B</i>": 0, "Bomen": 0, "cabinet": 1}
    assert by_party.loc["A & <i>B</i>", "ordinals"] == (4, 2, 6)  # the clearest first
    assert set(stance_map(stances, by="speaker")["holder"]) == {"Aalbers", "Bos", "Minister Carels"}


def test_evidence_of_a_cell(stances, debate):
    passages = evidence(stances, debate, "A & <i>B</i>", "green_bridges")
    assert passages[["ordinal", "quote"]].values.tolist() == [[2, "Bruggen moeten groen. "[:21]], [4, ""], [6, ""]]


def test_sides():
    assert [side(value) for value in (1, 0.2, 0.1, -0.1, -0.2)] == ["favor", "favor", "mixed", "mixed", "against"]


@pytest.mark.parametrize(
    ("choice", "message"), [({"by": "house"}, "party or speaker"), ({"confidence": 95}, "between 0 and 1")]
)
def test_refuses_unknown_choices(stances, choice, message):
    with pytest.raises(InputError, match=message):
        stance_map(stances, **choice)


def test_refuses_a_cell_of_nobody_or_of_no_issue(stances, debate):
    with pytest.raises(InputError, match="unknown party or speaker 'Aalber': did you mean 'Aalbers'"):
        evidence(stances, debate, "Aalber", "green_bridges")
    with pytest.raises(InputError, match="did you mean 'green_bridges'"):
        evidence(stances, debate, "Bos", "green_bridge")
    assert evidence(stances, debate, "De voorzitter", "green_bridges").empty
