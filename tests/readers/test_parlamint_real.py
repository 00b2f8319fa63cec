"""The real samples of ParlaMint, counted a second way: with a few lines of lxml, or by hand."""

import gzip
import os
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from standpunt.errors import ReadError
from standpunt.readers import parlamint
from standpunt.readers.parlamint import Register
from standpunt.readers.streams import open_report

FORMATS = os.environ.get("STANDPUNT_FORMATS")
pytestmark = pytest.mark.skipif(not FORMATS, reason="set STANDPUNT_FORMATS to the folder with the samples of formats")
FOLDER = Path(FORMATS or ".") / "parlamint"
NS = "{http://www.tei-c.org/ns/1.0}"
BE = "ParlaMint-BE_2014-12-11_54-plenair-ip020x.xml.gz"
TK_2014 = "ParlaMint-NL_2014-04-16-tweedekamer-3.xml.gz"
EK_2017 = "ParlaMint-NL_2017-02-14-eerstekamer-8.xml.gz"
TK_2019 = "ParlaMint-NL_2019-06-12-tweedekamer-8.xml.gz"
SITTINGS = [BE, TK_2014, EK_2017, TK_2019]


def read(name, *, with_register=True):
    path = FOLDER / name
    root = parlamint.register_for(path)
    with open_report(path) as (stream, head):
        assert parlamint.sniff(head)
        register = Register.load(root) if with_register else None
        [debate] = parlamint.read_with_register(stream, register, debate_id="p")
    return debate


def utterances(name):
    with gzip.open(FOLDER / name) as file:
        return list(etree.parse(file).iter(f"{NS}u"))


def visible(text):
    return "".join(text.split())


@pytest.mark.parametrize("name", SITTINGS)
def test_every_utterance_is_a_turn_with_every_character(name):
    debate = read(name)
    elements = utterances(name)
    from_notes = [turn for turn in debate.turns if turn.kind == "motion" or "motie is voorgesteld" in turn.text]
    spoken = [turn for turn in debate.turns if turn not in from_notes]
    assert [turn.anchor for turn in spoken] == [u.get("{http://www.w3.org/XML/1998/namespace}id") for u in elements]
    for turn, u in zip(spoken, elements, strict=True):
        segs = [visible("".join(seg.itertext())) for seg in u.iter(f"{NS}seg")]
        assert [visible(part) for part in turn.text.split("\n\n")] == [seg for seg in segs if seg]


@pytest.mark.parametrize("name", SITTINGS)
def test_chair_is_known_by_its_mark(name):
    anchors = {u.get("{http://www.w3.org/XML/1998/namespace}id") for u in utterances(name) if u.get("ana") == "#chair"}
    turns = [turn for turn in read(name).turns if turn.speaker.role == "chair"]
    assert {turn.anchor for turn in turns if "motie is voorgesteld" not in turn.text} == anchors
    assert {turn.speaker.name for turn in turns} == {"De voorzitter"}


@pytest.mark.parametrize(
    ("name", "date", "title", "notes"),
    [
        (BE, "2014-12-11", "PLENUMVERGADERING", {"heading": 1}),
        (TK_2014, "2014-04-16", "Programmatische aanpak stikstof",
         {"heading": 1, "preamble": 1, "resumption": 1, "suspension": 2, "reaction": 1}),
        (EK_2017, "2017-02-14", "Goedkeuring verdragen", {"heading": 1, "opening": 1, "suspension": 2, "reaction": 1}),
        (TK_2019, "2019-06-12", "Streekomroepen", {"heading": 2, "closing": 1, "suspension": 1, "reaction": 1}),
    ],
)  # fmt: skip
def test_heads_and_notes(name, date, title, notes):
    debate = read(name)
    assert (debate.date, debate.title) == (date, title)
    assert Counter(note.kind for note in debate.notes) == notes


def test_belgian_roles_and_parties():
    debate = read(BE)
    assert Counter(turn.speaker.role for turn in debate.turns) == {
        "chair": 31, "member": 67, "minister": 9, "state secretary": 1,
    }  # fmt: skip
    parties = {turn.speaker.name: turn.speaker.party for turn in debate.turns if turn.speaker.role == "member"}
    assert len(parties) == len({u.get("who") for u in utterances(BE) if u.get("ana") in ("#regular", "#rapporteur")})
    assert parties["Vercamer"] == "CD&V"
    assert parties["Van Cauter"] == "Open Vld"
    # The register has one in a party of 2015, and no affiliation for the other; the report prints FDF and MR.
    assert {name for name, party in parties.items() if party is None} == {"Maingain", "Wilmès"}
    assert dict(debate.oddities) == {"no party at the date": 4, "party that did not exist at the date": 3}


