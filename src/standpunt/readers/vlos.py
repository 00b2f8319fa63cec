"""VLOS XML, in which the Tweede Kamer publishes its reports on the day itself (root `vlosCoreDocument`).

A sitting (`vergadering`) holds activities (`activiteit`), an activity its parts (`activiteithoofd`, `activiteitdeel`,
`activiteititem`), and these hold who has the floor (`woordvoerder`) with those who speak in between (`interrumpant`).
The order of the elements is the order of the sitting; an element's own text comes before what is nested in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import BinaryIO, NamedTuple, cast

from lxml import etree

from standpunt.debate import Debate, Note, NoteKind, Role, Speaker
from standpunt.errors import ReadError
from standpunt.parliament.floor import Mark
from standpunt.readers.build import CHAIR, UNKNOWN, Draft, Piece, Submission
from standpunt.readers.formats import Format
from standpunt.readers.labels import read_label
from standpunt.readers.normalise import one_paragraph
from standpunt.readers.xml import iterate, local, root_of, text_of

_ROOT = "vlosCoreDocument"
_ROLES: tuple[tuple[str, Role], ...] = (
    ("staatssecretaris", "state secretary"),
    ("minister", "minister"),
    ("tweede kamerlid", "member"),
    ("lid tweede kamer", "member"),
)
# Activities that frame the sitting.
_FRAME = frozenset(("opening", "sluiting", "mededelingen"))
_BLOCKS = frozenset(("alineagroep", "alinea", "alineaitem", "lijst"))
# The line break of a re-indented file between an inline element and the punctuation after it.
_BEFORE_PUNCTUATION = re.compile(r"^[^\S\n]*+\n\s*+(?=[,;:!?)]|\.(?!\.))")
_LABEL = re.compile(r"(?P<label>[^:\n]{4,160}?) ?:\s*")
_SITTING = r"De (?:vergadering|(?:algemene )?beraadslaging|behandeling) wordt (?:.{0,80} )?"
_STAGE = re.compile(
    rf"(?P<suspension>{_SITTING}geschorst\.)"
    rf"|(?P<resumption>{_SITTING}(?:hervat|heropend)\.)"
    rf"|(?P<opening>{_SITTING}geopend\.|Aanvang \d.{{0,20}})"
    rf"|(?P<closing>{_SITTING}gesloten\.|Sluiting \d.{{0,20}})"
    r"|(?P<reaction>\([^()]{1,60}\)\.?)"
    r"|(?P<heading>Deze \w+ word(?:t|en) voor kennisgeving aangenomen\.)"
)
# What text that nobody speaks is, by the `soort` of an element around it, where its words do not tell.
_KINDS: dict[str, NoteKind] = {
    "schorsing": "suspension",
    "nonverbale uitingsvormen": "reaction",
    "opening": "preamble",
    "sluiting": "closing",
    "stemming item": "vote",
    "besluit": "vote",
}
_MOTION_BEGINS = "de kamer,"
_MOTION_ENDS = re.compile(r"en gaat over tot de orde van de dag[.,;]?$", re.IGNORECASE)
_ABOUT_A_MOTION = re.compile(r"Deze .{0,40}motie .{0,40}voorgesteld door|Zij krijgt nr")


def sniff(head: bytes) -> bool:
    """Tell by the root element whether a file is VLOS XML (not in UTF-16)."""
    root = root_of(head)
    return root is not None and root.name == _ROOT


def read(stream: BinaryIO, *, debate_id: str | None) -> Iterator[Debate]:
    """Yield the debates of a sitting one by one.

    A debate is an activity in which somebody speaks. The opening, the announcements and the closing, in which only the
    chair does, go with the debate that follows, or else with the last one: all that is spoken must be somewhere, and
    a debate without members is of no use to who studies debates. Votes stay by themselves even then, for they are
    about other debates than the one they stand next to.

    Args:
        stream: the file, at its beginning.
        debate_id: the id of the first debate; the others have "-2", "-3" and so on added to it.

    Raises:
        ReadError: the file is malformed, or holds no speech.
    """
    head: dict[str, str] = {}
    published_as = ""
    numbers = count(1)
    debate: _Part | None = None
    loose = _Part()  # what was read since the latest debate and is none itself
    for element in iterate(stream, "titel", "datum", "activiteit", roots=[_ROOT]):
        root = element.getroottree().getroot()
        published_as = f"{root.get('soort', '')} {root.get('status', '')}".strip()
        if local(element) != "activiteit":
            head.setdefault(local(element), text_of(element))
            continue
        part = _Part(_find(element, "titel") or _find(element, "onderwerp"))
        _walk([element], part, _Context())
        if not part.is_debate(element.get("soort", "").casefold()):
            loose.absorb(part)
            continue
        if debate is not None:
            yield debate.finish(head, debate_id, next(numbers))
        debate, loose = loose, _Part()
        debate.absorb(part)
        debate.title = part.title
    if debate is None:
        debate = loose  # the chair alone spoke, or nobody
    else:
        debate.absorb(loose)
    if not debate.pieces:
        raise ReadError(_without_speech(published_as))
    yield debate.finish(head, debate_id, next(numbers))


def _without_speech(published_as: str) -> str:
    if "casco" in published_as.casefold():
        return "a VLOS report of the kind Casco, the structure of a sitting without speech; get a later publication"
    return f"a VLOS report without speech (published as {published_as or 'unknown'}); expected turns of speakers"


class _Context(NamedTuple):
    """Where in the report an element stands.

    Attributes:
        soort: the innermost `soort` around it that says what text in it is.
        holder: the woordvoerder it is nested in.
        speaker: who speaks the text of it, None where nobody does.
        name: the speaker's name, also the chair's, as a label prints it.
        mark: what the nesting says about the floor.
    """

    soort: str = ""
    holder: etree._Element | None = None
    speaker: Speaker | None = None
    name: str = ""
    mark: Mark | None = None


class _Line(NamedTuple):
    """A paragraph, the type of the alineagroep it is in, and whom the label it begins with names and where it ends."""

    group: str
    text: str
    labelled: Speaker | None = None
    label_end: int = 0


class _Part(Draft):
    """What was read of one or several activities."""

    def is_debate(self, soort: str) -> bool:
        roles = {piece.speaker.role for piece in self.pieces}
        return bool(roles - {"chair"}) or (bool(roles) and soort not in _FRAME)

    def absorb(self, other: _Part) -> None:
        """Add what was read after this."""
        before = len(self.pieces)
        self.notes += [Note(n.kind, n.start + before, n.end + before, n.text) for n in other.notes]
        self.filed |= {index + before: submission for index, submission in other.filed.items()}
        self.pieces += other.pieces
        self.oddities += other.oddities

    def stamp(self, piece: Piece, element: etree._Element) -> None:
        """Give a piece the id and the time of the element it was read from."""
        piece.anchor = self.anchor(element.get("objectid"))
        piece.time = _iso(_find(element, "markeertijdbegin"), self.oddities)

    def finish(self, head: dict[str, str], debate_id: str | None, number: int) -> Debate:
        """Make a Debate of it with what the head of the report says."""
        self.title = self.title or head.get("titel", "")
        day = _iso(head.get("datum", ""), self.oddities)
        self.date = datetime.fromisoformat(day).date().isoformat() if day else None
        return self.build(debate_id, number)


def _walk(elements: Iterable[etree._Element], part: _Part, context: _Context) -> None:
    """Take in the text of elements and what is nested in them, in order."""
    for element in elements:
        name = local(element)
        soort = element.get("soort", "").casefold()
        if name == "tekst":
            _text(element, part, context)
        elif name in ("woordvoerder", "interrumpant"):
            _turn(element, part, context)
        elif name == "draadboekfragment":
            _fragment(element, part, context._replace(soort=soort if soort in _KINDS else context.soort))
        elif name == "uitslag" and text_of(element):
            part.note("vote", f"Uitslag: {text_of(element)}")
        elif name == "stemmingen":
            _votes(element, part)
        elif len(element):
            _walk(element, part, context._replace(soort=soort if soort in _KINDS else context.soort))


def _turn(element: etree._Element, part: _Part, context: _Context) -> None:
    """Take in one contribution and those nested in it."""
    holder = element if context.holder is None else context.holder
    speaker = _speaker(element.find("{*}spreker"), part.oddities)
    name = speaker.name
    mark: Mark | None = None
    if _is_chair(element):
        speaker = CHAIR
    elif not _is_chair(holder):
        # What the holder says in between is an answer. Between the chair's words nobody has the floor.
        mark = "floor" if _person(element) == _person(holder) else "interruption"
    own = _Context(holder=holder, speaker=speaker, name=name, mark=mark)
    spoken = False
    for child in element:
        before = len(part.pieces)
        _walk([child], part, own)
        if local(child) == "tekst" and len(part.pieces) > before and not spoken:
            part.stamp(part.pieces[before], element)
        spoken = spoken or (local(child) in ("tekst", "draadboekfragment") and len(part.pieces) > before)
    if not spoken:
        part.oddities["empty turn"] += 1


def _fragment(element: etree._Element, part: _Part, context: _Context) -> None:
    """Take in stage text, or a motion with the chair's lines on it."""
    first = len(part.pieces)
    reader = element.find("{*}sprekers/{*}spreker")
    if reader is not None and context.speaker in (None, CHAIR):
        context = context._replace(speaker=_speaker(reader, part.oddities))
    for child in element:
        if local(child) == "tekst":
            _text(child, part, context, staged=True)
        else:
            _walk([child], part, context)
    motions = [index for index in range(first, len(part.pieces)) if part.pieces[index].is_motion]
    for index, matter in zip(motions, element.iterfind("{*}zaken/{*}zaak"), strict=False):
        names = tuple(_speaker(one, part.oddities).name for one in matter.iterfind("{*}sprekers/{*}spreker"))
        number = _find(matter, "stuknummer")
        part.filed[index] = Submission(
            names or (part.pieces[index].speaker.name,),
            int(number) if number.isdecimal() and len(number) < 10 else None,
            _find(matter, "dossiernummer") or None,
        )
    if motions:
        part.stamp(part.pieces[motions[0]], element)


