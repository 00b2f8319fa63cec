"""Handelingen of one sitting day of 2018, where the samples are at hand: numbers, names and labels only."""

import gzip
import os
import re
from pathlib import Path

import pytest
from lxml import etree

from printing import lay_out, print_debate
from standpunt.errors import ReadError
from standpunt.parliament.floor import Contribution, assign_floor
from standpunt.readers import handelingen, plain

VARIABLE = "STANDPUNT_FORMATS"
FOLDER = Path(os.environ.get(VARIABLE) or "/nowhere") / "handelingen"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the samples do not ship; set {VARIABLE} to the folder that holds handelingen/"
)

SPOKEN = (3, 5, 7, 9, 11)
TITLES = {
    3: "Wlz / Pgb / Toegang tot de Wlz voor ggz-cliënten",
    5: "Ondercuratelestelling zorginstelling Careyn",
    7: "Mededelingen",
    9: "Bouwregelgeving en energiebesparing",
    11: "Bedrijfslevenbeleid",
}
TURNS = {3: 62, 5: 121, 7: 1, 9: 78, 11: 48}
DOSSIERS = {3: ("34104", 210, 216), 5: ("31765", 313, 315), 9: ("32847", 346, 357), 11: ("32637", 305, 307)}
# Read by hand.
ADVICE = {
    3: {210: "ontraden", 211: "ontraden", 212: "oordeel Kamer", 213: "oordeel Kamer", 215: "ontraden"},
    5: {313: "ontraden", 314: "ontraden"},
    9: {346: "ontraden", 347: "ontraden", 351: "oordeel Kamer", 355: "ontraden", 357: "oordeel Kamer"},
    11: {305: "ontraden", 306: "ontraden", 307: "oordeel Kamer"},
}
DIRECTION = re.compile(r"(?:De vergadering|De beraadslaging) wordt .*|Voorzitter: .*")


def sample(number):
    return FOLDER / f"h-tk-20172018-70-{number}.xml.gz"


def tree(number):
    with gzip.open(sample(number)) as stream:
        return etree.parse(stream)


def visible(*elements):
    return "".join("".join("".join(element.itertext()).split()) for element in elements)


def words(element):
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def debates():
    found = {}
    for number in SPOKEN:
        with gzip.open(sample(number)) as stream:
            (found[number],) = handelingen.read(stream, debate_id=f"h-{number}")
    return found


@pytest.mark.parametrize("number", [1, 3, 5, 7, 9, 11, 13])
def test_sniff(number):
    with gzip.open(sample(number)) as stream:
        assert handelingen.sniff(stream.read(8192))


@pytest.mark.parametrize(("number", "what"), [(1, "Opening"), (13, "Sluiting")])
def test_parts_without_speech(number, what):
    with gzip.open(sample(number)) as stream, pytest.raises(ReadError, match=rf"without speech \({what}\)"):
        list(handelingen.read(stream, debate_id=None))


@pytest.mark.parametrize("number", SPOKEN)
def test_one_turn_a_speech_element(debates, number):
    xml = tree(number)
    speeches = [s for s in xml.iter("spreekbeurt") if s.find("tekst/al-groep") is not None]
    motions = list(xml.iter("motie"))
    assert len(debates[number].turns) == len(speeches) + 2 * len(motions) == TURNS[number]
    assert sum(turn.kind == "motion" for turn in debates[number].turns) == len(motions)
    assert debates[number].title == TITLES[number]
    assert debates[number].date is None
    assert not debates[number].oddities


@pytest.mark.parametrize("number", SPOKEN)
def test_every_visible_character_once_and_in_order(debates, number):
    xml = tree(number)
    spoken = [
        al for al in xml.iterfind(".//tekst//al")
        if not (al.getparent().getparent().getparent().tag == "agendapunt" and DIRECTION.fullmatch(words(al)))
    ]  # fmt: skip
    assert visible(*spoken) == "".join("".join(turn.text.split()) for turn in debates[number].turns)
    # Nothing of the sitting is lost: what is not spoken is a note.
    others = [
        element for element in xml.xpath("//item-titel | //onderwerp | //kop | //al[not(ancestor::onderwerp)]")
        if element not in spoken and visible(element)
    ]  # fmt: skip
    assert [note.text for note in debates[number].notes if note.kind != "heading"] == [
        words(element) for element in others if element.tag == "al" and element.find("nadruk") is None
    ]
    assert visible(*others) == "".join("".join(note.text.split()) for note in debates[number].notes)


@pytest.mark.parametrize("number", SPOKEN)
def test_no_blank_before_punctuation_or_after_a_bracket(debates, number):
    for turn in debates[number].turns:
        assert not re.search(r" [,;:?!)]| \.(?!\.\.)|\( |\n(?!\n)(?<!\n\n)|  ", turn.text)


