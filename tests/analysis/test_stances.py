import pandas as pd
import pytest

from council import minutes
from small_debate import make_predictions
from standpunt.analysis.stances import position_holder, stances_of_layers, stances_of_predictions
from standpunt.annotation.layers import Label, Layer
from standpunt.debate import CABINET
from standpunt.errors import InputError
from standpunt.readers.minutes import parse


def layer(annotator, *labels, issues=("bridges",)):
    return Layer(annotator, issues, "", tuple(Label(turn, "bridges", label, "x") for turn, label in labels))


def test_probability_in_layers_is_the_share_of_single_annotators(debate):
    adjudicated = layer("adjudicated", (2, "favor"), (3, "against"), (4, "neutral"))
    others = [
        layer("a", (2, "favor"), (3, "against"), (4, "favor")),
        layer("b", (2, "favor"), (4, "neutral")),
    ]
    shown = stances_of_layers(debate, adjudicated, others).set_index("ordinal")
    assert shown["certainty"].to_dict() == {2: 1, 3: 0.5, 4: 0.5}
    assert shown["disputed"].to_dict() == {2: False, 3: True, 4: True}
    assert shown["addressed"].to_dict() == {2: 1, 3: 0.5, 4: 1}  # one annotator left turn 3 out
    assert shown.loc[4, ["p_favor", "p_against", "p_neutral"]].tolist() == [0.5, 0, 0.5]
    assert shown["value"].to_dict() == {2: 1, 3: -1, 4: 0}  # the side is that of the label shown


def test_who_did_not_read_for_an_issue_does_not_dispute_it(debate):
    others = [layer("a", (2, "favor")), layer("b", issues=("tunnels",))]
    shown = stances_of_layers(debate, layer("adjudicated", (2, "favor")), others)
    assert shown[["certainty", "disputed"]].values.tolist() == [[1, False]]


def test_a_label_that_no_annotator_gave_is_shown_as_disputed(debate):
    shown = stances_of_layers(debate, layer("adjudicated", (2, "favor")), [layer("a"), layer("b")])
    assert shown[["stance", "value", "p_favor", "disputed"]].values.tolist() == [["favor", 1, 1, True]]
    assert 0 < shown.loc[0, "addressed"] < 1


@pytest.mark.parametrize("annotator", ["one", "adjudicated"])
def test_a_layer_alone_is_certain(debate, annotator):
    shown = stances_of_layers(debate, layer(annotator, (2, "favor")))
    assert shown[["value", "certainty", "disputed"]].values.tolist() == [[1, 1, False]]


def test_holders_are_parties_and_the_cabinet(stances):
    assert stances["holder"].tolist() == ["A & <i>B</i>", "Bomen", "A & <i>B</i>", "cabinet", "A & <i>B</i>"]


def test_predictions_are_averaged_over_seeds_and_disputed_where_gold_differs(debate):
    frame = make_predictions()
    other = frame.assign(p_favor=frame["p_neutral"], p_neutral=frame["p_favor"])
    shown = stances_of_predictions(debate, pd.concat([frame, other])).set_index("ordinal")
    assert shown.loc[2, "p_favor"] == pytest.approx(0.45)
    assert shown["disputed"].to_dict() == {2: False, 3: False, 4: False, 5: True, 6: False}


def test_pairs_that_are_probably_not_addressed_are_left_out(debate):
    frame = make_predictions().assign(p_none=[0.9, 0.2, 0, 0, 0])
    frame[["p_favor", "p_against", "p_neutral"]] *= 0.5
    shown = stances_of_predictions(debate, frame)
    assert shown["ordinal"].tolist() == [3, 4, 5, 6]
    assert shown[["p_favor", "p_against", "p_neutral"]].sum(axis=1).tolist() == pytest.approx([1] * 4)


def test_rows_on_which_the_model_abstains_are_left_out(debate):
    frame = make_predictions().assign(label=["favor", "abstain", "favor", "abstain", "favor"])
    assert stances_of_predictions(debate, frame)["ordinal"].tolist() == [2, 4, 6]


def test_refuses_predictions_about_something_else(debate):
    with pytest.raises(InputError, match="no column p_favor"):
        stances_of_predictions(debate, make_predictions().drop(columns="p_favor"))
    with pytest.raises(InputError, match="turn other-1 of the predictions is not one of the debate d"):
        stances_of_predictions(debate, make_predictions().assign(turn="other-1"))


def test_alderman_and_mayor_speak_for_the_executive_and_not_for_their_party():
    turns = [turn for debate in parse(minutes()) for turn in debate.turns]
    assert {position_holder(turn) for turn in turns if turn.speaker.name in ("Mulder", "Van Loon")} == {CABINET}
    assert {position_holder(turn) for turn in turns if turn.speaker.name == "Anna Bos"} == {"Groen"}
