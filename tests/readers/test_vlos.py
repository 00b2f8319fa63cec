"""VLOS XML: small sittings of an invented parliament."""

import io
import time
from xml.sax.saxutils import escape

import pytest

from standpunt.debate import Speaker
from standpunt.errors import ReadError
from standpunt.readers import vlos
from standpunt.readers.inspection import inspect_debate

NAMESPACE = "http://www.tweedekamer.nl/ggm/vergaderverslag/v1.0"
PEOPLE = {  # key: aanhef, name, party, soort, functie
    "smit": ("Mevrouw", "Smit", "Geel", "Tweede Kamerlid", "lid Tweede Kamer"),
    "vliet": ("De heer", "Van Vliet", "Paars", "Tweede Kamerlid", "lid Tweede Kamer"),
    "pot": ("De heer", "Pot", None, "Minister", "minister van Bruggen"),
    "zand": ("Mevrouw", "Zand", None, "Staatssecretaris", "staatssecretaris van Bruggen"),
    "gast": ("De heer", "Gast", None, "Genodigde", "deskundige"),
    "koster": ("Mevrouw", "Koster", "Geel", "Tweede Kamerlid", "lid Tweede Kamer"),
}
CHAIR = Speaker("De voorzitter", None, "chair")
SMIT = Speaker("Smit", "Geel", "member")
VLIET = Speaker("Van Vliet", "Paars", "member")


def person(key):
    title, name, party, soort, office = PEOPLE[key]
    party = f"<fractie>{party}</fractie>" if party else ""
    return (
        f'<spreker soort="{soort}" objectid="{key}">{party}<aanhef>{title}</aanhef><verslagnaam>{name}</verslagnaam>'
        f"<functie>{office}</functie></spreker>"
    )


def label(key):
    if key == "chair":
        return '<alineaitem>De <nadruk type="Vet">voorzitter</nadruk>:</alineaitem>'
    title, name, party, soort, _ = PEOPLE[key]
    title = title if soort == "Tweede Kamerlid" or soort == "Genodigde" else soort
    party = f" ({party})" if party else ""
    return f'<alineaitem>{title} <nadruk type="Vet">{name}</nadruk>{party}:</alineaitem>'


def text(*paragraphs, by=None):
    """A `tekst`; what begins with "<" is put in as it is."""
    items = [p if p.startswith("<") else f"<alineaitem>{escape(p)}</alineaitem>" for p in paragraphs]
    if by:
        items[:1] = [label(by) + (items[0] if items else "")]
    return "<tekst>" + "".join(f"<alinea>{item}</alinea>" for item in items) + "</tekst>"


ids = iter(range(10**9))


def turn(name, key, *paragraphs, inside="", chair=False, moment="2030-05-06T10:00:00", oid=None):
    """A woordvoerder or interrumpant with the elements `inside` it."""
    return (
        f'<{name} objectid="{oid or f"t{next(ids)}"}">{person(key)}<markeertijdbegin>{moment}</markeertijdbegin>'
        f"<isvoorzitter>{'true' if chair else 'false'}</isvoorzitter>"
        f"{text(*paragraphs, by='chair' if chair else key)}{inside}</{name}>"
    )


def holds(key, *paragraphs, **options):
    return turn("woordvoerder", key, *paragraphs, **options)


def interrupts(key, *paragraphs, **options):
    return turn("interrumpant", key, *paragraphs, **options)


def chairs(*paragraphs, **options):
    return turn("woordvoerder", "koster", *paragraphs, chair=True, **options)


def fragment(soort, *paragraphs, extra="", oid="f1"):
    body = text(*paragraphs) if paragraphs else ""
    return f'<draadboekfragment soort="{soort}" objectid="{oid}">{body}{extra}</draadboekfragment>'


