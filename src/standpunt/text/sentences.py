"""Sentences of a turn as offsets, for Dutch, English, German and French.

The split is syntok's (MIT, rules and no model); what it breaks apart at titles, abbreviations and
numbers of Dutch reports is put together again. `rough_sentences` is the faster split for cues of chair and cabinet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from standpunt.text.alignment import Span
from standpunt.text.letters import CAPITAL

# Words with a full stop that a name, a number or more of the sentence follows, so that it never ends the sentence:
# titles; references, as in "nr. 217" and "art. 100"; other abbreviations of Dutch, English, German and French.
_TITLES = "dr drs ir ing mr mrs ms mw mevr dhr prof em.prof st hr jhr mgr ds fr pr hon rep sen gen lt col sgt jr"
_REFERENCES = "nr nrs no nos art artt par blz pag p pp hfdst hst vgl zie.ook fig afb tab vol sec cf ca circa vs resp"
_OTHERS = """m.n m.b.t t.a.v t.b.v t.o.v t.w d.w.z bijv o.a o.m i.p.v i.v.m i.t.t i.h.b i.c z.g zgn z.o.z n.a.v m.u.v
    d.m.v c.q incl excl max min gem jl vlg s.v.p a.s e.g i.e z.b d.h u.a bzw ggf inkl evtl abs p.ex c.-à-d env"""
_BEFORE_MORE = frozenset(f"{_TITLES} {_REFERENCES} {_OTHERS}".split())
# Words with a full stop that may end a sentence: more follows unless a capital does.
_LAST = "c.s e.d e.a enz etc mln mld miljn usw ff e.v v.chr n.chr bv b.v n.v co ltd inc"
_MAYBE_LAST = frozenset(_LAST.split())
_LAST_WORD = re.compile(r"(?:^|[\s(\"“'‘])([^\s(\"“'‘]+)\.$")
_INITIAL = re.compile(rf"(?:^|[\s(])(?:{CAPITAL}\.)+$")
_OPENS_LOW = re.compile(r"[^\w\s]*[a-zà-ÿ]")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)[\"”’']?$")
_LINE = re.compile(r"[^\n]+")
# What closes a sentence before a capital though syntok reads on: a question or exclamation mark, an ellipsis, a full
# stop after thousands ("500.000."), after a name that ends in a capital ("IenW."), and after Dutch words that are
# German abbreviations.
_CLOSES = re.compile(
    rf"(?:[?!…]|\.\.\.|\d{{3}}\.|\w{CAPITAL}\.|(?:^|\W)(?:zit|mag|vol|dom|en)\.)\s+(?=[\"“‘(]?{CAPITAL})"
)
_NEAR = 40  # characters in which a sentence begins or ends
_BREAK = re.compile(r"[.?!…][\"”’']?\s+|\n+")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Split a turn's text into sentences.

    Args:
        text: the normalised text of a turn; a line is a paragraph, and no sentence crosses it.

    Returns:
        Spans [start, end) in characters, in order, without the white space around them; together they hold every
        visible character of the text.
    """
    return tuple(span for line in _LINE.finditer(text) for span in _split_line(line[0], line.start()))


def _split_line(line: str, offset: int) -> Iterator[Span]:
    from syntok import segmenter

    starts: list[int] = []
    for paragraph in segmenter.analyze(line):
        for tokens in paragraph:
            start = tokens[0].offset
            if not starts or _divides(line, starts[-1], start):
                starts.append(start)
    starts = sorted({0, *starts[1:], *(match.end() for match in _CLOSES.finditer(line))})
    for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
        piece = line[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield offset + start + lead, offset + start + len(piece.rstrip())


def _divides(line: str, begin: int, cut: int) -> bool:
    """Tell whether a sentence that begins at `begin` really ends before `cut`."""
    before, after = line[max(begin, cut - _NEAR) : cut].rstrip(), line[cut : cut + _NEAR]
    if _abbreviates(before, after):
        return False
    if _INITIAL.search(before) or (_OPENS_LOW.match(after) and not before.endswith((":", ";"))):
        return False
    if before.endswith((":", ";")):
        return False
    return not (_ELLIPSIS.search(before) and not after.lstrip("\"“‘'(")[:1].isupper())


def _abbreviates(before: str, after: str) -> bool:
    """Tell whether `before` ends in an abbreviation with which its sentence does not end."""
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    # "VS." ends a sentence where "vs." does not.
    last = word[1] if word[1].isupper() and len(word[1]) > 1 else word[1].lower()
    return last in _BEFORE_MORE or (last in _MAYBE_LAST and not after[:1].isupper())


def rough_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text` in order, without the white space between them."""
    start = 0
    for match in _BREAK.finditer(text):
        before = text[max(start, match.start() - _NEAR) : match.start() + 1]
        if match[0].startswith(".") and _abbreviates(before, text[match.end() : match.end() + 1]):
            continue
        yield text[start : match.end()].strip()
        start = match.end()
    if text[start:].strip():
        yield text[start:].strip()
