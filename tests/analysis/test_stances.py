import pandas as pd
import pytest

from small_debate import make_predictions
from standpunt.analysis.stances import expected_stance, stances_of_layers, stances_of_predictions
from standpunt.annotation.layers import Label, Layer
from standpunt.errors import InputError


def layer(annotator, *labels):
    return Layer(annotator, ("bridges",), "", tuple(Label(turn, "bridges", label, "x") for turn, label in labels))


def test_probability_in_layers_is_the_share_of_annotators(debate):
    adjudicated = layer("adjudicated", (2, "favor"), (3, "against"))
    others = [layer("a", (2, "favor"), (3, "neutral")), layer("b", (2, "favor"))]
    found = stances_of_layers(debate, adjudicated, others).set_index("ordinal")
    assert found.loc[2, "certainty"] == 1
    assert not found.loc[2, "disputed"]
    assert found.loc[3, "certainty"] == pytest.approx(1 / 3)
    assert found.loc[3, "addressed"] == pytest.approx(2 / 3)  # one annotator left it out
    assert found.loc[3, ["p_favor", "p_against", "p_neutral"]].tolist() == [0, 0.5, 0.5]
    assert found.loc[3, "disputed"]


def test_an_undisputed_layer_alone_is_certain(debate):
    found = stances_of_layers(debate, layer("one", (2, "favor")))
    assert expected_stance(found).tolist() == [1]


def test_holders_are_parties_and_the_cabinet(stances):
    assert stances["holder"].tolist() == ["A & <i>B</i>", "Bomen", "A & <i>B</i>", "cabinet", "A & <i>B</i>"]


def test_predictions_are_averaged_over_seeds_and_disputed_where_gold_differs(debate):
    frame = make_predictions()
    other = frame.assign(p_favor=frame["p_neutral"], p_neutral=frame["p_favor"])
    found = stances_of_predictions(debate, pd.concat([frame, other])).set_index("ordinal")
    assert found.loc[2, "p_favor"] == pytest.approx(0.45)
    assert found["disputed"].to_dict() == {2: False, 3: False, 4: False, 5: True, 6: False}


def test_pairs_that_are_probably_not_addressed_are_left_out(debate):
    frame = make_predictions().assign(p_none=[0.9, 0.2, 0, 0, 0])
    frame[["p_favor", "p_against", "p_neutral"]] *= 0.5
    found = stances_of_predictions(debate, frame)
    assert found["ordinal"].tolist() == [3, 4, 5, 6]
    assert found[["p_favor", "p_against", "p_neutral"]].sum(axis=1).tolist() == pytest.approx([1] * 4)


def test_refuses_predictions_about_something_else(debate):
    with pytest.raises(InputError, match="no column p_favor"):
        stances_of_predictions(debate, make_predictions().drop(columns="p_favor"))
    with pytest.raises(InputError, match="turn other-1 of the predictions is not one of the debate d"):
        stances_of_predictions(debate, make_predictions().assign(turn="other-1"))