def motion(*submitters, number="41", dossier="37210", said=True, matter=True, reader=None, oid="m1"):
    names = [PEOPLE[key][1] for key in submitters]
    who = f"de leden {', '.join(names[:-1])} en {names[-1]}" if names[1:] else f"het lid {names[0]}"
    lines = ["De Kamer,", "gehoord de beraadslaging,", "verzoekt de regering de brug te verven,"]
    body = "".join(f"<alinea><alineaitem>{line}</alineaitem></alinea>" for line in lines)
    end = "<alinea><alineaitem>en gaat over tot de orde van de dag.</alineaitem></alinea>"
    info = (
        f'<alineagroep type="Motieinfo"><alinea>{label("chair")}<alineaitem>Deze motie is voorgesteld door {who}.'
        f"</alineaitem></alinea><alinea><alineaitem>Zij krijgt nr. <stuknummer>{number}</stuknummer> "
        f"(<dossiernummer>{dossier}</dossiernummer>).</alineaitem></alinea></alineagroep>"
    )
    zaak = (
        f'<zaken><zaak soort="Motie"><titel>de motie</titel><dossiernummer>{dossier}</dossiernummer>'
        f"<stuknummer>{number}</stuknummer><sprekers>{''.join(map(person, submitters))}</sprekers></zaak></zaken>"
    )
    return (
        f'<draadboekfragment soort="Motie indiening" objectid="{oid}"><markeertijdbegin>2030-05-06T11:00:00'
        f'</markeertijdbegin><tekst><alineagroep type="Motietekst">{body}{end}</alineagroep>{info if said else ""}'
        f"</tekst>{zaak if matter else ''}<sprekers>{person(reader or submitters[0])}</sprekers></draadboekfragment>"
    )


def activity(soort, *contents, title="Bruggen", words=""):
    """An activiteit; woordvoerders get the parts that hold them."""
    parts = "".join(
        f'<activiteitdeel soort="Spreekbeurt"><titel>x</titel><activiteititem soort="Woordvoerder"><titel>x</titel>{c}'
        "</activiteititem></activiteitdeel>"
        if c.startswith("<woordvoerder")
        else c
        for c in contents
    )
    return (
        f'<activiteit soort="{soort}" objectid="a{next(ids)}"><titel>{title}</titel><onderwerp>over {title}</onderwerp>'
        f'{words}<activiteithoofd soort="Algemeen"><titel>{title}</titel>{parts}</activiteithoofd></activiteit>'
    )


def sitting(*activities, soort="Tussenpublicatie", status="Ongecorrigeerd", date="2030-05-06T00:00:00", prolog=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<vlosCoreDocument xmlns="{NAMESPACE}" soort="{soort}" '
        f'status="{status}"><vergadering soort="Plenair"><titel>12e vergadering</titel><datum>{date}</datum>'
        f"{''.join(activities)}</vergadering></vlosCoreDocument>"
    ).encode()


def read(raw, debate_id="d"):
    return list(vlos.read(io.BytesIO(raw), debate_id=debate_id))


def read_one(*contents, **options):
    (debate,) = read(sitting(activity("Plenair debat", *contents), **options))
    return debate


def said(debate):
    return [(turn.speaker.name, turn.kind, turn.text) for turn in debate.turns]


def noted(debate):
    return [(note.kind, note.start, note.text) for note in debate.notes]


# Speech, speakers and the floor


def test_turns_with_speaker_floor_id_and_time():
    inside = interrupts("vliet", "Waarom geel?", moment="2030-05-06T10:02:00", oid="t2") + interrupts(
        "koster", "Kort graag.", chair=True, oid="t3"
    )
    debate = read_one(
        chairs("Het woord is aan mevrouw Smit.", oid="t0"),
        holds("smit", "Voorzitter.", "De brug moet geel.", inside=inside, oid="t1"),
        holds("smit", "Omdat ik dat mooi vind.", oid="t4"),
    )
    assert said(debate) == [
        ("De voorzitter", "chair", "Het woord is aan mevrouw Smit."),
        ("Smit", "speech", "Voorzitter.\n\nDe brug moet geel."),
        ("Van Vliet", "interruption", "Waarom geel?"),
        ("De voorzitter", "chair", "Kort graag."),
        ("Smit", "reply", "Omdat ik dat mooi vind."),
    ]
    assert [turn.speaker for turn in debate.turns] == [CHAIR, SMIT, VLIET, CHAIR, SMIT]
    assert [turn.anchor for turn in debate.turns] == ["t0", "t1", "t2", "t3", "t4"]
    assert debate.turns[2].time == "2030-05-06T10:02:00"
    assert (debate.title, debate.date, debate.id) == ("Bruggen", "2030-05-06", "d")
    assert not debate.oddities
    assert all(turn.start is None and not turn.spans for turn in debate.turns)


