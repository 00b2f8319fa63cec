"""Labels of speakers, as all formats print them."""

import pytest

from standpunt.debate import Speaker
from standpunt.readers.build import CHAIR
from standpunt.readers.labels import BEGINNING, is_chair, read_label

CHAIRS = [
    "De voorzitter", "de voorzitter", "DE VOORZITTER", "Voorzitter", "De fungerend voorzitter", "De ondervoorzitter",
    "De tijdelijk voorzitter", "De tijdelijke voorzitter", "De waarnemend voorzitter", "Waarnemend voorzitter",
    "De plaatsvervangend voorzitter", "De plv. voorzitter", "Eerste ondervoorzitter", "De vicevoorzitter",
    "De voorzitster",
]  # fmt: skip
NAMED = [
    "De voorzitter (mevrouw Smit)", "De voorzitter (Smit)", "De voorzitter, de heer Smit", "Voorzitter Van der Smit",
    "Tijdelijk voorzitter Smit", "De heer Smit (voorzitter)", "Mevrouw Smit (fungerend voorzitter)",
]  # fmt: skip


@pytest.mark.parametrize("label", [*CHAIRS, *NAMED])
def test_chair(label):
    assert read_label(label) == CHAIR
    assert is_chair(label) == (label in CHAIRS)


@pytest.mark.parametrize(
    "title",
    ["De heer", "de heer", "Dhr.", "Dhr", "dhr.", "Meneer", "meneer", "Mijnheer", "Mevrouw", "Mevr.", "Mw.", "Mw"]
    + ["Kamerlid", "Het lid", "Lid", "MEVROUW"],
)
@pytest.mark.parametrize("party", ["(Rood-Geel)", "[Rood-Geel]"])
def test_member(title, party):
    assert read_label(f"{title} Van 't Hekke {party}") == Speaker("Van 't Hekke", "Rood-Geel", "member")
    assert read_label(f"{title} Van 't Hekke") == Speaker("Van 't Hekke", None, "guest")


@pytest.mark.parametrize(
    ("title", "role"),
    [("Minister", "minister"), ("minister-president", "minister"), ("Premier", "minister")]
    + [("Wethouder", "alderman"), ("Gedeputeerde", "alderman"), ("Burgemeester", "mayor")]
    + [("Staatssecretaris", "state secretary")],
)
@pytest.mark.parametrize("portfolio", ["", " (Bruggen)", " [Bruggen]"])
def test_cabinet_has_no_party(title, role, portfolio):
    assert read_label(f"{title} De Roon{portfolio}") == Speaker("De Roon", None, role)


@pytest.mark.parametrize(
    ("label", "name", "party"),
    [
        ("Mevrouw Çelik-\nVisch (Rood-\nGeel)", "Çelik-Visch", "Rood-Geel"),
        ("Mevrouw Çelik \n(Partij voor \nBruggen)", "Çelik", "Partij voor Bruggen"),
        ("De  heer\nSmit  (Geel)", "Smit", "Geel"),
        ("De heer J.P. Smit (Geel)", "J.P. Smit", "Geel"),
        ("De heer dr. Smit (Geel)", "dr. Smit", "Geel"),
    ],
)
def test_label_may_be_wrapped_and_have_initials(label, name, party):
    assert read_label(label) == Speaker(name, party, "member")


@pytest.mark.parametrize(
    "text",
    ["De heer Smit en de heer Pot", "Mevrouw Smit van Geel zei", "De voorzitter van de raad schreef", "Mevrouw"]
    + ["De heer Smit. Minister Pot", "Mevrouw de voorzitter", "Voorzitterschap", "Ministerie", "Smit (Geel)", ""]
    + ["Het is duidelijk", "De heer Smit (Geel) vroeg", "De minister"],
)
def test_what_is_no_label(text):
    assert read_label(text) is None


def test_where_a_label_may_begin():
    text = "Oud-minister Pot dankt de ministers. Minister Pot en de voorzitter, mevrouw Smit."
    assert [match[0] for match in BEGINNING.finditer(text)] == ["Minister", "de voorzitter", "mevrouw"]
