"""ParlaMint: speakers from a register, notes apart from speech, motions, several debates, odd and hostile files."""

import gzip
import io
import time
from itertools import count

import pytest

from standpunt.debate import Speaker
from standpunt.errors import ReadError
from standpunt.readers import parlamint
from standpunt.readers.parlamint import Register
from standpunt.readers.streams import open_report

TEI = 'xmlns="http://www.tei-c.org/ns/1.0"'
CHAIR = Speaker("De voorzitter", None, "chair")
# Invented persons and parties, in the style of schema 2: no link to government, references not quite the ids.
OLD_ROOT = f"""<?xml version="1.0" encoding="UTF-8"?>
<teiCorpus {TEI} xml:id="ParlaMint-XX"><teiHeader><profileDesc><particDesc><listOrg>
<org xml:id="TK" role="parliament"><orgName full="yes">Kamer</orgName></org>
<org xml:id="party.Rood" role="politicalParty"><orgName full="yes">Rode Partij</orgName>
  <orgName full="init">RP</orgName></org>
<org xml:id="party.Geel" role="politicalParty"><orgName full="yes">Gele Partij</orgName>
  <event from="2012-01-01" to="2016-06-30"><label>existence</label></event></org>
<org xml:id="party.GroepPot-Smit" role="politicalParty"><orgName full="yes">Groep Pot/Smit</orgName></org>
<listRelation><relation name="coalition" mutual="#party.Rood #party.Geel" from="2010-01-01"/></listRelation>
</listOrg><listPerson>
<person xml:id="AnnavanderBrug"><persName><surname>van der Brug</surname><forename>Anna</forename></persName>
  <affiliation role="member" ref="#party.Rood" from="2010-01-01" to="2015-12-31"/>
  <affiliation role="member" ref="#party.Geel" from="2016-01-01"/><affiliation role="MP"/></person>
<person xml:id="PietPot"><persName><surname>Pot</surname><forename>Piet</forename></persName>
  <affiliation role="member" ref="#party.Groep Pot/Smit"/>
  <affiliation role="secretary" from="2014-05" to="2015-03-31"/>
  <affiliation role="minister" from="2015-03-31" to="2016"/></person>
<person xml:id="PaulPot"><persName><surname>Pot</surname><forename>Paul</forename></persName>
  <affiliation role="member" ref="#party.Nergens"/></person>
</listPerson></particDesc></profileDesc></teiHeader>
<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="ParlaMint-XX_2015-01-01.xml"/></teiCorpus>"""
# In the style of schema 3 and 4: lists in files of their own, offices by organisation, `abb` for `init`.
NEW_ROOT = f"""<teiCorpus {TEI} xml:id="ParlaMint-XX"><teiHeader><encodingDesc><classDecl>
<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="ParlaMint-taxonomy-topic.xml"/></classDecl></encodingDesc>
<profileDesc><particDesc>
<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="ParlaMint-XX-listOrg.xml"/>
<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="ParlaMint-XX-listPerson.xml"/>
</particDesc></profileDesc></teiHeader></teiCorpus>"""
NEW_ORGS = f"""<listOrg {TEI} xml:id="ParlaMint-XX-listOrg">
<org xml:id="GOV" role="government"><orgName full="yes" xml:lang="nl">Kabinet</orgName></org>
<org xml:id="ministry.BR" role="ministry"><orgName full="abb">BR</orgName></org>
<org xml:id="TK" role="parliament"><orgName full="yes">Kamer</orgName></org>
<org xml:id="group.R" role="parliamentaryGroup"><orgName full="yes" xml:lang="en">Red Group</orgName>
  <orgName full="abb" xml:lang="en">RG</orgName><orgName full="abb" xml:lang="nl">Rood</orgName>
  <state><label><orgName full="abb" xml:lang="nl">CHES</orgName></label></state>
  <listEvent><event xml:id="g.1" from="2030-01-01"><label>Term</label></event></listEvent></org>
<org xml:id="party.R" role="politicalParty"><orgName full="abb">Partij R</orgName></org></listOrg>"""
NEW_PERSONS = f"""<listPerson {TEI} xml:id="ParlaMint-XX-listPerson"><head>List of speakers</head>
<person xml:id="lid"><persName to="2020-01-01"><forename>Eva</forename><surname>Oud</surname></persName>
  <persName from="2020-01-01"><forename>Eva</forename><nameLink>ten</nameLink><surname>Holt</surname></persName>
  <affiliation role="member" ref="#TK" from="2021-01-01" ana="#TK.1"/><affiliation role="member" ref="#party.R"/>
  <affiliation role="head" ref="#group.R" from="2021-03-01" to="2022-03-01"/></person>
<person xml:id="hoofd"><persName><surname>Baas</surname></persName>
  <affiliation role="head" ref="#ministry.BR" from="2021-01-01"/><affiliation role="member" ref="#party.R"/></person>
<person xml:id="vice"><persName><surname>Tweede</surname></persName>
  <affiliation role="deputyHead" ref="#GOV"/></person>
<person xml:id="onder"><persName><surname>Derde</surname></persName>
  <affiliation role="deputyHead" ref="#ministry.BR"/></person>
<person xml:id="fractie"><persName><surname>Vierde</surname></persName>
  <affiliation role="deputyHead" ref="#group.R"/></person>
<person xml:id="staats"><persName><surname>Tweede</surname></persName>
  <affiliation role="member" ref="#GOV"/><affiliation role="secretaryOfState" ref="#ministry.BR"/></person>
<person xml:id="kabinet"><persName><surname>Kabinet</surname></persName><affiliation role="member" ref="#GOV"/></person>
<person xml:id="griffier"><persName><surname>Griffier</surname></persName>
  <affiliation role="secretary" ref="#TK"/><affiliation role="head" ref="#TK"/></person>
<person xml:id="kaal"/></listPerson>"""


