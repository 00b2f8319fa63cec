"""Handelingen of the official gazette: XML with root `officiele-publicatie` and an agenda item a debate.

A contribution (`spreekbeurt`) names its speaker and holds paragraphs and motions; what the chair says about a motion
(`motie-info`) stands inside it. `nieuw="ja"` tells that the floor is given, `nieuw="nee"` that its holder goes on or is
interrupted. Text outside a contribution is a stage direction or, after a motion, the chair who goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO, cast

from lxml import etree

from standpunt.debate import Debate, NoteKind, Role, Speaker
from standpunt.errors import ReadError
from standpunt.parliament.floor import Mark
from standpunt.readers.build import CHAIR, UNKNOWN, Draft, Piece, Submission, parse_submission
from standpunt.readers.dates import read_date
from standpunt.readers.directions import STAGE_DIRECTION
from standpunt.readers.formats import Format
from standpunt.readers.labels import TITLE, is_chair
from standpunt.readers.normalise import one_paragraph
from standpunt.readers.xml import LOCAL, iterate, local, printed, root_of

_ROOT = "officiele-publicatie"
_HEADINGS = ("item-titel", "onderwerp", "kop", "tussenkop")
_EVENTS = frozenset(("spreekbeurt", "motie", "motie-info", "spreker", *_HEADINGS))
_BLOCKS = _EVENTS | {"al", "al-groep", "lijst", "li"}
_LEFT_OUT = ("nr", "li.nr", "noot")
_DIRECTIONS = ("suspension", "resumption", "opening", "closing", "vote", "reaction")
_OFFICE = re.compile(r"minister|staatssecretaris", re.IGNORECASE)
_OFFICES: dict[str, Role] = {"minister": "minister", "staatssecretaris": "state secretary"}
# What stands outside a contribution and is no more than a heading: who takes the chair, a reference.
_ASIDE = re.compile(r"Voorzitter: \S.*|\(.*\)\.?")
_MOTION_ID = re.compile(r"M-(?P<dossier>\S+)-(?P<number>\d{1,6})")
_Event = tuple[str, etree._Element, str]  # name, element, text of headings and paragraphs
_LABEL_PARTS = frozenset({"voorvoegsels", "naam", "politiek", "functie"})
_EDGE, _INDEX = "\x00", "\x01"  # where an inline element begins or ends; XML cannot hold these characters
_AT_EDGE = re.compile(rf" ?[{_EDGE}{_INDEX}][ {_EDGE}{_INDEX}]*")


def sniff(head: bytes) -> bool:
    """Tell by the root element whether a file is of the official gazette (not in UTF-16)."""
    root = root_of(head)
    return root is not None and root.name == _ROOT


def read(stream: BinaryIO, *, debate_id: str | None) -> Iterator[Debate]:
    """Read the agenda items that hold speech, one by one.

    Every part of a sitting is published as a file of its own, and only the part with the opening has the date; the
    debates of a file without one have the date None.

    Args:
        stream: the XML.
        debate_id: the id to give the first debate; from the second on "-2", "-3" and so on is added.

    Raises:
        ReadError: the XML cannot be read, or no item holds speech.
    """
    numbers = count(1)
    silent: list[str] = []
    for item in _items(stream):
        if item.pieces:
            yield item.build(debate_id, next(numbers))
        elif len(silent) < 3:
            silent.append(item.title or "an item without a title")
    if next(numbers) == 1:
        what = ", ".join(silent) or "no agenda item"
        raise ReadError(
            f"a publication of the official gazette without speech ({what}); expected a part of the Handelingen with "
            "contributions of speakers"
        )


def _items(stream: BinaryIO) -> Iterator[_Item]:
    day: str | None = None
    front: list[tuple[NoteKind, str]] = []  # what is printed before the next item
    stray: _Item | None = None  # contributions outside an item
    for element in iterate(stream, "meta", "vergadering", "opening", "agendapunt", "spreekbeurt", roots=[_ROOT]):
        name = local(element)
        if name == "spreekbeurt":
            stray = stray or _Item(day, front)
            stray.oddities["speech outside an agenda item"] += 1
            stray.contribution(element)
            continue
        if stray:
            yield stray
            stray, front = None, []
        if name == "meta":
            if "datumvergadering" in (element.get("name") or "").casefold():
                day = read_date(element.get("content") or "") or day
        elif name == "vergadering":
            front = [("opening" if local(child) == "vergadertijd" else "preamble", _text(child)) for child in element]
            day = read_date(" ".join(text for _, text in front)) or day
        else:
            item = _Item(day, front, is_opening=name == "opening")
            item.take(element)
            for _ in element.iterdescendants("{*}noot"):
                item.oddities["footnote left out"] += 1
            # The sitting may open without a word; who is present is then printed before the first item.
            front = [] if item.pieces or name != "opening" else [(note.kind, note.text) for note in item.notes]
            yield item
    if stray:
        yield stray


class _Item(Draft):
    """What an agenda item holds, gathered in the order printed."""

    def __init__(self, day: str | None, front: list[tuple[NoteKind, str]], *, is_opening: bool = False) -> None:
        super().__init__("Opening" if is_opening else "", day)
        self._is_opening = is_opening
        self._labels: dict[str, Speaker] = {}  # by the text as it is printed
        self._speaker: Speaker | None = None  # of the words that follow, None outside a contribution
        self._goes_on = False  # whether they belong to the last piece
        self._after_motion = False
        self._inside = False  # a contribution
        self._floor_given = False
        self._mark: Mark | None = None
        self._anchor: str | None = None
        for kind, text in front:
            self.note(kind, text)

    def take(self, element: etree._Element) -> None:
        """Take in what stands inside an element."""
        for name, child, text in _events(element):
            if not name:
                self._paragraph(child, text)
            elif name == "spreekbeurt":
                self.contribution(child)
            elif name == "motie":
                self._motion(child)
            elif name == "motie-info":
                self._about_motion(child)
            elif name == "spreker":
                self._speaker, self._goes_on = self._read_speaker(child), False
            else:
                if name in ("item-titel", "onderwerp"):
                    self.title = self.title or text
                self.note("heading", text)

    def contribution(self, element: etree._Element) -> None:
        """Take in a `spreekbeurt`."""
        before = len(self.pieces)
        self._speaker, self._goes_on, self._after_motion = UNKNOWN, False, False
        self._anchor = self.anchor(element.get("id"))
        # Where nobody has been given the floor "nee" says nothing.
        new = element.get("nieuw")
        self._floor_given = self._floor_given or new == "ja"
        self._mark = "floor" if new == "ja" else "interruption" if new == "nee" and self._floor_given else None
        if "spreker" not in [LOCAL[child.tag] for child in element]:
            self.oddities["unknown speaker"] += 1
        self._inside = True
        self.take(element)
        self._inside = False
        if len(self.pieces) == before:
            self.oddities["empty turn"] += 1
        self._speaker = self._mark = self._anchor = None
        if self._after_motion:
            self._let_chair_go_on()

    def _motion(self, element: etree._Element) -> None:
        reader = self._speaker or CHAIR
        paragraphs: list[str] = []
        info: list[etree._Element] = []
        for name, child, text in _events(element):
            if name == "motie-info":
                info.append(child)
            elif name in _HEADINGS:
                self.note("heading", text)
            elif name in _EVENTS:
                self.oddities[f"{name} inside a motion"] += 1
            elif text:
                paragraphs.append(text)
        anchor = self.anchor(element.get("id"))
        index = len(self.pieces)
        if not paragraphs:
            self.oddities["empty motion"] += 1
        else:
            self.pieces.append(Piece(reader, "\n\n".join(paragraphs), is_motion=True, anchor=anchor))
            if by_id := _MOTION_ID.fullmatch(anchor or ""):
                self.filed[index] = Submission((), int(by_id["number"]), by_id["dossier"])
        for child in info:
            self._about_motion(child)
        self._speaker, self._goes_on, self._after_motion = reader, False, True
        if not self._inside:
            self._let_chair_go_on()

    def _about_motion(self, element: etree._Element) -> None:
        """Take in the chair's lines about a motion."""
        before = len(self.pieces)
        self._speaker, self._goes_on, self._after_motion = CHAIR, False, False
        anchor, self._anchor = self._anchor, None
        self.take(element)
        self._anchor = anchor
        if parse_submission("\n\n".join(piece.text for piece in self.pieces[before:])) is None:
            self.oddities["lines about a motion without its submitters"] += 1

    def _let_chair_go_on(self) -> None:
        """What follows is printed below the chair's header, to which the motion's lines belong."""
        last = self.pieces[-1] if self.pieces else None
        self._speaker, self._goes_on = CHAIR, last is not None and last.speaker == CHAIR and not last.is_motion

    def _paragraph(self, element: etree._Element, text: str) -> None:
        if not text:
            return
        direction = STAGE_DIRECTION.match(text)
        if direction and direction.end() == len(text) and direction.lastgroup in _DIRECTIONS:
            self.note(cast(NoteKind, direction.lastgroup), text)
        elif not self._inside and (_ASIDE.fullmatch(text) or _is_emphasised(element)):
            self.note("heading", text)
        elif self._speaker is None:
            if not self._is_opening:
                self.oddities["text without a speaker"] += 1
            self.note("preamble" if self._is_opening else "heading", text)
        else:
            self._say(self._speaker, text)

    def _say(self, speaker: Speaker, text: str) -> None:
        if self._goes_on:
            self.pieces[-1].text += f"\n\n{text}"
            return
        if self._inside and self._after_motion:
            self.oddities["speech after a motion in one contribution"] += 1
        mark = None if speaker.role == "chair" else self._mark
        self.pieces.append(Piece(speaker, text, anchor=self._anchor, mark=mark))
        self._goes_on, self._after_motion = True, False

    def _read_speaker(self, element: etree._Element) -> Speaker:
        label = printed(element)
        if label not in self._labels:
            known, speaker = self._read_label(element)
            if not known:
                self.oddities["unknown speaker"] += 1
                return speaker
            self._labels[label] = speaker
        return self._labels[label]

    def _read_label(self, element: etree._Element) -> tuple[bool, Speaker]:
        """Return whom a label names, and whether it says what he or she is."""
        parts: dict[str, str] = {}
        for part in element:
            if (name := local(part)) in _LABEL_PARTS:
                parts.setdefault(name, _text(part))
        label = f"{parts.get('voorvoegsels', '')} {parts.get('naam', '')}".strip()
        party = parts.get("politiek", "")
        if not label:
            # Without elements of its own the label is read as it is printed.
            label, _, rest = _text(element).rstrip(": ").partition("(")
            label, party = label.strip(), party or rest.rstrip(") ")
        if is_chair(label):
            return True, CHAIR
        title = TITLE.match(label)
        words = (title["title"] if title else "", parts.get("functie", ""))
        role = next((_OFFICES[o[0].casefold()] for o in map(_OFFICE.match, words) if o), None)
        name = label[title.end() :] if title else label
        name = name[:1].upper() + name[1:] or UNKNOWN.name
        if role:
            return title is not None, Speaker(name, None, role)
        return title is not None, Speaker(name, party or None, "member" if party else "guest")


