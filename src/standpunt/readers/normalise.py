"""From the lines of a printed report to whole paragraphs.

The published PDF wraps lines, breaks words after a hyphen that is part of them, and puts page breaks (several empty
lines, or a form feed) inside sentences and words. Only white space is changed here, so that `standpunt.text.alignment`
can map every position back.
"""

from __future__ import annotations

import re
import unicodedata

# What may follow a suspended hyphen ("lucht- en droneverdediging"): there the space stays.
CONJUNCTIONS = r"en|of|en/of|noch|als|tot|dan|maar|plus|respectievelijk|c\.q\.|alsmede|alsook"
_SOFT_HYPHEN = "\u00ad"
_OTHER_SPACES = "\t\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_BLANKS = str.maketrans(dict.fromkeys(_OTHER_SPACES, " "))
# The patterns begin with a literal so that the engine can skip to it.
_WORD_BREAK = re.compile(rf"-(?<=[\w'’\"”)]-) *\n\s*(?!(?:{CONJUNCTIONS})(?![\w-]))(?=[\w'’\"“(])")
_SOFT_BREAK = re.compile(rf"{_SOFT_HYPHEN}(?: *\n\s*)?")
_PAGE_BREAK = re.compile(r"\n *\n *\n\s*")
_PARAGRAPH = re.compile(r"\n *\n\s*")
_TERMINAL = re.compile(r"[.?!:;…][\"”’')\]]*$")
_FULL_LINE = 80


def plain_spaces(text: str) -> str:
    """Return a text of the same length in which white space is blanks, line feeds and form feeds only."""
    if "\r" in text:
        # Not a blank before the line feed: at the end of a line that means that its paragraph goes on.
        text = text.replace("\r\n", "\n ").replace("\r", "\n")
    return text.translate(_BLANKS) if any(space in text for space in _OTHER_SPACES) else text


def normalise(text: str) -> str:
    """Return the paragraphs of `text`, each on one line, separated by an empty line, in Unicode form NFC.

    Expects what `plain_spaces` returns.
    """
    text = unicodedata.normalize("NFC", text)
    if "\n" not in text and "\f" not in text:
        return _one_line(text.replace(_SOFT_HYPHEN, ""))
    if "\f" in text:
        text = re.sub(r"(?:\n *)?\f", "\n\n\n", text)
    body = _WORD_BREAK.sub("-", _PAGE_BREAK.sub(_mend_page, text))
    if _SOFT_HYPHEN in body:
        body = _SOFT_BREAK.sub("", body)
    paragraphs = [_one_line(part) for part in _PARAGRAPH.split(body)]
    return "\n\n".join(part for part in paragraphs if part)


def one_paragraph(text: str) -> str:
    """Return text of whatever white space as one paragraph on one line, in Unicode form NFC."""
    line = text.strip()
    if line.isprintable() and "  " not in line:  # no white space but single blanks, and no soft hyphen: most are so
        return line if line.isascii() else unicodedata.normalize("NFC", line)
    return unicodedata.normalize("NFC", " ".join(line.replace(_SOFT_HYPHEN, "").split()))


def _one_line(text: str) -> str:
    """Make every run of white space one blank."""
    line = text.replace(" \n", " ").replace("\n", " ").strip()
    return " ".join(line.split()) if "  " in line else line


def _mend_page(match: re.Match[str]) -> str:
    """Decide whether a page break falls inside a paragraph (one line break) or between two (an empty line)."""
    text = match.string
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].lstrip(" ")  # one of CRLF, see plain_spaces
    follows = text[match.end() : match.end() + 40]
    return "\n\n" if ends_paragraph(line, follows) else "\n"


def ends_paragraph(line: str, follows: str) -> bool:
    """Tell whether the last line of a page ends its paragraph, given how the next page begins."""
    if follows.startswith(("en gaat over tot", "Voorzitter.", "Voorzitter,")):
        return True
    # The printer leaves the space at which it wrapped a line; the last line of a paragraph has none.
    if line.endswith(" ") or not _TERMINAL.search(line):
        return False
    if line.endswith(";"):
        return True
    # A sentence ends at the end of the page: the line was the paragraph's last if the next word would have fitted.
    next_word = follows.split(maxsplit=1)[0] if follows.split() else ""
    return len(line) + 1 + len(next_word) <= _FULL_LINE