def test_holder_who_speaks_between_interruptions_answers():
    inside = interrupts("vliet", "Waarom?") + interrupts("smit", "Daarom.") + interrupts("vliet", "O.")
    debate = read_one(holds("smit", "De brug moet geel.", inside=inside))
    assert [turn.kind for turn in debate.turns] == ["speech", "interruption", "reply", "interruption"]
    assert [turn.floor for turn in debate.turns] == ["Smit"] * 4


def test_interruption_nested_in_an_interruption_comes_after_it():
    inside = interrupts("vliet", "Waarom?", inside=interrupts("koster", "Kort.", chair=True)) + interrupts(
        "zand", "Ja."
    )
    debate = read_one(holds("smit", "De brug moet geel.", inside=inside))
    assert [turn.text for turn in debate.turns] == ["De brug moet geel.", "Waarom?", "Kort.", "Ja."]
    assert [turn.floor for turn in debate.turns] == ["Smit"] * 4


def test_nobody_interrupts_the_chair():
    debate = read_one(chairs("Welkom.", inside=interrupts("vliet", "Voorzitter. Een punt van orde.")))
    assert said(debate)[1] == ("Van Vliet", "procedural", "Voorzitter. Een punt van orde.")


def test_nesting_decides_against_the_chairs_words():
    debate = read_one(
        chairs("Het woord is aan de heer Van Vliet van Paars."),
        holds("smit", "Ik ga toch even voor.", inside=interrupts("vliet", "Voorzitter. " + "Dat is lang. " * 50)),
    )
    assert [turn.kind for turn in debate.turns] == ["chair", "speech", "interruption"]


def test_cabinet_and_guests_have_no_party():
    debate = read_one(holds("pot", "Een."), holds("zand", "Twee."), holds("gast", "Drie."))
    assert [(turn.speaker.name, turn.speaker.role) for turn in debate.turns] == [
        ("Pot", "minister"),
        ("Zand", "state secretary"),
        ("Gast", "guest"),
    ]
    assert {turn.speaker.party for turn in debate.turns} == {None}


def test_the_chair_is_known_by_the_mark_only():
    # Who presides speaks as a member too; the name and the party are the same.
    debate = read_one(chairs("Ik geef mijzelf het woord."), holds("koster", "Voorzitter. Ik ben voor."))
    assert [turn.speaker for turn in debate.turns] == [CHAIR, Speaker("Koster", "Geel", "member")]


def test_prime_minister_and_missing_soort_by_function():
    raw = sitting(activity("Plenair debat", holds("pot", "Een."), holds("smit", "Twee.")))
    raw = raw.replace(b'soort="Minister"', b'soort=""').replace(b"minister van Bruggen", b"minister-president")
    raw = raw.replace(b'soort="Tweede Kamerlid"', b"")
    assert [turn.speaker.role for turn in read(raw)[0].turns] == ["minister", "member"]


def test_unknown_speaker_is_kept_and_counted():
    raw = sitting(activity("Plenair debat", holds("smit", "Een."), chairs("Twee.")))
    nobody = raw.replace(person("smit").encode(), b"")
    debate = read(nobody)[0]
    # The printed label is what is left.
    assert debate.turns[0].speaker == SMIT
    assert debate.oddities == {"unknown speaker": 1}
    unlabelled = nobody.replace(label("smit").encode(), b"")
    assert read(unlabelled)[0].turns[0].speaker == Speaker("Onbekend", None, "guest")


