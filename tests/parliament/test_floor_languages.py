"""Who holds the floor where the chair speaks French, English or German, or where the report leaves the chair out."""

import re

import pytest

from standpunt.debate import Speaker
from standpunt.parliament import cues
from standpunt.parliament.floor import Contribution, assign_floor, chair_cue

CHAIR = Speaker("De voorzitter", None, "chair")
SMIT = Speaker("Smit", "Geel", "member")
JANSEN = Speaker("Jansen", "Rood", "member")
POT = Speaker("Pot", None, "minister")
AIDE = Speaker("Kok", None, "state secretary")

FLOOR = (
    "La parole est à Mme Smit.",
    "La parole est maintenant à M. Smit, pour le groupe Jaune.",
    "Je donne la parole à notre collègue Smit.",
    "Merci. Madame Smit, vous avez la parole.",
    "L'orateur suivant est M. Smit.",
    "C'est au tour de Mme Smit.",
    "Une question de M. Jansen? Non. La parole est donc à Mme Smit.",
    "I call Mrs. Smit.",
    "I now give the floor to Mr Smit of the Yellow group.",
    "The next speaker is Ms Smit.",
    "We shall now hear from Dr Smit.",
    "Das Wort hat Frau Smit.",
    "Ich erteile nun der Abgeordneten Smit das Wort.",
    "Als Nächster zu Wort gemeldet hat sich Herr Smit.",
    "Nächste Rednerin ist Frau Kollegin Smit.",
)
INTERRUPTION = (
    "La parole est à M. Jansen. Mais d'abord une question de Mme Smit.",
    "Mme Smit, brièvement.",
    "Madame Smit souhaite réagir.",
    "The floor is Mr Jansen's. But first a question from Ms Smit.",
    "Mrs Smit, briefly please.",
    "Eine Zwischenfrage von Herrn Smit.",
    "Frau Smit, ganz kurz bitte.",
)


@pytest.mark.parametrize("words", FLOOR)
def test_chair_gives_the_floor(words):
    assert chair_cue(words, SMIT) == "floor"
    assert chair_cue(words, JANSEN) is None


@pytest.mark.parametrize("words", INTERRUPTION)
def test_chair_lets_somebody_interrupt(words):
    assert chair_cue(words, SMIT) == "interruption"


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("La parole est à monsieur le ministre.", POT),
        ("Monsieur le premier ministre.", POT),
        ("Puis la secrétaire d'État.", AIDE),
        ("I call the Secretary of State.", AIDE),
        ("The Prime Minister.", POT),
        ("Das Wort hat die Bundesregierung.", POT),
        ("Herr Bundesminister.", POT),
    ],
)
def test_chair_calls_the_cabinet_by_its_office(words, speaker):
    assert chair_cue(words, speaker) == "floor"


@pytest.mark.parametrize(
    "words",
    [
        "Le temps de parole est limité à trois minutes, la cloche sonnera.",
        "Le premier orateur est M. Jansen.",
        "Mme Smit et M. Jansen sont présents.",
        "De trap is 3 m hoog, van hout.",
    ],
)
@pytest.mark.parametrize("speaker", [SMIT, POT])
def test_chair_who_calls_somebody_else_or_nobody_gives_no_floor(words, speaker):
    assert chair_cue(words, speaker) in (None, "named")


def test_a_particle_of_the_name_is_no_party():
    speaker = Speaker("Olger van Dijk", "Geel", "member")
    assert chair_cue("De heer Olger van Dijk.", speaker) == "named"
    assert chair_cue("De heer Olger van Dijk van Geel.", speaker) == "floor"
    assert chair_cue("De heer Olger van Dijk, Geel.", speaker) == "floor"


@pytest.mark.parametrize("name", ["interrupts_words", "gives_words"])
def test_a_word_that_is_looked_for_is_one_word_in_small_letters(name):
    for language in cues.LANGUAGES:
        words = getattr(language, name).split()
        assert all(re.fullmatch(r"\w+", word) and word == word.casefold() for word in words)
        assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    "opening",
    [
        "Rappel au règlement, monsieur le président. ",
        "Mr Speaker, on a point of order. ",
        "Zur Geschäftsordnung, Herr Präsident. ",
    ],
)
def test_point_of_order(opening):
    places = assign_floor([Contribution(CHAIR, "Mme Smit."), Contribution(SMIT, opening + "La porte est fermée.")])
    assert places[1].kind == "procedural"


PONT = "le pont est vieux et il faut le réparer avant l'hiver. " * 10
BRUG = "de brug is oud en moet voor de winter hersteld worden. " * 10
BRIDGE = "the bridge is old and has to be mended before winter. " * 10


def kinds(*turns):
    return [(place.kind, place.term) for place in assign_floor([Contribution(*turn) for turn in turns])]


def test_report_without_the_calls_of_the_chair():
    turns = [
        (CHAIR, "La séance est ouverte."),
        (JANSEN, f"Monsieur le président, {PONT}"),
        (SMIT, f"Mijnheer de voorzitter, mijnheer de minister, {BRUG}"),
        (POT, f"Monsieur le président, chers collègues, {PONT}"),
        (JANSEN, "Monsieur le ministre, merci pour ces mots."),
        (SMIT, "Et les piétons?"),
        (JANSEN, "Ils nagent."),
        (SMIT, f"Mijnheer de minister, {BRUG}"),
        (POT, f"Ik weet dat {BRUG}"),
        (SMIT, f"Chers collègues, {PONT}"),
    ]
    speech, interruption, reply = ("speech", 1), ("interruption", 1), ("reply", 1)
    expected = [("chair", 1), *[speech] * 4, interruption, reply, *[speech] * 3]
    assert kinds(*turns) == expected


def test_short_address_to_the_holder_who_answers_is_an_interruption():
    turns = [
        (JANSEN, f"Mr President, {BRIDGE}"),
        (POT, f"Mr President, honourable members, {BRIDGE}"),
        (SMIT, "Minister, when?"),
        (POT, "Soon."),
        (SMIT, f"Ladies and gentlemen, {BRIDGE}"),
    ]
    assert [kind for kind, _ in kinds(*turns)] == ["speech", "speech", "interruption", "reply", "speech"]


def test_where_the_chair_calls_a_long_turn_without_a_call_interrupts():
    turns = [
        (CHAIR, "La parole est à M. Jansen."),
        (JANSEN, f"Monsieur le président, {PONT}"),
        (CHAIR, "Merci. La parole est à M. Pot, ministre."),
        (POT, f"Monsieur le président, {PONT}"),
        (SMIT, f"Monsieur le ministre, {PONT}"),
        (POT, "Oui."),
        (CHAIR, "La parole est à Mme Smit."),
        (SMIT, f"Monsieur le président, {PONT}"),
    ]
    found = [kind for kind, _ in kinds(*turns) if kind != "chair"]
    assert found == ["speech", "speech", "interruption", "reply", "interruption"]


def test_a_turn_may_carry_a_call_even_where_few_are_printed():
    turns = [
        (JANSEN, f"Herr Präsident, {BRIDGE}"),
        (SMIT, f"Frau Ministerin, {BRIDGE}"),
        (CHAIR, "Das Wort hat die Frau Ministerin."),
        (POT, "Das weiß ich nicht."),
        (CHAIR, "Eine Zwischenfrage von Herrn Jansen."),
        (JANSEN, "Herr Präsident, wann denn?"),
        (SMIT, f"Meine Damen und Herren, {BRIDGE}"),
    ]
    found = [kind for kind, _ in kinds(*turns) if kind != "chair"]
    assert found == ["speech", "speech", "speech", "interruption", "speech"]
