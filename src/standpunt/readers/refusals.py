"""What a file is that is no report: named, with what to do instead."""

from __future__ import annotations

import re
from collections import Counter

from standpunt.errors import ReadError

_BLANK = b"\xef\xbb\xbf \t\r\n"
_AS_TEXT = "save it as text in UTF-8, or print it to PDF"
_BEGINNINGS = (
    (b"{\\rtf", f"a document in Rich Text Format; {_AS_TEXT}"),
    (b"\xd0\xcf\x11\xe0", f"a document of an older Word; {_AS_TEXT}"),
)
_WEB_PAGE = re.compile(
    rb"(?s:(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+)"
    rb"<(?:!doctype\s+html|html|head|body|div|main|article|section|table|p|meta|script)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
# Frequent words of the languages of the neighbours; none of them means something in another of the languages.
_FREQUENT = {
    "Dutch": "het een van dat niet voor aan ook maar wij naar wordt heeft zijn deze geen",
    "English": "the and that this have are which with they our there would been from",
    "German": "der das und nicht ist wir auf ein eine sich auch werden haben dass mit",
    "French": "les des est pour dans une nous pas qui sur cette vous avec sont que",
}
_LANGUAGE = {word: language for language, words in _FREQUENT.items() for word in words.split()}
_SAMPLE = 30_000  # characters, from the beginning and from the middle
_ENOUGH = 60  # frequent words of a language
_MOSTLY = 3  # times as many as of Dutch


def refuse_by_beginning(head: bytes) -> None:
    """Refuse what the first bytes of a file show to be no report.

    Raises:
        ReadError: it is UTF-16, a web page, or a document of a word processor.
    """
    start = head.lstrip(_BLANK)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or _has_zeros_between(head):
        raise ReadError("text in UTF-16; save the report as UTF-8")
    if _WEB_PAGE.match(start):
        raise ReadError(
            "a web page (HTML); copy the text of the report into a file and save it as UTF-8, or take the report in "
            "XML or PDF"
        )
    for beginning, what in _BEGINNINGS:
        if start.startswith(beginning):
            raise ReadError(what)


def archive(head: bytes) -> str:
    """Return what to say of a ZIP archive: a document of a word processor is one."""
    if b"[Content_Types].xml" in head or b"word/" in head:
        return f"a Word document (.docx); {_AS_TEXT}"
    if b"mimetypeapplication/vnd.oasis.opendocument" in head:
        return f"an OpenDocument file; {_AS_TEXT}"
    return "a ZIP archive; unpack it first"


def foreign_language(text: str) -> str | None:
    """Return in which language a text is, if it clearly is in another than Dutch: English, German or French."""
    middle = len(text) // 2
    sample = text[:_SAMPLE] + " " + text[max(middle, _SAMPLE) : max(middle, _SAMPLE) + _SAMPLE]
    counts = Counter(_LANGUAGE[word] for word in _WORD.findall(sample.casefold()) if word in _LANGUAGE)
    dutch = counts.pop("Dutch", 0)
    language, count = counts.most_common(1)[0] if counts else ("", 0)
    return language if count >= _ENOUGH and count > _MOSTLY * dutch else None


def in_another_language(language: str) -> ReadError:
    """Return the error for a text in another language."""
    return ReadError(
        f"reads like {language}; plain text and PDF are read in Dutch only, by the headers of the Tweede Kamer. For "
        "other languages take the report in ParlaMint's TEI XML"
    )


def _has_zeros_between(head: bytes) -> bool:
    """Tell whether every second byte is zero, as in UTF-16 of Latin letters."""
    first, second = head[0::2], head[1::2]
    zeros = sorted((first.count(0) / max(len(first), 1), second.count(0) / max(len(second), 1)))
    return len(head) >= 16 and zeros[0] < 0.1 and zeros[1] > 0.8
