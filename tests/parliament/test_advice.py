"""The cabinet's advice on motions, read from small made-up debates."""

import pytest

from standpunt.text.sentences import rough_sentences

MINISTER = "Minister De Roon"


@pytest.fixture(scope="session")
def advise(read, motion, announced):
    """Return a function that reads motions 12, 13 and 14 and then `turns`, and returns the motions by number.

    A turn is a text of the minister or a pair of header and text.
    """

    def motions_after(*turns):
        said = [(MINISTER, turn) if isinstance(turn, str) else turn for turn in turns]
        debate = read(
            ("De voorzitter", "Het woord is aan de heer Jansen."),
            ("De heer Jansen (Rood)", "Voorzitter. Drie moties.", motion()),
            announced(12, "Jansen"),
            motion("verzoekt de regering de sluis te sluiten"),
            announced(13, "Jansen", "Smit"),
            motion("verzoekt de regering een tunnel te graven"),
            announced(14, "Jansen"),
            ("De voorzitter", "Het woord is aan de minister."),
            *said,
            ("De voorzitter", "Dank u wel."),
        )
        return {item.number: item for item in debate.motions}

    return motions_after


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("Die geef ik oordeel Kamer.", "oordeel Kamer"),
        ("Die laat ik aan het oordeel van de Kamer.", "oordeel Kamer"),
        ("Oordeel Kamer.", "oordeel Kamer"),
        ("Die moet ik ontraden.", "ontraden"),
        ("Ik ontraad de motie.", "ontraden"),
        ("De motie wordt ontraden.", "ontraden"),
        ("Die zou ik willen ontraden.", "ontraden"),
        ("Die is wat mij betreft overbodig.", "overbodig"),
        ("Die is ontijdig.", "ontijdig"),
        ("Ik verzoek de indiener om de motie aan te houden.", "ontijdig"),
        ("De motie wordt overgenomen.", "overgenomen"),
        ("Die neem ik graag over.", "overgenomen"),
    ],
)
def test_advice_is_read(advise, words, advice):
    item = advise(f"Voorzitter. De motie op stuk nr. 12 gaat over verf. {words}")[12]
    assert (item.advice, item.advised_by, item.condition) == (advice, "De Roon", None)
    assert item.advice_turn.endswith("-010")


def test_no_advice_is_none(advise):
    item = advise("Voorzitter. De motie op stuk nr. 12 gaat over verf. Over verf valt veel te zeggen.")[12]
    assert (item.advice, item.advised_by, item.advice_turn, item.condition) == (None, None, None, None)


def test_each_motion_gets_its_own_advice(advise):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12: oordeel Kamer. Dan de motie op stuk nr. 14. Een tunnel is duur. Ontraden."
    )
    assert [items[n].advice for n in (12, 13, 14)] == ["oordeel Kamer", None, "ontraden"]


@pytest.mark.parametrize(
    "numbers",
    ["de stukken nrs. 12 en 13", "stukken nrs. 12 en 13", "de stukken nrs. 12, 13", "stukken nrs. 12, en nr. 13"]
    + ["stuk nrs. 12 t/m 13", "stuk nrs. 9 tot en met 13", "stuk nr. 12 (37000) en nr. 13 (37 000)"],
)
def test_one_sentence_may_advise_on_several_motions(advise, numbers):
    items = advise(f"Voorzitter. De moties op {numbers} moet ik ontraden.")
    assert [items[n].advice for n in (12, 13, 14)] == ["ontraden", "ontraden", None]


@pytest.mark.parametrize("who", ["van de heer Jansen c.s.", "van de leden Jansen e.a.", "over 3.500 woningen"])
def test_motion_is_found_behind_an_abbreviation(advise, who):
    items = advise(f"Voorzitter. De motie op stuk nr. 12: ontraden. De motie {who} op stuk nr. 13: oordeel Kamer.")
    assert [items[n].advice for n in (12, 13)] == ["ontraden", "oordeel Kamer"]


@pytest.mark.parametrize(
    ("number", "advice"),
    [("12 (37000-X)", ["ontraden", None]), ("12", ["ontraden", "ontraden"]), ("12 (36045)", [None, None])],
)
def test_number_of_two_dossiers_is_told_apart_where_the_dossier_is_named(read, motion, announced, number, advice):
    debate = read(
        ("De heer Jansen (Rood)", "Voorzitter.", motion()),
        announced(12, "Jansen", dossier="37000-X"),
        ("De heer Jansen (Rood)", "Nog een.", motion("verzoekt de regering de sluis te sluiten")),
        announced(12, "Jansen", dossier="37000-V"),
        (MINISTER, f"Voorzitter. De motie op stuk nr. {number}: ontraden."),
    )
    assert [item.advice for item in debate.motions] == advice