@pytest.mark.parametrize("number", SPOKEN)
def test_speakers(debates, number):
    xml = tree(number)
    labels = list(xml.iter("spreker"))
    chair = [s for s in labels if words(s.find("naam")) == "voorzitter"]
    turns = debates[number].turns
    assert sum(turn.speaker.role == "chair" for turn in turns) == len(chair)
    assert {turn.speaker.name for turn in turns if turn.speaker.role == "chair"} == {"De voorzitter"}
    for title, role in (("Minister", "minister"), ("Staatssecretaris", "state secretary")):
        names = [words(s.find("naam")) for s in labels if words(s.find("voorvoegsels")) == title]
        assert [turn.speaker.name for turn in turns if turn.speaker.role == role] == names
    members = {(words(s.find("naam")), words(s.find("politiek"))) for s in labels if s.find("politiek") is not None}
    assert {(t.speaker.name, t.speaker.party) for t in turns if t.speaker.role == "member"} == members
    assert not [turn for turn in turns if turn.speaker.role == "guest"]


@pytest.mark.parametrize("number", sorted(DOSSIERS))
def test_motions(debates, number):
    dossier, first, last = DOSSIERS[number]
    motions = debates[number].motions
    assert [(m.dossier, m.number) for m in motions] == [(dossier, n) for n in range(first, last + 1)]
    for motion in motions:
        turn = debates[number].turn(motion.turn)
        assert turn.anchor == f"M-{dossier}-{motion.number}"
        assert turn.speaker.name == motion.submitters[0]
        assert motion.request.startswith("verzoekt de regering")


@pytest.mark.parametrize("number", sorted(ADVICE))
def test_advice(debates, number):
    found = {m.number: m.advice for m in debates[number].motions}
    assert {key: found[key] for key in ADVICE[number]} == ADVICE[number]


@pytest.mark.parametrize("number", SPOKEN)
def test_new_contributions_have_the_floor(debates, number):
    """`nieuw="ja"` is a new floor, never the chair or the holder; then others interrupt and the holder goes on."""
    new = [s for s in tree(number).iter("spreekbeurt") if s.get("nieuw") == "ja"]
    turns = [turn for turn in debates[number].turns if turn.speaker.role != "chair"]
    holders = [
        turn.speaker.name for before, turn in zip([None, *turns], turns, strict=False)
        if turn.kind in ("speech", "motion") and (before is None or before.floor != turn.floor)
    ]  # fmt: skip
    assert holders == [words(s.find("spreker/naam")) for s in new]
    assert not [turn for turn in debates[number].turns if turn.kind == "procedural"]
    assert all(turn.floor == turn.speaker.name for turn in turns if turn.kind in ("speech", "reply", "motion"))


def test_the_words_of_the_chair_tell_nearly_the_same(debates):
    """Without the marks, 11 of 310 turns are placed otherwise: the three places where the chair's words mislead."""
    different = {}
    for number, debate in debates.items():
        pauses = [frozenset(n.kind for n in debate.notes if n.start == i) for i in range(len(debate.turns))]
        places = assign_floor(
            [Contribution(t.speaker, t.text, t.kind == "motion", pauses[i]) for i, t in enumerate(debate.turns)]
        )
        for turn, place in zip(debate.turns, places, strict=True):
            if (turn.kind, turn.floor, turn.term) != (place.kind, place.floor, place.term):
                different.setdefault(number, []).append(turn.ordinal)
    assert sum(map(len, different.values())) <= 11


@pytest.mark.parametrize("number", SPOKEN)
@pytest.mark.parametrize("width", [60, 92, 120])
@pytest.mark.parametrize("page_lines", [7, 42])
def test_printed_and_read_back_it_is_the_same_debate(debates, number, width, page_lines):
    debate = debates[number]
    printed = plain.parse(lay_out(print_debate(debate), width=width, page_lines=page_lines))
    assert [(t.speaker, t.kind == "motion", t.text) for t in printed.turns] == [
        (t.speaker, t.kind == "motion", t.text) for t in debate.turns
    ]
    assert printed.sha256 == debate.sha256


@pytest.mark.parametrize("number", SPOKEN)
def test_printed_and_read_back_motions_and_pauses_are_the_same(debates, number):
    debate = debates[number]
    printed = plain.parse(lay_out(print_debate(debate)))
    motions = [
        [(m.number, m.dossier, m.submitters, m.text, m.request, m.advice, m.advised_by) for m in d.motions]
        for d in (debate, printed)
    ]
    pauses = [[note.kind for note in d.notes if note.kind not in ("heading", "preamble")] for d in (debate, printed)]
    assert motions[0] == motions[1]
    assert pauses[0] == pauses[1]
