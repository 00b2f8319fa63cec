"""Who holds the floor: the kinds of turns in made-up debates."""

from pathlib import Path

import pytest

from standpunt.debate import Speaker
from standpunt.parliament.floor import Contribution, announced_term, assign_floor, chair_cue
from standpunt.readers import read_debate
from standpunt.storage.paths import CORPORA

REPORTS = sorted((CORPORA / "fictional").glob("*/report.txt"))
KINDS = Path(__file__).parents[1] / "data" / "kinds"

CHAIR = "De voorzitter"
JANSEN = "De heer Jansen (Rood)"
SMIT = "Mevrouw Smit (Geel)"
HIJUM = "De heer Van Hijum (Groen)"
MINISTER = "Minister De Roon"
SPEECH = "Voorzitter. De brug is oud en daar moet iets aan gebeuren."


def kinds(debate):
    """Return the kinds of the turns that are neither the chair's nor a motion."""
    return [turn.kind for turn in debate.turns if turn.kind not in ("chair", "motion")]


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.parent.name)
def test_fictional_debate_reads_as_its_author_meant_it(report):
    expected = (KINDS / f"{report.parent.name}.txt").read_text(encoding="utf-8").split()
    turns = [t for t in read_debate(report).turns if t.speaker.role != "chair" and t.kind != "motion"]
    wrong = [
        f"turn {turn.ordinal} ({turn.speaker.name}): {turn.kind}, not {kind}"
        for turn, kind in zip(turns, expected, strict=True)
        if turn.kind != kind
    ]
    assert wrong == []


def test_every_fictional_debate_has_kinds():
    assert len(REPORTS) >= 3
    assert {path.parent.name for path in REPORTS} == {path.stem for path in KINDS.glob("*.txt")}


def test_chair_gives_the_floor(read):
    debate = read(
        (CHAIR, "Welkom. Het woord is aan de heer Jansen van Rood."),
        (JANSEN, SPEECH),
        (CHAIR, "Dank u wel. Dan geef ik het woord aan mevrouw Smit."),
        (SMIT, "Dank. De sluis is ook oud."),
    )
    assert [(turn.kind, turn.floor) for turn in debate.turns] == [
        ("chair", None),
        ("speech", "Jansen"),
        ("chair", "Jansen"),
        ("speech", "Smit"),
    ]


@pytest.mark.parametrize(
    "words",
    ["De heer Jansen, Rood.", "Dan gaan we luisteren naar de heer Jansen.", "De volgende spreker is de heer Jansen."],
)
def test_chair_has_many_ways_to_give_the_floor(read, words):
    debate = read(
        (CHAIR, "Mevrouw Smit van Geel."), (SMIT, SPEECH), (CHAIR, f"Dank u. {words}"), (JANSEN, "Het is koud.")
    )
    assert kinds(debate) == ["speech", "speech"]


def test_unannounced_interruption_and_reply(read):
    debate = read(
        (CHAIR, "Het woord is aan de heer Jansen."),
        (JANSEN, SPEECH),
        (SMIT, "Hoe oud is de brug?"),
        (JANSEN, "Honderd jaar."),
        (HIJUM, "En wie betaalt dat?"),
        (JANSEN, "Wij allen."),
        (JANSEN, "En nu verder met mijn betoog."),
    )
    assert kinds(debate) == ["speech", "interruption", "reply", "interruption", "reply", "speech"]
    assert {turn.floor for turn in debate.turns[1:]} == {"Jansen"}


def test_replies_to_names_the_turn_that_is_answered(read):
    debate = read(
        (CHAIR, "Het woord is aan de heer Jansen."),
        (JANSEN, SPEECH),
        (SMIT, "Hoe oud is de brug?"),
        (CHAIR, "Kort graag."),
        (JANSEN, "Honderd jaar."),
        (SMIT, "Zo oud?"),
        (JANSEN, "Ja."),
    )
    ordinals = [debate.turn(turn.replies_to).ordinal if turn.replies_to else None for turn in debate.turns]
    assert ordinals == [None, None, 2, None, 3, 5, 6]


def test_announced_interruption(read):
    debate = read(
        (CHAIR, "Het woord is aan de heer Jansen."),
        (JANSEN, SPEECH),
        (CHAIR, "Er is een vraag van mevrouw Smit."),
        (SMIT, "Voorzitter. Hoe oud is de brug?"),
        (JANSEN, "Honderd jaar."),
    )
    assert kinds(debate) == ["speech", "interruption", "reply"]


