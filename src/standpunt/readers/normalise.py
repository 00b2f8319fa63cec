"""From the lines of a printed report to whole paragraphs.

The published PDF wraps lines, breaks words after a hyphen that is part of them, and puts page breaks (several empty
lines, or a form feed) inside sentences and words. Only white space is changed here, so that `standpunt.alignment` can
map every position back.
"""

from __future__ import annotations

import re
import unicodedata

# What may follow a suspended hyphen ("lucht- en droneverdediging"): there the space stays.
CONJUNCTIONS = r"en|of|en/of|noch|als|tot|dan|maar|plus|respectievelijk|c\.q\.|alsmede|alsook"
_SOFT_HYPHEN = "\u00ad"
# The patterns begin with a literal so that the engine can skip to it.
_WORD_BREAK = re.compile(
    rf"-(?<=[\w'’\"”)]-)[ \t\r]*\n\s*(?!(?:{CONJUNCTIONS})(?![\w-]))(?=[\w'’\"“(])"
)
_SOFT_BREAK = re.compile(rf"{_SOFT_HYPHEN}(?:[ \t\r]*\n\s*)?")
_PAGE_BREAK = re.compile(r"\n[ \t\r]*\n[ \t\r]*\n\s*")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_TERMINAL = re.compile(r"[.?!:;…][\"”’')\]]*$")
_FULL_LINE = 80


def normalise(text: str) -> str:
    """Return the paragraphs of `text`, each on one line, separated by an empty line, in Unicode form NFC."""
    if "\n" not in text:
        return unicodedata.normalize("NFC", _one_line(text.replace(_SOFT_HYPHEN, "")))
    if "\f" in text:
        text = re.sub(r"\r?\n?\f", "\n\n\n", text)
    body = _WORD_BREAK.sub("-", _PAGE_BREAK.sub(_mend_page, text))
    if _SOFT_HYPHEN in body:
        body = _SOFT_BREAK.sub("", body)
    paragraphs = [_one_line(part) for part in _PARAGRAPH.split(body)]
    return unicodedata.normalize("NFC", "\n\n".join(part for part in paragraphs if part))


def _one_line(text: str) -> str:
    """Make every run of white space one blank."""
    line = text.replace(" \n", " ").replace("\n", " ").strip()
    # What is left in an ordinary report is single blanks; the general way is slower.
    return line if "  " not in line and line.isprintable() else " ".join(line.split())


def _mend_page(match: re.Match[str]) -> str:
    """Decide whether a page break falls inside a paragraph (one line break) or between two (an empty line)."""
    text = match.string
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    follows = text[match.end() : match.end() + 40]
    return "\n\n" if ends_paragraph(line.rstrip("\r"), follows) else "\n"


def ends_paragraph(line: str, follows: str) -> bool:
    """Tell whether the last line of a page ends its paragraph, given how the next page begins."""
    if follows.startswith(("en gaat over tot", "Voorzitter.", "Voorzitter,")):
        return True
    # The printer leaves the space at which it wrapped a line; the last line of a paragraph has none.
    if line.endswith((" ", "\t")) or not _TERMINAL.search(line):
        return False
    if line.endswith(";"):
        return True
    # A sentence ends at the end of the page: the line was the paragraph's last if the next word would have fitted.
    next_word = follows.split(maxsplit=1)[0] if follows.split() else ""
    return len(line) + 1 + len(next_word) <= _FULL_LINE
