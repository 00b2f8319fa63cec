"""Where contributions begin in a plain text: the headers of speakers, on lines of their own or inside running text.

A header is a label with a colon behind it. In the printed layout it stands on a line of its own below an empty line.
What comes out of a PDF has lost the empty lines, a text copied from a web page has speech behind the colon, and in some
collections all line breaks are gone. Speech has the same words ("Ik vraag de heer Smit: waarom?"), so without an empty
line above it a header must follow the end of a sentence, and a sentence must begin behind it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from standpunt.debate import Speaker
from standpunt.parliament.names import is_name
from standpunt.readers.labels import BEGINNING, is_chair, read_label
from standpunt.readers.lines import closes
from standpunt.text.letters import CAPITAL

_COLON = re.compile(rf":(?=\s|\Z|[\"“‘'(…]|{CAPITAL}|\.\.\.)")
_LONGEST = 200  # characters of a label
_REST_OF_LINE = re.compile(r" *(?=[\n\f]|\Z)")
_OPENING = re.compile(r"\s*[\"“‘'(]*")
_SHORTENED = re.compile(r"\s*['’][a-z]{1,2}\b")  # "'t", "'s"
_LEADS_ON = re.compile(r"[,:;(\-–\"“‘'„]$")  # to a quotation, say
_NEAR = 40
# A line with a party in brackets, but with no title that is known, or no colon.
_LIKE_HEADER = re.compile(
    rf"^ *(?P<label>(?P<who>{CAPITAL}[^\n\f.:;!?()\[\]]{{1,60}}?) *[(\[][^()\[\]\n\f]{{1,40}}[)\]]) *(?P<colon>:.*)?$",
    re.MULTILINE,
)


_Verdict = Literal["taken", "doubtful", "passed", "speech"]


class Header(NamedTuple):
    """A header: where it begins, where speech does, and whom it names."""

    start: int
    end: int
    speaker: Speaker


class Headers(NamedTuple):
    """The headers of a text in order, and where something that looks like one was not taken."""

    taken: list[Header]
    passed: list[int]


class _Candidate(NamedTuple):
    """A label with a colon behind it.

    Attributes:
        start: where the label begins.
        end: where the colon ends.
        speaker: whom it names.
        label: as it is printed.
        own_line: whether nothing stands behind the colon on its line.
        line_start: whether nothing stands before the label on its line.
    """

    start: int
    end: int
    speaker: Speaker
    label: str
    own_line: bool
    line_start: bool

    @property
    def header(self) -> Header:
        return Header(self.start, self.end, self.speaker)

    @property
    def is_sure(self) -> bool:
        """Whether the words alone make a header likely: a party, an office, or the chair's article."""
        if self.speaker.role == "chair":
            return self.label.casefold().startswith("de") or not is_chair(self.label)
        office = self.speaker.role != "guest" and self.speaker.name[0].isupper()  # not "minister van Financiën"
        return office or self.speaker.party is not None

    @property
    def is_low(self) -> bool:
        """Whether it begins with a small letter, as in "zei minister Smit: ..."."""
        return self.label[0].islower()


def find_headers(text: str) -> Headers:
    """Find the headers of a report.

    Args:
        text: as `standpunt.readers.normalise.plain_spaces` returns it.
    """
    taken: list[Header] = []
    doubtful: list[_Candidate] = []
    passed: list[int] = []
    for candidate in _candidates(text):
        # Right below another header it begins a contribution as well: that of the other is empty.
        ends = closes(text, candidate.start) or (bool(taken) and not text[taken[-1].end : candidate.start].strip())
        verdict = _judge(text, candidate, ends=ends, is_first=not taken)
        if verdict == "taken":
            taken.append(candidate.header)
        elif verdict == "doubtful":
            doubtful.append(candidate)
        elif verdict == "passed":
            passed.append(candidate.start)
    settled = _settle(doubtful, taken)
    for candidate in doubtful:
        # "Voorzitter:" is one too where it stands as the printed layout has it, beside others of the chair.
        printed = candidate.line_start and candidate.own_line and begins_block(text, candidate.start)
        if candidate.speaker.name in settled or printed:
            taken.append(candidate.header)
        elif candidate.speaker.role != "chair":
            passed.append(candidate.start)
    taken.sort()
    return Headers(taken, sorted({*passed, *_unlike(text, taken)}))


