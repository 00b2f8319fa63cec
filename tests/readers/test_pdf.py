"""Printed reports in PDF: the same debate as the text it was printed from."""

import gzip

import pytest

from printing import print_debate
from report_pdf import picture_pdf, report_pdf
from standpunt.errors import ReadError
from standpunt.readers import read_debate
from standpunt.readers.pdf import extract
from standpunt.storage.paths import CORPORA

REPORTS = sorted(CORPORA.glob("fictional/*/report.txt"))
HEAD = "Het Huis, verslag van 12 mei 2032"


@pytest.fixture(scope="module")
def debate():
    return read_debate(next(path for path in REPORTS if "huurprijzen" in str(path)))


@pytest.fixture
def put(tmp_path):
    def write(content, name="verslag.pdf"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


PRINTS = {
    "as it is": {},
    "with a running head": {"head": HEAD},
    "in two columns": {"columns": 2, "head": HEAD},
    "without space between paragraphs": {"gap": 0, "head": HEAD},
}


@pytest.mark.parametrize("print_options", PRINTS.values(), ids=PRINTS)
def test_the_same_turns(put, debate, print_options, unaccounted):
    read = read_debate(put(report_pdf(print_debate(debate), **print_options)))
    assert [turn.speaker for turn in read.turns] == [turn.speaker for turn in debate.turns]
    assert [turn.kind for turn in read.turns] == [turn.kind for turn in debate.turns]
    assert read.sha256 == debate.sha256
    motions = [(m.number, m.submitters, m.advice, m.request.split()) for m in debate.motions]
    assert [(m.number, m.submitters, m.advice, m.request.split()) for m in read.motions] == motions
    assert unaccounted(read) == []


def test_paragraphs_are_told_by_the_space_between_them(put, debate):
    read = read_debate(put(report_pdf(print_debate(debate), head=HEAD)))
    same = sum(one.text == other.text for one, other in zip(read.turns, debate.turns, strict=True))
    assert same >= 0.95 * len(debate.turns)  # a page may end where a paragraph does, and not tell


def test_running_heads_and_page_numbers_are_notes(put, debate):
    read = read_debate(put(report_pdf(print_debate(debate), head=HEAD)))
    pages = [note.text for note in read.notes if note.kind == "page"]
    assert pages.count(HEAD) == pages.index("2") // 2 + len(pages) // 2 - 1
    assert [text for text in pages if text != HEAD] == [str(number + 1) for number in range(len(pages) // 2)]
    assert not any(HEAD in turn.text for turn in read.turns)
    assert read.date == "2032-05-12"


def test_offsets_count_the_text_that_was_extracted(put, debate):
    content = report_pdf(print_debate(debate), head=HEAD)
    read = read_debate(put(content))
    assert read.source == extract(content)
    for turn in read.turns:
        assert read.to_source(turn, 0, len(turn.text)) == (turn.start, turn.end)
        assert "".join(read.source[a:b] for a, b in turn.spans).split() == turn.text.split() or "-" in turn.text
    assert read_debate(put(read.source.encode(), "verslag.txt")) == read


def test_hyphen_at_the_end_of_a_line(put):
    printed = "Het lucht-\nen zeeverkeer boven NAVO-\ngrondgebied is druk."
    read = read_debate(put(report_pdf(f"De voorzitter:\nWelkom.\n\nMevrouw Smit (Geel):\n{printed}")))
    assert read.turns[1].text == "Het lucht- en zeeverkeer boven NAVO-grondgebied is druk."
    assert printed in read.source


def test_told_by_content_and_unpacked(put, debate):
    content = report_pdf(print_debate(debate))
    for name, data in (("a.txt", content), ("a", content), ("a.pdf.gz", gzip.compress(content))):
        assert read_debate(put(data, name)).sha256 == debate.sha256


REFUSED = {
    "scanned": (picture_pdf, "a scanned PDF: 3 of its 3 pages are pictures without text; recognise the text first"),
    "damaged": (lambda: b"%PDF-1.7\nstream", "a damaged PDF"),
    "protected": (lambda: report_pdf("De voorzitter:\nJa.", encrypted=True), "protected by a password"),
    "not a report": (lambda: report_pdf("Er was eens een brug."), "no speaker header"),
}


@pytest.mark.parametrize(("make", "why"), REFUSED.values(), ids=REFUSED)
def test_pdf_that_is_no_report_is_refused_in_one_sentence(put, make, why):
    path = put(make())
    with pytest.raises(ReadError) as caught:
        read_debate(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)
