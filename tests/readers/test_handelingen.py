"""Handelingen XML, on small documents with invented names."""

import io
import time

import pytest

from printing import lay_out, print_debate
from standpunt.debate import Debate, Note, Speaker, Turn
from standpunt.errors import ReadError
from standpunt.readers import handelingen, plain, read_debate
from standpunt.storage.paths import CORPORA

CHAIR = Speaker("De voorzitter", None, "chair")
REQUEST = "verzoekt de regering de bruggen te verven,"


def document(*parts, before="", meta=""):
    metadata = f"<metadata>{meta}</metadata>"
    return f"{before}<officiele-publicatie>{metadata}<handelingen>{''.join(parts)}</handelingen></officiele-publicatie>"


def item(*parts, title="Bruggen", subject=""):
    return (
        f"<agendapunt><nr>4</nr><item-titel>{title}</item-titel><onderwerp><al>{subject}</al></onderwerp>"
        f"{''.join(parts)}</agendapunt>"
    )


def label(title, name, party=None, extra=""):
    politics = f" (<politiek>{party}</politiek>)" if party else ""
    return (
        f"<spreker><voorvoegsels>{title}</voorvoegsels> <naam><achternaam>{name}</achternaam></naam>"
        f"{politics}{extra}:</spreker>"
    )


def paragraphs(*texts):
    return "".join(f"<al-groep><al>{text}</al></al-groep>" for text in texts)


def turn(who, *texts, new="nee", body=None, attributes=""):
    speech = paragraphs(*texts) if body is None else body
    return f'<spreekbeurt nieuw="{new}"{attributes}>{who}<tekst status="goed">{speech}</tekst></spreekbeurt>'


def unheaded(*texts):
    return f'<tekst status="goed">{paragraphs(*texts)}</tekst>'


def motion(number, *names, dossier="37000", key=None, info=True, body=("De Kamer,", REQUEST)):
    listed = ", ".join(names[:-1]) + " en " + names[-1] if names[1:] else "".join(names)
    who = "de leden" if names[1:] else "het lid"
    lines = (
        f"<motie-info>{label('De', 'voorzitter')}<al>Deze motie is voorgesteld door {who} {listed}.</al>"
        f"<al>Zij krijgt nr. <extref>{number}</extref> (<extref>{dossier}</extref>).</al></motie-info>"
    )
    text = "".join(f"<al>{part}</al>" for part in body)
    anchor = f"M-{dossier}-{number}" if key is None else key
    return f'<motie id="{anchor}"><kop><titel>Motie</titel></kop>{text}{lines if info else ""}</motie>'


CHAIRS = label("De", "voorzitter")
JANSEN = label("De heer", "Jansen", "Rood")
VOS = label("Mevrouw", "Van der Vos", "Blauw")
MINISTER = label("Minister", "De Brug")


def read(text, debate_id=None):
    data = text if isinstance(text, bytes) else text.encode()
    return list(handelingen.read(io.BytesIO(data), debate_id=debate_id))


def read_one(*parts):
    (debate,) = read(document(item(*parts)))
    return debate


def said(debate):
    return [(t.speaker.name, t.text) for t in debate.turns]


def noted(debate):
    return [(note.kind, note.start, note.text) for note in debate.notes]


@pytest.mark.parametrize(
    "before",
    ["", "\ufeff", '<?xml version="1.0" encoding="utf-8"?>\n', "<?xml version='1.0'?><!-- <kamerstuk> -->\n<?x y?>\n"],
)
def test_sniff_by_root(before):
    assert handelingen.sniff(document(item(), before=before).encode())


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"De voorzitter:\nOp <officiele-publicatie> staat <handelingen>.",
        b"<vlosCoreDocument><handelingen/></vlosCoreDocument>",
        b"<!-- <officiele-publicatie><handelingen> --><TEI/>",
        document(item()).encode("utf-16"),
        b"<!--" * 2000,
    ],
)
def test_sniff_refuses_others(head):
    assert not handelingen.sniff(head)