def sitting(*body, date="2015-06-01", header="", div="debateSection"):
    inner = "".join(body) if div is None else f'<div type="{div}">{"".join(body)}</div>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<TEI {TEI} xml:id="ParlaMint-XX_{date}" xml:lang="nl"><teiHeader>'
        '<fileDesc><titleStmt><title type="main" xml:lang="en">Corpus</title>'
        '<title type="sub" xml:lang="nl">Verslag</title></titleStmt><publicationStmt><date when="2021-02-10"/>'
        f"</publicationStmt></fileDesc>{header}<profileDesc><settingDesc><setting>"
        f'<date when="{date}">{date}</date></setting></settingDesc></profileDesc></teiHeader>'
        f"<text><body>{inner}</body></text></TEI>"
    )


_ids = count(1)


def u(who, *parts, ana="#regular", key=None):
    """An utterance; a part that is not an element is a seg."""
    segs = "".join(part if part.startswith("<") else f"<seg>{part}</seg>" for part in parts)
    reference = f' who="#{who}"' if who else ""
    mark = f' ana="{ana}"' if ana else ""
    return f'<u{reference}{mark} xml:id="{key or f"u{next(_ids)}"}">{segs}</u>'


def read_all(text, register=None, debate_id="d"):
    raw = text if isinstance(text, bytes) else text.encode()
    return list(parlamint.read_with_register(io.BytesIO(raw), register, debate_id=debate_id))


def read_one(text, register=None):
    [debate] = read_all(text, register)
    return debate


@pytest.fixture
def old(tmp_path):
    (tmp_path / "ParlaMint-XX.xml").write_text(OLD_ROOT, encoding="utf-8")
    return Register.load(tmp_path / "ParlaMint-XX.xml")


