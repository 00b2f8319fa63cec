"""Whatever a report says, laying it out and reading it back gives the same turns."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from printing import lay_out, repeated_lines
from standpunt.readers import plain
from standpunt.text.alignment import visible

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

SURNAMES = ["Jansen", "Van Hijum", "De Roon", "Van 't Hekke", "D'Ailleboust", "Çelik-Visch", "Van der Smit-Élst"]
# A header fits on a line: one that is wrapped may have a page break in it, which no printed report has.
PARTIES = ["Rood", "Groen-Geel", "Démocratie & Recht", "Bruggen Nu!", "Partij voor Bruggen en Tunnels"]
WORDS = [
    "brug", "bruggen", "de", "het", "een", "één", "niet", "wel", "regering", "dus", "waterschap", "Oekraïne", "reeën",
    "sluis", "wij", "ik", "3,5", "16.30", "uur", "190", "2024", "no-flyzone", "NAVO-grondgebied", "F-16's",
    "mond-op-mondreclame", "oud-minister", "A-status", "50-jarige", "€", "5%", "e-mail", "coördinatie", "zee-engte",
    "tot-nu-toe", "kant-en-klaar", "al-dan-niet", "80%-norm", "ex-(staats)secretaris", "2024-2025", "-5", "auto's",
    "'s", "'t", "nr.", "12", "Voorzitter.", "-", "–", "overigens", "ofschoon", "alsof", "totaal", "plusminus",
]  # fmt: skip
# A suspended hyphen that neither a conjunction nor a comma follows and another such word does ("A/B- lucht- en zee") is
# left out: where a line ends after it, it cannot be told from the hyphen of a broken word.
SUSPENDED = [
    "lucht- en zeevaart", "in- of uitvoer", "land- noch zeemacht", "mond- tot oorbeveiliging", "jaar- dan wel dagkaart",
    "land-, lucht- en zeemacht", "voor- en/of achteruit", "links- rechtsom",
]  # fmt: skip
QUOTED = [
    '"brug"',
    "'sluis'",
    '"zo is het"',
    "“een brug”",
    "(en sluizen)",
    '"no-flyzone"',
    '"brug"-achtig',
    "“brug”-achtig",
]
DIRECTIONS = [
    "De vergadering wordt van 16.30 uur tot 17.00 uur geschorst.",
    "In stemming komt de motie-Jansen (nr. 7).",
]

ENDS = '.?!…:")'

words = st.one_of(st.sampled_from(WORDS), st.sampled_from(SUSPENDED), st.sampled_from(QUOTED))


@st.composite
def sentences(draw):
    body = draw(st.lists(words, min_size=1, max_size=30))
    # A paragraph may not begin like a speaker's header, a stage direction or a motion: "Zo" keeps clear of them.
    marks = draw(st.lists(st.sampled_from(["", "", "", ",", ";"]), min_size=len(body), max_size=len(body)))
    inner = [word if word in ("-", "–") else word + mark for word, mark in zip(body, marks, strict=True)]
    return "Zo " + " ".join(inner).rstrip(",;-– ") + draw(st.sampled_from([".", "?", "!", "…", '."', ".)", ":"]))


paragraphs = st.lists(sentences(), min_size=1, max_size=4).map(" ".join)


@st.composite
def speakers(draw):
    kind = draw(st.sampled_from(["De heer", "Mevrouw", "Minister", "Staatssecretaris", "De voorzitter"]))
    if kind == "De voorzitter":
        return "De voorzitter:", "De voorzitter", None
    name = draw(st.sampled_from(SURNAMES))
    if kind in ("Minister", "Staatssecretaris"):
        return f"{kind} {name}:", name, None
    party = draw(st.sampled_from(PARTIES))
    return f"{kind} {name} ({party}):", name, party


@st.composite
def motions(draw):
    considering = draw(st.lists(sentences(), max_size=2))
    return "\n\n".join(
        [
            "De Kamer,",
            "gehoord de beraadslaging,",
            *(f"overwegende: {text.rstrip(ENDS)};" for text in considering),
            f"verzoekt de regering {draw(sentences()).rstrip(ENDS)},",
            "en gaat over tot de orde van de dag.",
        ]
    )


@st.composite
def reports(draw):
    """Return blocks of a report, and the (speaker, party, text, is motion) of each turn in them."""
    blocks, turns = ["Aan de orde is het debat over de bruggen."], []
    number = draw(st.integers(1, 90))
    for header, name, party in draw(st.lists(speakers(), min_size=1, max_size=6)):
        speech = draw(st.lists(paragraphs, min_size=1, max_size=3))
        blocks.append(f"{header}\n" + "\n\n".join(speech))
        if name == "De voorzitter" and draw(st.booleans()):
            headless = draw(st.lists(paragraphs, max_size=2))
            blocks += [draw(st.sampled_from(DIRECTIONS)), *headless]
            speech += headless
        turns.append((name, party, "\n\n".join(speech), False))
        for _ in range(draw(st.integers(0, 2)) if party else 0):
            number += 1
            request = draw(motions())
            chair = [f"Deze motie is voorgesteld door het lid {name}.", f"Zij krijgt nr. {number} (37000)."]
            blocks += [request, "De voorzitter:\n" + "\n\n".join(chair)]
            turns += [(name, party, request, True), ("De voorzitter", None, "\n\n".join(chair), False)]
    return blocks, turns


layouts = st.fixed_dictionaries({"width": st.integers(60, 100), "page_lines": st.integers(5, 60)})


@settings(max_examples=150, deadline=None)
@given(reports(), layouts)
def test_laying_out_adds_and_loses_nothing(written, layout):
    text = "\n\n".join(written[0])
    printed = lay_out(text, **layout)
    assert visible(printed) == visible(text)
    assert max(map(len, printed.splitlines())) <= max(layout["width"], *map(len, re.findall(r"\S+", text)))


@settings(max_examples=250, deadline=None)
@given(reports(), layouts)
def test_printed_report_reads_back_turn_for_turn(written, layout):
    blocks, turns = written
    printed = lay_out("\n\n".join(blocks), **layout)
    assume(not repeated_lines(printed))  # they could be running heads, and nothing tells that they are not
    debate = plain.parse(printed)
    read = [(turn.speaker.name, turn.speaker.party, turn.text, turn.kind == "motion") for turn in debate.turns]
    assert read == turns


@settings(max_examples=100, deadline=None)
@given(reports(), layouts, st.sampled_from(["\r\n\r\n", "\n \n", "\n\u00a0\n"]))
def test_blanks_on_empty_lines_make_no_difference(written, layout, empty):
    source = lay_out("\n\n".join(written[0]), **layout)
    expected, debate = plain.parse(source), plain.parse(source.replace("\n\n", empty))
    assert [turn.text for turn in debate.turns] == [turn.text for turn in expected.turns]
    assert [(note.kind, note.text) for note in debate.notes] == [(note.kind, note.text) for note in expected.notes]


@settings(max_examples=100, deadline=None)
@given(reports(), layouts, st.data())
def test_offsets_map_there_and_back(written, layout, data):
    source = lay_out("\n\n".join(written[0]), **layout)
    debate = plain.parse(source)
    for turn in debate.turns:
        assert debate.to_source(turn, 0, len(turn.text)) == (turn.start, turn.end)
        places = [match.start() for match in re.finditer(r"\S", turn.text)]
        start, last = sorted(data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2)))
        a, b = debate.to_source(turn, start, last + 1)
        assert debate.to_text(turn, a, b) == (start, last + 1)
        # A stage direction printed inside the turn is covered by the range and not part of the text.
        spoken = "".join(source[max(a, low) : min(b, high)] for low, high in turn.spans if low < b and a < high)
        assert visible(spoken) == visible(turn.text[start : last + 1])
        assert source[a] == turn.text[start]


@settings(max_examples=100, deadline=None)
@given(reports(), layouts, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["\n\n\n\n", "\n\f"]))
def test_every_visible_character_has_one_place(unaccounted, written, layout, newline, page):
    source = lay_out("\n\n".join(written[0]), **layout).replace("\n\n\n\n", page).replace("\n", newline)
    assert unaccounted(plain.parse(source)) == []
