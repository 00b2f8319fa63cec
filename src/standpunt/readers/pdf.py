"""The text of a printed report in PDF, as PDFium finds it: a line a line, an empty line where one is seen, pages apart.

PDFium drops empty lines. They are put back by the distance between lines, since paragraphs are told by them. Pages, and
columns, are separated by form feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from standpunt.errors import ReadError
from standpunt.storage.unpacking import check_unpacked, inflated_size

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

_WIDER = 1.3  # times the usual distance, from which there is an empty line between two lines
_FEWEST = 20  # characters a page of text has; what has less is a picture, with a page number perhaps
_ENCRYPTED = "password"
# Lines end in CR LF; a hyphen at the end of a line is U+FFFE, and its line break is left out.
_LINE_END = re.compile("\r\n|\ufffe")
_STREAM = re.compile(rb"stream\r?\n(?=[\x08-\x78])")  # a zlib stream begins like that
_NO_CHARACTERS = re.compile("[\0\ufffe\uffff\ud800-\udfff]")


class _Line(NamedTuple):
    text: str
    bottom: float | None  # where it stands on the page, in points from below


def sniff(head: bytes) -> bool:
    """Tell whether a file is PDF."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-")


def extract(raw: bytes) -> str:
    """Return the text of a PDF.

    Raises:
        ReadError: the file is damaged or encrypted, or its pages are pictures.
        UnpackedError: a stream in it unfolds to too much.
    """
    for stream in _STREAM.finditer(raw):
        check_unpacked(inflated_size(raw, stream.end()))
    pages = [_lines(page) for page in _pages(raw)]
    empty = sum(sum(len(line.text) for line in page) < _FEWEST for page in pages)
    if empty * 2 > len(pages):
        raise ReadError(
            f"a scanned PDF: {empty} of its {len(pages)} pages are pictures without text; recognise the text first "
            "(OCR, with ocrmypdf for instance)"
        )
    steps = [above - below for page in pages for above, below in _steps(page) if above > below]
    widest = median(steps) * _WIDER if steps else 0.0
    return "\f".join(_join(page, widest) for page in pages)


def _pages(raw: bytes) -> Iterator[PdfTextPage]:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document: PdfDocument = PdfDocument(raw)
        try:
            for page in document:
                yield page.get_textpage()
        finally:
            document.close()
    except PdfiumError as error:
        if _ENCRYPTED in str(error).lower():
            raise ReadError("a PDF that is protected by a password; save it without one") from None
        raise ReadError("a damaged PDF; get the whole file, or save its text as UTF-8") from None


def _lines(page: PdfTextPage) -> list[_Line]:
    text = page.get_text_range()
    placed = len(text) == page.count_chars()  # else a character takes two places
    lines, start = [], 0
    for end in [*_LINE_END.finditer(text), None]:
        words = text[start : end.start()] if end else text[start:]
        words = _NO_CHARACTERS.sub("", words) + ("-" if end and end[0] == "\ufffe" else "")
        if words.strip():
            at = start + len(words) - len(words.lstrip())
            lines.append(_Line(words, page.get_charbox(at, loose=True)[1] if placed else None))
        start = end.end() if end else len(text)
    return lines


def _steps(page: list[_Line]) -> Iterator[tuple[float, float]]:
    for above, below in pairwise(page):
        if above.bottom is not None and below.bottom is not None:
            yield above.bottom, below.bottom


def _join(page: list[_Line], widest: float) -> str:
    parts = [line.text for line in page[:1]]
    for above, below in pairwise(page):
        down = 0.0 if above.bottom is None or below.bottom is None else above.bottom - below.bottom
        # What goes on further up is the next column, which ends like a page.
        parts.append(("\n\n" if down > widest else "\n\f" if down < -widest else "\n") + below.text)
    return "".join(parts) + "\n"