def test_debate_behind_long_metadata_is_read(tmp_path):
    path = tmp_path / "h.xml"
    path.write_text(document(item(turn(JANSEN, "Ja.")), meta="<meta/>" * 4000), "utf-8")
    debate = read_debate(path)
    assert said(debate) == [("Jansen", "Ja.")]


def test_other_publication_of_the_gazette_is_refused():
    with pytest.raises(ReadError, match=r"official gazette without speech \(no agenda item\)"):
        read("<officiele-publicatie><kamerstuk/></officiele-publicatie>")


def test_speech_speakers_and_title():
    debate = read_one(
        turn(CHAIRS, "Goedemorgen.", "Het woord is aan de heer Jansen."),
        turn(JANSEN, "Voorzitter.", "De brug is oud.", new="ja"),
        turn(MINISTER, "Dat is zo.", new="ja"),
        turn(label("Staatssecretaris", "Sluis"), "Ja.", new="ja"),
        turn(label("De heer", "Gast"), "Ik ben te gast."),
    )
    assert debate.title == "Bruggen"
    assert debate.date is None
    assert [t.text for t in debate.turns][:2] == [
        "Goedemorgen.\n\nHet woord is aan de heer Jansen.",
        "Voorzitter.\n\nDe brug is oud.",
    ]
    assert [t.speaker for t in debate.turns] == [
        CHAIR,
        Speaker("Jansen", "Rood", "member"),
        Speaker("De Brug", None, "minister"),
        Speaker("Sluis", None, "state secretary"),
        Speaker("Gast", None, "guest"),
    ]
    assert not debate.oddities


@pytest.mark.parametrize(
    ("who", "speaker"),
    [
        (label("De", "fungerend voorzitter"), CHAIR),
        (label("De heer", "Voorzitter", "Rood"), Speaker("Voorzitter", "Rood", "member")),
        (label("Minister-president", "Dam"), Speaker("Dam", None, "minister")),
        (label("De heer van", "Dam", "Rood"), Speaker("Van Dam", "Rood", "member")),
        (label("Mevrouw", "Dam", extra="<functie>minister van Bruggen</functie>"), Speaker("Dam", None, "minister")),
        (label("Mevrouw", "Dam", extra="<functie>ombudsman</functie>"), Speaker("Dam", None, "guest")),
        ("<spreker>De heer Van Dam (Groep Dam):</spreker>", Speaker("Van Dam", "Groep Dam", "member")),
        ("<spreker>Minister De Brug:</spreker>", Speaker("De Brug", None, "minister")),
    ],
)
def test_labels(who, speaker):
    debate = read_one(turn(who, "Ja."))
    assert debate.turns[0].speaker == speaker
    assert not debate.oddities


@pytest.mark.parametrize(
    ("who", "name"), [("", "Onbekend"), ("<spreker/>", "Onbekend"), (label("De", "griffier"), "De griffier")]
)
def test_unknown_speakers_are_kept_and_counted(who, name):
    debate = read_one(turn(who, "Wie ben ik?"))
    assert debate.turns[0].speaker == Speaker(name, None, "guest")
    assert debate.oddities == {"unknown speaker": 1}