@pytest.fixture
def new(tmp_path):
    (tmp_path / "ParlaMint-XX.xml").write_text(NEW_ROOT, encoding="utf-8")
    (tmp_path / "ParlaMint-XX-listOrg.xml").write_text(NEW_ORGS, encoding="utf-8")
    (tmp_path / "ParlaMint-XX-listPerson.xml.gz").write_bytes(gzip.compress(NEW_PERSONS.encode()))
    return Register.load(tmp_path / "ParlaMint-XX.xml")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (sitting(), True),
        ("\ufeff" + sitting(), True),
        (f"<!-- <html> --><TEI xml:lang='nl'\n {TEI}>", True),
        ('<tei:TEI xmlns:tei="http://www.tei-c.org/ns/1.0">', True),
        (f"<!DOCTYPE TEI [<!ENTITY a 'b'>]><TEI {TEI}>", True),
        (OLD_ROOT, True),
        (NEW_PERSONS, True),
        ("<TEI>", False),
        ('<officiele-publicatie xmlns:x="http://www.tei-c.org/ns/1.0">', False),
        (f"<html><TEI {TEI}/></html>", False),
        ("De voorzitter:\n\nDe TEI is geopend.", False),
        ("", False),
    ],
)
def test_sniff_tells_tei_by_its_root(head, expected):
    assert parlamint.sniff(head.encode()[:8192]) is expected


def test_utf_16_is_not_recognised():
    assert not parlamint.sniff(sitting().encode("utf-16"))


def test_turns_have_paragraphs_ids_and_date():
    debate = read_one(
        sitting(
            "<head>De bruggen</head>",
            u("V", "Het woord is aan\n      mevrouw Pot.", ana="#chair", key="a.u1"),
            u(
                "Pot",
                "Voorzitter. De brug\u00a0is  oud.",
                "<seg>  </seg>",
                "Hij is <hi>rood</hi>, zegt men.",
                key="a.u2",
            ),
        )
    )
    assert debate.id == "d"
    assert debate.title == "De bruggen"
    assert debate.date == "2015-06-01"
    assert [turn.text for turn in debate.turns] == [
        "Het woord is aan mevrouw Pot.",
        "Voorzitter. De brug is oud.\n\nHij is rood, zegt men.",
    ]
    assert [turn.anchor for turn in debate.turns] == ["a.u1", "a.u2"]
    assert [turn.speaker for turn in debate.turns] == [CHAIR, Speaker("Pot", None, "member")]


def test_all_languages_stay_in_order():
    segs = '<seg xml:lang="nl">Een brug.</seg><seg xml:lang="fr">Un pont.</seg><seg xml:lang="de">Brücke.</seg>'
    debate = read_one(sitting(u("V", segs, ana="#chair")))
    assert debate.turns[0].text == "Een brug.\n\nUn pont.\n\nBrücke."
    assert not debate.oddities


def test_speech_outside_seg_is_kept():
    debate = read_one(sitting(u("A", "<x/>Los <hi>woord</hi>."), u("B", "<x/>voor<seg>midden</seg>achter")))
    assert [turn.text for turn in debate.turns] == ["Los woord.", "voor\n\nmidden\n\nachter"]


@pytest.mark.parametrize(
    ("inside", "text", "kind", "note"),
    [
        ("Zo is <vocal><desc>Applaus</desc></vocal> het toch.", "Zo is het toch.", "reaction", "Applaus"),
        ("Dat is zo <kinesic><desc>Gelach</desc></kinesic>.", "Dat is zo.", "reaction", "Gelach"),
        ("Zo.<incident><desc>Een bel</desc></incident>Verder.", "Zo. Verder.", "reaction", "Een bel"),
        ("ge<note>(Rumoer)</note>woon", "gewoon", "reaction", "(Rumoer)"),
        ("Zo <gap reason='inaudible'/> dan.", "Zo dan.", "reaction", "inaudible"),
        ("Ja. <note>De vergadering wordt geschorst.</note>", "Ja.", "suspension", "De vergadering wordt geschorst."),
        ("Ja. <incident type='break'><desc>pauze</desc></incident>", "Ja.", "suspension", "pauze"),
        ("Ja. <vocal><desc>Eh</desc><desc>Uh</desc></vocal>", "Ja.", "reaction", "Eh Uh"),
    ],
)  # fmt: skip
def test_notes_inside_a_paragraph_are_no_speech(inside, text, kind, note):
    debate = read_one(sitting(u("A", inside, "Slot."), u("B", "Ik ook.")))
    assert [turn.text for turn in debate.turns] == [f"{text}\n\nSlot.", "Ik ook."]
    assert [(n.kind, n.text, n.start, n.end) for n in debate.notes] == [(kind, note, 1, 1)]