def test_question_before_the_floor_is_taken(read):
    debate = read(
        (CHAIR, "Het woord is aan mevrouw Smit."),
        (SMIT, SPEECH),
        (CHAIR, "De heer Jansen, Rood. O, eerst een vraag van de heer Van Hijum."),
        (HIJUM, "Hoe oud is de brug?"),
        (SMIT, "Honderd jaar."),
        (CHAIR, "Dan nu het woord aan de heer Jansen."),
        (JANSEN, SPEECH),
    )
    assert kinds(debate) == ["speech", "interruption", "reply", "speech"]


def test_last_sentence_of_the_chair_that_tells_wins():
    smit = Speaker("Smit", "Geel", "member")
    words = "De heer Jansen, Rood. O, eerst een vraag van mevrouw Smit."
    assert chair_cue(words, smit) == "interruption"
    assert chair_cue("Nog een vraag van mevrouw Smit? Nee. Dan is het woord aan mevrouw Smit.", smit) == "floor"
    for other in ("Jansen", "Şahin", "Šefčovič"):
        assert chair_cue(f"Het woord is aan de heer {other}.", smit) is None


def test_point_of_order_is_procedural(read):
    debate = read(
        (CHAIR, "Het woord is aan de heer Jansen."),
        (JANSEN, SPEECH),
        (SMIT, "Voorzitter, een punt van orde. Ik wil graag een brief."),
        (JANSEN, "En nu verder."),
    )
    assert kinds(debate) == ["speech", "procedural", "speech"]


def test_point_of_order_before_the_first_speaker(read):
    debate = read((CHAIR, "Welkom. Mevrouw Smit."), (SMIT, "Voorzitter, een ordevoorstel."), (CHAIR, "Goed."))
    assert kinds(debate) == ["procedural"]
    assert debate.turns[1].floor is None


def first_term():
    return [
        (CHAIR, "Het woord is aan de heer Jansen."),
        (JANSEN, SPEECH),
        (CHAIR, "Dan is het woord aan mevrouw Smit."),
        (SMIT, SPEECH),
        (CHAIR, "Ik schors."),
        "De vergadering wordt van 16.30 uur tot 17.00 uur geschorst.",
        (CHAIR, "Ik heropen. Het woord is aan de minister."),
        (MINISTER, "Voorzitter. Ik ga over bruggen."),
        (JANSEN, "Hoeveel?"),
        (MINISTER, "Tien."),
        (CHAIR, "Mevrouw Smit."),
        (SMIT, "Voorzitter. Tien maar?"),
        (MINISTER, "Ja, tien."),
    ]


def test_minister_has_the_floor_in_the_cabinets_term(read):
    debate = read(*first_term())
    assert kinds(debate) == ["speech", "speech", "speech", "interruption", "reply", "interruption", "reply"]
    assert [turn.floor for turn in debate.turns[-6:]] == ["De Roon"] * 6
    assert {turn.term for turn in debate.turns} == {1}


def test_second_term_starts_after_the_cabinet(read, motion, announced):
    debate = read(
        *first_term(),
        (CHAIR, "Dan gaan we naar de tweede termijn. Het woord is aan de heer Jansen."),
        (JANSEN, "Voorzitter. Eén motie.", motion()),
        announced(12, "Jansen"),
        (CHAIR, "Het woord is aan mevrouw Smit."),
        (SMIT, "Voorzitter. Geen motie."),
        (CHAIR, "Het woord is aan de minister."),
        (MINISTER, "Voorzitter. De motie op stuk nr. 12: oordeel Kamer."),
    )
    second = [(turn.speaker.name, turn.kind) for turn in debate.turns if turn.term == 2 and turn.kind != "chair"]
    assert second == [("Jansen", "speech"), ("Jansen", "motion"), ("Smit", "speech"), ("De Roon", "speech")]
    assert {turn.term for turn in debate.turns[:12]} == {1}


def test_nobody_holds_the_floor_right_after_a_suspension(read):
    debate = read(
        (CHAIR, "Het woord is aan de heer Jansen."),
        (JANSEN, SPEECH),
        (CHAIR, "Ik schors."),
        "De vergadering wordt enkele ogenblikken geschorst.",
        (CHAIR, "Ik heropen."),
        (CHAIR, "Het woord is aan mevrouw Smit."),
        (SMIT, SPEECH),
    )
    assert [turn.floor for turn in debate.turns] == [None, "Jansen", "Jansen", None, None, "Smit"]


def test_turn_right_after_a_suspension_interrupts_nobody(read):
    debate = read(
        (CHAIR, "Het woord is aan de heer Jansen."),
        (JANSEN, SPEECH),
        (CHAIR, "Ik schors."),
        "De vergadering wordt enkele ogenblikken geschorst.",
        (SMIT, "Mag het raam open?"),
    )
    assert debate.turns[-1].kind != "interruption"
    assert debate.turns[-1].floor != "Jansen"
    assert debate.turns[-1].replies_to is None


