"""The real VLOS samples, counted a second time here with nothing of the reader."""

import gzip
import os
from pathlib import Path

import pytest
from lxml import etree

from standpunt.readers import vlos

FOLDER = os.environ.get("STANDPUNT_FORMATS")
if not FOLDER:
    pytest.skip("STANDPUNT_FORMATS does not name a folder with real reports", allow_module_level=True)
SAMPLES = sorted((Path(FOLDER) / "vlos").glob("*.xml.gz"))
SPEECH = ("{*}woordvoerder", "{*}interrumpant")
PLENARY = "ce0428cf-375f-41e3-baef-e15cd953172a.xml.gz"
INFRASTRUCTURE = "8f376d4c-2cac-479f-b849-f16dfcb2461e.xml.gz"
LEGISLATION = "3ad601d2-ac2d-4fec-9a9c-2dda28a6ca38.xml.gz"
VOTES = "e2903f19-34e9-4c37-b1dc-f985d071fc97.xml.gz"


def read(path):
    with gzip.open(path) as stream:
        assert vlos.sniff(stream.read(8192))
        stream.seek(0)
        return list(vlos.read(stream, debate_id="v"))


def tree(path):
    return etree.fromstring(gzip.decompress(path.read_bytes()))


def sample(name):
    return Path(FOLDER) / "vlos" / name


def visible(text):
    return "".join(text.split())


def labelled(element):
    """The text of a speech element, and the label it begins with."""
    items = list(element.find("{*}tekst").iter("{*}alineaitem"))
    first = "".join(items[0].itertext())
    has_label = first.endswith(":") and items[0].find("{*}nadruk") is not None
    return "".join("".join(item.itertext()) for item in items[has_label:]), first if has_label else ""


def is_chair(element):
    return element.findtext("{*}isvoorzitter") == "true"


@pytest.fixture(params=SAMPLES, ids=lambda path: path.name[:13])
def path(request):
    return request.param


def test_there_are_samples():
    assert len(SAMPLES) == 11


def test_every_speech_element_is_a_turn_with_all_its_text_in_order(path):
    elements = list(tree(path).iter(*SPEECH))
    turns = {turn.anchor: turn for debate in read(path) for turn in debate.turns if turn.anchor}
    in_order = [key for key in turns if key in {element.get("objectid") for element in elements}]
    assert in_order == [element.get("objectid") for element in elements]
    for element in elements:
        turn = turns[element.get("objectid")]
        assert visible(turn.text) == visible(labelled(element)[0])
        assert turn.time == element.findtext("{*}markeertijdbegin")


def test_no_other_turns_than_motions_the_chairs_lines_on_them_and_the_announcements(path):
    root = tree(path)
    motions = [f for f in root.iter("{*}draadboekfragment") if f.get("soort") == "Motie indiening"]
    announced = [f for f in root.iter("{*}draadboekfragment") if f.get("soort") == "Bericht verhindering"]
    turns = [turn for debate in read(path) for turn in debate.turns]
    assert len(turns) == len(list(root.iter(*SPEECH))) + 2 * len(motions) + len(announced)
    assert [turn.anchor for turn in turns if turn.kind == "motion"] == [f.get("objectid") for f in motions]


def test_every_text_is_there_once(path):
    def paragraphs(text):
        return [visible(part) for part in text.split("\n\n")]

    debates = read(path)
    found = []
    for debate in debates:
        for part in [*debate.turns, *debate.notes]:
            found += paragraphs(part.text)
    expected = []
    for text in tree(path).iter("{*}tekst"):
        for item in text.iter("{*}alineaitem"):
            words = visible("".join(item.itertext()))
            is_label = item.find("{*}nadruk") is not None and words.endswith(":") and len(words) < 90
            if words and not is_label:
                expected.append(words)
    structured = ("Voor:", "Tegen:", "Uitslag:", "Devoorzitter:")  # noted from other elements than tekst, or labels
    assert sorted(f for f in found if not f.startswith(structured)) == sorted(expected)


def test_speakers_are_as_the_labels_print_them(path):
    turns = {turn.anchor: turn for debate in read(path) for turn in debate.turns}
    for element in tree(path).iter(*SPEECH):
        speaker = turns[element.get("objectid")].speaker
        assert (speaker.role == "chair") == is_chair(element)
        label = labelled(element)[1]
        if is_chair(element):
            assert label in ("", "De voorzitter:")
            assert speaker.name == "De voorzitter"
        elif speaker.role == "member":
            assert label.endswith(f" {speaker.name} ({speaker.party}):")
        else:
            office = {"minister": "Minister", "state secretary": "Staatssecretaris"}[speaker.role]
            assert label == f"{office} {speaker.name}:"
            assert speaker.party is None