def test_notes_between_utterances_have_kinds_and_places():
    debate = read_one(
        sitting(
            "<note>De brug van Rood</note><note>(Zie vergadering van gisteren.)</note>",
            u("V", "Welkom.", ana="#chair"),
            "<note>De beraadslaging wordt geopend.</note>",
            u("A", "Voorzitter. Ja."),
            "<note type='time'>De vergadering wordt van 9.10 uur tot 9.20 uur geschorst.</note>",
            "<note>De beraadslaging wordt hervat.</note><note>In stemming komt de motie.</note>",
            "<note type='vote-ayes'>12</note><gap reason='editorial'><desc>SAMPLE</desc></gap><note>Stemmingen</note>",
            u("V", "Dank.", ana="#chair"),
            "<note>De beraadslaging wordt gesloten.</note>",
        )
    )
    assert debate.title == "De brug van Rood"
    assert [(note.kind, note.start) for note in debate.notes] == [
        ("heading", 0), ("preamble", 0), ("opening", 1), ("suspension", 2), ("resumption", 2), ("vote", 2), ("vote", 2),
        ("reaction", 2), ("heading", 2), ("closing", 3),
    ]  # fmt: skip
    assert len(debate.suspensions) == 1
    assert debate.oddities["gap in the text"] == 1


def test_suspension_takes_the_floor_away():
    body = (
        u("V", "Het woord is aan Pot.", ana="#chair"),
        u("Pot", "Voorzitter. Ja."),
        "<note>De vergadering wordt geschorst.</note>",
        u("V", "Ik heropen.", ana="#chair"),
    )
    assert [turn.floor for turn in read_one(sitting(*body)).turns] == [None, "Pot", None]


@pytest.mark.parametrize(
    "body",
    [
        u("A", "<note>01.01 Aa Bee (Rood):</note>", "Ja."),
        u("A", "<note type='speaker'>De heer Bee (Rood)</note>", "Ja."),
        "<note type='speaker'>De heer Bee (Rood)</note>" + u("A", "Ja."),
        u("A", "<note>De voorzitter:</note>Ja."),
    ],
)
def test_printed_label_is_neither_speech_nor_note(body):
    debate = read_one(sitting(body))
    assert [turn.text for turn in debate.turns] == ["Ja."]
    assert debate.notes == ()


@pytest.mark.parametrize(
    ("who", "ana", "expected", "oddity"),
    [
        ("V", "#chair", CHAIR, None),
        (None, "#chair", CHAIR, None),
        ("V", "chair", CHAIR, None),
        ("V", "#x.y #parla.chair", CHAIR, None),
        ("LouiseVanDerHeijden", "#regular", Speaker("LouiseVanDerHeijden", None, "member"), "speaker without register"),
        ("A", "regular", Speaker("A", None, "member"), "speaker without register"),
        ("A", "", Speaker("A", None, "member"), "speaker without register"),
        ("A", "#guest", Speaker("A", None, "guest"), "speaker without register"),
        ("A", "#rapporteur", Speaker("A", None, "member"), "speaker without register"),
        ("A", "#minister", Speaker("A", None, "minister"), "speaker without register"),
        ("A", "#secretaryOfState", Speaker("A", None, "state secretary"), "speaker without register"),
        (None, "", Speaker("Onbekend", None, "guest"), "unknown speaker"),
    ],
)
def test_speakers_without_register(who, ana, expected, oddity):
    debate = read_one(sitting(u(who, "Ja.", ana=ana)))
    assert debate.turns[0].speaker == expected
    assert dict(debate.oddities) == ({oddity: 1} if oddity else {})


def test_unknown_speaker_has_the_printed_name():
    debate = read_one(sitting("<note type='speaker'>Een stem:</note>", u(None, "Nee!", ana=""), u(None, "Ja!", ana="")))
    assert [turn.speaker.name for turn in debate.turns] == ["Een stem", "Onbekend"]
    assert debate.oddities["unknown speaker"] == 2