def test_member_without_a_party_is_counted():
    debate = read(sitting(activity("Plenair debat", holds("smit", "Een."))).replace(b"<fractie>Geel</fractie>", b""))[0]
    assert debate.turns[0].speaker.party is None
    assert inspect_debate(debate)["oddities"] == {"no chair": 1, "member without party": 1}


def test_empty_turn_is_counted_and_what_is_in_it_kept():
    debate = read_one(holds("smit", inside=interrupts("vliet", "Waarom?")), chairs("Dank."))
    assert [turn.text for turn in debate.turns] == ["Waarom?", "Dank."]
    assert debate.oddities == {"empty turn": 1}


def test_duplicate_ids_are_counted_and_both_turns_kept():
    debate = read_one(holds("smit", "Een.", oid="same"), holds("vliet", "Twee.", oid="same"))
    assert [turn.text for turn in debate.turns] == ["Een.", "Twee."]
    assert debate.oddities == {"duplicate id": 1}


@pytest.mark.parametrize(
    ("moment", "odd"), [("0001-01-01T00:00:00", {}), ("", {}), ("gisteren", {"time that is none": 1})]
)
def test_times_that_are_none(moment, odd):
    debate = read_one(holds("smit", "Een.", moment=moment))
    assert debate.turns[0].time is None
    assert debate.oddities == odd


def test_date_that_is_none():
    assert read_one(holds("smit", "Een."), date="0001-01-01T00:00:00").date is None
    assert read_one(holds("smit", "Een."), date="mei").date is None


@pytest.mark.parametrize("date", ["2030-05-06T10:00:00+02:00", "20300506T100000", "2030-05-06"])
def test_date_in_any_form_of_iso_8601(date):
    assert read_one(holds("smit", "Een."), date=date).date == "2030-05-06"


# Text


def test_inline_elements_join_without_blanks_and_white_space_is_normalised():
    item = (
        '<alineaitem>Minder CO<nadruk type="Onderschrift">2</nadruk>,\n  en\u00a0meer  '
        '<nadruk type="Schuin">verf</nadruk>\n   , graag ... </alineaitem>'
    )
    debate = read_one(holds("smit", item))
    assert debate.turns[0].text == "Minder CO2, en meer verf, graag ..."


def test_items_of_lists_are_paragraphs():
    listed = (
        "<alineaitem>Ik wil:</alineaitem><lijst><alineaitem>verf;</alineaitem><alineaitem>kwasten.</alineaitem></lijst>"
    )
    assert read_one(holds("smit", "Voorzitter.", listed)).turns[0].text == "Voorzitter.\n\nIk wil:\n\nverf;\n\nkwasten."


def test_text_beside_paragraphs_is_not_lost():
    raw = sitting(activity("Plenair debat", holds("smit", "Een.", "Twee.")))
    raw = raw.replace(b"</alinea><alinea><alineaitem>Twee", b"</alinea>Los.<alinea><alineaitem>Twee")
    assert read(raw)[0].turns[0].text == "Een.\n\nLos.\n\nTwee."
    bare = raw.replace(b"<alineaitem>Twee.</alineaitem>", b"Twee.")
    assert read(bare)[0].turns[0].text == "Een.\n\nLos.\n\nTwee."


def test_only_a_label_with_a_bold_name_is_no_speech():
    words = "De heer Van Vliet vroeg naar drie dingen:"
    debate = read_one(holds("smit", words, "Verf."), holds("smit", "<alineaitem>Mevrouw Smit (Geel):</alineaitem>"))
    assert debate.turns[0].text == f"{words}\n\nVerf."
    assert debate.turns[1].text == "Mevrouw Smit (Geel):"


def test_turn_without_a_label_keeps_its_first_words():
    raw = sitting(activity("Plenair debat", chairs("Dank u wel.")))
    assert read(raw.replace(label("chair").encode(), b""))[0].turns[0].text == "Dank u wel."


