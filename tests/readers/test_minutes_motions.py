"""What the chair of a council says about motions."""

import pytest

from standpunt.readers.minutes.motions import gone_in, names_in, number_in, result_in, submitted_in, voted_on

PARTIES = {"Bos": "Groen", "De Haan": "Blauw", "Kok": "Rood", "Smit": "Rood"}


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Motie H.1 SP Een titel", ("H", 1)),
        ("Gewijzigde motie VVD4 Een titel", ("VVD", 4)),
        ("Motie D66.5 Een titel", ("D66", 5)),
        ("Motie M. 2 CDA Een titel", ("M", 2)),
        ("Motie AA.3 VVD Een titel", ("AA", 3)),
        ("Motie H5 Een titel", ("H", 5)),
        ("Gewijzigd amendement CU/SGP. D Een titel", ("CU/SGP", "D")),
        ("Amendement E.G. VVD Een titel", ("E", "G")),
        ("Moties Q.2 HSP Een titel", ("Q", 2)),
        ("Motie (O.1 VVD) Een titel", ("O", 1)),
        ("Motie van afkeuring", None),
        ("Gewijzigde motie (Gemeente)raad viert feest", None),
    ],
)
def test_numbers_in_titles(title, number):
    assert number_in(title) == number


def test_the_same_number_in_two_spellings():
    assert number_in("Motie HvdH.9 A").key == number_in("Motie HvDH 9 A").key


def test_who_submits():
    said = (
        "Dank u. Door de heer De Haan, daartoe gesteund door mevrouw Bos en de heren Kok en Smit, worden de volgende "
    )
    found = submitted_in(said + "moties (A.1 X, A.2 X en A.3 X) ingediend:")
    assert found.names == ("De Haan", "Bos", "Kok", "Smit")
    assert [number.number for number in found.numbers] == [1, 2, 3]
    found = submitted_in("Door de fractie van Hart voor de Stad wordt het volgende amendement (HvS.C) voorgesteld.")
    assert (found.names, found.numbers) == (("Hart voor de Stad",), (("HvS", "C"),))
    changed = submitted_in("Amendement (H.H HvS) is in die zin gewijzigd, dat het thans luidt:")
    assert (changed.names, changed.numbers) == ((), (("H", "H"),))
    assert submitted_in("Door de regen wordt de markt vandaag niet gehouden.") is None


def test_names_keep_their_particles():
    assert names_in("mevrouw De Groot en de heer Van den Bos") == ("De Groot", "Van den Bos")
    assert names_in("de fracties van de VVD en Groen") == ("VVD", "Groen")


def test_what_is_withdrawn_or_put_off():
    said = "Aangezien de amendementen J.A X en J.B X zijn ingetrokken, maken ze geen onderdeel meer uit van de zaak."
    assert list(gone_in(said)) == [(("J", "A"), "ingetrokken"), (("J", "B"), "ingetrokken")]
    said = "Aangezien motie P.2 GL is aangehouden, maakt ze geen onderdeel meer uit van de behandeling."
    assert list(gone_in(said)) == [(("P", 2), "aangehouden")]
    assert list(gone_in("Motie P.2 is vorige keer aangehouden.")) == []


def test_what_is_voted_on():
    assert voted_on("In stemming komt de nader gewijzigde motie CU/SGP.4.") == (("CU/SGP", 4),)
    assert voted_on("In stemming komt X.1 GL.") == (("X", 1),)
    assert voted_on("In stemming komt het aldus gewijzigde voorstel.") == ()
    assert voted_on("In stemming komt dictum 9, Een plan.") == ()


@pytest.mark.parametrize(
    ("said", "result", "counts"),
    [
        ("De motie wordt aangenomen met 24 tegen 21 stemmen.", "aangenomen", {"Voor": 24, "Tegen": 21}),
        ("De motie wordt verworpen met 1 stem tegen 42 stemmen.", "verworpen", {"Voor": 1, "Tegen": 42}),
        ("Dictum 1 wordt verworpen 2 tegen 3 stemmen.", "verworpen", {"Voor": 2, "Tegen": 3}),
        ("Het voorstel wordt met algemene stemmen aangenomen.", "aangenomen", {"Tegen": 0}),
        ("De motie wordt verworpen.", "verworpen", {}),
        ("Aangezien 22 leden tegen en 20 leden voor hebben gestemd, staken ze.", "gestaakt", {"Voor": 20, "Tegen": 22}),
        ("Ik zie 22 leden voor en 22 leden tegen.", "gestaakt", {"Voor": 22, "Tegen": 22}),
        ("Dat voor de motie 21 leden zijn en ertegen eveneens 21.", "gestaakt", {"Voor": 21, "Tegen": 21}),
        ("De stemmen staken.", "gestaakt", {}),
    ],
)
def test_results(said, result, counts):
    found = result_in(said, PARTIES.get)
    assert (found.result, dict(found.counts)) == (result, counts)


def test_the_chair_may_say_something_else_first():
    assert result_in("Meneer Smit, gaat u zitten. De staking is voorbij.", PARTIES.get) is None


def test_a_party_that_is_split_is_told_so():
    said = "De motie wordt verworpen met 2 tegen 2 stemmen. Voor de motie hebben gestemd de leden Bos en Kok. "
    found = result_in(said + "Tegen de motie hebben gestemd de leden De Haan, Smit en Vos.", PARTIES.get)
    assert found.votes == {"Groen": "Voor", "Rood": "Verdeeld", "Blauw": "Tegen"}
    assert found.strangers == ("Vos",)
