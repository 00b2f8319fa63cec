"""ParlaMint TEI, schema 2 and later: one sitting (or one item of its agenda) a file, its speakers in the corpus root.

A `div` of type debateSection is a debate. Utterances (`u`) name their speaker by reference; names, parties and offices
stand in a register (`Register`), the corpus root or the lists it includes, and hold at the date of the sitting. Dutch
corpora print motions, and the chair's lines about them, as notes inside the utterance of the member who reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import BinaryIO, Literal

from lxml import etree

from standpunt.debate import Debate, NoteKind, Role, Speaker
from standpunt.errors import ReadError
from standpunt.readers.build import CHAIR, UNKNOWN, Draft, Piece
from standpunt.readers.formats import Format, Report
from standpunt.readers.normalise import one_paragraph
from standpunt.readers.parlamint_register import (
    DATE,
    MINISTER,
    ROOTS,
    STATE_SECRETARY,
    XML_ID,
    XML_LANG,
    Register,
    reference_of,
    register_for,
    sniff,
)
from standpunt.readers.xml import iterate, local, text_of

__all__ = ["Register", "read", "read_with_register", "register_for", "sniff"]

_CHAIR_MARKS = frozenset({"chair", "chairperson", "chairman"})
_ASIDES = frozenset({"note", "head", "incident", "kinesic", "vocal", "gap", "desc"})
_REACTIONS = frozenset({"incident", "kinesic", "vocal"})
_PARAGRAPHS = frozenset({"seg", "p"})
_TOKENS = frozenset({"w", "pc"})
_LINKS = frozenset({"linkGrp", "standOff"})
_ASIDE = "\0"  # cannot occur in XML: marks where a note stood inside a paragraph
_STAGE: tuple[tuple[NoteKind, re.Pattern[str]], ...] = (
    ("suspension", re.compile(r"\bwordt\b.*\bgeschorst|\bséance est suspendue", re.IGNORECASE)),
    ("resumption", re.compile(r"\bwordt (?:hervat|heropend)|\bséance est reprise", re.IGNORECASE)),
    ("opening", re.compile(r"\bwordt\b.*\bgeopend|\bséance est ouverte|^Aanvang\b", re.IGNORECASE)),
    ("closing", re.compile(r"\bwordt\b.*\bgesloten|\bséance est levée|^Sluiting\b", re.IGNORECASE)),
    ("vote", re.compile(r"^In stemming komt|^\(?(?:Stemming|Vote)\b", re.IGNORECASE)),
    ("reaction", re.compile(r"^\(?(?:applaus|geroffel|gelach|hilariteit|rumoer)", re.IGNORECASE)),
    ("heading", re.compile(r"^Motie$")),
)
_MOTION_END = re.compile(r"orde van de dag\W*$")
_ABOUT_MOTION = re.compile(r"Deze (?:\w+ ){0,2}motie|De (?:\w+ ){0,2}motie is|Zij krijgt|Naar (?:mij|ik)\b|Zij wordt")


def read(stream: BinaryIO, *, debate_id: str | None) -> Iterator[Debate]:
    """Yield the debates of a sitting, with the speakers' references for names; see `read_with_register`."""
    return read_with_register(stream, None, debate_id=debate_id)