def test_label_in_one_line_with_the_words():
    raw = sitting(activity("Plenair debat", holds("smit", "Dank u wel.")))
    raw = raw.replace(b":</alineaitem><alineaitem>Dank", b": Dank")
    assert read(raw)[0].turns[0].text == "Dank u wel."


def test_label_of_another_in_a_turn_gives_the_words_to_that_one():
    debate = read_one(holds("smit", "Een.", label("chair") + "<alineaitem>Twee.</alineaitem>", "Drie."))
    assert said(debate) == [("Smit", "speech", "Een."), ("De voorzitter", "chair", "Twee.\n\nDrie.")]
    assert debate.oddities == {"label of another speaker in a turn": 1}


# Motions


def test_motion_with_the_chairs_lines():
    debate = read_one(
        holds(
            "smit",
            "Ik heb een motie.",
            inside=motion("smit", "vliet") + motion("smit", number="42", oid="m2"),
            oid="t1",
        ),
        holds("smit", "Dat was het."),
    )
    assert [turn.kind for turn in debate.turns] == ["speech", "motion", "chair", "motion", "chair", "speech"]
    first, second = debate.motions
    assert (first.number, first.dossier, first.submitters) == (41, "37210", ("Smit", "Van Vliet"))
    assert (second.number, second.submitters) == (42, ("Smit",))
    assert first.text.split("\n\n")[0] == "De Kamer,"
    assert first.text.endswith("en gaat over tot de orde van de dag.")
    assert first.request == "verzoekt de regering de brug te verven"
    assert (
        debate.turns[2].text
        == "Deze motie is voorgesteld door de leden Smit en Van Vliet.\n\nZij krijgt nr. 41 (37210)."
    )
    assert debate.turns[1].speaker == SMIT
    assert [turn.anchor for turn in debate.turns[:4]] == ["t1", "m1", None, "m2"]
    assert debate.turns[1].time == "2030-05-06T11:00:00"
    assert not debate.oddities


def test_motion_gets_its_advice():
    debate = read_one(
        holds("smit", "Ik heb een motie.", inside=motion("smit")),
        holds("pot", "De motie op stuk nr. 41 ontraad ik."),
    )
    assert (debate.motions[0].advice, debate.motions[0].advised_by) == ("ontraden", "Pot")


def test_motion_is_numbered_by_what_was_filed_or_by_what_was_said():
    for options in ({"said": False}, {"matter": False}):
        debate = read_one(holds("smit", "Ik heb een motie.", inside=motion("smit", "vliet", **options)))
        made = debate.motions[0]
        assert (made.number, made.dossier, made.submitters) == (41, "37210", ("Smit", "Van Vliet"))
        assert not debate.oddities
    neither = read_one(holds("smit", "Ik heb een motie.", inside=motion("smit", said=False, matter=False)))
    assert neither.motions[0].number is None
    assert inspect_debate(neither)["oddities"] == {"no chair": 1, "motion without number": 1}


def test_number_that_differs_from_what_was_filed_is_counted():
    raw = sitting(activity("Plenair debat", holds("smit", "Ja.", inside=motion("smit"))))
    debate = read(raw.replace(b"nr. <stuknummer>41<", b"nr. <stuknummer>43<"))[0]
    assert debate.motions[0].number == 43
    assert debate.oddities == {"motion announced with another number than filed": 1}


def test_strange_number_is_no_number():
    debate = read_one(holds("smit", "Ja.", inside=motion("smit", number="XII", said=False)))
    assert debate.motions[0].number is None


def test_motion_below_the_chair_is_the_readers():
    debate = read_one(
        holds("smit", "Ik heb een motie."), chairs("Gaat uw gang.", inside=motion("vliet", "smit", reader="vliet"))
    )
    assert debate.turns[2].speaker == VLIET


def test_motion_outside_any_turn_is_the_readers():
    debate = read_one(holds("smit", "Ik heb een motie."), motion("smit"))
    assert [(turn.speaker, turn.kind) for turn in debate.turns[1:]] == [(SMIT, "motion"), (CHAIR, "chair")]