def test_abbreviated_number_does_not_end_a_sentence(advise):
    assert list(rough_sentences("Over de motie op stuk nr. 12 het volgende. Die ontraad ik.")) == [
        "Over de motie op stuk nr. 12 het volgende.",
        "Die ontraad ik.",
    ]
    assert advise("Voorzitter. Ik ontraad de motie op stuk nr. 13. Dank u.")[13].advice == "ontraden"


@pytest.mark.parametrize(
    "considered", ["Ik zou hem overbodig kunnen verklaren.", "Dat zou tot ontraden kunnen leiden."]
)
def test_considered_advice_does_not_change_the_standing_one(advise, considered):
    words = f"Voorzitter. De motie op stuk nr. 12 krijgt oordeel Kamer. {considered}"
    assert advise(words)[12].advice == "oordeel Kamer"
    assert advise(f"Voorzitter. De motie op stuk nr. 12. {considered}")[12].advice is None


def test_reading_of_the_motion_is_a_condition(advise):
    sentence = "Als ik de motie zo mag lezen dat het om één laag verf gaat, geef ik haar oordeel Kamer."
    item = advise(f"Voorzitter. De motie op stuk nr. 12 gaat over verf. {sentence}")[12]
    assert (item.advice, item.condition) == ("oordeel Kamer", sentence)


def test_reading_may_be_a_sentence_of_its_own(advise):
    reading = "Ik lees de motie zo dat het om één laag verf gaat."
    item = advise(f"Voorzitter. De motie op stuk nr. 12. {reading} Dan kan ik haar oordeel Kamer geven.")[12]
    assert item.advice == "oordeel Kamer"
    assert item.condition == f"{reading} Dan kan ik haar oordeel Kamer geven."


def test_advice_after_a_change_is_not_that_of_the_printed_motion(advise):
    sentence = "Als het woord wordt geschrapt, krijgt de motie oordeel Kamer, en anders moet ik haar ontraden."
    item = advise(f"Voorzitter. De motie op stuk nr. 12 zegt dat het morgen moet. {sentence}")[12]
    assert (item.advice, item.condition) == ("ontraden", sentence)


def test_reading_or_else(advise):
    item = advise(
        "Voorzitter. De motie op stuk nr. 12. Als ik haar lees als een oproep tot één laag verf, dan oordeel Kamer. "
        "Anders ontraden."
    )[12]
    assert item.advice == "oordeel Kamer"
    assert item.condition.endswith("oordeel Kamer. Anders ontraden.")


def test_change_or_else_in_two_sentences(advise):
    item = advise(
        "Voorzitter. De motie op stuk nr. 12. Als de indiener haar zo aanpast, geef ik oordeel Kamer. Anders ontraden."
    )[12]
    assert item.advice == "ontraden"
    assert "aanpast" in item.condition


def test_condition_belongs_to_its_own_motion(advise):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12. Als ik haar zo mag lezen, krijgt zij oordeel Kamer. "
        "De motie op stuk nr. 13 krijgt oordeel Kamer."
    )
    assert items[12].condition is not None
    assert items[13].condition is None


def test_later_turn_of_a_minister_changes_the_advice(advise):
    item = advise(
        "Voorzitter. De motie op stuk nr. 12: ontraden.",
        ("De heer Jansen (Rood)", "En als ik er verf bij lever?"),
        "Goed. Dan geef ik de motie op stuk nr. 12 alsnog oordeel Kamer.",
    )[12]
    assert item.advice == "oordeel Kamer"
    assert item.advice_turn.endswith("-012")


def test_answer_without_a_number_is_on_the_motion_at_hand(advise):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12: oordeel Kamer. De motie op stuk nr. 13 gaat over een sluis.",
        ("De heer Jansen (Rood)", "En wat vindt u daarvan?"),
        "Ontraden.",
    )
    assert [items[n].advice for n in (12, 13)] == ["oordeel Kamer", "ontraden"]
    assert items[13].advice_turn.endswith("-012")


def test_chair_may_call_the_next_motion(advise):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12: oordeel Kamer.",
        ("De voorzitter", "De motie op stuk nr. 13."),
        "Die ontraad ik.",
    )
    assert [items[n].advice for n in (12, 13)] == ["oordeel Kamer", "ontraden"]