def read_with_register(stream: BinaryIO, register: Register | None, *, debate_id: str | None) -> Iterator[Debate]:
    """Yield the debates of a sitting, one a `div` with speech.

    Args:
        stream: the file of the sitting.
        register: who the speakers are; without it they have their references for names and no parties.
        debate_id: the id of the first debate; from the second on "-2", "-3" and so on is added.

    Raises:
        ReadError: the XML is malformed, or nobody speaks in it.
    """
    root, numbers = "", count(1)
    date, title = None, ""
    sitting = _Sitting(register, date, title)
    # Persons and organisations only to tell what a file without speech is.
    for element in iterate(stream, "teiHeader", "div", "u", "person", "org", roots=ROOTS):
        root = root or local(element.getroottree().getroot())
        kind = local(element)
        if kind in ("teiHeader", "div") and sitting.pieces:
            yield sitting.build(debate_id, next(numbers))
            sitting = _Sitting(register, date, title)
        if kind == "teiHeader":
            date, title = _date(element), _title(element)
            sitting = _Sitting(register, date, title)
        elif kind == "div":
            sitting.section(element)
        elif kind == "u":
            sitting.oddities["speech outside a debate section"] += 1
            sitting.utterance(element)
    if sitting.pieces:
        yield sitting.build(debate_id, next(numbers))
    if next(numbers) == 1:
        raise ReadError(_without_speech(root))