def test_motions_told_by_their_words():
    end = "en gaat over tot de orde van de dag."
    debate = read_one(
        holds(
            "smit",
            "Een motie.",
            "De Kamer,",
            "verzoekt de regering te verven,",
            end,
            "De Kamer,",
            "spreekt uit,",
            end,
            "Ja.",
        )
    )
    assert [turn.kind for turn in debate.turns] == ["speech", "motion", "motion", "speech"]
    assert [turn.text.split("\n\n")[-1] for turn in debate.turns] == ["Een motie.", end, end, "Ja."]
    staged = fragment(
        "Tekst",
        "De Kamer,",
        "verzoekt dit,",
        end,
        "Deze motie is voorgesteld door het lid Smit.",
        "Zij krijgt nr. 5 (1).",
    )
    debate = read_one(holds("smit", "Een motie.", inside=staged))
    assert [(turn.speaker.name, turn.kind) for turn in debate.turns] == [
        ("Smit", "speech"),
        ("Smit", "motion"),
        ("De voorzitter", "chair"),
    ]
    assert debate.motions[0].number == 5


# What nobody speaks


def test_stage_texts_are_notes_where_they_stand():
    debate = read_one(
        holds(
            "smit",
            "Een.",
            inside=fragment("Nonverbale uitingsvormen", "(Applaus)", oid="f1")
            + interrupts("vliet", "Twee.")
            + fragment("Wisseling voorzitter", "Voorzitter: Koster", oid="f2"),
        ),
        fragment("Schorsing", "De vergadering wordt van 10.30 uur tot 10.45 uur geschorst.", oid="f3"),
        fragment("Beraadslaging algemeen", "De beraadslaging wordt hervat.", oid="f4"),
        chairs("Ik heropen."),
        fragment("Beraadslaging algemeen", "De beraadslaging wordt gesloten.", oid="f5"),
        fragment("Tekst", "In stemming komt het plan.", oid="f6"),
        fragment("Voorzitter selectie", oid="f7"),
    )
    assert noted(debate) == [
        ("reaction", 1, "(Applaus)"),
        ("heading", 2, "Voorzitter: Koster"),
        ("suspension", 2, "De vergadering wordt van 10.30 uur tot 10.45 uur geschorst."),
        ("resumption", 2, "De beraadslaging wordt hervat."),
        ("closing", 3, "De beraadslaging wordt gesloten."),
        ("vote", 3, "In stemming komt het plan."),
    ]
    assert debate.turns[2].floor is None  # after the suspension


def test_stage_direction_inside_a_turn_is_no_speech():
    debate = read_one(
        chairs("Wij wachten even.", "De vergadering wordt enkele ogenblikken geschorst.", "Welkom terug.")
    )
    assert [turn.text for turn in debate.turns] == ["Wij wachten even.\n\nWelkom terug."]
    assert noted(debate) == [("suspension", 1, "De vergadering wordt enkele ogenblikken geschorst.")]


def test_headings():
    raw = sitting(activity("Plenair debat", holds("smit", "Een."), words=text("Bruggen", "Aan de orde is het debat.")))
    assert noted(read(raw)[0]) == [("heading", 0, "Bruggen"), ("heading", 0, "Aan de orde is het debat.")]


def test_votes_are_notes():
    stemmingen = "".join(
        f"<stemming><fractie>{party}</fractie><stem>{vote}</stem></stemming>"
        for party, vote in (("Geel", "Voor"), ("Paars", "Tegen"), ("Oker", "Voor"))
    )
    item = (
        f'<activiteitdeel soort="Stemming item">{text("In stemming komt het plan.")}'
        f'<activiteititem soort="Besluit">'
        f"{text('Ik constateer dat het is aangenomen.', by='chair')}<besluitvorm>Fractie</besluitvorm>"
        f"<uitslag>Aangenomen</uitslag><stemmingen>{stemmingen}</stemmingen></activiteititem></activiteitdeel>"
    )
    (debate,) = read(sitting(activity("Stemmingen", chairs("Wij gaan stemmen."), item, title="Stemmingen")))
    assert [turn.text for turn in debate.turns] == ["Wij gaan stemmen."]
    assert [note.kind for note in debate.notes] == ["vote"] * 6
    assert [note.text for note in debate.notes] == [
        "In stemming komt het plan.",
        "De voorzitter:",
        "Ik constateer dat het is aangenomen.",
        "Uitslag: Aangenomen",
        "Voor: Geel, Oker",
        "Tegen: Paars",
    ]


