"""Lines, pages, hyphens, Unicode, and the way back to the report."""

import unicodedata

import pytest

from standpunt.readers import plain
from standpunt.text.alignment import visible

PAGES = {
    "empty lines": "\n\n\n\n",
    "crlf": "\r\n\r\n\r\n\r\n",
    "form feed": "\n\f",
    "form feed below": "\f\n",
    "form feed alone": "\f",
    "both": "\n\n\f\n",
}
pages = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)

REPORT = """\
Aan de orde is het debat over de één brug.

De voorzitter:
Ik geef het woord aan mevrouw \nÇelikoğlu-Visch van Démocratie.

Mevrouw Çelikoğlu-Visch (Démocratie):
Voorzitter. De brug in het café-
terras van één NAVO-



grondgebied.

Dank u wel.

De Kamer,

verzoekt de regering één brug te bouwen,

en gaat over tot de orde van de dag.

De voorzitter:
Deze motie is voorgesteld door het lid Çelikoğlu-Visch.

Zij krijgt nr. 12 (37000).

De beraadslaging wordt gesloten.
"""
FORMS = {
    "as is": REPORT,
    "crlf": REPORT.replace("\n", "\r\n"),
    "bom": "\ufeff" + REPORT,
    "bom before a header": "\ufeff" + REPORT.partition("\n\n")[2],
    "decomposed": unicodedata.normalize("NFD", REPORT),
    "non-breaking spaces in speech": REPORT.replace("Dank u", "Dank\u00a0u").replace("één brug", "één\u00a0brug"),
    "non-breaking spaces in headers": REPORT.replace("Mevrouw Ç", "Mevrouw\u00a0Ç").replace("Visch (", "Visch\u00a0("),
    "non-breaking space on an empty line": REPORT.replace("\n\nMevrouw", "\n\u00a0\nMevrouw"),
    "blanks on empty lines": REPORT.replace("\n\nMevrouw", "\n  \t\nMevrouw"),
    "form feeds": REPORT.replace("\n\n\n\n", "\n\f"),
}
forms = pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)


def speech(text):
    """Read `text` as the speech of one member."""
    (turn,) = plain.parse(f"De heer Jansen (Rood):\n{text}\n").turns
    return turn.text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("De brug \nis oud.", "De brug is oud."),
        ("De brug\nis oud.", "De brug is oud."),
        ("De no-\nflyzone.", "De no-flyzone."),
        ("De F-\n16's vliegen.", "De F-16's vliegen."),
        ('De F-\n16\'s en "F-\n35".', 'De F-16\'s en "F-35".'),
        ("De lucht-\nen droneverdediging.", "De lucht- en droneverdediging."),
        ("De lucht- \nen droneverdediging.", "De lucht- en droneverdediging."),
        ("De in-\nof uitvoer, im-\nen export.", "De in- of uitvoer, im- en export."),
        ("De zee-\nenergie.", "De zee-energie."),
        ("Het café-\nterras.", "Het café-terras."),
        ("Tussen 2024 -\nen nu.", "Tussen 2024 - en nu."),
        ("Om 16.30 \nuur 3,5 \nmiljoen.", "Om 16.30 uur 3,5 miljoen."),
        ("De brug\u00ad\nwachter.", "De brugwachter."),
        ("Eén.\n\nTwee.", "Eén.\n\nTwee."),
    ],
)
def test_lines_become_paragraphs(printed, text):
    assert speech(printed) == text


@pages
@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("De brug |is oud.", "De brug is oud."),
        ("De brug|is oud.", "De brug is oud."),
        ("Het NAVO-|grondgebied.", "Het NAVO-grondgebied."),
        ("De F-|16's.", "De F-16's."),
        ("De lucht-|en droneverdediging.", "De lucht- en droneverdediging."),
        ("De brug is oud. |Hij kraakt.", "De brug is oud. Hij kraakt."),
        ("De brug is oud.|Hij kraakt.", "De brug is oud.\n\nHij kraakt."),
    ],
)
def test_page_break_inside_a_sentence_or_word_is_mended(page, printed, text):
    assert speech(printed.replace("|", page)) == text


@pages
def test_header_on_top_of_a_page(page):
    debate = plain.parse(f"De voorzitter:\nDe heer Jansen.{page}De heer Jansen (Rood):\nVoorzitter.\n")
    assert [(turn.speaker.name, turn.text) for turn in debate.turns] == [
        ("De voorzitter", "De heer Jansen."),
        ("Jansen", "Voorzitter."),
    ]