class _Sitting(Draft):
    """Takes utterances and notes in order; a heading before the first word is a better title than the file's."""

    def __init__(self, register: Register | None, date: str | None, title: str) -> None:
        super().__init__(title, date)
        self._register = register
        self._shared: set[str] = set()  # surnames of several speakers
        self._label: str | None = None  # the speaker as printed above the utterance to come
        self._reader = CHAIR  # of a motion printed between utterances: the member who spoke last
        self._growing: Piece | None = None  # what the next paragraph belongs to, and its paragraphs so far
        self._paragraphs: list[str] = []
        self._titled = False
        self._motion: Literal["notes", "speech"] | None = None  # what the motion being read is made of
        self._after_motion = False
        if register is not None and register.missing:
            self.oddities["list of persons or organisations that is not there"] = len(register.missing)

    def section(self, div: etree._Element) -> None:
        """Take a whole `div`."""
        self._shared |= self._shared_surnames(div)
        for child in div:
            if local(child) == "u":
                self.utterance(child)
            elif local(child) == "div":
                self.section(child)
            elif local(child) in _ASIDES:
                self._aside(child, self._reader, None)
        self._finish_motion()

    def utterance(self, u: etree._Element) -> None:
        """Take what one speaker says, and the notes inside it."""
        anchor = u.get(XML_ID)
        label = _label(u)
        if label is not None:
            self._label = text_of(label)
        speaker = self._speaker(u)
        self._finish_motion()
        before = len(self.pieces)
        for part in _parts(u):
            if isinstance(part, str):
                self._line(part, speaker, anchor, "speech")
            elif part is not label:
                self._aside(part, speaker, anchor)
        if len(self.pieces) == before:
            self.oddities["empty turn"] += 1
        self._settle()
        self._label = None

    def _line(self, text: str, speaker: Speaker, anchor: str | None, source: Literal["notes", "speech"]) -> None:
        """Take a paragraph: of speech, of a motion, or of the chair's lines about one."""
        if self._motion not in (None, source):
            self._finish_motion()
        if self._motion is None and (text == "De Kamer," or (source == "notes" and text.startswith("De Kamer,"))):
            self._settle()
            self._motion = source
            self._add(text, speaker, anchor, is_motion=True)
        elif self._motion is not None:
            self._add(text, speaker, anchor, is_motion=True)
        elif source == "speech":
            self._after_motion = False
            self._add(text, speaker, anchor)
            return
        elif self._after_motion and _ABOUT_MOTION.match(text):
            self._add(text, CHAIR, anchor)
            return
        else:
            self.note(self._note_kind(text), text)
            return
        if _MOTION_END.search(text):
            self._settle()
            self._motion, self._after_motion = None, True

    def _add(self, text: str, speaker: Speaker, anchor: str | None, *, is_motion: bool = False) -> None:
        piece = self._growing
        if piece is not None and piece.is_motion == is_motion and (is_motion or piece.speaker == speaker):
            self._paragraphs.append(text)
            return
        self._settle()
        self._growing, self._paragraphs = Piece(speaker, "", is_motion, anchor=anchor), [text]
        self.pieces.append(self._growing)
        if speaker.role != "chair":
            self._reader = speaker

    def _settle(self) -> None:
        """Close the piece that was growing."""
        if self._growing is not None:
            self._growing.text = "\n\n".join(self._paragraphs)
        self._growing = None

    def _finish_motion(self) -> None:
        if self._motion is not None:
            self.oddities["motion without an end"] += 1
        self._settle()
        self._motion, self._after_motion = None, False

    def _aside(self, element: etree._Element, speaker: Speaker, anchor: str | None) -> None:
        """Take a note: of the stage, of a motion, or the speaker's printed name."""
        kind, detail = local(element), (element.get("type") or "").casefold()
        text = _description(element) or element.get("reason") or detail
        if kind == "gap":
            self.oddities["gap in the text"] += 1
        if kind == "note" and detail == "speaker":
            self._label = text
        elif kind == "head":
            self.note("heading", text)
        elif kind in _REACTIONS:
            self.note("suspension" if detail in ("break", "pause") and kind == "incident" else "reaction", text)
        elif kind == "note" and detail.startswith("vot"):
            self.note("vote", text)
        elif kind == "note":
            self._line(text, speaker, element.get(XML_ID) or anchor, "notes")
        else:
            self.note("reaction" if self.pieces else "preamble", text)

    def note(self, kind: NoteKind, text: str) -> None:
        super().note(kind, text)
        if text and kind == "heading" and not self._titled:
            self._titled = True
            self.title = self.title if self.pieces else text

    def _note_kind(self, text: str) -> NoteKind:
        kind = next((kind for kind, pattern in _STAGE if pattern.search(text)), None)
        if kind is not None:
            return kind
        if not text.endswith((".", ")", "?", "!", ",", ";", ":")) and (self.pieces or not self._titled):
            return "heading"
        return "reaction" if self.pieces else "preamble"

    def _speaker(self, u: etree._Element) -> Speaker:
        marks = _marks(u)
        if marks & _CHAIR_MARKS:
            return CHAIR
        who = reference_of(u.get("who"))
        role: Role = "guest" if "guest" in marks else "member"
        if marks & MINISTER:
            role = "minister"
        elif marks & STATE_SECRETARY:
            role = "state secretary"
        if who is None:
            self.oddities["unknown speaker"] += 1
            return Speaker((self._label or "").rstrip(": ") or UNKNOWN.name, None, role if marks else "guest")
        person = self._register.persons.get(who) if self._register else None
        if self._register is None or person is None:
            self.oddities["speaker reference that leads nowhere" if self._register else "speaker without register"] += 1
            return Speaker(who, None, role)
        if role in ("member", "guest"):
            role = self._register.office(person, self.date) or role
        party, problem = self._register.party(person, self.date) if role == "member" else (None, None)
        if problem:
            self.oddities[problem] += 1
        return Speaker(person.name if person.surname in self._shared else person.surname, party, role)

    def _shared_surnames(self, div: etree._Element) -> set[str]:
        persons = self._register.persons if self._register else {}
        speaking = {reference_of(u.get("who")) for u in div.iter("{*}u") if not _marks(u) & _CHAIR_MARKS}
        counts = Counter(persons[who].surname for who in speaking if who and who in persons)
        return {surname for surname, count in counts.items() if count > 1}


def _parts(u: etree._Element) -> Iterator[str | etree._Element]:
    """Yield the paragraphs of an utterance and the notes in it, in order; those inside a paragraph after it."""
    if not any(local(child) in _PARAGRAPHS for child in u):
        yield from _split(u)
        return
    if text := _clean(u.text or ""):
        yield text
    for child in u:
        if local(child) in _ASIDES:
            yield child
        else:
            yield from _split(child)
        if text := _clean(child.tail or ""):
            yield text


