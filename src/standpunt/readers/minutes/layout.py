"""The layout of the minutes of a council: from lines to blocks.

A contribution begins with its speaker's label on the line of its first words ("De voorzitter. ...", "Anne Bos (Groen).
...", "Wethouder Kok (Rood). ..."). Everything else is told by its words, on lines of its own: agenda items below "Aan
de orde is:", motions from their title to "En gaat over tot de orde van de dag.", and stage directions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from standpunt.debate import NoteKind
from standpunt.parliament.names import is_name
from standpunt.readers.labels import TITLE, is_chair
from standpunt.readers.minutes.lines import SHORT, TERMINAL, Line, lines_of, paragraphs
from standpunt.text.letters import CAPITAL

_LABEL = re.compile(
    rf" *(?P<who>(?:(?:Dhr|Mevr|Mw)\. +)?{CAPITAL}[^\n(.:,]{{1,70}}?)\s*(?:\((?P<party>[^()]{{1,80}})\))?"
    r" ?[.:](?=\s|\Z)"
)
_OFFICE = re.compile(r"De (?:burgemeester|griffier|secretaris)", re.IGNORECASE)
_KEY = rf"(?P<key>[A-Z]{{1,2}}|\d{{1,2}}[a-z]?)\.? +(?P<title>{CAPITAL}\S*\b.*|[‘'’\"].*)"
_AGENDA_ITEM = re.compile(_KEY)
_ON_THE_AGENDA = re.compile(r"Aan de orde (?:is|zijn)\b:?", re.IGNORECASE)
_PRESENT = re.compile(r"Presentielijst\b|Aanwezig (?:zijn|waren)\b")
_SITTING = r"De (?:(?:openbare |algemene )?vergadering|(?:algemene )?beraadslaging) wordt\b"
_SITTING_LINE = re.compile(_SITTING)
_DIRECTIONS: dict[NoteKind, re.Pattern[str]] = {
    "suspension": re.compile(rf"{_SITTING}.*\bgeschorst[.,]?"),
    "resumption": re.compile(rf"{_SITTING}.*\b(?:hervat|heropend)[.,]?"),
    "opening": re.compile(rf"{_SITTING}.*\bgeopend[.,]?"),
    "closing": re.compile(rf"{_SITTING}.*\bgesloten[.,]?|Niets meer aan de orde zijnde.*|De voorzitter sluit de .*"),
    "vote": re.compile(
        r"(?:De (?:agenda|notulen|besluitenlijst)|Deze (?:hamerstukken|voorstellen)|Dit voorstel) word(?:t|en)\b.*"
        r"\b(?:vastgesteld|aangenomen|goedgekeurd)\."
    ),
    "heading": re.compile(r"Voorzitter: +\S.*"),
    "reaction": re.compile(r"\((?!RIS)[A-Z][^()]{2,150}\)\.?"),
}
_VOTE = re.compile(r"In stemming kom(?:t|en) +\S.*")
_DASH_HEADING = re.compile(rf"[-–] ?(?={CAPITAL}|['‘\"])\S.*")
_MOTION = re.compile(
    r"(?:(?:[Nn]ader |\d[eE] )?[Gg]ewijzigde? )?(?:[Mm]otie|[Aa]mendement)(?:s|en)?\b"
    r"(?!.*(?: gewijzigd, dat\b|\b(?:ingediend|voorgesteld)\b))"
)
# How a motion begins, below its title.
_HOUSE = re.compile(r"(?:De (?:[Gg]emeente)?[Rr]aad|Provinciale [Ss]taten|De [Ss]taten|De Kamer)\b(?:,|.*\bbijeen\b)")
_MOTION_END = re.compile(r"[Ee]n gaat over tot de orde van de dag\b")
_AFTER_MOTION = re.compile(
    r"(?:De|Het) \(?(?:\w+\)? )?(?:moties?|amendement(?:en)?)\b.*\bma(?:akt|ken) (?:onder)?deel uit\b"
    r"|Door (?:de|het|mevrouw|meneer|wethouder)\b.* word(?:t|en)\b|(?:Motie|Amendement) \S+ .*\bthans luidt:"
)


class Label(NamedTuple):
    """How a contribution is labelled: "De heer" + "Kok" + "Rood"; title and party may be missing."""

    title: str | None
    name: str
    party: str | None
    is_chair: bool = False


class Agenda(NamedTuple):
    """The heading of an agenda item.

    Its letters or numbers (several where items are taken together), its title, and whether "Aan de orde is:" stands
    above it.
    """

    keys: tuple[str, ...]
    title: str
    is_announced: bool


BlockKind = Literal["label", "speech", "item", "motion", "votes", "vote", "note", "present"]


class Block(NamedTuple):
    """A part of the minutes.

    A "label" opens a contribution, "speech" is what the last label's speaker says, "item" opens an agenda item, a
    "motion" is the text of one, below its title; "votes" is the heading of the item on which votes follow, "vote" what
    is voted on; "present" is the list of those present, "note" any other stage direction.
    """

    kind: BlockKind
    start: int
    end: int
    note: NoteKind | None = None
    label: Label | None = None
    agenda: Agenda | None = None
    title: str = ""


def agenda_of(lines: Sequence[Line]) -> dict[str, str]:
    """Return the titles of the agenda that is printed before the first contribution, by letter or number."""
    agenda: dict[str, str] = {}
    for line in lines:
        if match := _AGENDA_ITEM.match(line.text):
            agenda.setdefault(match["key"], match["title"])
    return agenda


class Layout:
    """The minutes as lines, and the blocks they make.

    Attributes:
        lines: all that have something on them.
        head: those before the first label.
        head_span: from where to where these stand.
        agenda: what the head says will be spoken of.
        blocks: in order; together they hold every line from the first label on.
    """

    def __init__(self, text: str, members: Collection[str]) -> None:
        """Take in the cleaned text, and the surnames of the members, case-folded: they are labelled with a party."""
        self.text = text
        self.lines = lines_of(text)
        self._members = members
        self._starts = {line.start: index for index, line in enumerate(self.lines)}
        first = next((i for i in range(len(self.lines)) if self._label(i)), len(self.lines))
        self.head = self.lines[:first]
        self.agenda: Mapping[str, str] = agenda_of(self.head)
        self.head_span = (self.head[0].start, self.head[-1].end) if self.head else (0, 0)
        self._chair_speaks = False
        self.blocks = tuple(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        index = start = len(self.head)
        while index < len(self.lines):
            special = self._special(index)
            if special is None:
                index += 1
                continue
            if start < index:
                yield self._block("speech", start, index)
            blocks, index = special
            yield from blocks
            start = index
            if blocks[-1].kind == "label" and blocks[-1].end < self.lines[index - 1].end:
                # The first words stand on the line of the label.
                start = index - 1
                self.lines[start] = self._after(blocks[-1].end, self.lines[start])
        if start < len(self.lines):
            yield self._block("speech", start, len(self.lines))

    def between(self, start: int, end: int) -> list[Line]:
        """Return the lines of a block."""
        first = self._starts[start]
        last = first
        while last < len(self.lines) and self.lines[last].start < end:
            last += 1
        return self.lines[first:last]

    def _after(self, end: int, line: Line) -> Line:
        """Return what is left of a line behind `end`."""
        words = self.text[end : line.end]
        start = line.end - len(words.lstrip(" \n"))
        rest = Line(start, line.end, self.text[start : line.end], line.wrapped, False)
        self._starts[start] = self._starts[line.start]
        return rest

    def _block(self, kind: BlockKind, first: int, last: int, note: NoteKind | None = None, title: str = "") -> Block:
        return Block(kind, self.lines[first].start, self.lines[last - 1].end, note, title=title)

    def _special(self, index: int) -> tuple[list[Block], int] | None:
        """Return what begins at a line, other than speech, and the line after it."""
        line = self.lines[index]
        if line.text[0].islower() and not line.text.startswith(("motie", "amendement")):
            return None
        if index > len(self.head) and not self._may_begin(index):
            return None
        if label := self._label(index):
            self._chair_speaks = label[0].is_chair
            end = label[1]
            last = index + 1
            while last < len(self.lines) and self.lines[last].start < end:
                last += 1
            return [Block("label", line.start, end, label=label[0])], last
        return self._item(index) or self._motion(index) or self._vote(index) or self._direction(index)

    def _may_begin(self, index: int) -> bool:
        """Tell whether a line may be the first of a block: inside a paragraph the same words are speech."""
        before = self.lines[index - 1]
        wrapped = before.wrapped and len(before.text) >= SHORT
        return not wrapped or self.lines[index].below_gap or TERMINAL.search(before.text) is not None

    def _label(self, index: int) -> tuple[Label, int] | None:
        line = self.lines[index]
        match = _LABEL.match(self.text, line.start)
        if match is None:
            return None
        who, party = " ".join(match["who"].split()), match["party"]
        # "Voorzitter." without its article is how speeches begin.
        chair = who.startswith("De ") and is_chair(who)
        if party is None and (chair or _OFFICE.fullmatch(who)):
            return Label(None, who, None, is_chair=chair), match.end()
        titled = TITLE.match(who)
        title, name = (titled["title"], who[titled.end() :]) if titled else (None, who)
        if not is_name(name) or (party and re.match(r"RIS|\d", party)):
            return None
        if party is None:
            # "Mevrouw Bos." is the chair's call if nothing follows it, or if she is one of the members.
            follows = self.text[match.end() : line.end].strip()
            if title is None or not follows or name.casefold() in self._members:
                return None
        elif title is None and len(name.split()) < 2:
            return None
        return Label(title, name, " ".join(party.split()) if party else None), match.end()

    def _item(self, index: int) -> tuple[list[Block], int] | None:
        line = self.lines[index]
        first = index
        if _ON_THE_AGENDA.fullmatch(line.text):
            first += 1
        elif not self._is_on_agenda(line.text):
            return None
        keys: list[str] = []
        titles: list[str] = []
        last = first
        while last < len(self.lines) and (match := _AGENDA_ITEM.match(self.lines[last].text)):
            if match["key"] in keys:
                break  # the same once more, above what it comes to
            end = self._end_of_heading(last)
            keys.append(match["key"])
            titles.append(paragraphs(self.lines[last:end]).replace("\n\n", " ").strip(" -–.:"))
            last = end
        if not keys and first > index:
            last = self._end_of_heading(first)
            titles.append(paragraphs(self.lines[first:last]).replace("\n\n", " ").strip(" -–.:"))
        self._chair_speaks = False
        block = self._block("item", index, last, "heading")
        return [block._replace(agenda=Agenda(tuple(keys), "; ".join(titles), first > index))], last

    def _is_on_agenda(self, text: str) -> bool:
        """Tell whether a line without "Aan de orde is:" opens an item of the agenda that was printed first."""
        match = _AGENDA_ITEM.match(text)
        if match is None or match["key"] not in self.agenda:
            return False
        printed = self.agenda[match["key"]].rstrip(".").casefold()
        return bool(printed) and match["title"].casefold().startswith(printed[:25])

    def _end_of_heading(self, first: int) -> int:
        """Return the line after a heading, which ends in a stop or before what cannot be one."""
        for last in range(first, min(first + 8, len(self.lines))):
            if last > first and (self._label(last) or _SITTING_LINE.match(self.lines[last].text)):
                return last
            if self.lines[last].text.endswith((".", ":")):
                return last + 1
        return min(first + 1, len(self.lines))

    def _motion(self, index: int) -> tuple[list[Block], int] | None:
        body = self._body_of_motion(index)
        if body is None:
            return None
        last = body
        while last < len(self.lines):
            if _MOTION_END.match(self.lines[last].text):
                last += 1
                break
            if last > body and self._ends_motion(last):
                break
            last += 1
        title = paragraphs(self.lines[index:body]).replace("\n\n", " ").rstrip(".")
        return [
            self._block("note", index, body, "heading"),
            self._block("motion", body, last, title=title),
        ], last

    def _body_of_motion(self, index: int) -> int | None:
        """Return the line below the title of a motion, None where none begins."""
        if not _MOTION.match(self.lines[index].text):
            return None
        for body in range(index + 1, min(index + 4, len(self.lines))):
            if _HOUSE.match(" ".join(line.text for line in self.lines[body : body + 2])):
                return body
        return None

    def _ends_motion(self, index: int) -> bool:
        """Tell whether a line cannot belong to the motion above it."""
        if not self._may_begin(index):
            return False
        line = self.lines[index]
        others = (self._label(index), _AFTER_MOTION.match(line.text), self._body_of_motion(index))
        return any(others)

    def _vote(self, index: int) -> tuple[list[Block], int] | None:
        text = self.lines[index].text
        if _VOTE.match(text):
            last = self._end_of_heading(index)
            self._chair_speaks = True  # the result may follow without a label
            return [self._block("vote", index, last, "vote", self._words(index, last))], last
        if _DASH_HEADING.match(text) and (self._chair_speaks or self._titles_start(text)):
            last = self._end_of_heading(index)
            if last < len(self.lines):
                if _VOTE.match(self.lines[last].text) or self._label(last):
                    title = self._words(index, last)
                    return [self._block("votes", index, last, "heading", title)], last
                if _ON_THE_AGENDA.fullmatch(self.lines[last].text):
                    return [self._block("note", index, last, "heading")], last
        return None

    def _titles_start(self, text: str) -> bool:
        words = text.lstrip("-– ").casefold()[:30]
        return any(title.casefold().startswith(words) for title in self.agenda.values())

    def _words(self, first: int, last: int) -> str:
        return " ".join(paragraphs(self.lines[first:last]).split())

    def _direction(self, index: int) -> tuple[list[Block], int] | None:
        text = self.lines[index].text
        if _PRESENT.match(text):
            last = index + 1
            while last < len(self.lines) and not self._label(last):
                last += 1
            self._chair_speaks = False
            return [self._block("present", index, last, "preamble")], last
        for kind, pattern in _DIRECTIONS.items():
            if pattern.fullmatch(text):
                return [self._block("note", index, index + 1, kind)], index + 1
        return None