@pytest.mark.parametrize(
    ("who", "date", "expected", "oddity"),
    [
        ("AnnavanderBrug", "2015-12-31", Speaker("Van der Brug", "RP", "member"), None),
        ("AnnavanderBrug", "2016-01-01", Speaker("Van der Brug", "Gele Partij", "member"), None),
        (
            "AnnavanderBrug",
            "2016-07-01",
            Speaker("Van der Brug", None, "member"),
            "party that did not exist at the date",
        ),
        ("AnnavanderBrug", "2009-12-31", Speaker("Van der Brug", None, "member"), "no party at the date"),
        ("PietPot", "2014-04-30", Speaker("Pot", "Groep Pot/Smit", "member"), None),
        ("PietPot", "2014-05-01", Speaker("Pot", None, "state secretary"), None),
        ("PietPot", "2015-03-31", Speaker("Pot", None, "minister"), None),
        ("PietPot", "2016-12-31", Speaker("Pot", None, "minister"), None),
        ("PietPot", "2017-01-01", Speaker("Pot", "Groep Pot/Smit", "member"), None),
        ("PaulPot", "2015-01-01", Speaker("Pot", None, "member"), "party reference that leads nowhere"),
        ("Nemo", "2015-01-01", Speaker("Nemo", None, "member"), "speaker reference that leads nowhere"),
    ],
)
def test_party_and_office_hold_at_the_date(old, who, date, expected, oddity):
    debate = read_one(sitting(u(who, "Ja."), date=date), old)
    assert debate.turns[0].speaker == expected
    assert dict(debate.oddities) == ({oddity: 1} if oddity else {})


def test_mark_of_the_format_goes_before_the_register(old):
    body = [u("PietPot", "Ja.", ana="#minister"), u("AnnavanderBrug", "Ja.", ana="#guest")]
    debate = read_one(sitting(*body, date="2017-01-01"), old)
    assert [turn.speaker.role for turn in debate.turns] == ["minister", "guest"]
    assert not debate.oddities


def test_speakers_of_one_surname_keep_apart(old):
    body = [u("PietPot", "Ja."), u("PaulPot", "Nee."), u("AnnavanderBrug", "Ach.")]
    debate = read_one(sitting(*body, date="2017-01-01"), old)
    assert [turn.speaker.name for turn in debate.turns] == ["Piet Pot", "Paul Pot", "Van der Brug"]


@pytest.mark.parametrize(
    ("who", "date", "expected"),
    [
        ("lid", "2021-03-01", Speaker("Ten Holt", "Rood", "member")),
        ("lid", "2022-03-02", Speaker("Ten Holt", "Partij R", "member")),
        ("hoofd", "2021-01-01", Speaker("Baas", None, "minister")),
        ("hoofd", "2020-12-31", Speaker("Baas", "Partij R", "member")),
        ("vice", "2021-01-01", Speaker("Tweede", None, "minister")),  # deputy head of a government
        ("onder", "2021-01-01", Speaker("Derde", None, "state secretary")),  # of a ministry
        ("fractie", "2031-01-01", Speaker("Vierde", "Rood", "member")),  # of a group
        ("staats", "2021-01-01", Speaker("Tweede", None, "state secretary")),
        ("kabinet", "2021-01-01", Speaker("Kabinet", None, "minister")),
        ("griffier", "2021-01-01", Speaker("Griffier", None, "member")),
        ("kaal", "2021-01-01", Speaker("Kaal", None, "member")),
    ],
)
def test_later_schemas_are_read(new, who, date, expected):
    assert not new.missing
    body = [
        "<head>Bruggen</head><note type='speaker'>De voorzitter</note>",
        u("V", "Welkom.", ana="chair"),
        "<note type='comment' xml:id='n2'>De beraadslaging wordt geopend.</note><note type='speaker'>Iemand</note>",
        u(f"ParlaMint-XX-listPerson.xml#{who}", "Ja.", ana="regular").replace('"#Par', '"Par'),
    ]
    debate = read_one(sitting(*body, date=date), new)
    assert [turn.speaker for turn in debate.turns] == [CHAIR, expected]
    assert [note.kind for note in debate.notes] == ["heading", "opening"]