def test_belgian_questions_and_answers_have_the_floor():
    # The chair's calls are not printed. All turns were looked through; two are cries, which the report leaves out.
    turns = read(BE).turns
    assert Counter(t.kind for t in turns if t.kind != "chair") == {"speech": 74, "interruption": 2, "reply": 1}
    assert all(len(turn.text.split()) == 1 for turn in turns if turn.kind == "interruption")
    assert {turn.term for turn in turns} == {1}


def test_belgian_parties_agree_with_the_printed_labels():
    labels = {}
    for u in utterances(BE):
        label = "".join("".join(note.itertext()) for note in u.iter(f"{NS}note"))
        if "(" in label:
            labels[u.get("{http://www.w3.org/XML/1998/namespace}id")] = label.partition("(")[2].partition(")")[0]
    # Of a joint group and of a cartel the register names the party of the member.
    same = {("Ecolo-Groen", "Ecolo"), ("Ecolo-Groen", "Groen"), ("PTB-GO!", "PTB")}
    compared = [(labels[turn.anchor], turn.speaker.party) for turn in read(BE).turns if turn.anchor in labels]
    assert len(compared) == 66
    differ = {pair for pair in compared if pair[0] != pair[1]} - same
    assert differ == {("FDF", None), ("MR", None)}


def test_dutch_speakers_have_surnames_and_parties():
    assert [(t.speaker.name, t.speaker.party) for t in read(TK_2014).turns if t.speaker.party] == [
        ("Jacobi", "PvdA"),
        ("Dijksma", "PvdA"),  # state secretary since 2012; the register of schema 2 has it from 2015-11-03
    ]
    assert [(t.speaker.name, t.speaker.party) for t in read(EK_2017).turns if t.speaker.party] == [
        ("De Graaf", "D66"),
        ("Lintmeijer", "GL"),
    ]


def test_motion_has_number_dossier_and_submitters():
    debate = read(TK_2019)
    assert [(turn.speaker.name, turn.kind) for turn in debate.turns] == [
        ("De voorzitter", "chair"), ("Kwint", "speech"), ("Kwint", "motion"), ("De voorzitter", "chair"),
        ("De voorzitter", "chair"), ("De voorzitter", "chair"),
    ]  # fmt: skip
    [motion] = debate.motions
    assert (motion.number, motion.dossier) == (152, "32827")
    assert motion.submitters == ("Kwint", "Westerveld", "Van den Hul")
    assert motion.request.startswith("verzoekt")
    assert motion.advice is None  # the minister's answer is left out of the sample
    lines = [visible("".join(n.itertext())) for u in utterances(TK_2019) for n in u.iter(f"{NS}note")]
    read_lines = [visible(part) for turn in debate.turns[2:4] for part in turn.text.split("\n\n")]
    assert lines == ["Motie", *read_lines]


def test_without_register_references_are_names():
    debate = read(TK_2014, with_register=False)
    assert [turn.speaker.name for turn in debate.turns] == [
        "De voorzitter", "LutzJacobi", "SharonDijksma", "De voorzitter",
    ]  # fmt: skip
    assert debate.oddities["speaker without register"] == 2


@pytest.mark.parametrize(("name", "persons", "organisations"), [("NL", 493, 31), ("BE", 775, 63)])
def test_registers(name, persons, organisations):
    path = FOLDER / f"ParlaMint-{name}.xml.gz"
    with gzip.open(path) as file:
        tree = etree.parse(file)
    assert len(list(tree.iter(f"{NS}person"))) == persons
    assert len(list(tree.iter(f"{NS}org"))) == organisations
    register = Register.load(path)
    assert (len(register.persons), len(register.organisations), register.missing) == (persons, organisations, ())
    affiliations = sum(len(person.affiliations) for person in register.persons.values())
    assert affiliations == len(list(tree.iter(f"{NS}affiliation")))
    with open_report(path) as (stream, _), pytest.raises(ReadError, match="corpus root"):
        list(parlamint.read(stream, debate_id=None))


def test_dutch_register_by_date():
    register = Register.load(FOLDER / "ParlaMint-NL.xml.gz")
    wiebes = register.persons["EricWiebes"]
    assert [register.office(wiebes, date) for date in ("2014-02-03", "2014-02-04", "2017-10-26", "2021-01-16")] == [
        None, "state secretary", "minister", None,
    ]  # fmt: skip
    assert register.office(register.persons["MarkRutte"], "2019-06-12") == "minister"
    # References that differ from the id by a blank or a capital are found; others lead nowhere.
    nowhere = Counter(
        held.organisation
        for person in register.persons.values()
        for held in person.affiliations
        if held.organisation and register.organisation(held.organisation) is None
    )
    assert sorted(nowhere) == sorted(
        ["party.EP/CDA", "party.EP/CU/SGP", "party.EP/D66", "party.EP/GroenLinks", "party.EP/PvdA", "party.EP/PvdD"]
        + ["party.EP/SP", "party.EP/VVD", "party.Griffier", "party.NieuweWegen"]
    )