# Which activities are debates


def opening():
    return activity("Opening", chairs("Ik open de vergadering."), title="Opening", words=text("Aanwezig zijn:", "Smit"))


def closing():
    return activity("Sluiting", fragment("Tekst", "Sluiting 17.05 uur."), chairs("Wel thuis."), title="Sluiting")


def announcements():
    told = text("Smit is ziek.", "Deze brieven worden voor kennisgeving aangenomen.", by="chair")
    return activity(
        "Mededelingen", f'<draadboekfragment soort="Bericht" objectid="b">{told}</draadboekfragment>', title="M"
    )


def test_opening_and_announcements_go_with_the_next_debate_and_the_closing_with_the_last():
    first, second = read(
        sitting(
            opening(),
            announcements(),
            activity("Plenair debat", holds("smit", "Een.", inside=motion("smit")), title="Bruggen"),
            activity("Plenair debat", holds("smit", "Twee.", inside=motion("smit", oid="m3")), title="Sluizen"),
            closing(),
        )
    )
    assert (first.id, first.title, second.id, second.title) == ("d", "Bruggen", "d-2", "Sluizen")
    assert [turn.text for turn in first.turns[:3]] == ["Ik open de vergadering.", "Smit is ziek.", "Een."]
    assert [turn.speaker for turn in first.turns[:3]] == [CHAIR, CHAIR, SMIT]
    assert noted(first) == [
        ("preamble", 0, "Aanwezig zijn:"),
        ("preamble", 0, "Smit"),
        ("heading", 2, "Deze brieven worden voor kennisgeving aangenomen."),
    ]
    assert [turn.text for turn in second.turns if turn.kind != "motion"][-1] == "Wel thuis."
    assert noted(second) == [("closing", 3, "Sluiting 17.05 uur.")]
    assert [debate.motions[0].number for debate in (first, second)] == [41, 41]


def test_opening_in_which_members_speak_is_a_debate():
    debates = read(
        sitting(activity("Opening", holds("smit", "Een."), title="Opening"), activity("x", holds("smit", "Twee.")))
    )
    assert [debate.title for debate in debates] == ["Opening", "Bruggen"]


def test_votes_with_the_chair_alone_stay_by_themselves():
    votes = activity("Stemmingen", chairs("Wij gaan stemmen."), title="Stemmingen")
    debates = read(
        sitting(activity("Plenair debat", holds("smit", "Een.")), votes, activity("x", holds("smit", "Twee.")))
    )
    assert [debate.title for debate in debates] == ["Bruggen", "Stemmingen", "Bruggen"]


def test_sitting_in_which_the_chair_alone_speaks_is_one_debate():
    (debate,) = read(sitting(opening(), closing()))
    assert [turn.text for turn in debate.turns] == ["Ik open de vergadering.", "Wel thuis."]
    assert debate.title == "12e vergadering"


def test_ids_are_hashes_without_one_given():
    raw = sitting(activity("x", holds("smit", "Een.")), activity("x", holds("smit", "Twee.")))
    names = [debate.id for debate in read(raw, None)]
    assert [len(name) for name in names] == [8, 8]
    assert names[0] != names[1]


def test_debates_come_one_by_one():
    stream = io.BytesIO(sitting(*(activity("x", holds("smit", "Een. " * 2000)) for _ in range(200))))
    debates = vlos.read(stream, debate_id="d")
    next(debates)
    assert stream.tell() < len(stream.getvalue()) / 10


# Files that hold no debate, or are damaged


def test_casco_says_so():
    with pytest.raises(ReadError, match="Casco, the structure of a sitting without speech"):
        read(sitting(activity("Plenair debat"), soort="Casco", status="Casco"))