def _events(element: etree._Element) -> list[_Event]:
    """Return what an element holds, in order; a paragraph's name is ""."""
    events: list[_Event] = []
    _gather(element, events)
    return events


def _gather(element: etree._Element, events: list[_Event]) -> None:
    if (text := element.text) and not text.isspace():
        events.append(("", element, _clean(text)))
    for child in element:
        name = LOCAL[child.tag]
        if name in _EVENTS:
            events.append((name, child, _text(child) if name in _HEADINGS else ""))
        elif len(child) and (LOCAL[child[0].tag] in _BLOCKS or _holds_blocks(child)):
            before = len(events)
            _gather(child, events)
            if name == "li":
                _put_number(child, events, before)
        elif name not in _LEFT_OUT:
            events.append(("", child, _text(child)))
        if (tail := child.tail) and not tail.isspace():
            events.append(("", element, _clean(tail)))


def _put_number(item: etree._Element, events: list[_Event], start: int) -> None:
    """Print the number of a list's item before the first text in it, which is among the events from `start` on."""
    number = next((_text(part) for part in item if LOCAL[part.tag] == "li.nr"), "")
    for index in range(start, len(events)):
        name, element, text = events[index]
        if text:
            events[index] = name, element, f"{number} {text}".strip()
            return


def _holds_blocks(element: etree._Element) -> bool:
    return any(LOCAL[inner.tag] in _BLOCKS for inner in element.iterdescendants())