def test_words_as_elements_are_joined_as_marked():
    words = (
        "<seg><s>\n<w join='right'>Ja</w>\n<pc>,</pc>\n<name>\n<w>De</w>\n<w join='right'>Brug</w></name>\n<pc>.</pc>\n"
        "<vocal><desc>Gelach</desc></vocal>\n<linkGrp><link target='#a #b'/></linkGrp></s>"
        "<s><w>du<w norm='de'/><w norm='le'/></w>\n<w join='right'>pont</w><pc>!</pc></s></seg>"
    )
    assert read_one(sitting(u("A", words))).turns[0].text == "Ja, De Brug. du pont!"


MOTION = ["De Kamer,", "gehoord de beraadslaging,", "verzoekt de regering de brug te verven,",
          "en gaat over tot de orde van de dag."]  # fmt: skip
ABOUT = ["Deze motie is voorgesteld door de leden Pot en Van der Brug. Naar mij blijkt, wordt zij ondersteund."]


def notes(*lines):
    return "".join(f"<note>{line}</note>" for line in lines)


@pytest.mark.parametrize(
    ("line", "number", "dossier"),
    [
        ("Zij krijgt nr. kst-37000-12", 12, "37000"),
        ("Zij krijgt nr. kst-37000-XVI-8", 8, "37000-XVI"),
        ("Zij krijgt nr. 12 (37000).", 12, "37000"),
        ("Zij krijgt een nummer.", None, None),
    ],
)
def test_motion_in_notes_is_a_turn_of_its_reader(line, number, dossier):
    debate = read_one(
        sitting(
            u("V", "Het woord is aan Pot.", ana="#chair"),
            u("Pot", "Voorzitter. Een motie.", notes("Motie", *MOTION, *ABOUT, line), "En nog een.", notes(*MOTION)),
            u("Min", "De motie op stuk nr. 12: oordeel Kamer.", ana="#minister"),
        )
    )
    assert [(turn.speaker.name, turn.kind) for turn in debate.turns] == [
        ("De voorzitter", "chair"), ("Pot", "speech"), ("Pot", "motion"), ("De voorzitter", "chair"),
        ("Pot", "speech"), ("Pot", "motion"), ("Min", "interruption"),
    ]  # fmt: skip
    first, second = debate.motions
    assert (first.number, first.dossier) == (number, dossier)
    assert first.text == "\n\n".join(MOTION)
    assert first.request == "verzoekt de regering de brug te verven"
    assert first.submitters == (("Pot", "Van der Brug") if number else ("Pot",))
    assert first.advice == ("oordeel Kamer" if number == 12 else None)
    assert (second.number, second.submitters) == (None, ("Pot",))
    assert [note.text for note in debate.notes] == ["Motie"]
    assert "motion without an end" not in debate.oddities


def test_motion_between_utterances_is_its_readers():
    debate = read_one(
        sitting(u("V", "Pot.", ana="#chair"), u("Pot", "Ja."), notes(*MOTION, *ABOUT), u("V", "Dank.", ana="#chair"))
    )
    assert [turn.kind for turn in debate.turns] == ["chair", "speech", "motion", "chair", "chair"]
    assert debate.turns[2].speaker.name == "Pot"


def test_motion_as_speech_and_in_one_note():
    body = [u("Pot", "Voorzitter.", *MOTION, "Dank."), u("Pot", f"<note>{' '.join(MOTION)}</note>", "Slot.")]
    debate = read_one(sitting(*body))
    assert [turn.kind for turn in debate.turns] == [
        "speech", "motion", "speech", "motion", "speech",
    ]  # fmt: skip


def test_motion_that_breaks_off_is_counted():
    debate = read_one(sitting(u("Pot", "Een motie.", notes("De Kamer,", "verzoekt iets,"), "Dat was het.")))
    assert [turn.text for turn in debate.turns] == ["Een motie.", "De Kamer,\n\nverzoekt iets,", "Dat was het."]
    assert debate.oddities["motion without an end"] == 1


def test_motion_below_the_chair_is_the_first_submitters():
    debate = read_one(
        sitting(u("Pot", "Ja."), u("V", "Dank.", notes(*MOTION, *ABOUT, "Zij krijgt nr. 3 (37000)."), ana="#chair"))
    )
    assert debate.motions[0].submitters == ("Pot", "Van der Brug")
    assert debate.turn(debate.motions[0].turn).speaker.name == "Pot"