def test_motion_chair_lines_and_what_the_chair_adds():
    debate = read_one(
        turn(CHAIRS, "Het woord is aan de heer Jansen."),
        turn(JANSEN, new="ja", body=paragraphs("Mijn moties.") + motion(7, "Jansen", "Vos") + motion(8, "Jansen")),
        unheaded("Dank u wel.", "Dan mevrouw Van der Vos."),
        turn(VOS, "Voorzitter.", new="ja"),
        turn(
            MINISTER, "De motie op stuk nr. 7 ontraad ik. De motie op stuk nr. 8 laat ik aan het oordeel van de Kamer."
        ),
    )
    lines = "Deze motie is voorgesteld door het lid Jansen.\n\nZij krijgt nr. 8 (37000)."
    assert [(t.speaker.name, t.kind, t.anchor) for t in debate.turns[1:7]] == [
        ("Jansen", "speech", None),
        ("Jansen", "motion", "M-37000-7"),
        ("De voorzitter", "chair", None),
        ("Jansen", "motion", "M-37000-8"),
        ("De voorzitter", "chair", None),
        ("Van der Vos", "speech", None),
    ]
    assert debate.turns[2].text == f"De Kamer,\n\n{REQUEST}"
    assert debate.turns[5].text == f"{lines}\n\nDank u wel.\n\nDan mevrouw Van der Vos."
    assert [(m.number, m.dossier, m.submitters, m.advice) for m in debate.motions] == [
        (7, "37000", ("Jansen", "Vos"), "ontraden"),
        (8, "37000", ("Jansen",), "oordeel Kamer"),
    ]
    assert noted(debate) == [("heading", 0, "Bruggen"), ("heading", 2, "Motie"), ("heading", 4, "Motie")]
    assert not debate.oddities


def test_motion_without_chair_lines_is_numbered_by_its_id():
    debate = read_one(turn(JANSEN, body=motion(12, dossier="36800-X", info=False)))
    assert [(m.number, m.dossier, m.submitters) for m in debate.motions] == [(12, "36800-X", ("Jansen",))]
    debate = read_one(turn(JANSEN, body=motion(12, info=False, key="iets")))
    assert [(m.number, m.dossier, m.submitters) for m in debate.motions] == [(None, None, ("Jansen",))]


def test_chair_is_believed_where_the_id_says_otherwise():
    for key in ("M-37000-13", "M-36800-12"):  # another number, another dossier
        debate = read_one(turn(JANSEN, body=motion(12, "Jansen", key=key)))
        assert (debate.motions[0].number, debate.motions[0].dossier) == (12, "37000")
        assert debate.oddities == {"motion announced with another number than filed": 1}


def test_motion_below_the_chair_goes_to_its_first_submitter():
    debate = read_one(
        turn(JANSEN, "Voorzitter.", new="ja"), turn(VOS, "Ja.", new="ja"), turn(CHAIRS, body=motion(3, "Jansen"))
    )
    assert [(t.speaker.name, t.kind) for t in debate.turns[2:]] == [("Jansen", "motion"), ("De voorzitter", "chair")]


def test_motion_outside_a_contribution():
    debate = read_one(turn(JANSEN, "Twee.", new="ja"), f"<tekst>{motion(3, 'Jansen')}</tekst>", unheaded("Dank."))
    assert [t.speaker.name for t in debate.turns] == ["Jansen", "Jansen", "De voorzitter"]
    assert debate.turns[-1].text.endswith("(37000).\n\nDank.")


def test_speech_after_a_motion_stays_with_the_contribution():
    debate = read_one(turn(JANSEN, body=motion(3, "Jansen") + paragraphs("Dat was het.", "Dank.")), unheaded("Ja?"))
    assert said(debate)[2:] == [("Jansen", "Dat was het.\n\nDank.")]
    assert debate.oddities == {"speech after a motion in one contribution": 1, "text without a speaker": 1}


def test_odd_motions():
    debate = read_one(
        turn(JANSEN, "Ja.", body=paragraphs("Ja.") + motion(3, "Jansen", body=())),
        turn(VOS, body="<motie><al>De Kamer,</al><motie/><motie-info><al>Tja.</al></motie-info></motie>"),
    )
    assert said(debate) == [
        ("Jansen", "Ja."),
        ("De voorzitter", "Deze motie is voorgesteld door het lid Jansen.\n\nZij krijgt nr. 3 (37000)."),
        ("Van der Vos", "De Kamer,"),
        ("De voorzitter", "Tja."),
    ]
    assert debate.oddities == {
        "empty motion": 1,
        "motie inside a motion": 1,
        "lines about a motion without its submitters": 1,
    }