def terms(debate):
    return [turn.term for turn in debate.turns if turn.kind not in ("chair", "motion")]


ROUND = [
    (CHAIR, "Voor de eerste termijn hoort de commissie haar rapporteur. Het woord is aan mevrouw Smit."),
    (SMIT, "Voorzitter. Ik heb alle bruggen geteld."),
    (CHAIR, "Het woord is aan de minister."),
    (MINISTER, "Voorzitter. Dank voor het tellen."),
]
FIRST = [
    (JANSEN, SPEECH),
    (CHAIR, "Dan is het woord aan mevrouw Smit."),
    (SMIT, SPEECH),
    (CHAIR, "Het woord is aan de minister."),
    (MINISTER, "Voorzitter. Ik ga over bruggen."),
]


def test_round_that_opens_the_debate_belongs_to_the_first_term(read):
    debate = read(
        *ROUND,
        (CHAIR, "Nu beginnen we met de eerste termijn van de Kamer. De heer Jansen, namens Rood."),
        *FIRST,
        (CHAIR, "Dan de tweede termijn. Het woord is aan de heer Jansen."),
        (JANSEN, "Voorzitter. Kort."),
    )
    assert kinds(debate) == ["speech"] * 6
    assert terms(debate) == [1, 1, 1, 1, 1, 2]


def test_round_that_opens_a_debate_whose_floor_is_marked():
    said = [
        (CHAIR, "Voor de eerste termijn hoort de commissie haar rapporteur."),
        (SMIT, "Ik heb alle bruggen geteld."),
        (MINISTER, "Dank voor het tellen."),
        (CHAIR, "Nog een reactie?"),
        (SMIT, "Ik telde er tien."),
        (MINISTER, "Mooi."),
        (CHAIR, "Dan nu de eerste termijn van de Kamer."),
        (JANSEN, "De bruggen zijn oud."),
        (SMIT, "Te oud."),
        (MINISTER, "Ik verf ze."),
        (CHAIR, "U krijgt daar antwoord op in de tweede termijn."),
        (MINISTER, "Zeker."),
        (CHAIR, "Dan de tweede termijn."),
        (SMIT, "Verf alleen helpt niet."),
        (MINISTER, "Toch wel."),
        (CHAIR, "Mevrouw Jansen vraagt nog het woord in haar tweede termijn."),
        (JANSEN, "Welke kleur?"),
    ]
    speakers = {CHAIR: Speaker(CHAIR, None, "chair"), MINISTER: Speaker("De Roon", None, "minister")}
    speakers |= {SMIT: Speaker("Smit", "Geel", "member"), JANSEN: Speaker("Jansen", "Rood", "member")}
    marked = [Contribution(speakers[who], text, mark=None if who == CHAIR else "floor") for who, text in said]
    assert [place.term for place in assign_floor(marked)] == [1] * 13 + [2] * 4


def test_second_term_that_nobody_names(read):
    debate = read(
        (CHAIR, "Het woord is aan de heer Jansen."),
        *FIRST,
        (CHAIR, "Ik schors."),
        "De vergadering wordt enkele ogenblikken geschorst.",
        (CHAIR, "Ik heropen. Het woord is aan de heer Jansen."),
        (JANSEN, "Voorzitter. Kort."),
    )
    assert terms(debate) == [1, 1, 1, 2]


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("We gaan meteen door met de tweede termijn.", 2),
        ("Tot zover de eerste termijn van de Kamer. Is er behoefte aan een tweede termijn?", 2),
        ("Meneer Jansen, voor uw tweede termijn.", 2),
        ("Het woord is aan mevrouw Smit in tweede termijn.", 2),
        ("Dan is nu de derde termijn aan de orde.", 3),
        ("Laten we beginnen aan de eerste termijn van de kant van de Kamer.", 1),
        ("Wij beginnen dus met de termijn van de Kamer.", 1),
        ("De tweede termijn komt later. We beginnen met de eerste termijn.", 1),
        ("We zijn toe aan de eerste termijn van het kabinet.", None),
        ("Het woord is aan de minister voor zijn tweede termijn.", None),
        ("Dan de beantwoording in tweede termijn.", None),
        ("Dat antwoord krijgt mevrouw Smit in de tweede termijn.", None),
        ("Komt dat in de tweede termijn?", None),
        ("De staatssecretaris komt er in tweede termijn op terug.", None),
        ("Dat was de vraag uit de tweede termijn.", None),
        ("Wij spreken over de korte termijn.", None),
        ("Nous passons au second tour. La parole est à Mme Smit.", 2),
        ("We now move to the second round.", 2),
        ("Wir kommen zur zweiten Runde.", 2),
    ],
)
def test_term_that_the_chair_opens(words, term):
    assert announced_term(words) == term
