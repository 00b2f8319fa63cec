"""The printed layout restored: whatever has become of lines, the same turns, and a way back to the text as it came."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from printing import lay_out, print_debate, repeated_lines
from standpunt.readers import plain
from standpunt.storage.paths import CORPORA
from standpunt.text.alignment import visible

HEAD = "Het Huis, verslag van 12 mei 2032"
OWN_LINE = re.compile(r"^((?:De voorzitter|De heer|Mevrouw|Minister|Staatssecretaris)[^\n]{0,80}:)\n", re.MULTILINE)


def stripped(printed):
    return [line.rstrip() for line in printed.split("\n") if line.strip()]


def with_heads(printed):
    """Put a running head and a page number on pages of 38 lines, as text from a PDF has them between lines."""
    lines = stripped(printed)
    pages = [lines[start : start + 38] for start in range(0, len(lines), 38)]
    return "\n".join("\n".join([HEAD, *page, f"- {number} -"]) for number, page in enumerate(pages, 1))


LAYOUTS = {  # of clean text and of the same on pages
    "no empty lines": lambda clean, printed: "\n".join(stripped(printed)),
    "running heads": lambda clean, printed: with_heads(printed),
    "running heads and form feeds": lambda clean, printed: with_heads(printed).replace(f"\n{HEAD}", f"\n\f{HEAD}"),
    "an empty line below every line": lambda clean, printed: "\n\n".join(stripped(printed)),
    "running text": lambda clean, printed: " ".join(printed.split()),
    "running text, sentences glued": lambda clean, printed: re.sub(
        r"(?<=[a-z]\.) (?=[A-Z]\w)", "", " ".join(printed.split())
    ),
    "a web page": lambda clean, printed: re.sub(r"\n\s*\n", "\n", OWN_LINE.sub(r"\1 ", clean)),
    "a web page with empty lines": lambda clean, printed: OWN_LINE.sub(r"\1 ", clean),
    "blanks in runs": lambda clean, printed: "\n".join(line.replace(" ", "  ") for line in stripped(printed)),
    "hyphens of PDFium": lambda clean, printed: "\r\n".join(stripped(printed)).replace("-\r\n", "\ufffe"),
}
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


@pytest.fixture(scope="module", params=["veiligheidsgaranties", "huurprijzen", "schaduwvloot"])
def written(request):
    """Return a fictional debate as clean text, on pages, and as it reads there."""
    (path,) = CORPORA.glob(f"fictional/*{request.param}/report.txt")
    clean = print_debate(plain.parse(path.read_text("utf-8")))
    printed = lay_out(clean)
    return clean, printed, plain.parse(printed)


@layouts
def test_the_same_debate(written, layout):
    clean, printed, expected = written
    read = plain.parse(layout(clean, printed))
    assert [turn.speaker for turn in read.turns] == [turn.speaker for turn in expected.turns]
    assert [turn.kind for turn in read.turns] == [turn.kind for turn in expected.turns]
    assert [visible(turn.text) for turn in read.turns] == [visible(turn.text) for turn in expected.turns]
    motions = [(m.number, m.submitters, visible(m.request), m.advice) for m in expected.motions]
    assert [(m.number, m.submitters, visible(m.request), m.advice) for m in read.motions] == motions
    assert read.title.split() == expected.title.split()
    directions = [note.kind for note in expected.notes if note.kind not in ("preamble", "heading")]
    assert [n.kind for n in read.notes if n.kind not in ("preamble", "heading", "page")] == directions
    assert not {"header-like text not taken", "large preamble", "repeated line in a turn"} & set(read.oddities)


@layouts
def test_every_visible_character_has_one_place_and_maps_back(written, layout, unaccounted):
    clean, printed, _ = written
    read = plain.parse(layout(clean, printed))
    assert unaccounted(read) == []
    for turn in read.turns:
        assert read.to_source(turn, 0, len(turn.text)) == (turn.start, turn.end)
        in_source = "".join(read.source[start:end] for start, end in turn.spans).replace("\ufffe", "-")
        assert visible(in_source) == visible(turn.text)


def test_paragraphs_are_told_by_the_width_of_lines(written):
    _, printed, expected = written
    read = plain.parse("\n".join(stripped(printed)))
    same = sum(one.text == other.text for one, other in zip(read.turns, expected.turns, strict=True))
    assert same >= 0.85 * len(expected.turns)


def test_running_heads_are_notes_of_their_own(written):
    read = plain.parse(with_heads(written[1]))
    pages = [note.text for note in read.notes if note.kind == "page"]
    assert set(pages[::2]) == {HEAD}
    assert pages[1::2] == [f"- {number} -" for number in range(1, len(pages) // 2 + 1)]
    assert read.oddities["running head or page number left out"] == len(pages)


def test_running_head_inside_a_motion(motion, announced, report):
    pages = []
    for number in range(1, 5):
        body = "\n".join(
            f"Zin {number} van regel {line} is een lange zin over bruggen en sluizen." for line in range(20)
        )
        words = motion().replace("\n\n", "\n").replace("de bruggen te", f"de bruggen\n{HEAD}\nte")
        pages.append(f"Mevrouw Smit (Geel):\n{body}\n{words}\nDe voorzitter:\nDank u wel.")
    read = plain.parse("\n".join(pages) + "\n")
    assert {m.request for m in read.motions} == {"verzoekt de regering de bruggen te verven"}
    assert len(read.motions) == 4


def test_line_that_comes_back_and_is_no_running_head_stays_and_is_counted():
    lines = [f"Zin {n} gaat over bruggen en die zin loopt door op\nde volgende regel." for n in range(30)]
    for place in (3, 4, 20):
        lines[place] = lines[place].replace("\n", "\nNiet gecorrigeerd concept\n")
    read = plain.parse("De voorzitter:\n" + "\n".join(lines) + "\n")
    assert read.turns[0].text.count("Niet gecorrigeerd concept") == 3
    assert read.oddities == {"repeated line in a turn": 3}
    assert read.places["repeated line in a turn"] == ("line 9", "line 12", "line 45")


def test_what_members_say_again_and_again_is_speech():
    turn = "Mevrouw Smit (Geel):\nDank u wel, voorzitter\nZij krijgt nr. {} (37000).\nMotie nummer {}\n"
    read = plain.parse("De voorzitter:\nWelkom.\n" + "".join(turn.format(n, n) for n in range(9)) + "Dank u.\n")
    assert not any(note.kind == "page" for note in read.notes)


def test_a_sentence_that_is_said_again_is_no_running_head():
    again = "Zo minister brug brug brug minister brug brug brug brug brug is het."
    short = "Zo brug is het."
    longer = again.replace("is het", "brug brug brug brug brug brug brug brug is het")
    said = [short, again, short, short, short, short, " ".join([longer, *[short] * 4]), again]
    printed = lay_out("\n\n".join(f"De voorzitter:\n{words}" for words in said), width=60)
    read = plain.parse("\n".join(stripped(printed)))
    assert [visible(turn.text) for turn in read.turns] == [visible(words) for words in said]


@pytest.mark.parametrize("again", ['"Zo is het."', "En toen: “Zo is het!”", "Oekraïne; 'zo is het'.'"])
def test_a_quotation_on_top_of_every_page_is_no_running_head(again):
    lines = [f"Zin {n} gaat over bruggen en over sluizen." for n in range(40)]
    for place in (0, 10, 20, 30):
        lines[place] = again
    pages = ["\n".join(lines[start : start + 10]) for start in range(0, 40, 10)]
    read = plain.parse("Mevrouw Smit (Geel):\n" + "\n\f".join(pages) + "\n")
    assert not any(note.kind == "page" for note in read.notes)
    assert read.turns[0].text.count(again) == 4


SPEAKERS = ["De voorzitter:", "Mevrouw Smit (Geel):", "De heer Van 't Hekke (Rood & Wit):", "Minister De Roon:"]
WORDS = [
    "brug",
    "de",
    "heer",
    "één",
    "niet",
    "minister",
    "NAVO-grondgebied",
    "16.30",
    "uur",
    "Voorzitter",
    "ik,",
    "nr. 12",
]


@st.composite
def conversations(draw):
    """Return turns of a header and sentences, none of which says what a header does."""
    sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(
        lambda words: f"Zo {' '.join(words)} is het."
    )
    turn = st.tuples(st.sampled_from(SPEAKERS), st.lists(sentence, min_size=1, max_size=5).map(" ".join))
    return draw(st.lists(turn, min_size=2, max_size=8))


@settings(max_examples=60, deadline=None)
@given(conversations(), st.integers(60, 100), st.sampled_from(["\n", " ", "\n\n", "\r\n", " \n"]))
def test_any_conversation_in_any_lines(turns, width, between):
    printed = lay_out("\n\n".join(f"{header}\n{words}" for header, words in turns), width=width)
    assume(not repeated_lines(printed))  # they could be running heads, and nothing tells that they are not
    read = plain.parse(between.join(stripped(printed)))
    assert [visible(turn.text) for turn in read.turns] == [visible(words) for _, words in turns]
    assert sum(turn.speaker.role == "chair" for turn in read.turns) == sum(h == SPEAKERS[0] for h, _ in turns)
