"""Opposites of propositions, for training: what the rule makes, and what it leaves alone."""

import pytest

from standpunt.text.negation import negated

MADE = {
    "De gemeente moet de haven uitbaggeren.": "De gemeente moet niet de haven uitbaggeren.",
    "Er moet een tunnel onder de rivier komen.": "Er moet geen tunnel onder de rivier komen.",
    "Honden mogen los in het park.": "Honden mogen niet los in het park.",
    "De bibliotheek blijft op zondag open.": "De bibliotheek blijft niet op zondag open.",
    "Een hogere boete is redelijk.": "Een hogere boete is niet redelijk.",
    "Fietsers kunnen een helm dragen.": "Fietsers kunnen geen helm dragen.",
    # A negation is taken out.
    "De markt mag niet naar het stadion verhuizen.": "De markt mag naar het stadion verhuizen.",
    "Er moeten geen hotels bij komen.": "Er moeten hotels bij komen.",
    "De tol wordt niet verhoogd.": "De tol wordt verhoogd.",
    # The demand is denied, not what stands in a clause before it.
    "Wie een tuin heeft die groot is, moet dat.": "Wie een tuin heeft die groot is, moet niet dat.",
    "Mensen die klaar zijn met hun studie moeten terugbetalen.": (
        "Mensen die klaar zijn met hun studie moeten niet terugbetalen."
    ),
    "Kinderen die niet willen, moeten zwemles krijgen.": None,
    "Zolang het geen zomer is, mag de sluis dicht.": None,
    # Not the opposite of anything.
    "De gemeente moet niet alleen wegen, maar ook paden verharden.": None,
    "De kermis mag alleen in mei.": None,
    "Winkels moeten al dan niet op zondag open.": None,
    "Niemand moet meer dan een uur reizen.": None,
    "Er is nooit een brug geweest.": None,
    "De haven is niet vies en niet klein.": None,
    "De trein kan niet meer stoppen.": None,
    "Meer bomen langs de singel!": None,
    "": None,
    "niet": None,
}


@pytest.mark.parametrize(("proposition", "opposite"), MADE.items())
def test_opposite(proposition, opposite):
    assert negated(proposition) == opposite


@pytest.mark.parametrize("proposition", [p for p, made in MADE.items() if made and "niet" in p + made])
def test_opposite_of_the_opposite_is_the_proposition(proposition):
    assert negated(negated(proposition)) == proposition
