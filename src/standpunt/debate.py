"""The data of a debate: turns in order, who speaks them and with which right, motions, stage directions.

Frozen data classes without input or output. Offsets count characters (Unicode code points) of the report as it was
decoded, with nothing removed; a turn's text is normalised, and `Debate.to_source` maps positions in it back.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from standpunt import html
from standpunt.text.alignment import Alignment, Span

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["chair", "member", "minister", "state secretary", "alderman", "mayor", "guest"]
Kind = Literal["speech", "interruption", "reply", "motion", "chair", "procedural"]
NoteKind = Literal[
    "preamble", "heading", "opening", "suspension", "resumption", "closing", "vote", "reaction", "page"
]  # fmt: skip
TURN_COLUMNS = (
    "id", "ordinal", "speaker", "party", "role", "kind", "term", "floor", "replies_to", "start", "end", "text",
)  # fmt: skip
MOTION_COLUMNS = (
    "number", "dossier", "submitters", "text", "request", "turn", "advice", "advised_by", "advice_turn", "condition",
    "replaces",
    "title",
)  # fmt: skip
_SHOWN = 12  # turns of a debate in a notebook
# Who speaks for the executive: the cabinet, or the college of a municipality ("wethouder", "burgemeester").
CABINET_ROLES: tuple[Role, ...] = ("minister", "state secretary", "alderman", "mayor")
CABINET = "cabinet"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the name as the report prints it, the party, the role.

    The party is None for chair, cabinet and guests. Minutes of a council print that of an alderman, who has it here and
    speaks for the executive nonetheless.
    """

    name: str
    party: str | None
    role: Role

    def __str__(self) -> str:
        return f"{self.name} ({self.party})" if self.party else self.name


def holder_of(role: str | None, party: str | None) -> str | None:
    """Return on whose behalf somebody speaks: `CABINET` or the party, None where there is neither."""
    return CABINET if role in CABINET_ROLES else party


