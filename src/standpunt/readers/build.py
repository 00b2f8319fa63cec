"""From what a reader found in its format to a Debate: floor, ids, motions with their advice. Shared by all readers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from standpunt.debate import Debate, Motion, Note, NoteKind, Span, Speaker, Turn, short_digest
from standpunt.parliament.advice import with_advice
from standpunt.parliament.floor import Contribution, Mark, Place, assign_floor
from standpunt.parliament.names import find_surname
from standpunt.parliament.requests import request_of

CHAIR = Speaker("De voorzitter", None, "chair")
UNKNOWN = Speaker("Onbekend", None, "guest")

_NUMBERED = r"Zij krijgt nr\. ?(?P<number>\d{1,6})(?:, was nr\. ?(?P<was>\d{1,6}))?,? ?\((?P<dossier>[^)]+)\)"
# The chair's lines on a motion, in text whose white space is single blanks.
_SUBMITTED = re.compile(
    r"voorgesteld door (?:het lid|de leden) (?P<names>.+?)\.\s.*?"
    rf"{_NUMBERED}",
    re.DOTALL,
)
# A motion that was changed: "De motie-Smit/Pot c.s. (36045, nr. 12) is in die zin gewijzigd dat zij thans luidt:", then
# the motion, then "Zij krijgt nr. 20, was nr. 12 (36045)."
_CHANGED = re.compile(
    r"motie[- ](?P<names>[^().:]{2,80}?)(?: c\.s\.)? \((?P<dossier>[^(),]+), ?nr\. ?(?P<number>\d{1,6})\)"
    r" is in die zin (?:nader )?gewijzigd[^:]{0,200}:?$"
)
_ANNOUNCED = 400  # characters
_JUST_NUMBERED = re.compile(_NUMBERED)
_ABOUT_A_MOTION = 3000  # characters within which the chair names submitters and number
_PAPER = re.compile(r"nr\. ?kst-(\d+(?:-\(?[A-Z]\w*\)?)*)-(\d+)")  # "nr. kst-36800-X-12" for "nr. 12 (36800-X)."


@dataclass(slots=True)
class Piece:
    """What one speaker says in one go, as a reader found it.

    Attributes:
        speaker: who speaks; for a motion below the chair's header the chair, until its reader is known.
        text: normalised text.
        is_motion: whether it is a motion read into the record.
        spans: where the text stands in the source, for formats with offsets.
        anchor: id of the element it was read from, for formats with elements.
        time: when it began, ISO 8601, where the format says.
        mark: what the format says about the floor, None where it says nothing.
        called: the surname by which the chair calls the speaker, where the report prints more of the name.
    """

    speaker: Speaker
    text: str
    is_motion: bool = False
    spans: tuple[Span, ...] = ()
    anchor: str | None = None
    time: str | None = None
    mark: Mark | None = None
    called: str | None = None


class Submission(NamedTuple):
    """Who submitted a motion, its number and dossier as the chair reads them out, and the number it had before."""

    submitters: tuple[str, ...]
    number: int | str | None
    dossier: str | None
    replaces: int | None = None


@dataclass
class Draft:
    """A debate in the making, for formats without offsets: what is read, in the order of the report.

    Attributes:
        title: what the debate is about.
        date: ISO 8601, where the format says.
        pieces: what is spoken.
        notes: what nobody speaks; their offsets are the number of pieces before them.
        filed: what the format itself says about motions, by index of the piece.
        oddities: what the reader did not expect, counted.
        ids: of the elements read so far.
    """

    title: str = ""
    date: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    filed: dict[int, Submission] = field(default_factory=dict)
    oddities: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)

    def note(self, kind: NoteKind, text: str) -> None:
        """Take in what nobody speaks."""
        if text:
            self.notes.append(Note(kind, len(self.pieces), len(self.pieces), text))

    def anchor(self, identifier: str | None) -> str | None:
        """Return the id of an element, None for an empty one; ids that occur twice are counted."""
        if identifier in self.ids:
            self.oddities["duplicate id"] += 1
        elif identifier:
            self.ids.add(identifier)
        return identifier or None

    def build(self, debate_id: str | None, number: int = 1) -> Debate:
        """Make a Debate of it: the one of this number in its file."""
        pauses: dict[int, set[str]] = {}
        for note in self.notes:
            pauses.setdefault(note.start, set()).add(note.kind)
        return build_debate(
            self.pieces,
            title=self.title,
            date=self.date,
            pauses={index: frozenset(kinds) for index, kinds in pauses.items()},
            notes=self.notes,
            filed=self.filed,
            debate_id=f"{debate_id}-{number}" if debate_id and number > 1 else debate_id,
            oddities=self.oddities,
        )


def parse_submission(text: str) -> Submission | None:
    """Read "Deze motie is voorgesteld door de leden A en B. Zij krijgt nr. 12 (36045)."; None where it is not there."""
    match = _SUBMITTED.search(_as_numbers(text))
    if match is None:
        return None
    names = re.split(r",\s*|\s+en\s+", match["names"].removesuffix(" c.s"))
    return _submission(names, match)


def parse_amendment(before: str, after: str) -> Submission | None:
    """Read what the chair says around a motion that was changed; None where it was not.

    Args:
        before: what ends in "De motie-A/B (36045, nr. 12) is in die zin gewijzigd dat zij thans luidt:".
        after: what begins with "Zij krijgt nr. 20, was nr. 12 (36045)."
    """
    changed = _CHANGED.search(_as_numbers(before[-_ANNOUNCED:]))
    if changed is None:
        return None
    names = re.split(r"\s*/\s*|,\s*|\s+en\s+", changed["names"])
    numbered = _JUST_NUMBERED.search(_as_numbers(after[:_ANNOUNCED]))
    was = int(changed["number"])
    if numbered is None:
        return Submission(tuple(filter(None, names)), None, changed["dossier"].strip(), was)
    return _submission(names, numbered)._replace(replaces=was)


def _as_numbers(text: str) -> str:
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return _PAPER.sub(r"nr. \2 (\1)", text) if "kst-" in text else text


def _submission(names: Iterable[str], match: re.Match[str]) -> Submission:
    was = int(match["was"]) if match["was"] else None
    return Submission(tuple(filter(None, names)), int(match["number"]), match["dossier"].strip(), was)


def contribution(piece: Piece, pauses: frozenset[str] = frozenset()) -> Contribution:
    """Return what the floor is worked out from: a piece and the kinds of the stage directions just before it."""
    return Contribution(piece.speaker, piece.text, piece.is_motion, pauses, piece.mark, piece.called)


def build_debate(
    pieces: Sequence[Piece],
    *,
    title: str,
    pauses: Mapping[int, frozenset[str]],
    notes: Sequence[Note],
    date: str | None = None,
    filed: Mapping[int, Submission] | None = None,
    source: str = "",
    debate_id: str | None = None,
    oddities: Mapping[str, int] | None = None,
    places: Mapping[str, tuple[str, ...]] | None = None,
    calls_printed: bool | None = None,
) -> Debate:
    """Make a Debate of what a reader found.

    Args:
        pieces: in the order spoken.
        title: what the debate is about.
        pauses: kinds of the stage directions just before a piece, by its index.
        notes: what nobody speaks.
        date: ISO 8601, where the format says.
        filed: what the format itself says about motions, by index of the piece.
        source: the text that spans count, for formats with offsets.
        debate_id: the id to give it; by default the beginning of its hash.
        oddities: what the reader did not expect, counted.
        places: where it was met, for formats that know.
        calls_printed: whether the report has the chair's calls; by default this debate tells.
    """
    counted = Counter(oddities or {})
    submissions = _submissions(pieces, filed or {}, counted)
    _assign_motions(pieces, submissions)
    contributions = [contribution(piece, pauses.get(index, frozenset())) for index, piece in enumerate(pieces)]
    floor = assign_floor(contributions, calls_printed=calls_printed)
    debate_id = debate_id or short_digest(piece.text for piece in pieces)
    turns = _turns(debate_id, pieces, floor)
    motions = [
        _motion(piece, turn, submissions.get(index))
        for index, (piece, turn) in enumerate(zip(pieces, turns, strict=True))
        if piece.is_motion
    ]
    ordered = tuple(sorted(notes, key=lambda note: note.start))
    return Debate(
        debate_id, title, turns, with_advice(motions, turns), ordered, source, date, dict(counted), dict(places or {})
    )


def _submissions(
    pieces: Sequence[Piece], filed: Mapping[int, Submission], oddities: Counter[str]
) -> dict[int, Submission]:
    """Number each motion as the chair does before the next one is read, or else as it was filed."""
    by_piece: dict[int, Submission] = {}
    motions = [index for index, piece in enumerate(pieces) if piece.is_motion]
    for index, following in zip_longest(motions, motions[1:]):
        below = ""
        for piece in pieces[index + 1 : following]:
            below += piece.text[:_ABOUT_A_MOTION] + "\n\n"
            if len(below) > _ABOUT_A_MOTION:
                break
        above = pieces[index - 1].text if index else ""
        said = parse_amendment(above, below) or parse_submission(below[:_ABOUT_A_MOTION])
        written = filed.get(index)
        if said and written and written.number is not None:
            if (said.number, said.dossier) != (written.number, written.dossier):
                oddities["motion announced with another number than filed"] += 1
            # The chair may leave it at "and others".
            said = said._replace(submitters=written.submitters or said.submitters)
        if submission := said or written:
            by_piece[index] = submission
    by_number = {(one.dossier, one.number): one.submitters for one in by_piece.values()}
    for index, submission in by_piece.items():
        # Where it was read in this debate before it was changed, all who submitted it are named there.
        first = by_number.get((submission.dossier, submission.replaces), ())
        if first[:1] == submission.submitters[:1] and len(first) > len(submission.submitters):
            by_piece[index] = submission._replace(submitters=first)
    return by_piece


def _assign_motions(pieces: Sequence[Piece], submissions: Mapping[int, Submission]) -> None:
    """Give a motion that stands below the chair's header to the member who reads it: the first submitter."""
    by_name = {piece.speaker.name: piece.speaker for piece in reversed(pieces) if piece.speaker.role != "chair"}
    reader: Speaker | None = None
    for index, piece in enumerate(pieces):
        if piece.is_motion and piece.speaker.role == "chair":
            submission = submissions.get(index)
            name = find_surname(submission.submitters[0], by_name) if submission and submission.submitters else None
            # One that was changed is read by nobody: the report prints it below the chair's words before the vote.
            otherwise = piece.speaker if submission and submission.replaces else reader or piece.speaker
            piece.speaker = by_name[name] if name else otherwise
        if piece.speaker.role != "chair":
            reader = piece.speaker
            by_name[reader.name] = reader  # of two members of one name, the one who spoke last


def _turns(debate_id: str, pieces: Sequence[Piece], floor: Sequence[Place]) -> tuple[Turn, ...]:
    ids = [f"{debate_id}-{ordinal:03d}" for ordinal in range(1, len(pieces) + 1)]
    return tuple(
        Turn(
            ids[index], index + 1, piece.speaker, place.kind, place.term, place.floor,
            None if place.replies_to is None else ids[place.replies_to],
            piece.spans[0][0] if piece.spans else None, piece.spans[-1][1] if piece.spans else None,
            piece.text, piece.spans, piece.anchor, piece.time,
        )
        for index, (piece, place) in enumerate(zip(pieces, floor, strict=True))
    )  # fmt: skip


def _motion(piece: Piece, turn: Turn, submission: Submission | None) -> Motion:
    submitters, number, dossier, replaces = submission or Submission((), None, None)
    submitters = submitters or (piece.speaker.name,)
    return Motion(number, dossier, submitters, turn.text, request_of(turn.text), turn.id, replaces=replaces)
