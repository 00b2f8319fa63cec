"""Headers without an empty line above, in running text and with other titles; and what only looks like one."""

import pytest

from standpunt.debate import Speaker
from standpunt.readers import plain
from standpunt.readers.build import CHAIR

SMIT, POT = Speaker("Smit", "Geel", "member"), Speaker("Pot", None, "minister")
START = "De voorzitter:\nWelkom.\n"


def turns(text):
    return [(turn.speaker, turn.text) for turn in plain.parse(text).turns]


def spoken(text):
    """Return what is read of a report that begins with the chair's "Welkom."."""
    (speaker, words), *others = turns(text)
    assert speaker == CHAIR
    return words, others


@pytest.mark.parametrize(
    "label",
    ["De heer Smit (Geel)", "de heer Smit (Geel)", "Dhr. Smit (Geel)", "meneer Smit (Geel)", "Mw. Smit (Geel)"]
    + [
        "Kamerlid Smit (Geel)",
        "Het lid Smit (Geel)",
        "De heer Smit [Geel]",
        "MEVROUW Smit (Geel)",
        "Mevrouw Smit \n(Geel)",
    ],
)
@pytest.mark.parametrize("above", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("behind", [":\n", ": ", " :\n"])
def test_header_on_a_line_of_its_own_or_with_speech_behind_it(label, above, behind):
    text = f"{START}{above}{label}{behind}Voorzitter. De brug is oud.\n"
    assert spoken(text) == ("Welkom.", [(SMIT, "Voorzitter. De brug is oud.")])


@pytest.mark.parametrize(
    "label",
    ["De voorzitter", "De tijdelijk voorzitter", "De waarnemend voorzitter", "De ondervoorzitter", "DE VOORZITTER"]
    + ["De voorzitter (mevrouw Pot)", "Voorzitter Pot", "De heer Pot (voorzitter)"],
)
@pytest.mark.parametrize("behind", ["\n", " "])
def test_chair_by_another_label(label, behind):
    text = f"Mevrouw Smit (Geel):\nDank u wel.\n{label}:{behind}Ga uw gang.\nMevrouw Smit (Geel):\nGraag.\n"
    assert turns(text) == [(SMIT, "Dank u wel."), (CHAIR, "Ga uw gang."), (SMIT, "Graag.")]


@pytest.mark.parametrize("behind", ["\n", " "])
def test_bare_voorzitter_is_the_chair_where_no_other_label_is(behind):
    text = f"Voorzitter:{behind}Welkom.\nMevrouw Smit (Geel):{behind}Dank.\nVoorzitter:{behind}Ga door.\n"
    assert turns(text) == [(CHAIR, "Welkom."), (SMIT, "Dank."), (CHAIR, "Ga door.")]


def test_bare_voorzitter_is_an_address_where_the_chair_has_a_label():
    words = "Voorzitter: De brug is oud. Voorzitter: De sluis ook."
    assert spoken(f"{START}Mevrouw Smit (Geel):\n{words}\n") == ("Welkom.", [(SMIT, words)])


def test_bare_voorzitter_beside_another_label_of_the_chair_on_a_line_below_an_empty_one():
    spoken_twice = f"{START}Mevrouw Smit (Geel):\nDank.\n\nVoorzitter:\nGa door.\n"
    assert turns(spoken_twice)[1:] == [(SMIT, "Dank."), (CHAIR, "Ga door.")]


def test_running_text():
    text = (
        "Bruggen Voorzitter: Pot Aan de orde is het debat over bruggen De voorzitter: Welkom. Mevrouw Smit "
        '(Geel): Dank. Is de brug veilig? Minister Pot:Ja, "heel veilig". De voorzitter: Mevrouw Smit.Mevrouw Smit '
        "(Geel): … en de sluis? Minister Pot: 't Is wat. De heer Koster (Rood): En dan? (Applaus) De voorzitter: Dat "
        "was het."
    )
    koster = Speaker("Koster", "Rood", "member")
    assert turns(text) == [
        (CHAIR, "Welkom."),
        (SMIT, "Dank. Is de brug veilig?"),
        (POT, 'Ja, "heel veilig".'),
        (CHAIR, "Mevrouw Smit."),
        (SMIT, "… en de sluis?"),
        (POT, "'t Is wat."),
        (koster, "En dan?"),
        (CHAIR, "Dat was het."),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Toen zei minister Pot: dat is goed.",
        "Toen zei minister Pot: Dat is goed.",
        "Ik heb een vraag van de heer Koster: hoe oud is de brug?",
        "Ik citeer de heer Koster (Rood): De brug is oud.",
        "Dat vroeg ik. De heer Koster vroeg: waarom?",
        "De heer Koster (Rood) vroeg: Waarom?",
        "Mijn vraag aan de minister is: Waarom?",
        "Aan de andere kant, meneer Koster: Wij zijn er ook nog.",
        "Oud-minister Pot: Die zei het al.",
        'In het verslag staat: "De voorzitter: Het woord is aan de minister."',
        "In het verslag staat: De voorzitter: Het woord is aan de minister.",
        "Mevrouw Koster: Lelystad en Almere.",
        "Ik kom bij de minister van Bruggen: Hij weet het.",
        "Drie punten. Minister van Bruggen: Hij weet het.",
        "Het is 12:30 uur en de score is 2:1. Kijk op https://brug.example: Daar staat het.",
    ],
)
@pytest.mark.parametrize("layout", ["lines", "running text"])
def test_the_same_words_in_speech(words, layout):
    text = f"{START}Mevrouw Smit (Geel):\nVoorzitter. {words}\nMinister Pot:\nJa.\n"
    if layout == "running text":
        text = " ".join(text.split())
    assert spoken(text) == ("Welkom.", [(SMIT, f"Voorzitter. {words}"), (POT, "Ja.")])