def test_marks_of_the_floor():
    debate = read_one(
        turn(CHAIRS, "Wie eerst?"),
        turn(JANSEN, "De brug is oud.", new="ja"),
        turn(VOS, "Hoe oud?"),
        turn(JANSEN, "Honderd jaar."),
        turn(CHAIRS, "Het woord is aan mevrouw Van der Vos voor haar termijn."),
        turn(VOS, "Nog een vraag."),
        turn(VOS, "De brug is mooi.", new="ja"),
        turn(MINISTER, "Ik ben het eens.", new="ja"),
        turn(JANSEN, "Tot slot.", new="ja"),
    )
    assert [(t.kind, t.floor, t.term) for t in debate.turns] == [
        ("chair", None, 1),
        ("speech", "Jansen", 1),
        ("interruption", "Jansen", 1),
        ("reply", "Jansen", 1),
        ("chair", "Jansen", 1),
        ("interruption", "Jansen", 1),
        ("speech", "Van der Vos", 1),
        ("speech", "De Brug", 1),
        ("speech", "Jansen", 2),
    ]


def test_without_any_new_floor_the_words_decide():
    debate = read_one(turn(CHAIRS, "Het woord is aan de heer Jansen."), turn(JANSEN, "Voorzitter. De brug is oud."))
    assert debate.turns[1].kind == "speech"


def test_stage_directions():
    debate = read_one(
        turn(CHAIRS, "Ik schors."),
        unheaded("De vergadering wordt van 10.28 uur tot 10.35 uur geschorst."),
        turn(JANSEN, "De brug is oud.", "(Hilariteit)", "Echt.", new="ja"),
        unheaded("De beraadslaging wordt gesloten."),
        turn(CHAIRS, "Aan de orde zijn de stemmingen."),
        unheaded("In stemming komt de motie-Jansen (37000, nr. 3)."),
        "<tekst><al-groep><al> <nadruk>Voorzitter: Dam</nadruk> </al></al-groep></tekst>",
        unheaded("Voorzitter: Vos", "(Zie de vergadering van gisteren.)"),
        "<tekst><al><nadruk>Termijn</nadruk> <nadruk>twee</nadruk></al></tekst>",
    )
    assert said(debate) == [
        ("De voorzitter", "Ik schors."),
        ("Jansen", "De brug is oud.\n\nEcht."),
        ("De voorzitter", "Aan de orde zijn de stemmingen."),
    ]
    assert noted(debate)[1:] == [
        ("suspension", 1, "De vergadering wordt van 10.28 uur tot 10.35 uur geschorst."),
        ("reaction", 2, "(Hilariteit)"),
        ("closing", 2, "De beraadslaging wordt gesloten."),
        ("vote", 3, "In stemming komt de motie-Jansen (37000, nr. 3)."),
        ("heading", 3, "Voorzitter: Dam"),
        ("heading", 3, "Voorzitter: Vos"),
        ("heading", 3, "(Zie de vergadering van gisteren.)"),
        ("heading", 3, "Termijn twee"),
    ]
    assert not debate.oddities


def test_a_suspension_ends_the_floor():
    debate = read_one(
        turn(JANSEN, "De brug is oud.", new="ja"),
        unheaded("De vergadering wordt enkele ogenblikken geschorst."),
        turn(CHAIRS, "We gaan door."),
    )
    assert debate.turns[1].floor is None


def test_text_that_nobody_is_said_to_speak_is_a_counted_note():
    debate = read_one(turn(CHAIRS, "Dag."), unheaded("Een losse regel."))
    assert said(debate) == [("De voorzitter", "Dag.")]
    assert noted(debate)[-1] == ("heading", 1, "Een losse regel.")
    assert debate.oddities == {"text without a speaker": 1}


def test_emphasis_in_a_speech_is_spoken():
    assert said(read_one(turn(JANSEN, "<nadruk>Nooit!</nadruk>"))) == [("Jansen", "Nooit!")]