def test_words_of_a_member_are_no_advice(advise):
    items = advise(
        ("De heer Jansen (Rood)", "Voorzitter. De motie op stuk nr. 12 krijgt vast oordeel Kamer."),
        ("Mevrouw Smit (Geel)", "Ik ontraad de motie op stuk nr. 13."),
    )
    assert [items[n].advice for n in (12, 13)] == [None, None]


def test_state_secretary_advises_too(advise):
    item = advise(("Staatssecretaris Pot", "Voorzitter. De motie op stuk nr. 12: ontraden."))[12]
    assert (item.advice, item.advised_by) == ("ontraden", "Pot")


def test_two_ministers_divide_the_motions(advise):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12: ontraden.",
        ("De voorzitter", "Dan de staatssecretaris."),
        ("Staatssecretaris Pot", "Voorzitter. De motie op stuk nr. 13: oordeel Kamer."),
    )
    assert [items[n].advised_by for n in (12, 13)] == ["De Roon", "Pot"]


def test_unknown_number_touches_no_motion(advise):
    items = advise("Voorzitter. De motie op stuk nr. 99 moet ik ontraden.")
    assert {item.advice for item in items.values()} == {None}


def test_number_of_another_motion_in_between_is_followed(advise):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12: oordeel Kamer. De motie op stuk nr. 99 van vorig jaar is ontraden."
    )
    assert items[12].advice == "oordeel Kamer"


def test_advice_before_a_motion_is_read_is_none_on_it(read, motion, announced):
    debate = read(
        (MINISTER, "Voorzitter. De motie op stuk nr. 12 zal ik ontraden."),
        ("De heer Jansen (Rood)", "Voorzitter.", motion()),
        announced(12, "Jansen"),
    )
    assert debate.motions[0].advice is None


@pytest.mark.parametrize(
    "compared",
    ["Net als bij de motie op stuk nr. 12 gaat het om geld.", "Ook hier geldt, net als bij die op stuk nr. 12, geld."]
    + ["Dat is net als in de motie van de heer Jansen op stuk nr. 12.", "Conform de motie op stuk nr. 12 is er geld."]
    + ["Evenals bij de moties op de stukken nrs. 12 en 14 gaat het om geld.", "Dat is net zoals bij motie nr. 12."]
    + ["Anders dan de motie op stuk nr. 12 kost dit geld.", "Ik verwijs u naar de motie op stuk nr. 12."]
    + ["Het is hetzelfde als de motie op stuk. 12, vind ik."],
)
def test_comparison_does_not_change_which_motion_is_spoken_of(advise, compared):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12: oordeel Kamer. De motie op stuk nr. 14: oordeel Kamer. "
        f"De motie op stuk nr. 13 gaat over een sluis. {compared} Die moet ik ontraden."
    )
    assert [items[n].advice for n in (12, 13, 14)] == ["oordeel Kamer", "ontraden", "oordeel Kamer"]


def test_advice_may_stand_in_the_comparison(advise):
    items = advise(
        "Voorzitter. De motie op stuk nr. 12: oordeel Kamer. De motie op stuk nr. 14 gaat over een tunnel. Net als bij "
        "de motie op stuk nr. 12 is er geen geld; ik ontraad haar."
    )
    assert [items[n].advice for n in (12, 14)] == ["oordeel Kamer", "ontraden"]


@pytest.mark.parametrize(
    "both", ["Ik ontraad de motie op stuk nr. 13, net als de motie op stuk nr. 14.", "Zoals gezegd zal ik de moties op "
    "de stukken nrs. 13 en 14 ontraden."]
)  # fmt: skip
def test_advice_on_a_motion_and_on_another_like_it(advise, both):
    items = advise(f"Voorzitter. De motie op stuk nr. 12: oordeel Kamer. {both}")
    assert [items[n].advice for n in (12, 13, 14)] == ["oordeel Kamer", "ontraden", "ontraden"]


@pytest.mark.parametrize(
    "number", ["op stuk. 13", "op stuk 13", "op stuk nr 13", "op de stukken 13 en 14", "op stuk nr.13"]
)
def test_number_may_be_abbreviated_otherwise(advise, number):
    items = advise(f"Voorzitter. De motie op stuk nr. 12: oordeel Kamer. Dan de motie {number}. Die moet ik ontraden.")
    assert [items[n].advice for n in (12, 13)] == ["oordeel Kamer", "ontraden"]