def _text(element: etree._Element, part: _Part, context: _Context, *, staged: bool = False) -> None:
    """Take in paragraphs: speech of who speaks the element or whom a label names, motions, and notes.

    Staged text is nobody's unless a label says whose; of a motion in it the context says who reads it.
    """
    speaker = None if staged else context.speaker
    piece: Piece | None = None  # that the next paragraph goes on with
    for line in _lines(element):
        text = line.text
        if speaker is None and _KINDS.get(context.soort) == "vote":
            part.note("vote", text)
            continue
        in_motion = piece is not None and piece.is_motion
        if text.casefold() == _MOTION_BEGINS or (line.group == "Motietekst" and not in_motion):
            piece = Piece(context.speaker or CHAIR, text, is_motion=True, mark=context.mark)
            part.pieces.append(piece)
            continue
        # Without groups that tell, a motion ends with its last words or at the next label.
        ends = line.group or line.labelled or (piece and _MOTION_ENDS.search(piece.text[-60:]))
        if in_motion and line.group != "Motietekst" and ends:
            piece, in_motion = None, False
        if line.labelled:
            speaker, piece = _labelled(line.labelled, context, None if staged else part.oddities), None
            text = text[line.label_end :]
        elif speaker is None and not in_motion and _ABOUT_A_MOTION.match(text):
            speaker = CHAIR
        kind = None if in_motion else _note_kind(text, context.soort, spoken=speaker is not None)
        if kind:
            part.note(kind, text)
        elif piece is not None:
            piece.text += f"\n\n{text}"
        elif text and speaker is not None:
            piece = Piece(speaker, text, mark=context.mark if speaker == context.speaker else None)
            part.pieces.append(piece)


