"""Files that are no report are named, with what to do instead."""

import gzip
import io
import time
import zipfile
from contextlib import suppress

import pytest

from standpunt.errors import ReadError
from standpunt.readers import read_debate, read_debates

REPORT = "De voorzitter:\nWelkom.\n\nMevrouw Smit (Geel):\nVoorzitter. De brug is naar één kant scheef.\n"
GERMAN = (
    "Wir haben das nicht gewollt und die Brücke ist auch nicht, was sich der Minister wünscht, mit einer Frage. " * 40
)
FRENCH = (
    "Nous avons une question sur les ponts qui sont dans cette ville et que vous ne voyez pas, avec des bateaux. " * 40
)
ENGLISH = "The honourable member and this House have heard that the bridges which they built are not there. " * 40
DUTCH = "Wij hebben niet gezegd dat het een brug is, maar ook geen sluis voor deze stad. " * 40


def archive(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "<x/>")
    return buffer.getvalue()


NAMED = {
    "UTF-16": (REPORT.encode("utf-16"), "text in UTF-16; save the report as UTF-8"),
    "UTF-16 without a mark": (REPORT.encode("utf-16-le"), "text in UTF-16"),
    "UTF-16, big end first": (REPORT.encode("utf-16-be"), "text in UTF-16"),
    "HTML": (b"<!DOCTYPE html>\n<html><body><p>Welkom</p></body></html>", "a web page (HTML); copy the text"),
    "HTML behind a comment": (b"<!-- opgeslagen -->\n<HTML lang='nl'><p>Welkom", "a web page (HTML)"),
    "XHTML": (b"<?xml version='1.0'?><html xmlns='y'><p>Welkom</p></html>", "a web page (HTML)"),
    "part of a web page": (b"<div class='verslag'><b>De voorzitter:</b> Welkom.</div>", "a web page (HTML)"),
    "Word": (archive("[Content_Types].xml", "word/document.xml"), "a Word document (.docx); save it as text in UTF-8"),
    "OpenDocument": (archive("mimetype", "content.xml"), "an OpenDocument file"),
    "ZIP": (archive("verslag.txt"), "a ZIP archive; unpack it first"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a document of an older Word"),
    "RTF": (rb"{\rtf1\ansi De voorzitter:\par Welkom.}", "Rich Text Format"),
    "German": (
        f"Vizepräsident Pot:\n{GERMAN}".encode(),
        "reads like German; plain text and PDF are read in Dutch only",
    ),
    "French": (f"Le président:\n{FRENCH}".encode(), "reads like French"),
    "English": (f"Mr Speaker: Order.\n{ENGLISH}".encode(), "reads like English"),
    "German with a header": (f"{GERMAN}\n\nMinister Pot:\n{GERMAN}".encode(), "ParlaMint's TEI XML"),
    "mostly preamble": (
        f"{DUTCH}\n\nMinister Pot:\nDank u.\n".encode(),
        "% of the text stands before the first header",
    ),
}


@pytest.mark.parametrize(("content", "why"), NAMED.values(), ids=NAMED)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_refused_by_name_in_one_sentence(tmp_path, content, why, pack):
    path = tmp_path / "verslag.txt"
    path.write_bytes(pack(content))
    with pytest.raises(ReadError) as caught:
        read_debate(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("other", [GERMAN, FRENCH, ENGLISH], ids=["German", "French", "English"])
def test_quotations_in_another_language_are_read(tmp_path, other):
    path = tmp_path / "verslag.txt"
    path.write_text(f"De voorzitter:\n{DUTCH}\n\nMevrouw Smit (Geel):\n{other}\n\nDe voorzitter:\n{DUTCH}\n", "utf-8")
    assert len(read_debate(path).turns) == 3


def test_a_hearing_in_another_language_is_read_by_its_headers(tmp_path):
    path = tmp_path / "verslag.txt"
    path.write_text(f"De voorzitter:\nWelcome.\n\nDe heer Pot:\n{ENGLISH}\n\nDe voorzitter:\nThank you.\n" * 3, "utf-8")
    assert len(read_debate(path).turns) == 9


def test_mostly_preamble_is_read_when_asked(tmp_path):
    path = tmp_path / "verslag.txt"
    path.write_text(f"{DUTCH}\n\nMinister Pot:\nDank u.\n", "utf-8")
    assert read_debate(path, partial=True).oddities == {"large preamble": 1}


def test_a_smaller_preamble_is_read_and_counted(tmp_path):
    path = tmp_path / "verslag.txt"
    lines = DUTCH.replace(". ", ".\n")
    path.write_text(f"{lines}\nMinister Pot:\n{lines * 2}\n", "utf-8")
    debate = read_debate(path)
    assert (debate.oddities, debate.places) == ({"large preamble": 1}, {"large preamble": ("line 42",)})
    path.write_text(f"De brug\n\nMinister Pot:\n{DUTCH}\n", "utf-8")
    assert read_debate(path).oddities == {}


LONG = {
    "colons": ":", "titles": "De heer ", "labels": "De heer A (b): ", "small labels": "de heer a: ",
    "bare": "Voorzitter: Ja. ",
    "lines": "De voorzitter:\n", "wrapped": "Mevrouw A\n(b):\n", "blanks": " ", "empty lines": " \n", "pages": "\f",
    "motions": "Motie De Kamer, gehoord, ", "directions": "De vergadering wordt ", "votes": "In stemming komt ",
    "numbers": "12\n", "heads": "Kop\n", "glued": "a.B", "runs": "a  b", "no characters": "a\ufffe", "brackets": "A (",
    "motions with blanks": "De Kamer," + " " * 1000, "clauses": ", verzoekt de ", "almost headers": "A b (c): x\n",
}  # fmt: skip


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG)
@pytest.mark.parametrize("before", ["", REPORT, "De heer A (b): Ja. "])
def test_time_goes_by_the_length(tmp_path, unit, before):
    path = tmp_path / "verslag.txt"
    path.write_text(before + unit * (100_000 // len(unit)), "utf-8")
    start = time.process_time()
    with suppress(ReadError):
        list(read_debates(path, partial=True))
    assert time.process_time() - start < 5  # tenths of a second; many seconds where it goes by the square


def test_comments_without_end_are_no_web_page(tmp_path):
    path = tmp_path / "verslag.xml"
    path.write_bytes(b"<!-- x -->" * 300_000 + b"<x>")
    start = time.process_time()
    with pytest.raises(ReadError):
        read_debate(path)
    assert time.process_time() - start < 2