def test_lists_headings_footnotes_and_loose_text():
    listed = (
        "<lijst><li><li.nr>1.</li.nr><al>Verven.</al><al>In het rood.</al></li>"
        "<li><li.nr>-</li.nr>Slopen.</li><li><al>Niets.</al></li></lijst>"
    )
    debate = read_one(
        turn(
            JANSEN,
            body=f"Dus<tussenkop>Kop</tussenkop><al>drie<noot id='n1'><noot.al>Een noot.</noot.al></noot> dingen:"
            f"{listed}klaar</al><al>  </al><iets>Nog <b>iets</b>.</iets> Los.",
        )
    )
    assert debate.turns[0].text.split("\n\n") == [
        "Dus", "drie", "dingen:", "1. Verven.", "In het rood.", "- Slopen.", "Niets.", "klaar", "Nog iets.", "Los.",
    ]  # fmt: skip
    assert ("heading", 1, "Kop") in noted(debate)
    assert debate.oddities == {"footnote left out": 1}


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("de\n <nadruk>\n  oude\n </nadruk>\n brug", "de oude brug"),
        ("de <nadruk>brug</nadruk>.", "de brug."),
        ("de\n <nadruk>\n  brug\n </nadruk>\n .", "de brug."),
        ("de\n <nadruk>\n  brug\n </nadruk>\n ...", "de brug ..."),
        ("nr.\n <extref>\n  7\n </extref>\n (\n <extref>\n  37000\n </extref>\n ).", "nr. 7 (37000)."),
        ("een<nadruk>geheel</nadruk>", "eengeheel"),
        ("70\n <sup>\n  2\n </sup>\n een", "70\u00b2".replace("\u00b2", "2") + " een"),
        ("50 m<sup>2</sup>, zei hij", "50 m2, zei hij"),
        ("Nee , zei hij", "Nee , zei hij"),
        ("een\u00a0\n\tbrug\u2009e\u0301n sluis", "een brug \u00e9n sluis"),
        ("<nadruk><nadruk>a</nadruk> </nadruk> <nadruk/> <nadruk/>b", "a b"),
    ],
)
def test_inline_elements_and_white_space(printed, text):
    assert read_one(turn(JANSEN, printed)).turns[0].text == text


def test_sitting_is_printed_before_its_first_item():
    sitting = (
        "<vergadering><vergadering-nummer>9e vergadering</vergadering-nummer>"
        "<vergaderdatum>Dinsdag 4 maart 2031</vergaderdatum>"
        "<vergadertijd>Aanvang 10.15 uur</vergadertijd></vergadering>"
    )
    opening = (
        "<opening><nr>1</nr><tekst><al><nadruk>Voorzitter: Dam</nadruk></al><al>Aanwezig zijn 3 leden.</al></tekst>"
    )
    first, second = read(
        document(
            sitting,
            f"{opening}</opening>",
            item(turn(CHAIRS, "Dag.")),
            item(unheaded("Sluiting 22.06 uur."), title="Sluiting"),
            item(turn(CHAIRS, "Dag dag."), title="", subject="Aan de orde is <nadruk>het debat</nadruk>."),
        ),
        debate_id="zitting",
    )
    assert (first.id, first.title, first.date) == ("zitting", "Bruggen", "2031-03-04")
    assert (second.id, second.title, second.date) == ("zitting-2", "Aan de orde is het debat.", "2031-03-04")
    assert noted(first) == [
        ("preamble", 0, "9e vergadering"),
        ("preamble", 0, "Dinsdag 4 maart 2031"),
        ("opening", 0, "Aanvang 10.15 uur"),
        ("heading", 0, "Voorzitter: Dam"),
        ("preamble", 0, "Aanwezig zijn 3 leden."),
        ("heading", 0, "Bruggen"),
    ]
    assert noted(second) == [("heading", 0, "Aan de orde is het debat.")]
    assert not first.oddities