def _labelled(speaker: Speaker, context: _Context, oddities: Counter[str] | None) -> Speaker:
    """Return whom a label printed in the text names; counted where it is not who speaks the element."""
    if context.speaker and speaker != CHAIR and speaker.name.casefold() == context.name.casefold():
        return context.speaker
    if oddities is not None and speaker != context.speaker and context.speaker != UNKNOWN:
        oddities["label of another speaker in a turn"] += 1
    return speaker


def _note_kind(text: str, soort: str, *, spoken: bool) -> NoteKind | None:
    """Return what stage text is; None for what somebody speaks."""
    match = _STAGE.fullmatch(text)
    if match:
        return cast(NoteKind, match.lastgroup)
    if spoken or not text:
        return None
    return _KINDS.get(soort) or ("vote" if text.startswith("In stemming komt") else "heading")


def _votes(element: etree._Element, part: _Part) -> None:
    """Note who voted how: for, against, absent."""
    voters: dict[str, list[str]] = {}
    for vote in element.iterfind("{*}stemming"):
        who = _find(vote, "fractie") or _find(vote, "spreker/{*}verslagnaam")
        voters.setdefault(_find(vote, "stem"), []).append(who or UNKNOWN.name)
    for vote, names in voters.items():
        part.note("vote", f"{vote}: {', '.join(names)}")