def _split(element: etree._Element) -> Iterator[str | etree._Element]:
    asides = []
    words = []
    for chunk in _flow(element):
        if isinstance(chunk, str):
            words.append(chunk)
        else:
            asides.append(chunk)
            words.append(_ASIDE)
    if text := _clean("".join(words)):
        yield text
    yield from asides


def _flow(element: etree._Element) -> Iterator[str | etree._Element]:
    """Yield text and notes in order; annotated versions hold words as elements, with blanks only where they say so."""
    name = local(element)
    if name in _TOKENS:
        yield element.text or ""
        yield "" if element.get("join") in ("right", "both") else " "
        return
    tokens = name == "s" or any(local(child) in _TOKENS for child in element)
    if element.text and not (tokens and element.text.isspace()):
        yield element.text
    for child in element:
        if local(child) in _ASIDES:
            yield child
        elif local(child) == "lb":
            yield " "
        elif local(child) not in _LINKS:
            yield from _flow(child)
        if child.tail and not (tokens and child.tail.isspace()):
            yield child.tail
    if name == "s":
        yield " "


def _clean(text: str) -> str:
    """Return a paragraph on one line; where a note stood, no blank stays before punctuation."""
    if _ASIDE in text:
        text = re.sub(r"\s*\0[\s\0]*(?=[.,;:?!)])", "", text)
        text = re.sub(r"(?<=[.?!])\0+(?=\w)", " ", text).replace(_ASIDE, "")
    return one_paragraph(text)


def _description(element: etree._Element) -> str:
    """Return the text of a note; descriptions in several languages are separate."""
    parts = [text_of(child) for child in element if local(child) == "desc"]
    return " ".join(part for part in parts if part) or text_of(element)


def _label(u: etree._Element) -> etree._Element | None:
    """Return the note that prints the speaker's name at the beginning of an utterance ("De heer X (P):")."""
    first = next(iter(u), None)
    if first is None or local(first) != "note" or (u.text or "").strip():
        return None
    return first if first.get("type") == "speaker" or text_of(first).endswith(":") else None


def _marks(u: etree._Element) -> set[str]:
    """Return what an utterance says of its speaker: "#chair", "chair" or "parla:chair", in small letters."""
    return {re.split(r"[#:.]", token)[-1].casefold() for token in (u.get("ana") or "").split()}


def _date(header: etree._Element) -> str | None:
    """Return the date of the sitting: of its setting, else of its source, else of its id."""
    for place in ("setting", "sourceDesc"):
        for date in header.iterfind(f".//{{*}}{place}//{{*}}date"):
            match = DATE.fullmatch((date.get("when") or date.get("from") or "")[:10])
            if match and len(match[0]) == 10:
                return match[0]
    parent = header.getparent()
    match = re.search(r"\d{4}-\d\d-\d\d", (parent.get(XML_ID) or "") if parent is not None else "")
    return match[0] if match else None


def _title(header: etree._Element) -> str:
    titles = list(header.iterfind(".//{*}titleStmt/{*}title"))
    titles.sort(key=lambda title: (title.get(XML_LANG) != "nl", title.get("type") != "sub"))
    return next((text_of(title) for title in titles), "")


def _without_speech(root: str) -> str:
    if root == "teiCorpus":
        return "the corpus root of ParlaMint, which lists speakers but holds no speech; read the sittings it includes"
    if root in ("listPerson", "listOrg"):
        return f"a list of ParlaMint ({root}), which holds no speech; read the sittings of the corpus"
    return "a TEI document in which nobody speaks (no u with text); expected a sitting of ParlaMint"


@cache
def _register(path: Path) -> Register:
    """Read the register of a corpus once for all its sittings."""
    return Register.load(path)


def _read(report: Report, debate_id: str | None) -> Iterator[Debate]:
    register_path = register_for(report.path)
    register = None if register_path is None else _register(register_path)
    return read_with_register(report.stream, register, debate_id=debate_id)


FORMAT = Format("parlamint", xml=True, sniff=lambda report: sniff(report.head), read=_read)