def test_guests_of_a_hearing_have_no_party_and_come_back():
    text = f"{START} De heer Koster: Dank u. De voorzitter: Ja. De heer Koster: Graag. De voorzitter: Goed."
    assert [turn.speaker.name for turn in plain.parse(" ".join(text.split())).turns[1::2]] == ["Koster", "Koster"]


def test_first_header_may_follow_a_heading_without_a_full_stop():
    for text in (
        "Debat over bruggen\nAanwezig, te weten:\nDe voorzitter:\nWelkom.\n",
        "Debat over bruggen De voorzitter: Ja.",
    ):
        assert len(turns(text)) == 1


def test_lost_full_stop_before_a_header():
    assert spoken("De voorzitter: Welkom Mevrouw Smit (Geel): Dank.") == ("Welkom", [(SMIT, "Dank.")])


def test_header_below_a_header_without_speech():
    assert turns("De voorzitter:\nMevrouw Smit (Geel):\nDank.\n") == [(SMIT, "Dank.")]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"{START}Jan Smit (Geel):\nDank.\nMinister Pot:\nJa.\n", ("line 3",)),
        (f"{START}Mevrouw Smit (Geel):\ndank u wel.\nMinister Pot:\nJa.\n", ("line 3",)),
        (f"{START}\nMevrouw Smit (Geel)\nDank.\n\nMinister Pot:\nJa.\n", ("line 4",)),
        (START.replace("\n", "\r\n") + "Jan Smit (Geel): Dank.\r\nKees Pot (Rood): Ja.\r\n", ("line 3", "line 4")),
        (f"{START}Wij vroegen het volgende:\nMevrouw Smit (Geel):\nDank.\n", ("line 4",)),
        (f"{' '.join(START.split())} Mevrouw Smit (Geel): dank u wel. {'Zo is het. ' * 150}", ("character 23",)),
    ],
)
def test_what_looks_like_a_header_and_is_not_taken_is_counted_with_its_place(text, places):
    debate = plain.parse(text)
    assert debate.oddities["header-like text not taken"] == len(places)
    assert debate.places["header-like text not taken"] == places


def test_nothing_is_said_of_ordinary_speech():
    words = "Twee moties werden ingediend (nr. 5):\nJa.\nWij vroegen (met klem): waarom?\nDank aan de heer Pot (Rood)."
    assert plain.parse(f"{START}Mevrouw Smit (Geel):\n{words}\n").oddities == {}