def _lines(element: etree._Element, group: str = "") -> Iterator[_Line]:
    """Yield the paragraphs inside an element; the items of a list are paragraphs too."""
    if not any(local(child) in _BLOCKS for child in element):
        text = one_paragraph(_inline(element))
        label = _LABEL.match(text)
        # Speech may begin with the same words ("De heer Jansen vroeg drie dingen:"); in a label the name is bold.
        bold = [text_of(child).rstrip(" :") for child in element if child.get("type") == "Vet"] if label else []
        labelled = read_label(label["label"]) if label and any(name and name in label[0] for name in bold) else None
        if text:
            yield _Line(group, text, labelled, label.end() if label and labelled else 0)
        return
    if local(element) == "alineagroep":
        group = element.get("type", "")
    for between, child in [(element.text, None), *((child.tail, child) for child in element)]:
        if child is not None:
            yield from _lines(child, group)
        if between and (text := one_paragraph(between)):  # text beside paragraphs, which a report should not have
            yield _Line(group, text)


def _inline(element: etree._Element) -> str:
    """Return all text inside a paragraph as it is, but for line breaks before punctuation."""
    tails = ((child, _BEFORE_PUNCTUATION.sub("", child.tail or "")) for child in element)
    return (element.text or "") + "".join(_inline(child) + tail for child, tail in tails)


def _speaker(element: etree._Element | None, oddities: Counter[str]) -> Speaker:
    name = "" if element is None else _find(element, "verslagnaam") or _find(element, "weergavenaam")
    if element is None or not name:
        oddities["unknown speaker"] += 1
        return UNKNOWN
    offices = (element.get("soort", "").casefold(), _find(element, "functie").casefold())
    role = next((role for office in offices for prefix, role in _ROLES if office.startswith(prefix)), "guest")
    party = _find(element, "fractie") or None
    return Speaker(name, party if role == "member" else None, role)


def _is_chair(element: etree._Element) -> bool:
    return _find(element, "isvoorzitter") in ("true", "1")


def _person(element: etree._Element) -> str:
    """Return what identifies the speaker of an element; of an unknown one, the element."""
    speaker = element.find("{*}spreker")
    identity = "" if speaker is None else speaker.get("objectid") or _find(speaker, "verslagnaam")
    return identity or f"{id(element)}"


def _find(element: etree._Element, name: str) -> str:
    """Return the text of a child, "" where there is none."""
    child = element.find(f"{{*}}{name}")
    return "" if child is None else text_of(child)


def _iso(time: str, oddities: Counter[str]) -> str | None:
    """Return a time if it is one; 0001-01-01 stands for an unknown one."""
    if not time or time.startswith("0001-"):
        return None
    try:
        datetime.fromisoformat(time)
    except ValueError:
        oddities["time that is none"] += 1
        return None
    return time


FORMAT = Format(
    "vlos",
    xml=True,
    sniff=lambda report: sniff(report.head),
    read=lambda report, debate_id: read(report.stream, debate_id=debate_id),
)