@dataclass(frozen=True, slots=True)
class Turn:
    """One uninterrupted contribution by one speaker.

    Attributes:
        id: unique within and across debates (`<debate id>-<ordinal>`).
        ordinal: place in the debate, from 1.
        speaker: who speaks.
        kind: what the turn is, given who holds the floor (see `standpunt.parliament.floor`).
        term: 1 for the first term (eerste termijn), 2 for the second, ...
        floor: name of the speaker who holds the floor, None where nobody does.
        replies_to: id of the turn that is answered, if any.
        start: offset of the first character of the turn in the report, None for formats without offsets.
        end: offset after its last character, likewise.
        text: the normalised text; paragraphs are separated by an empty line.
        spans: the parts of the report the text consists of (stage directions inside a turn lie between them).
        anchor: id of the element it was read from, for formats that have them.
        time: when it began, ISO 8601, where the format says.
    """

    id: str
    ordinal: int
    speaker: Speaker
    kind: Kind
    term: int
    floor: str | None
    replies_to: str | None
    start: int | None
    end: int | None
    text: str
    spans: tuple[Span, ...] = ()
    anchor: str | None = None
    time: str | None = None

    def record(self) -> dict[str, object]:
        """Return the turn as a flat record, as `standpunt turns` prints it."""
        speaker = {"speaker": self.speaker.name, "party": self.speaker.party, "role": self.speaker.role}
        return {name: speaker[name] if name in speaker else getattr(self, name) for name in TURN_COLUMNS}

    def _repr_html_(self) -> str:
        floor = f" · {self.floor} has the floor" if self.floor and self.floor != self.speaker.name else ""
        return html.article(str(self.speaker), f"turn {self.ordinal} · {self.kind}{floor}", self.text.split("\n\n"))


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion read into the record, with the cabinet's advice on it.

    Attributes:
        number: the number it was given, None where the report does not say; a letter for an amendment of a council.
        dossier: the parliamentary dossier, e.g. "36045" or "36800-X"; in a council what is printed before the number,
            the agenda item or the party: "H" of "H.1", "VVD" of "VVD.8".
        submitters: surnames in the order printed; the first one reads it.
        text: the whole motion.
        request: what is asked or declared ("verzoekt de regering ...", "spreekt uit ...").
        turn: id of the turn in which it is read.
        advice: the cabinet's advice as it last stood for the motion as printed or read ("oordeel Kamer", "ontraden",
            "overbodig", "ontijdig", "overgenomen"), None where none was given.
        advised_by: name of the minister or state secretary.
        advice_turn: id of the turn in which that advice was given.
        condition: the sentence on which the advice hangs: a reading of the motion or a change of its wording.
        replaces: number of the motion that this one is a changed form of, None where it is new.
        title: what is printed above it, in a council: "Motie H.1 SP Een bankje", "Amendement H.A VVD Geen bankje".
    """

    number: int | str | None
    dossier: str | None
    submitters: tuple[str, ...]
    text: str
    request: str
    turn: str
    advice: str | None = None
    advised_by: str | None = None
    advice_turn: str | None = None
    condition: str | None = None
    replaces: int | None = None
    title: str | None = None

    def record(self) -> dict[str, object]:
        """Return the motion as a flat record, as `standpunt motions` prints it."""
        return {name: getattr(self, name) for name in MOTION_COLUMNS} | {"submitters": list(self.submitters)}


@dataclass(frozen=True, slots=True)
class MotionVote:
    """A motion and how it was voted on.

    Attributes:
        dossier: the dossier as `Motion` has it, e.g. "36045" or "36800-X".
        number: the number of the motion in its dossier.
        title: e.g. "Motie van het lid Aalbers over de bruggen".
        result: what was decided, e.g. "aangenomen", "verworpen", "aangehouden"; None where nothing is yet.
        votes: "Voor", "Tegen" or "Niet deelgenomen" for each party; in a vote by person what most of its members who
            took part voted, "Verdeeld" where they were evenly split. Empty where there was no vote, or parties are not
            named.
        by_person: whether members were called one by one.
        counts: how many members voted "Voor" and "Tegen", where that is said; {"Tegen": 0} where all were for it.
    """

    dossier: str | None
    number: int | str | None
    title: str
    result: str | None
    votes: Mapping[str, str]
    by_person: bool
    counts: Mapping[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, object]:
        """Return the vote as a flat record, as `standpunt fetch tk --votes` writes it."""
        record: dict[str, object] = {name: getattr(self, name) for name in self.__slots__ if name != "counts"}
        counts = {"counts": dict(self.counts)} if self.counts else {}
        return record | {"votes": dict(self.votes)} | counts


@dataclass(frozen=True, slots=True)
class Note:
    """A part of the report that nobody speaks: headings, suspensions, votes; "page" is a running head or page number.

    `start` and `end` are offsets into the report; in a format without offsets both are the number of turns before it.
    """

    kind: NoteKind
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Debate:
    """A debate as read from a report.

    Attributes:
        id: unique among debates; by default the beginning of the hash of its text.
        title: what it is about.
        turns: in the order spoken.
        motions: in the order read.
        notes: what nobody speaks.
        source: the report as decoded, for formats with offsets; else empty.
        date: ISO 8601 (YYYY-MM-DD), where the format says.
        oddities: what the reader met that it did not expect, counted (see `standpunt check`).
        places: where in the file an oddity was met ("line 12"), for formats with lines.
        votes: how motions were voted on, where the report says so.
    """

    id: str
    title: str
    turns: tuple[Turn, ...]
    motions: tuple[Motion, ...] = ()
    notes: tuple[Note, ...] = ()
    source: str = field(default="", repr=False)
    date: str | None = None
    oddities: Mapping[str, int] = field(default_factory=dict, repr=False)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    votes: tuple[MotionVote, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Turn]:
        return {turn.id: turn for turn in self.turns}

    def turn(self, key: str | int) -> Turn:
        """Return the turn with this id (str) or ordinal (int).

        Raises:
            KeyError: there is no such turn.
        """
        if isinstance(key, int):
            if not 1 <= key <= len(self.turns):
                raise KeyError(key)
            return self.turns[key - 1]
        return self._by_id[key]

    @property
    def suspensions(self) -> tuple[Note, ...]:
        """The stage directions that suspend the sitting or the debate."""
        return tuple(note for note in self.notes if note.kind == "suspension")

    def speaker_counts(self) -> dict[str, int]:
        """Return the number of turns per speaker, most talkative first; motions are counted with their reader."""
        return dict(Counter(turn.speaker.name for turn in self.turns).most_common())

    @cached_property
    def turn_digests(self) -> tuple[str, ...]:
        """Twelve hexadecimal digits per turn over its speaker and text (white space and Unicode form normalised)."""
        return tuple(digest_turn(turn.speaker.name, turn.text) for turn in self.turns)

    @cached_property
    def sha256(self) -> str:
        """The hash that identifies the debate whatever its file is called: over all turns, speakers and texts."""
        return digest_debate(self.turn_digests)

    def to_source(self, turn: Turn, start: int, end: int) -> Span:
        """Map characters [start, end) of a turn's text to offsets into the report.

        A range that crosses a stage direction printed inside the turn covers it.

        Raises:
            ValueError: the range is empty, outside the text, or holds only white space; or the format has no offsets.
        """
        return self._alignment(turn).to_source(start, end)

    def to_text(self, turn: Turn, start: int, end: int) -> Span:
        """Map offsets [start, end) into the report to characters of the turn's text (inverse of `to_source`)."""
        return self._alignment(turn).to_text(start, end)

    @cached_property
    def _alignments(self) -> dict[str, Alignment]:
        return {}

    def _alignment(self, turn: Turn) -> Alignment:
        if turn.id not in self._alignments:
            self._alignments[turn.id] = Alignment(turn.text, self.source, turn.spans)
        return self._alignments[turn.id]

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a turn, with `TURN_COLUMNS`."""
        import pandas as pd

        return pd.DataFrame([turn.record() for turn in self.turns])

    def _repr_html_(self) -> str:
        kinds = Counter(turn.kind for turn in self.turns).most_common()
        facts = [self.date, f"{len(self.turns)} turns", f"{len(self.motions)} motions"]
        counted = f"({', '.join(f'{kind} {count}' for kind, count in kinds)})"
        speakers = ", ".join(f"{name} {count}" for name, count in self.speaker_counts().items())
        rows = [
            (str(turn.ordinal), str(turn.speaker), turn.kind, html.beginning(turn.text)) for turn in self.turns[:_SHOWN]
        ]
        more = len(self.turns) - _SHOWN
        body = (
            html.folded(f"{len(self.speaker_counts())} speakers", speakers)
            + html.table(("turn", "speaker", "kind", "text"), rows, text=(1, 2, 3))
            + (html.paragraph(f"and {more} more turns") if more > 0 else "")
        )
        return html.card(self.title, [*(fact for fact in facts if fact), counted], body)


def digest_turn(speaker: str, text: str) -> str:
    """Return twelve hexadecimal digits that identify a turn's words, whatever their white space and Unicode form."""
    words = unicodedata.normalize("NFC", " ".join(f"{speaker}\n{text}".split()))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def digest_debate(turns: Iterable[str]) -> str:
    """Return the hash of a debate from what stands for its turns, in order."""
    return hashlib.sha256("\n".join(turns).encode()).hexdigest()


def short_digest(turns: Iterable[str]) -> str:
    """Return the id of a debate that nobody named: the beginning of the hash of its turns' texts."""
    return digest_debate(turns)[:8]


def default_id(debate: Debate) -> str:
    """Return the id that a debate gets where nobody names it."""
    return short_digest(turn.text for turn in debate.turns)


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    """Tell whether a span [start, end) has something in common with one of others."""
    return any(span[0] < end and start < span[1] for start, end in others)