def _judge(text: str, candidate: _Candidate, *, ends: bool, is_first: bool) -> _Verdict:
    """Decide whether a label with a colon is a header.

    Args:
        text: the report.
        candidate: the label.
        ends: whether a sentence, or a header, ends before it.
        is_first: whether no header is above it; a heading there need not end in a full stop.
    """
    alone = candidate.line_start and candidate.own_line
    below = candidate.line_start and begins_block(text, candidate.start)
    opens = _opens_speech(text, candidate.end)
    if candidate.speaker.role == "chair" and not candidate.is_sure:
        return "doubtful" if opens and ends else "speech"  # "Voorzitter: ..." is how members address the chair
    if alone and below and (ends or not candidate.is_low):
        return "taken"  # the printed layout
    if not opens or (candidate.is_low and not (candidate.line_start and ends)):
        looks_like_one = candidate.own_line or (ends and not candidate.is_low)
        return "passed" if candidate.is_sure and looks_like_one else "speech"
    if ends or below:
        return "taken" if candidate.is_sure or alone else "doubtful"
    # With a capital in the middle of a sentence: its full stop is lost, or it is quoted.
    before = text[max(0, candidate.start - _NEAR) : candidate.start].rstrip()
    if candidate.is_sure and (is_first or not _LEADS_ON.search(before)):
        return "taken"
    return "passed" if candidate.is_sure or alone else "speech"


def begins_block(text: str, start: int) -> bool:
    """Tell whether the line at `start` follows an empty line, a page break, or nothing."""
    before = text[max(0, start - 80) : start].rstrip(" ")
    above = before.removesuffix("\n").rstrip(" ")
    return not above or above.endswith(("\n", "\f")) or before.endswith("\f")


def _candidates(text: str) -> Iterator[_Candidate]:
    """Yield the labels with a colon, in order."""
    known: dict[str, Speaker | None] = {}
    floor = 0
    for colon in _COLON.finditer(text):
        stop = colon.start()
        begin, floor = max(floor, stop - _LONGEST), colon.end()
        last = text[max(begin, stop - 4) : stop].rstrip()[-1:]
        if not (last.isalpha() or last in (")", "]")):
            continue
        line = max(begin, text.rfind("\n", begin, stop) + 1, text.rfind("\f", begin, stop) + 1)
        # A long label may be wrapped once.
        above = max(begin, *(text.rfind(end, begin, max(begin, line - 1)) + 1 for end in "\n\f"))
        if text[line - 1 : line] != "\n" or not text[above:line].strip():
            above = line
        for title in reversed(list(BEGINNING.finditer(text, above, stop))):
            label = text[title.start() : stop]
            if label not in known:
                known[label] = read_label(label)
            if speaker := known[label]:
                before = text[max(0, title.start() - 80) : title.start()].rstrip(" ")
                own_line = _REST_OF_LINE.match(text, colon.end()) is not None
                line_start = not before or before.endswith(("\n", "\f"))
                yield _Candidate(title.start(), colon.end(), speaker, label, own_line, line_start)
                break


def _opens_speech(text: str, start: int) -> bool:
    """Tell whether what stands behind a colon may begin a contribution: not a small letter, but "…" and "'t"."""
    if _SHORTENED.match(text, start):
        return True
    opening = _OPENING.match(text, start)
    return not text[opening.end() if opening else start :][:1].islower()


def _settle(doubtful: list[_Candidate], taken: list[Header]) -> set[str]:
    """Return the names whose labels without a party or an article are headers after all: those that come back.

    "Mevrouw Smit: de brug en de sluis!" is said of a member whose headers have a party; guests of a hearing have none,
    and speak more than once. "Voorzitter: ..." is a header where no other one is the chair's.
    """
    names = {header.speaker.name for header in taken}
    times = Counter(doubt.speaker.name for doubt in doubtful)
    return {name for name, count in times.items() if count > 1 and name not in names}


def _unlike(text: str, taken: list[Header]) -> Iterator[int]:
    """Yield where a line below the first header looks like one that is printed otherwise: no title, or no colon."""
    starts = {header.start for header in taken}
    for line in _LIKE_HEADER.finditer(text, taken[0].start if taken else 0):
        start = line.start("label")
        if start not in starts and (is_name(line["who"]) if line["colon"] else read_label(line["label"])):
            yield start
