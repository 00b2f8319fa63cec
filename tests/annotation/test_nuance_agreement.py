import numpy as np
import pytest

from standpunt.annotation.agreement import MISSING, krippendorff_alpha
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.nuance import Nuance
from standpunt.annotation.nuance_agreement import nuance_agreement
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError

FAVOR, HINT, OPEN = Nuance("favor", 3, False, False), Nuance("favor", 1, False, True), Nuance("none", None, False, True)
AGAINST = Nuance("against", 2, True, False)


@pytest.fixture(scope="module")
def source(read):
    turns = [("De heer Jansen (Rood)", f"Voorzitter. Brug {n}.") for n in range(6)]
    return Source.from_debate(read(*turns), title="Bruggen", date="2031-01-01")


def layer(source, annotator, nuances):
    labels = tuple(
        Label(turn, "no_fly_zone", nuance.label, "Jansen", (), nuance)
        for turn, nuance in enumerate(nuances, start=1)
        if nuance
    )
    return Layer(annotator, ("no_fly_zone",), source.sha256, labels)


def test_fields_are_compared_where_both_gave_them(source):
    a = layer(source, "a", [FAVOR, FAVOR, AGAINST, OPEN, HINT, None])
    b = layer(source, "b", [FAVOR, HINT, AGAINST, HINT, None, FAVOR])
    by_field = {record["field"]: record for record in nuance_agreement([(source, [a, b])], resamples=50)}
    assert list(by_field) == ["leaning", "strength", "conditional", "asks"]
    # Turns 1 to 4; a strength only where both lean, so not turn 4.
    assert {name: (one["pairs"], one["turns"]) for name, one in by_field.items()} == {
        "leaning": (4, 4), "strength": (3, 3), "conditional": (4, 4), "asks": (4, 4),
    }  # fmt: skip
    assert (by_field["leaning"]["same"], by_field["asks"]["same"], by_field["conditional"]["same"]) == (0.75, 0.75, 1.0)
    codes = np.array([[2, 2, 1, MISSING], [2, 0, 1, 0]])
    assert by_field["strength"]["alpha"] == pytest.approx(krippendorff_alpha(codes, resamples=9).alpha, abs=1e-4)
    assert by_field["leaning"]["alpha_low"] <= by_field["leaning"]["alpha"] <= by_field["leaning"]["alpha_high"]


def test_interval_is_the_same_twice_and_by_turns(source):
    members = [(source, [layer(source, "a", [FAVOR, OPEN, AGAINST]), layer(source, "b", [FAVOR, HINT, AGAINST])])]
    assert nuance_agreement(members, resamples=50, seed=3) == nuance_agreement(members, resamples=50, seed=3)


def test_two_annotators_must_have_given_them(source):
    plain = Layer("b", ("no_fly_zone",), source.sha256, (Label(1, "no_fly_zone", "favor", "Jansen"),))
    a = layer(source, "a", [FAVOR])
    for members in ([], [(source, [a])], [(source, [a, plain])], [(source, [a, layer(source, "b", [None, FAVOR])])]):
        with pytest.raises(LayerError, match="no pair has leaning, strength, conditional, asks from two annotators"):
            nuance_agreement(members)
    with pytest.raises(LayerError, match="different annotators on 'Bruggen'"):
        nuance_agreement([(source, [a, a])])