def _is_emphasised(element: etree._Element) -> bool:
    """Tell whether a paragraph is in emphasis from beginning to end."""
    around = [element.text, *(child.tail for child in element)]
    return len(element) > 0 and all(local(c) == "nadruk" for c in element) and not "".join(filter(None, around)).strip()


def _text(element: etree._Element) -> str:
    """Return the text inside an element as one paragraph, footnotes left out.

    Where a file has been indented anew there is white space around inline elements that the report does not have; a
    blank before punctuation or after a bracket goes, and so does that before an index ("m2").
    """
    return _clean("".join(_inline(element))) if len(element) else one_paragraph(element.text or "")


def _clean(text: str) -> str:
    if _EDGE not in text and _INDEX not in text:
        return one_paragraph(text)
    return one_paragraph(_AT_EDGE.sub(_mend_edge, " ".join(text.split())))


def _inline(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if local(child) != "noot":
            yield _INDEX if local(child) in ("sup", "sub", "inf") else _EDGE
            yield from _inline(child)
            yield " " if local(child) == "li.nr" else _EDGE
        yield child.tail or ""


def _mend_edge(match: re.Match[str]) -> str:
    run, before, after = match[0], match.string[: match.start()][-1:], match.string[match.end() : match.end() + 2]
    closes = after[:1] in tuple(",;:!?)]”") or (after[:1] == "." and after != "..")
    return "" if " " not in run or _INDEX in run or closes or before in tuple("([“‘„") else " "


FORMAT = Format(
    "handelingen",
    xml=True,
    sniff=lambda report: sniff(report.head),
    read=lambda report, debate_id: read(report.stream, debate_id=debate_id),
)
