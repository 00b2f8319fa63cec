"""What a model shows is held against what is tested on, whatever the protocol."""

import pytest

from standpunt.errors import LeakageError
from standpunt.splits.shown import assert_not_tested

LONG = (
    "Voorzitter, deze zin is zo lang dat zij geen formule is, en zij staat daarom maar aan één kant van de verdeling."
)


def record(name, text=LONG, **more):
    return {"id": name, "issue": "a", "debate": "d", "speaker": "s", "text": text, **more}


def test_a_text_that_is_tested_on_is_not_shown():
    with pytest.raises(LeakageError, match="the text of row x, an example that the model is shown, is tested on"):
        assert_not_tested([record("x")], [record("y", LONG.upper() + " Ja.")], None)
    assert_not_tested(
        [record("x")], [record("y", "Iets heel anders dat ook geen formule is, want het gaat maar door en door.")], None
    )
    assert_not_tested([record("x", "Dank u wel, voorzitter.")], [record("y", "Dank u wel, voorzitter.")], None)


@pytest.mark.parametrize("unit", ["issue", "debate", "speaker"])
def test_a_unit_that_is_held_out_is_not_shown(unit):
    shown, tested = [record("x", "Het ene.")], [record("y", "Het andere.")]
    with pytest.raises(LeakageError, match=f"an example that the model is shown is of {unit} '{shown[0][unit]}'"):
        assert_not_tested(shown, tested, unit)
    assert_not_tested(shown, [{**tested[0], unit: "other"}], unit)
    assert_not_tested([{**shown[0], unit: None}], [{**tested[0], unit: None}], unit)
    assert_not_tested([], tested, unit)
    assert_not_tested(shown, [], unit)