def test_floor_is_where_the_elements_nest(path):
    turns = {turn.anchor: turn for debate in read(path) for turn in debate.turns}
    for element in tree(path).iter(*SPEECH):
        turn = turns[element.get("objectid")]
        if is_chair(element):
            assert turn.kind == "chair"
        elif etree.QName(element).localname == "woordvoerder":
            # A point of order takes no floor.
            assert turn.kind in ("speech", "reply") or "punt van orde" in turn.text[:90].casefold()
            assert turn.kind == "procedural" or turn.floor == turn.speaker.name
        else:
            assert turn.kind == "interruption"
            holder = next(element.iterancestors("{*}woordvoerder"))
            assert turn.floor == holder.findtext("{*}spreker/{*}verslagnaam")


def test_nothing_is_odd(path):
    assert all(not debate.oddities for debate in read(path))


def test_dates_and_titles(path):
    root = tree(path)
    debates = read(path)
    assert {debate.date for debate in debates} == {root.findtext(".//{*}datum")[:10]}
    frame = ("Opening", "Sluiting", "Mededelingen")
    titles = [a.findtext("{*}titel") for a in root.iter("{*}activiteit") if a.get("soort") not in frame]
    assert [debate.title for debate in debates] == titles
    assert [debate.id for debate in debates] == ["v", *(f"v-{n}" for n in range(2, len(debates) + 1))]


def test_motions_have_the_number_and_dossier_that_was_filed(path):
    filed = []
    for matter in tree(path).iter("{*}zaak"):
        if matter.get("soort") == "Motie":
            names = tuple(name.text for name in matter.iter("{*}verslagnaam"))
            filed.append((int(matter.findtext("{*}stuknummer")), matter.findtext("{*}dossiernummer"), names))
    motions = [motion for debate in read(path) for motion in debate.motions]
    assert [(m.number, m.dossier, m.submitters) for m in motions] == filed
    for debate in read(path):
        for motion in debate.motions:
            assert debate.turn(motion.turn).speaker.name == motion.submitters[0]
            assert motion.text.startswith("De Kamer,\n\n")
            assert motion.text.endswith("orde van de dag.")
            assert motion.request


def test_suspensions_and_closings(path):
    root = tree(path)
    notes = [note for debate in read(path) for note in debate.notes]
    for kind, soort in (("suspension", "Schorsing"), ("reaction", "Nonverbale uitingsvormen")):
        assert sum(note.kind == kind for note in notes) == len(
            root.findall(f".//{{*}}draadboekfragment[@soort='{soort}']")
        )
    closings = [f for f in root.iter("{*}draadboekfragment") if f.get("soort") in ("Tekst", "Beraadslaging algemeen")]
    assert sum(note.kind == "closing" for note in notes) == len(closings)


def test_plenary_sitting_holds_its_five_debates():
    debates = read(sample(PLENARY))
    assert [len(debate.motions) for debate in debates] == [15, 4, 4, 2, 10]
    # The opening and the announcements go with the first debate.
    assert [turn.speaker.role for turn in debates[0].turns[:3]] == ["chair"] * 3


def test_advice_read_by_hand():
    slavery = read(sample(PLENARY))[0]
    advice = {motion.number: motion.advice for motion in slavery.motions}
    assert (advice[45], advice[46], advice[50], advice[53]) == ("ontraden", "ontijdig", "ontraden", "ontraden")
    assert advice[55] is None  # asks the Kamer itself
    assert {motion.advised_by for motion in slavery.motions if motion.advice} == {"Uitermark"}


def test_legislative_meeting():
    (debate,) = read(sample(LEGISLATION))
    assert [motion.number for motion in debate.motions] == list(range(9, 19))
    assert {motion.dossier for motion in debate.motions} == {"36740-XVI"}


def test_votes_are_notes():
    (debate,) = read(sample(VOTES))
    assert debate.title == "Stemmingen"
    assert [turn.speaker.name for turn in debate.turns if turn.speaker.role != "chair"] == ["Dijk"]
    votes = [note.text for note in debate.notes if note.kind == "vote"]
    assert sum(text.startswith("In stemming komt") for text in votes) == 2
    assert sum(text == "Uitslag: Aangenomen" for text in votes) == 2
    assert sum(text == "Tegen: SP, PvdD, DENK, FVD" for text in votes) == 2
    assert "Ik constateer" not in " ".join(turn.text for turn in debate.turns)


@pytest.mark.parametrize(("name", "begins"), [(INFRASTRUCTURE, 288), (LEGISLATION, 135)])
def test_a_rapporteur_who_speaks_first_makes_no_term(name, begins):
    (debate,) = read(sample(name))
    assert [turn.term for turn in debate.turns] == [1 if turn.ordinal < begins else 2 for turn in debate.turns]