def test_each_section_with_speech_is_a_debate():
    section = '<div type="debateSection"><head>{}</head>{}</div>'
    body = [
        '<div type="commentSection"><note>Aanwezig zijn drie leden.</note></div>',
        section.format("Eerste", u("A", "Ja.")),
        section.format("Leeg", ""),
        section.format("Tweede", u("B", "Nee.") + f"<div>{u('C', 'Dieper.')}</div>"),
        '<div type="debateSection">' + u("D", "Slot.") + "</div>",
    ]
    debates = read_all(sitting(*body, div=None))
    assert [debate.id for debate in debates] == ["d", "d-2", "d-3"]
    assert [debate.title for debate in debates] == ["Eerste", "Leeg", "Verslag"]
    assert [[turn.text for turn in debate.turns] for debate in debates] == [["Ja."], ["Nee.", "Dieper."], ["Slot."]]
    assert [note.text for note in debates[0].notes] == ["Aanwezig zijn drie leden.", "Eerste"]
    ids = {debate.id for debate in read_all(sitting(*body, div=None), debate_id=None)}
    assert len(ids) == 3


def test_speech_outside_a_section_is_kept_and_counted():
    debate = read_one(sitting(u("A", "Ja."), u("B", "Nee."), div=None))
    assert [turn.text for turn in debate.turns] == ["Ja.", "Nee."]
    assert debate.oddities["speech outside a debate section"] == 2