def test_report_without_speech_says_so():
    for raw in (sitting(activity("Plenair debat", words=text("Bruggen"))), sitting()):
        with pytest.raises(ReadError, match="without speech"):
            read(raw)
    with pytest.raises(ReadError, match="without speech"):
        read(b"<vlosCoreDocument/>")


def test_sniff():
    raw = sitting()
    assert vlos.sniff(raw)
    assert vlos.sniff(b"\xef\xbb\xbf" + raw)
    assert vlos.sniff(b"<!-- a comment -->\n<?x y?><vlosCoreDocument>")
    assert vlos.sniff(b'<v:vlosCoreDocument xmlns:v="x">')
    for other in (b"", b"<a/>", b"<a><vlosCoreDocument/></a>", b"<!-- <vlosCoreDocument> --><a/>", b"De voorzitter:"):
        assert not vlos.sniff(other)
    assert not vlos.sniff(b"<vlosCoreDocumentX>")
    assert not vlos.sniff(raw.decode().replace("UTF-8", "UTF-16").encode("utf-16"))


def test_sniff_is_quick_on_a_long_prolog():
    began = time.perf_counter()
    for head in (b"<?a?>" * 1600, b"<!---->" * 1100, b"<!--" * 2000, b" " * 8192, b"<!DOCTYPE" * 900):
        assert not vlos.sniff(head)
    assert time.perf_counter() - began < 1


WHOLE = sitting(activity("Plenair debat", holds("smit", "Eén brug.", inside=interrupts("vliet", "Waarom?"))))
LAUGHS = '<!DOCTYPE v [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
BROKEN = {
    "truncated": WHOLE[:-200],
    "truncated in a tag": WHOLE[: WHOLE.index(b"<interrumpant") + 5],
    "latin-1": WHOLE.decode().encode("latin-1"),
    "unknown encoding": WHOLE.replace(b"UTF-8", b"KOI-99"),
    "two roots": WHOLE + b"<a/>",
    "billion laughs": WHOLE.replace(b"<vlosCore", f"{LAUGHS}]><vlosCore".encode(), 1).replace(b"Waarom", b"&j;"),
    "external entity": WHOLE.replace(
        b"<vlosCore", b'<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><vlosCore', 1
    ).replace(b"Waarom", b"&x;"),
    "undeclared entity": WHOLE.replace(b"Waarom", b"&nbsp;"),
    "deep": sitting("<activiteit>" + "<activiteithoofd>" * 100_000 + "</activiteithoofd>" * 100_000 + "</activiteit>"),
    "deep turns": WHOLE.replace(b"Waarom?", b"<nadruk>" * 100_000 + b"</nadruk>" * 100_000),
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
def test_damaged_or_hostile_file_is_refused_in_one_sentence_and_quickly(raw):
    began = time.perf_counter()
    with pytest.raises(ReadError) as caught:
        read(raw)
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("name", ["interrumpant", "alinea", "activiteitdeel", "nadruk", "draadboekfragment"])
def test_nesting_as_deep_as_the_parser_allows(name):
    inner = text("Diep.") if name != "alinea" and name != "nadruk" else "<alineaitem>Diep.</alineaitem>"
    deep = f"<{name}>" * 200 + inner + f"</{name}>" * 200
    if name in ("alinea", "nadruk"):
        deep = f"<tekst>{deep}</tekst>"
    debate = read_one(holds("smit", "Een.", inside=deep))
    assert "Diep." in [part.text for part in (*debate.turns, *debate.notes)] or "Diep." in debate.turns[-1].text


def test_comments_and_instructions_are_no_text():
    raw = WHOLE.replace(b"Waarom?", b"Waa<!-- x --><?y z?>rom?")
    assert read(raw)[0].turns[1].text == "Waarom?"


def test_without_a_namespace():
    assert len(read(WHOLE.replace(f' xmlns="{NAMESPACE}"'.encode(), b""))[0].turns) == 2