@pages
def test_motion_and_stage_direction_on_top_of_a_page(page, motion):
    debate = plain.parse(
        f"De heer Jansen (Rood):\nVoorzitter.{page}{motion()}\n\nDank.{page}De beraadslaging wordt gesloten.\n"
    )
    assert [turn.text for turn in debate.turns] == ["Voorzitter.", motion(), "Dank."]
    assert [note.kind for note in debate.notes] == ["closing"]


@pages
@pytest.mark.parametrize("line", ["In stemming komt de motie-Jansen.", "Aan de orde is de stemming over de brug."])
def test_page_break_ends_a_line_that_nobody_speaks(page, line):
    debate = plain.parse(f"De voorzitter:\nWelkom.\n\nDe vergadering wordt hervat.\n\n{line}{page}Zij is aangenomen.\n")
    assert [turn.text for turn in debate.turns] == ["Welkom.\n\nZij is aangenomen."]
    assert [note.text for note in debate.notes] == ["De vergadering wordt hervat.", line]


@pages
def test_motion_ends_on_top_of_a_page(page, motion):
    printed = motion().replace("\n\nen gaat", f"{page}en gaat")
    debate = plain.parse(f"De heer Jansen (Rood):\nVoorzitter.\n\n{printed}\n\nDank.\n")
    assert [turn.text for turn in debate.turns] == ["Voorzitter.", motion(), "Dank."]


def test_length_of_a_line_does_not_count_its_line_break():
    for length in range(66, 76):
        printed = f"Een regel van de alinea \n{'b' * length}.\n\n\n\nWoorden zijn er."
        assert speech(printed.replace("\n", "\r\n")) == speech(printed)


def test_soft_hyphens_are_no_turn():
    debate = plain.parse("De voorzitter:\n\u00ad\n\nDe heer Jansen (Rood):\n\u00adJa.\n")
    assert [turn.text for turn in debate.turns] == ["Ja."]
    assert debate.to_source(debate.turns[0], 0, 3) == (debate.turns[0].start, debate.turns[0].end)


def test_header_at_the_bottom_of_a_page():
    debate = plain.parse("De voorzitter:\n\n\n\nDe heer Jansen.\n\nDe heer Jansen (Rood):\n\fVoorzitter.\n")
    assert [turn.text for turn in debate.turns] == ["De heer Jansen.", "Voorzitter."]


@forms
def test_form_of_the_file_does_not_matter(text):
    expected, debate = plain.parse(REPORT), plain.parse(text)
    assert [turn.text for turn in debate.turns] == [turn.text for turn in expected.turns]
    assert [turn.speaker for turn in debate.turns] == [turn.speaker for turn in expected.turns]
    assert [m.submitters for m in debate.motions] == [("Çelikoğlu-Visch",)]
    assert debate.sha256 == expected.sha256


@forms
def test_every_visible_character_has_one_place(text, unaccounted):
    assert unaccounted(plain.parse(text)) == []


@forms
def test_offsets_count_characters_of_the_report(text):
    debate = plain.parse(text)
    for turn in debate.turns:
        assert debate.to_source(turn, 0, len(turn.text)) == (turn.start, turn.end)
        assert unicodedata.normalize("NFC", text[turn.start : turn.start + 2])[0] == turn.text[0]
        assert visible("".join(text[a:b] for a, b in turn.spans)) == visible(turn.text)


@forms
def test_quote_is_found_in_the_report(text):
    debate = plain.parse(text)
    turn = debate.turns[1]
    quote = "café-terras van één NAVO-grondgebied"
    start = turn.text.index(quote)
    a, b = debate.to_source(turn, start, start + len(quote))
    assert visible(text[a:b]) == visible(quote)
    assert text[a] == "c"
    assert text[b - 1] == "d"
    assert debate.to_text(turn, a, b) == (start, start + len(quote))


def test_range_around_a_stage_direction_maps_back(read):
    debate = read(("De voorzitter", "Ik schors.", "De vergadering wordt geschorst.", "Ik heropen."))
    turn = debate.turns[0]
    a, b = debate.to_source(turn, turn.text.index("Ik heropen"), len(turn.text))
    assert debate.source[a:b] == "Ik heropen."
    assert len(turn.spans) == 2
    assert debate.to_source(turn, 0, len(turn.text)) == (turn.start, turn.end)