def test_debates_come_one_by_one():
    text = sitting(*[f"<div>{u('A', f'Debat {n}.')}</div>" for n in range(200)], div=None).encode()
    stream = io.BytesIO(text)
    first = next(parlamint.read(stream, debate_id="d"))
    assert first.turns[0].text == "Debat 0."
    with pytest.raises(ReadError):
        list(parlamint.read(io.BytesIO(text[: len(text) // 2]), debate_id="d"))
    assert len(read_all(text)) == 200


def test_empty_turns_are_counted():
    debate = read_one(sitting(u("A"), u("A", "<seg> </seg>"), u("A", "<note>(Applaus)</note>"), u("A", "Ja.")))
    assert [turn.text for turn in debate.turns] == ["Ja."]
    assert debate.oddities["empty turn"] == 3
    assert [note.text for note in debate.notes] == ["(Applaus)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OLD_ROOT, "corpus root"),
        (NEW_ROOT, "corpus root"),
        (NEW_PERSONS, "listPerson"),
        (NEW_ORGS, "listOrg"),
        (sitting(), "nobody speaks"),
        (sitting("<note>Niemand.</note>"), "nobody speaks"),
        (f"<TEI {TEI}/>", "nobody speaks"),
        (sitting(u("A", "Ja."))[:-30], "not well-formed"),
        (sitting(u("A", "Ja.", key="x"), u("A", "Nee.", key="x")), "ID x already defined"),
        (sitting(u("A", "Één brug.")).encode("latin-1"), "not well-formed"),
        (sitting(u("A", "Ja.")).replace("UTF-8", "x-nonsense"), "not well-formed"),
        (f"<!DOCTYPE TEI [<!ENTITY a 'x'>]><TEI {TEI}>&a;</TEI>", "document type"),
        (f"<!DOCTYPE TEI [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><TEI {TEI}>&a;</TEI>", "document type"),
        (
            "<!DOCTYPE TEI [<!ENTITY a0 'ha'>"
            + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
            + f"]><TEI {TEI}>&a11;</TEI>",
            "document type",
        ),
        (sitting(u("A", "<seg>" + "<hi>" * 100_000 + "</hi>" * 100_000 + "</seg>")), "not well-formed"),
        (sitting("<div>" * 100_000 + "</div>" * 100_000), "not well-formed"),
    ],
)
def test_unreadable_files_give_one_sentence_quickly(text, message):
    start = time.perf_counter()
    with pytest.raises(ReadError, match=message) as caught:
        read_all(text)
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - start < 2


def test_many_paragraphs_and_notes_are_read_quickly():
    start = time.perf_counter()
    many = "<seg>Een.</seg><note>(Rumoer)</note>" * 30_000
    debate = read_one(sitting(u("V", many, ana="#chair"), "<note>(Rumoer)</note>" * 30_000))
    assert len(debate.notes) == 60_000
    assert time.perf_counter() - start < 10


def test_date_comes_from_the_source_or_the_id():
    text = sitting(u("A", "Ja.")).replace('<date when="2015-06-01">2015-06-01</date>', "")
    assert read_one(text).date == "2015-06-01"
    source = text.replace(
        "</fileDesc>", "<sourceDesc><bibl><date when='2014-01-02T10:00:00'/></bibl></sourceDesc></fileDesc>"
    )
    assert read_one(source).date == "2014-01-02"
    assert read_one(text.replace('xml:id="ParlaMint-XX_2015-06-01"', "")).date is None


def test_without_date_only_what_always_holds_counts(old):
    text = sitting(u("AnnavanderBrug", "Ja."), u("PietPot", "Ja."), date="")
    debate = read_one(text, old)
    assert [(turn.speaker.party, turn.speaker.role) for turn in debate.turns] == [
        (None, "member"),
        ("Groep Pot/Smit", "member"),
    ]


def test_register_is_found_beside_the_sitting_or_above(tmp_path):
    folder = tmp_path / "corpus" / "2015"
    folder.mkdir(parents=True)
    path = folder / "ParlaMint-XX_2015-06-01-item-3.xml"
    path.write_text(sitting(u("PietPot", "Ja.")), encoding="utf-8")
    assert parlamint.register_for(path) is None
    above = folder.parent / "ParlaMint-XX.xml.gz"
    above.write_bytes(gzip.compress(OLD_ROOT.encode()))
    assert parlamint.register_for(path) == above
    root = folder / "ParlaMint-XX.xml"
    root.write_text(sitting(u("A", "Geen wortel.")), encoding="utf-8")
    assert parlamint.register_for(path) == above
    root.write_text(OLD_ROOT, encoding="utf-8")
    assert parlamint.register_for(path) == root
    assert parlamint.register_for(root) != root
    with open_report(path) as (stream, head):
        assert parlamint.sniff(head)
        [debate] = parlamint.read_with_register(stream, Register.load(root), debate_id=None)
    assert debate.turns[0].speaker == Speaker("Pot", None, "minister")


def test_register_without_its_lists_says_so(tmp_path):
    root = tmp_path / "ParlaMint-XX.xml"
    root.write_text(NEW_ROOT, encoding="utf-8")
    with pytest.raises(ReadError, match=r"ParlaMint-XX\.xml.*ParlaMint-XX-listPerson\.xml, which is not there"):
        Register.load(root)
    (tmp_path / "ParlaMint-XX-listPerson.xml").write_text(NEW_PERSONS, encoding="utf-8")
    register = Register.load(root)
    assert register.missing == ("ParlaMint-XX-listOrg.xml",)
    debate = read_one(sitting(u("lid", "Ja."), date="2021-04-01"), register)
    assert debate.turns[0].speaker == Speaker("Ten Holt", None, "member")
    assert debate.oddities["list of persons or organisations that is not there"] == 1


def test_register_includes_only_from_its_own_folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.xml").write_text(NEW_PERSONS, encoding="utf-8")
    root = folder / "ParlaMint-XX.xml"
    root.write_text(NEW_ROOT.replace("ParlaMint-XX-listPerson.xml", "../secret.xml"), encoding="utf-8")
    with pytest.raises(ReadError, match="holds no persons"):
        Register.load(root)
    root.write_text(OLD_ROOT.replace("<listPerson>", "<xi:include xmlns:xi='x' href='ParlaMint-XX.xml'/><listPerson>"))
    assert len(Register.load(root).persons) == 3


@pytest.mark.parametrize("content", ["<html/>", "De voorzitter:", f"<TEI {TEI}/>", ""])
def test_what_is_no_register_is_refused(tmp_path, content):
    path = tmp_path / "ParlaMint-XX.xml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=r"ParlaMint-XX\.xml"):
        Register.load(path)
    with pytest.raises(ReadError, match="cannot be read"):
        Register.load(tmp_path / "none.xml")