def test_an_opening_with_speech_is_a_debate():
    (debate,) = read(document(f"<opening>{turn(CHAIRS, 'Ik open.')}</opening>"))
    assert (debate.title, said(debate)) == ("Opening", [("De voorzitter", "Ik open.")])


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Donderdag 5 april 2018", "2018-04-05"),
        ("2018-04-05", "2018-04-05"),
        ("05-04-2018", "2018-04-05"),
        ("Dinsdag 31 februari 2018", None),
        ("Dinsdag 3 brugmaand 2018", None),
        ("onbekend", None),
        ("", None),
    ],
)
def test_dates(printed, day):
    dated = f'<meta name="OVERHEIDop.datumVergadering" content="{printed}"/>'
    sitting = f"<vergadering><vergaderdatum>{printed}</vergaderdatum></vergadering>"
    assert [d.date for d in read(document(item(turn(CHAIRS, "Dag.")), meta=dated))] == [day]
    assert [d.date for d in read(document(sitting, item(turn(CHAIRS, "Dag."))))] == [day]


def test_loose_text_in_any_element_is_read_once():
    motion = "<motie>De Kamer,<motie-info>Zo.</motie-info></motie>"
    debate = read_one(f"<spreekbeurt nieuw='ja'>{JANSEN}Los.<tekst>{motion}</tekst></spreekbeurt>Wie?")
    assert said(debate) == [("Jansen", "Los."), ("Jansen", "De Kamer,"), ("De voorzitter", "Zo.\n\nWie?")]
    (debate,) = read(document(f"<agendapunt>Niets.{turn(CHAIRS, 'Dag.')}<spreekbeurt>Ja.</spreekbeurt></agendapunt>"))
    assert said(debate) == [("De voorzitter", "Dag."), ("Onbekend", "Ja.")]
    assert noted(debate) == [("heading", 0, "Niets.")]


def test_ids_and_empty_turns_are_counted():
    debate = read_one(
        turn(CHAIRS, "Dag.", attributes=' id="a"'), turn(JANSEN, "Ja.", attributes=' id="a"'), turn(VOS, " ")
    )
    assert [t.anchor for t in debate.turns] == ["a", "a"]
    assert len({t.id for t in debate.turns}) == 2
    assert debate.oddities == {"duplicate id": 1, "empty turn": 1}


def test_speech_outside_an_item_is_kept():
    first, second, third = read(
        document(turn(CHAIRS, "Los."), turn(JANSEN, "Ook."), item(turn(CHAIRS, "Dag.")), turn(VOS, "Na."))
    )
    assert [said(d) for d in (first, second, third)] == [
        [("De voorzitter", "Los."), ("Jansen", "Ook.")],
        [("De voorzitter", "Dag.")],
        [("Van der Vos", "Na.")],
    ]
    assert first.oddities == {"speech outside an agenda item": 2}


def test_namespace_prefixes_do_not_matter():
    text = document(item(turn(CHAIRS, "Dag."))).replace(
        "<officiele-publicatie>", "<officiele-publicatie xmlns='urn:x'>"
    )
    assert said(read(text)[0]) == [("De voorzitter", "Dag.")]


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        (["<opening><tekst><al>Aanwezig zijn 3 leden.</al></tekst></opening>"], "(Opening)"),
        ([item(unheaded("Sluiting 22.06 uur."), title="Sluiting")], "(Sluiting)"),
        ([item(turn(JANSEN), title="")], "(an item without a title)"),
        ([], "(no agenda item)"),
    ],
)
def test_parts_without_speech_say_what_they_are(parts, what):
    with pytest.raises(ReadError, match="without speech") as error:
        read(document(*parts))
    assert what in str(error.value)


