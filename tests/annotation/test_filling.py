"""Layers that look half filled, and those that do not."""

import pytest

from standpunt.annotation.filling import Filling, half_filled
from standpunt.annotation.layers import Label, Layer
from standpunt.debate import Debate, Speaker, Turn

CHAIR, JANSEN = Speaker("De voorzitter", None, "chair"), Speaker("Jansen", "Rood", "member")


def debate(turns):
    """Return a debate in which the chair speaks first, and then so many turns of a member follow."""
    speakers = [CHAIR, *[JANSEN] * turns]
    return Debate(
        "d",
        "over bruggen",
        tuple(
            Turn(f"d-{n}", n, who, "speech", 1, None, None, None, None, f"Beurt {n}.")
            for n, who in enumerate(speakers, start=1)
        ),
    )


def layer(labelled, issue="bridge", issues=("bridge",)):
    return Layer("jan", issues, "", tuple(Label(turn, issue, "favor", "Jansen") for turn in labelled))


@pytest.mark.parametrize(
    ("labelled", "said"),
    [
        (range(2, 22), ""),
        (range(2, 22, 2), ""),  # here and there is how a debate is
        ((*range(2, 12), *range(17, 22)), ""),  # five of twenty, a quarter
        ((*range(2, 12), *range(18, 22)), "d: 14 of 20 turns have a label, none from 12 to 17"),
        (range(2, 14), "d: 12 of 20 turns have a label, none from 14 to 21"),
        ((2, 5, 8, 11, 14, 18), ""),
        ((2, 6, 10, 14, 18), "d: 5 of 20 turns have a label, none from 3 to 5"),
    ],
)
def test_few_labels_or_many_turns_in_succession_without(labelled, said):
    assert half_filled([("d", layer(labelled), debate(20))]) == said


def test_a_layer_without_labels():
    assert half_filled([("d", layer(()), debate(20))]) == "d: 0 of 20 turns have a label; no turn has a label on bridge"


def test_an_issue_without_a_label_in_any_debate():
    text = debate(4)
    whole = layer((2, 3, 4, 5), issues=("bridge", "ferry"))
    assert half_filled([("d", whole, text)]) == "no turn has a label on ferry"
    assert half_filled([("d", whole, text)], issues=["bridge"]) == ""
    other = layer((2, 3, 4, 5), "ferry", ("bridge", "ferry"))
    assert half_filled([("d", whole, text), ("e", other, text)]) == ""
    many = layer((2, 3, 4, 5), issues=("bridge", "a", "b", "c", "d", "e"))
    assert half_filled([("d", many, text)]) == "no turn has a label on a, b, c and 2 issues more"


def test_three_debates_are_named():
    text = debate(4)
    said = half_filled([(name, layer((2,)), text) for name in "abcde"])
    assert said.count("1 of 4 turns have a label, none from 3 to 5") == 3
    assert said.endswith("; and so 2 debates more")
    assert not Filling.of(layer(()), Debate("e", "zonder beurten", ())).half
