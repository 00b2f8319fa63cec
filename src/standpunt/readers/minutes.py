"""The minutes of a municipal council, as taken from the PDF: a debate an agenda item.

A sitting goes through twenty items in a day, each with its own speakers, terms and motions, so an item is a debate, as
it is in the XML formats; one that is interrupted and taken up again is one debate still. What comes before the first
item is a debate of its own ("Opening"), and so are the votes at the end ("Stemmingen"), in which members explain how
they voted. What the chair says a vote came to is put beside the motion in the item where it was submitted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from standpunt.debate import Debate, MotionVote, Note, Span, Speaker
from standpunt.errors import ReadError
from standpunt.readers.build import CHAIR, Piece, Submission, build_debate
from standpunt.readers.minutes_layout import Block, Label, Layout, clean, paragraphs
from standpunt.readers.minutes_motions import Number, Result, gone_in, number_in, result_in, submitted_in, voted_on
from standpunt.readers.minutes_people import People, mayors, members_present

OPENING, VOTES = "Opening", "Stemmingen"
_HEAD = 3000  # characters in which a report says what it is
_COUNCIL = re.compile(r"\b(?:gemeenteraad|raadsvergadering|raad (?:van|der) (?:de )?gemeente|provinciale staten)\b")
_MINUTES = re.compile(r"\A\W*(?:\d+\s+)?(?:concept|ontwerp)?\W*(?:notulen|verslag|vergadering|raadsvergadering)\b")
_CHAIR = re.compile(r"^ *De voorzitter(?P<mark>[.:])(?= +\S)", re.MULTILINE)
_MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober")
_MONTHS += ("november", "december")
_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b")
_EARLIER = re.compile(r"\b(?:gestaakt|staakten|aangehouden)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!…:;)][\"”’')\]]*$")


def sniff(text: str) -> bool:
    """Tell the minutes of a council from the plain text of a printed report.

    They say in their head that they are a council's, and a speaker's first words stand behind the label, which ends in
    a full stop; in a colon only where the text begins as minutes do.
    """
    head = text[:_HEAD].strip("\ufeff \t\r\n\f").casefold()
    if not _COUNCIL.search(head):
        return False
    chair = _CHAIR.search(text)
    return chair is not None and (chair["mark"] == "." or _MINUTES.match(head) is not None)


def parse(text: str, *, debate_id: str | None = None, partial: bool = False) -> Iterator[Debate]:
    """Read the minutes of a sitting, an agenda item a debate.

    Args:
        text: the decoded report; offsets of the results count its characters.
        debate_id: the id to give the first debate; from the second on "-2", "-3" and so on is added.
        partial: accept a text that breaks off in the middle of a sentence.

    Yields:
        The debates in the order in which their items were first taken up. Items without speech yield none.

    Raises:
        ReadError: nobody speaks, or the text breaks off.
    """
    sitting = _Sitting(text)
    if not partial:
        sitting.refuse_truncated()
    yield from sitting.debates(debate_id)


@dataclass
class _Part:
    """A debate in the making: pieces and notes in the order printed."""

    title: str
    keys: tuple[str, ...] = ()
    entries: list[Piece | Note] = field(default_factory=list)
    filed: dict[int, tuple[str, Submission]] = field(default_factory=dict)  # title and numbers, by start of the motion
    votes: list[MotionVote] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    is_open: bool = False  # the deliberation
    tail: int | None = None  # entries from here on belong to the votes if these follow

    def __bool__(self) -> bool:
        return any(isinstance(entry, Piece) for entry in self.entries)


class _Sitting:
    """Goes through the blocks of the minutes once and gathers what belongs to each item."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._text, self._pages = clean(source)
        members = members_present(self._text)
        self._layout = Layout(self._text, {name.casefold() for name in members})
        blocks = self._layout.blocks
        labels = [block.label for block in blocks if block.label]
        items = {key for block in blocks if block.agenda for key in block.agenda.keys} | set(self._layout.agenda)
        self._people = People(labels, members, mayors(self._text, members), items)
        self._last: dict[str, Speaker] = {}  # who spoke last under a surname, or for a party
        self._opening = _Part(OPENING)
        self._part = self._opening
        self._parts = [self._opening]
        self._votes: dict[tuple[str, int | str], MotionVote] = {}
        self._motions: dict[tuple[str, int | str], tuple[_Part, Submission, str]] = {}
        self._speaker: Speaker | None = None
        self._piece: Piece | None = None  # that the speaker's next words belong to
        self._announced: list[tuple[Number | None, tuple[str, ...]]] = []
        self._voting: tuple[Number, ...] = ()
        self._vote_title = ""
        self._earlier = ""  # heading of votes on the motions of another sitting
        self._take_head()
        for block in blocks:
            self._take(block)

    def debates(self, debate_id: str | None) -> Iterator[Debate]:
        for vote in self._votes.values():
            key = (vote.dossier or "").casefold(), vote.number
            part = self._motions[key][0] if key in self._motions else self._voting_part() or self._part
            part.votes.append(vote)
        day = self._date()
        silent: list[Note] = []
        spoken = [part for part in self._parts if part]
        if not spoken:
            raise ReadError("the minutes of a council in which nobody speaks; expected contributions of speakers")
        for part in self._parts:
            if part:
                part.entries[:0] = silent
                silent = []
            else:
                silent.extend(entry for entry in part.entries if isinstance(entry, Note))
        spoken[-1].entries.extend(silent)
        for number, part in enumerate(spoken, 1):
            name = debate_id if debate_id is None or number == 1 else f"{debate_id}-{number}"
            yield self._build(part, name, day)

    def _take(self, block: Block) -> None:
        match block.kind:
            case "label":
                self._label(block)
            case "speech":
                self._speech(block)
            case "item":
                self._item(block)
            case "motion":
                self._motion(block)
            case "votes":
                self._votes_heading(block)
            case "vote":
                self._vote(block)
            case "present":
                self._present(block)
            case _:
                self._note(block)

    def refuse_truncated(self) -> None:
        last = max((part.entries[-1] for part in self._parts if part.entries), key=_end_of, default=None)
        if isinstance(last, Piece) and not _SENTENCE_END.search(last.text):
            raise ReadError(
                f"the minutes break off in the middle of a sentence at character {_end_of(last)} ({last.speaker.name}); "
                "get the whole file, or pass --partial to read what is there"
            )
        if self._speaker and self._piece is None and not isinstance(last, Note):
            raise ReadError(
                f"the minutes break off after the label of {self._speaker.name}; get the whole file, or pass --partial "
                "to read what is there"
            )

    # One method a kind of block.

    def _label(self, block: Block) -> None:
        assert block.label is not None
        self._speaker, self._piece = self._people.speaker(block.label), None
        if self._speaker.role == "member":
            called = self._people.called(self._speaker) or self._speaker.name
            self._last[called.casefold()] = self._speaker
            if self._speaker.party:
                self._last[self._speaker.party.casefold()] = self._speaker

    def _speech(self, block: Block) -> None:
        lines = self._layout.between(block.start, block.end)
        if self._speaker is None:
            self._add(Note("preamble", block.start, block.end, paragraphs(self._text, lines)))
            return
        words, spans = paragraphs(self._text, lines), self._spans(block.start, block.end)
        if not words:
            return
        if self._piece is None:
            self._piece = Piece(self._speaker, words, spans=spans, called=self._people.called(self._speaker))
            self._part.entries.append(self._piece)
        else:
            self._piece.text += f"\n\n{words}"
            self._piece.spans += spans
        if self._speaker.role == "chair":
            self._hear_chair(" ".join(words.split()))

    def _hear_chair(self, words: str) -> None:
        if self._voting and (result := result_in(words, self._people.party_of)):
            for number in self._voting:
                self._decide(number, result)
            self._voting = ()
        for number, result in gone_in(words):
            self._decide(number, Result(result, {}, {}))
        if submitted := submitted_in(words):
            numbers = submitted.numbers or (None,)
            self._announced = [(number, submitted.names) for number in numbers]

    def _decide(self, number: Number, result: Result) -> None:
        title = self._motions[number.key][2] if number.key in self._motions and not self._earlier else self._vote_title
        vote = MotionVote(
            number.item, number.number, title or f"{number.item}.{number.number}", result.result, result.votes,
            bool(result.votes), result.counts,
        )  # fmt: skip
        if self._earlier:
            self._part.votes.append(replace(vote, title=f"{title} ({self._earlier})"))
        else:
            self._votes[number.key] = vote

    def _motion(self, block: Block) -> None:
        number, names = number_in(block.title), ()
        for announced in self._announced:
            if announced[0] and (number is None or announced[0].key == number.key):
                number, names = number or announced[0], announced[1]
                self._announced.remove(announced)
                break
        else:
            names = self._announced[0][1] if len(self._announced) == 1 else ()
        earlier = self._motions.get(number.key) if number else None
        if not names and earlier:
            names = earlier[1].submitters
        if not names:
            self._part.oddities["motion without submitter"] += 1
        lines = self._layout.between(block.start, block.end)
        words = paragraphs(self._text, lines, is_list=True)
        piece = Piece(self._reader(names), words, is_motion=True, spans=self._spans(block.start, block.end))
        submission = Submission(names, number.number if number else None, number.item if number else None)
        self._part.entries.append(piece)
        self._part.filed[block.start] = block.title, submission
        if number:
            self._motions[number.key] = self._part, submission, block.title
        self._piece = None
        self._speaker = CHAIR  # who announced it goes on

    def _reader(self, names: Sequence[str]) -> Speaker:
        """Return who submits a motion first; a party's is taken for its speaker's."""
        for name in names[:1]:
            found = self._last.get(name.casefold()) or self._people.member(name)
            return found or Speaker(name, None, "member")
        return CHAIR

    def _item(self, block: Block) -> None:
        agenda = block.agenda
        assert agenda is not None
        known = next((part for part in self._parts if agenda.keys and part.keys == agenda.keys), None)
        if known is None:
            known = _Part(agenda.title, agenda.keys)
            self._parts.append(known)
        self._enter(known)
        self._speaker = None
        self._earlier = ""
        self._add_block(block)

    def _votes_heading(self, block: Block) -> None:
        self._enter_votes()
        self._earlier = block.title.lstrip("-– ").rstrip(".") if _EARLIER.search(block.title) else ""
        self._add_block(block)

    def _vote(self, block: Block) -> None:
        self._voting = voted_on(block.title)
        self._vote_title = block.title.removeprefix("In stemming komt ").rstrip(".")
        if self._voting and self._voting[0].item in self._layout.agenda and self._part.keys:
            if self._voting[0].item not in self._part.keys and not self._part.is_open:
                self._enter_votes()
        self._speaker = CHAIR
        self._add_block(block)

    def _note(self, block: Block) -> None:
        self._add_block(block)
        deliberation = "beraadslaging" in self._text[block.start : block.end].casefold()
        if deliberation and block.note in ("opening", "resumption"):
            self._part.is_open, self._part.tail = True, None
        elif deliberation and block.note in ("closing", "suspension"):
            self._part.is_open = False
        elif block.note == "suspension" and not self._part.is_open:
            self._part.tail = len(self._part.entries)

    def _present(self, block: Block) -> None:
        self._add_block(block)
        self._speaker = None

    # Helpers.

    def _take_head(self) -> None:
        lines = self._layout.head
        if lines:
            start, end = lines[0].start, lines[-1].end
            self._add(Note("preamble", start, end, paragraphs(self._text, lines, is_list=True)))

    def _enter(self, part: _Part) -> None:
        self._part, self._piece, self._announced = part, None, []

    def _enter_votes(self) -> None:
        part = self._voting_part()
        if part is None:
            part = _Part(VOTES)
            self._parts.append(part)
        if self._part is not part:
            if self._part.tail is not None:
                part.entries.extend(self._part.entries[self._part.tail :])
                del self._part.entries[self._part.tail :]
            self._enter(part)

    def _voting_part(self) -> _Part | None:
        return next((part for part in self._parts if part.title == VOTES), None)

    def _add(self, note: Note) -> None:
        if note.text:
            self._part.entries.append(note)

    def _add_block(self, block: Block) -> None:
        assert block.note is not None
        words = paragraphs(self._text, self._layout.between(block.start, block.end))
        self._add(Note(block.note, block.start, block.end, words))

    def _spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Return a range without the page numbers in it."""
        spans: list[Span] = []
        for first, last in self._pages:
            if start <= first < end:
                spans.append((start, first))
                start = last
        return tuple(span for one in (*spans, (start, end)) if (span := self._trim(*one)))

    def _trim(self, start: int, end: int) -> Span | None:
        part = self._text[start:end]
        words = part.strip(" \n")
        start += len(part) - len(part.lstrip(" \n"))
        return (start, start + len(words)) if words else None

    def _date(self) -> str | None:
        for line in self._layout.head:
            if match := _DATE.search(line.text.casefold()):
                return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1])).isoformat()
        return None

    def _build(self, part: _Part, debate_id: str | None, day: str | None) -> Debate:
        pieces: list[Piece] = []
        notes: list[Note] = []
        pauses: dict[int, set[str]] = {}
        for entry in part.entries:
            if isinstance(entry, Piece):
                pieces.append(entry)
            else:
                notes.append(entry)
                pauses.setdefault(len(pieces), set()).add(entry.kind)
        starts = {piece.spans[0][0]: index for index, piece in enumerate(pieces)}
        filed = {starts[start]: submission for start, (_, submission) in part.filed.items()}
        debate = build_debate(
            pieces,
            title=part.title,
            date=day,
            pauses={index: frozenset(kinds) for index, kinds in pauses.items()},
            notes=notes,
            filed=filed,
            source=self._source,
            debate_id=debate_id,
            oddities=part.oddities,
        )
        titles = {debate.turns[starts[start]].id: title for start, (title, _) in part.filed.items()}
        motions = tuple(replace(motion, title=titles.get(motion.turn)) for motion in debate.motions)
        return replace(debate, motions=motions, votes=tuple(part.votes))


def _end_of(entry: Piece | Note) -> int:
    return entry.end if isinstance(entry, Note) else entry.spans[-1][1]