def test_debates_before_the_break_are_read():
    debates = handelingen.read(
        io.BytesIO(document(*[item(turn(CHAIRS, "Dag."))] * 2000).encode()[:-3000]), debate_id="d"
    )
    assert next(debates).id == "d"
    with pytest.raises(ReadError, match="not well-formed"):
        list(debates)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "data",
    [
        document(item(turn(CHAIRS, "Dag.")))[:-40].encode(),
        document(item(turn(CHAIRS, "Dag")))[:200].encode(),
        document(item(turn(CHAIRS, "één")), before='<?xml version="1.0" encoding="utf-8"?>').encode("latin-1"),
        document(item(turn(CHAIRS, "Dag")), before='<?xml version="1.0" encoding="onzin"?>').encode(),
        document(item(turn(CHAIRS, "&c;")), before=LAUGHS).encode(),
        document(item(turn(CHAIRS, "&a;")), before=OUTSIDE).encode(),
        document(item(turn(CHAIRS, "&a;"))).encode(),
        document(item(turn(CHAIRS, "<nadruk>" * 100_000 + "</nadruk>" * 100_000))).encode(),
        document(item(turn(CHAIRS, "<nadruk>" * 100_000))).encode(),
    ],
    ids=["truncated", "short", "latin-1", "encoding", "laughs", "external", "undeclared", "deep", "open"],
)
def test_broken_and_hostile_files_give_one_sentence(data):
    began = time.monotonic()
    with pytest.raises(ReadError) as error:
        read(data)
    assert "\n" not in str(error.value)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ["nadruk", "al-groep", "tekst", "spreekbeurt", "motie", "agendapunt", "motie-info"])
def test_nesting_as_deep_as_the_parser_allows(name):
    nested = f"<{name}>" * 245 + "<al>diep</al>" + f"</{name}>" * 245
    body = turn(CHAIRS, "Dag.") + turn(JANSEN, body=nested)
    (debate,) = read(document(item(body)))
    assert "Dag." in debate.turns[0].text


def test_long_and_wide_contributions_are_read_quickly():
    began = time.monotonic()
    wide = "<nadruk/> " * 20_000 + "<nadruk>.</nadruk>" + " " * 100_000
    debate = read_one(turn(JANSEN, *["De brug is oud."] * 5_000), turn(VOS, wide))
    assert debate.turns[0].text.count("\n\n") == 4_999
    assert time.monotonic() - began < 5


# The same debate in two formats gives the same turns: printed with `print_debate` and read back as plain text.


def turns_of(debate):
    return [(t.speaker, t.kind == "motion", t.text) for t in debate.turns]


@pytest.mark.parametrize("report", sorted(CORPORA.glob("fictional/*/report.txt")), ids=lambda path: path.parent.name)
@pytest.mark.parametrize("width", [60, 92])
@pytest.mark.parametrize("page_lines", [11, 42])
def test_fictional_debates_printed_and_read_back(report, width, page_lines):
    debate = read_debate(report)
    printed = plain.parse(lay_out(print_debate(debate), width=width, page_lines=page_lines))
    assert turns_of(printed) == turns_of(debate)
    assert [t.kind for t in printed.turns] == [t.kind for t in debate.turns]
    assert [n.text for n in printed.notes if n.kind == "suspension"] == [n.text for n in debate.suspensions]
    assert printed.title == debate.title


def test_fictional_debates_are_there():
    assert len(list(CORPORA.glob("fictional/*/report.txt"))) >= 40  # otherwise the tests above would be of nothing


MOTIONS = (
    turn(CHAIRS, "Het woord is aan de heer Jansen."),
    turn(
        JANSEN,
        new="ja",
        body=paragraphs("Mijn moties.")
        + motion(7, "Jansen", "Vos", body=("De Kamer,", REQUEST, "en gaat over tot de orde van de dag."))
        + motion(8, "Jansen", body=("De Kamer,", REQUEST, "en gaat over tot de orde van de dag.")),
    ),
    unheaded("Dank u wel."),
)


