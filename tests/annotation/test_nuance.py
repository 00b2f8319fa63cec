import pytest

from standpunt.annotation.layers import STANCES
from standpunt.annotation.nuance import LEANINGS, NUANCE_FIELDS, STRENGTHS, Nuance, read_nuance, stance_of
from standpunt.errors import LayerError

GIVEN = {"leaning": "against", "strength": 2, "conditional": True, "asks": False}


@pytest.mark.parametrize(
    ("leaning", "strength", "label"),
    [
        ("favor", 3, "favor"),
        ("favor", 2, "favor"),
        ("favor", 1, "neutral"),
        ("against", 3, "against"),
        ("against", 2, "against"),
        ("against", 1, "neutral"),
        ("none", None, "neutral"),
    ],
)
@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("conditional", [True, False])
def test_label_follows_from_leaning_and_strength_alone(leaning, strength, label, conditional, asks):
    assert stance_of(leaning, strength) == label
    assert Nuance(leaning, strength, conditional, asks).label == label


def test_rule_knows_every_stance_and_no_other():
    made = {stance_of(leaning, strength) for leaning in LEANINGS[:2] for strength in STRENGTHS}
    assert made == set(STANCES)


def test_what_is_written_is_read():
    for nuance in (Nuance("against", 2, True, False), Nuance("none", None, False, True)):
        assert tuple(nuance.record()) == NUANCE_FIELDS
        assert read_nuance(nuance.record(), "here") == nuance


def test_none_of_the_fields_is_no_nuance():
    assert read_nuance({}, "here") is None
    assert read_nuance(dict.fromkeys(NUANCE_FIELDS), "here") is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"leaning": None}, "'leaning' is missing"),
        ({"leaning": "neutral"}, "unknown leaning 'neutral'"),
        ({"leaning": ["favor"]}, "unknown leaning"),
        ({"leaning": "none"}, "strength 2 where nothing leans"),
        ({"strength": None}, "'strength' must be 1, 2 or 3, got None"),
        ({"strength": 0}, "got 0"),
        ({"strength": 4}, "got 4"),
        ({"strength": True}, "got True"),
        ({"strength": "2"}, "got '2'"),
        ({"conditional": None}, "'conditional' and 'asks'"),
        ({"asks": None}, "'conditional' and 'asks'"),
        ({"asks": 1}, "'conditional' and 'asks'"),
    ],
)
def test_wrong_fields_are_refused_with_their_place(changed, why):
    with pytest.raises(LayerError, match=why) as caught:
        read_nuance(GIVEN | changed, "layer.jsonl, line 2")
    assert str(caught.value).startswith("layer.jsonl, line 2: ")
