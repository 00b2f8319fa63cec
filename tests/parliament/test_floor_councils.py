"""Who holds the floor in a council, whose minutes print more of a name and leave out most calls."""

from standpunt.debate import Speaker
from standpunt.parliament.floor import Contribution, announced_term, assign_floor, chair_cue, count_calls

CHAIR = Speaker("De voorzitter", None, "chair")
BOS = Speaker("Anna Bos", "Groen", "member")
KOK = Speaker("Sanne Kok", "Rood", "member")
MULDER = Speaker("Mulder", "Rood", "alderman")
VLIET = Speaker("Van Vliet", None, "guest")
LONG = "De brug is oud en de kade ook. " * 20
SPEECH = f"Voorzitter. {LONG}"


def kinds(*said, **options):
    contributions = [Contribution(who, words, called=who.name.split()[-1]) for who, words in said]
    return [place.kind for place in assign_floor(contributions, **options) if place.kind != "chair"]


def test_the_chair_calls_by_surname():
    said = "Het woord is aan mevrouw Bos."
    assert chair_cue(said, BOS) is None
    assert chair_cue(said, BOS, "Bos") == "floor"


def test_an_alderman_is_called_by_the_office():
    assert chair_cue("Dan is nu het woord aan de wethouder.", MULDER) == "floor"
    assert chair_cue("Het woord is aan het college.", MULDER) == "floor"
    assert kinds(
        (CHAIR, "Het woord is aan mevrouw Bos."),
        (BOS, SPEECH),
        (CHAIR, "Dank u wel. De wethouder."),
        (MULDER, "Dank u."),
        (BOS, "Wat kost dat?"),
    ) == ["speech", "speech", "interruption"]


def test_who_speaks_of_a_colleague_addresses_nobody():
    long = f"Mevrouw Bos zegt dat de brug oud is. {LONG}"
    assert kinds((BOS, SPEECH), (KOK, long), (BOS, "Nee."), calls_printed=False) == ["speech", "interruption", "reply"]
    to_her = f"Mevrouw Bos, de brug is oud. {LONG}"
    assert kinds((BOS, SPEECH), (KOK, to_her), (BOS, "Nee."), calls_printed=False)[1] == "speech"


def test_the_chair_who_names_somebody_gives_nothing_where_calls_are_left_out():
    said = (CHAIR, "Mevrouw Kok, ik neem aan dat het iets nieuws is.")
    assert kinds((BOS, SPEECH), said, (KOK, "Zeker. Wat kost het?"), (BOS, "Niets."), calls_printed=False) == [
        "speech", "interruption", "reply",
    ]  # fmt: skip
    given = (CHAIR, "Het woord is aan mevrouw Kok.")
    assert kinds((BOS, SPEECH), given, (KOK, "Ik houd het kort."), calls_printed=False) == ["speech", "speech"]


def test_short_speeches_one_after_the_other():
    said = [(BOS, "Voorzitter. Wij stemden voor."), (KOK, "Voorzitter. Wij ook.")]
    assert kinds(*said, calls_printed=False) == ["speech", "speech"]


def test_a_guest_has_the_floor_whether_called_by_name_or_not():
    said = [(CHAIR, "Er is een inspreker over de brug."), (VLIET, LONG), (VLIET, "Dank."), (BOS, "Waar woont u?")]
    assert kinds(*said, calls_printed=True) == ["speech", "speech", "interruption"]


def test_calls_are_counted_by_whom_the_chair_names():
    formula = (CHAIR, "De motie maakt onderdeel uit van de verdere beraadslaging.")
    said = [(BOS, SPEECH), formula, (KOK, SPEECH), (CHAIR, "Dan mevrouw Bos."), (BOS, SPEECH), (VLIET, SPEECH)]
    assert count_calls(Contribution(who, words, called=who.name.split()[-1]) for who, words in said) == (1, 2)


def test_no_need_of_a_second_term_begins_none():
    assert announced_term("Ik constateer dat er geen behoefte is aan een tweede termijn.") is None
    assert announced_term("We gaan beginnen aan de tweede termijn.") == 2
    assert announced_term("We gaan over naar de eerste termijn van de raad.") == 1