def test_motions_are_printed_below_their_reader_and_below_the_chair():
    debate = read_one(*MOTIONS)
    printed = print_debate(debate)
    assert printed.split("\n\n")[:5] == [
        "Bruggen",
        "De voorzitter:\nHet woord is aan de heer Jansen.",
        "De heer Jansen (Rood):\nMijn moties.",
        "Motie",
        "De Kamer,",
    ]
    assert printed.count("De heer Jansen (Rood):") == 1
    assert turns_of(plain.parse(lay_out(printed))) == turns_of(debate)


def test_a_motion_that_somebody_else_reads_has_a_header():
    debate = read_one(
        *MOTIONS[:2],
        turn(VOS, new="ja", body=motion(9, "Van der Vos", body=("De Kamer,", "en gaat over tot de orde van de dag."))),
        turn(JANSEN, body=motion(10, "Vos", body=("De Kamer,", "en gaat over tot de orde van de dag."), info=False)),
        turn(CHAIRS, "Goed."),
    )
    printed = print_debate(debate)
    assert "De heer Van der Vos (Blauw):\nDe Kamer," in printed
    assert "De heer Jansen (Rood):\nDe Kamer," in printed
    assert turns_of(plain.parse(lay_out(printed))) == turns_of(debate)


def test_headers_of_all_roles():
    debate = read_one(
        turn(CHAIRS, "Dag."), turn(VOS, "Ja."), turn(MINISTER, "Ja."), turn(label("Staatssecretaris", "Sluis"), "Ja."),
        turn(label("Mevrouw", "Gast"), "Ja."), turn(label("Minister-president", "Dam"), "Ja."),
    )  # fmt: skip
    headers = [line for line in print_debate(debate).split("\n") if line.endswith(":")]
    assert headers == [
        "De voorzitter:", "De heer Van der Vos (Blauw):", "Minister De Brug:", "Staatssecretaris Sluis:",
        "De heer Gast:", "Minister Dam:",
    ]  # fmt: skip
    assert turns_of(plain.parse(lay_out(print_debate(debate)))) == turns_of(debate)


def test_notes_that_would_not_read_back_are_left_out():
    long = "In stemming komt de motie-Jansen over bruggen" + " en bruggen" * 10 + "."
    debate = read_one(
        turn(CHAIRS, "Ik schors."),
        unheaded("De vergadering wordt enkele ogenblikken geschorst."),
        "<tekst><al><nadruk>Voorzitter: Dam</nadruk></al></tekst>",
        unheaded("In stemming komt de motie-Jansen.", long, "Een losse regel."),
        turn(CHAIRS, "Dank."),
    )
    assert len(debate.notes) == 6
    printed = print_debate(debate)
    assert printed.split("\n\n")[2:4] == [
        "De vergadering wordt enkele ogenblikken geschorst.",
        "In stemming komt de motie-Jansen.",
    ]
    assert not any(note in printed for note in ("Voorzitter: Dam", long, "losse"))
    assert turns_of(plain.parse(lay_out(printed))) == turns_of(debate)


def test_notes_of_a_report_with_offsets_stand_behind_their_turn(report):
    text = report(
        ("De voorzitter", "Ik schors.", "De vergadering wordt enkele ogenblikken geschorst.", "We gaan door."),
        ("De heer Jansen (Rood)", "Ja."),
    )
    printed = print_debate(plain.parse(text))
    assert printed.split("\n\n")[1:4] == [
        "De voorzitter:\nIk schors.",
        "We gaan door.",
        "De vergadering wordt enkele ogenblikken geschorst.",
    ]


def test_printing_a_debate_without_turns_or_with_notes_past_its_end():
    assert print_debate(Debate("a", "Bruggen", ())) == "Bruggen\n"
    end = Note("closing", 9, 9, "De vergadering wordt gesloten.")
    debate = Debate("a", "", (Turn("a-1", 1, CHAIR, "chair", 1, None, None, None, None, "Dag."),), notes=(end,))
    assert print_debate(debate) == "De voorzitter:\nDag.\n\nDe vergadering wordt gesloten.\n"
