"""A sitting of a council: what stands in its minutes, brought together by agenda item."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from standpunt.debate import Debate, MotionVote, Note, Span, Speaker
from standpunt.errors import ReadError
from standpunt.parliament.floor import count_calls
from standpunt.readers.build import CHAIR, Piece, Submission, contribution
from standpunt.readers.dates import read_date
from standpunt.readers.minutes.layout import Block, Layout
from standpunt.readers.minutes.lines import clean, paragraphs
from standpunt.readers.minutes.motions import Number, Result, gone_in, number_in, result_in, submitted_in, voted_on
from standpunt.readers.minutes.parts import Part, SubmittedMotion
from standpunt.readers.minutes.people import People, mayors, members_present

OPENING, VOTES = "Opening", "Stemmingen"
_EARLIER = re.compile(r"\b(?:gestaakt|staakten|aangehouden)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!…:;)][\"”’')\]]*$")
_Key = tuple[str, int | str]


class Sitting:
    """Goes through the blocks of the minutes once and gathers what belongs to each item."""

    def __init__(self, source: str) -> None:
        """Take in the decoded report."""
        self._source = source
        self._text, self._pages = clean(source)
        members = members_present(self._text)
        self._layout = Layout(self._text, {name.casefold() for name in members})
        self._blocks = self._layout.blocks
        labels = [block.label for block in self._blocks if block.label]
        items = {key for block in self._blocks if block.agenda for key in block.agenda.keys} | set(self._layout.agenda)
        self._people = People(labels, members, mayors(self._text, members), items)
        self._parts = [Part(OPENING)]
        self._part = self._parts[0]
        self._texts: dict[int, SubmittedMotion] = {}  # by where they begin
        self._motions: dict[_Key, SubmittedMotion] = {}  # the last version of each
        self._votes: dict[_Key, tuple[MotionVote, Part]] = {}  # with where the result was said
        self._last: dict[str, Speaker] = {}  # who spoke last under a surname, or for a party
        self._speaker: Speaker | None = None
        self._member: Speaker | None = None  # who spoke last in this part
        self._piece: Piece | None = None  # that the speaker's next words belong to
        self._announced: list[tuple[Number | None, tuple[str, ...]]] = []  # motions whose text must follow
        self._voting: tuple[Number, ...] = ()  # motions whose result must follow
        self._vote_title = ""
        self._earlier = ""  # heading of votes on the motions of another sitting
        self._take_all()

    def debates(self, debate_id: str | None) -> Iterator[Debate]:
        """Yield the debates; the first has the id, from the second on with "-2" and so on added.

        Raises:
            ReadError: nobody speaks.
        """
        spoken = [part for part in self._parts if part.pieces]
        if not spoken:
            raise ReadError("the minutes of a council in which nobody speaks; expected contributions of speakers")
        # A motion may be changed while another item is spoken of: the vote stands beside both versions.
        numbers = [(part, self._numbers(part)) for part in spoken]
        for key, (vote, said_in) in self._votes.items():
            for part in [part for part, held in numbers if key in held] or [said_in]:
                part.votes.append(vote)
        self._hand_on_silent_notes(spoken)
        day = self._date()
        called, uncalled = count_calls([contribution(piece) for part in spoken for piece in part.pieces])
        for number, part in enumerate(spoken, 1):
            name = debate_id if debate_id is None or number == 1 else f"{debate_id}-{number}"
            yield part.build(name, motions=self._texts, source=self._source, date=day, calls_printed=called > uncalled)

    def refuse_truncated(self) -> None:
        """Refuse minutes that break off.

        Raises:
            ReadError: the last words are a label, or no whole sentence.
        """
        last = self._blocks[-1] if self._blocks else None
        if last is None or last.kind not in ("label", "speech", "motion") or self._speaker is None:
            return
        words = self._text[last.start : last.end].rstrip(" \n\u00ad")
        if last.kind == "label":
            where = f"after the label {words!r} at character {last.start}"
        elif _SENTENCE_END.search(words):
            return
        else:
            where = f"in the middle of a sentence at character {last.end} ({self._speaker.name})"
        raise ReadError(f"the minutes break off {where}; get the whole file, or pass --partial to read what is there")

    def _take_all(self) -> None:
        self._add(Note("preamble", *self._layout.head_span, paragraphs(self._layout.head, is_motion=True)))
        take = {
            "label": self._take_label,
            "speech": self._take_speech,
            "item": self._take_item,
            "motion": self._take_motion,
            "votes": self._take_heading_of_votes,
            "vote": self._take_vote,
            "present": self._take_present,
            "note": self._take_note,
        }
        pages = deque(self._pages)
        self._add_pages(pages, self._layout.head_span, inside=False)
        for block in self._blocks:
            take[block.kind](block)
            is_spoken = block.kind == "motion" or (block.kind == "speech" and self._speaker is not None)
            self._add_pages(pages, (block.start, block.end), inside=is_spoken)
        self._add_pages(pages, (len(self._text), len(self._text)), inside=False)

    def _add_pages(self, pages: deque[Span], span: Span, *, inside: bool) -> None:
        """Note the numbers of the pages up to the end of a block; those inside of a note are in it already."""
        while pages and pages[0][0] < span[1]:
            page = pages.popleft()
            if inside or page[0] < span[0]:
                self._add(Note("page", *page, self._source[slice(*page)]))

    def _take_label(self, block: Block) -> None:
        assert block.label is not None
        self._speaker, self._piece = self._people.speaker(block.label), None
        if self._speaker.role == "member":
            self._member = self._speaker
            for name in (self._called(self._speaker), self._speaker.party):
                if name:
                    self._last[name.casefold()] = self._speaker

    def _take_speech(self, block: Block) -> None:
        words = paragraphs(self._layout.between(block.start, block.end))
        if self._speaker is None:
            self._add(Note("preamble", block.start, block.end, words))
            return
        if not words:
            return
        spans = self._spans(block.start, block.end)
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
            if result.strangers:
                self._part.oddities["name in a roll call that is not among those present"] += len(result.strangers)
            self._voting = ()
        for number, gone in gone_in(words):
            self._decide(number, Result(gone))
        if submitted := submitted_in(words):
            self._announced = [(number, submitted.names) for number in submitted.numbers or (None,)]

    def _decide(self, number: Number, result: Result) -> None:
        motion = None if self._earlier else self._motions.get(number.key)
        title = motion.title if motion else self._vote_title or f"{number.item}.{number.number}"
        dossier = motion.submission.dossier if motion else number.item
        vote = MotionVote(
            dossier, number.number, title, result.result, dict(result.votes), bool(result.votes), dict(result.counts)
        )
        if self._earlier:
            self._part.votes.append(replace(vote, title=f"{title} ({self._earlier})"))
        else:
            self._votes[number.key] = vote, self._part

    def _take_motion(self, block: Block) -> None:
        number, names = self._announcement(number_in(block.title))
        earlier = self._motions.get(number.key) if number else None
        if not names and earlier:
            names = earlier.submission.submitters
        elif not names and self._member:
            names = (self._called(self._member),)  # who has just told of the change
        if not names:
            self._part.oddities["motion without submitter"] += 1
        dossier = earlier.submission.dossier if earlier else number.item if number else None
        submission = Submission(names, number.number if number else None, dossier)
        motion = SubmittedMotion(submission, block.title, number.key if number else None)
        words = paragraphs(self._layout.between(block.start, block.end), is_motion=True)
        spans = self._spans(block.start, block.end)
        self._part.entries.append(Piece(self._reader(names), words, is_motion=True, spans=spans))
        self._texts[spans[0][0]] = motion
        if number:
            self._motions[number.key] = motion
        # The chair, who announced it, goes on.
        self._speaker, self._piece = CHAIR, None

    def _announcement(self, number: Number | None) -> tuple[Number | None, tuple[str, ...]]:
        """Return the number of a motion, which its title may lack, and who the chair said submits it."""
        for place, (announced, names) in enumerate(self._announced):
            if announced and (number is None or announced.key == number.key):
                del self._announced[place]
                return number or announced, names
        return number, self._announced[0][1] if len(self._announced) == 1 else ()

    def _reader(self, names: Sequence[str]) -> Speaker:
        """Return who submits a motion first; for a party it is who spoke last."""
        if not names:
            return CHAIR
        speaker = self._last.get(names[0].casefold()) or self._people.member(names[0])
        return speaker or Speaker(names[0], None, "member")

    def _take_item(self, block: Block) -> None:
        agenda = block.agenda
        assert agenda is not None
        part = next((part for part in self._parts if agenda.keys and part.keys == agenda.keys), None)
        if part is None and not agenda.is_announced and self._part.keys and not self._part.pieces:
            part = self._part  # one more item that is taken together with those above it
            part.keys, part.title = (*part.keys, *agenda.keys), f"{part.title}; {agenda.title}"
        elif part is None:
            part = Part(agenda.title, agenda.keys)
            self._parts.append(part)
        self._enter(part)
        self._speaker, self._earlier = None, ""
        self._take_note(block)

    def _take_heading_of_votes(self, block: Block) -> None:
        self._enter_votes()
        self._earlier = block.title.lstrip("-– ").rstrip(".") if _EARLIER.search(block.title) else ""
        self._take_note(block)

    def _take_vote(self, block: Block) -> None:
        self._voting = voted_on(block.title)
        self._vote_title = block.title.removeprefix("In stemming komt ").rstrip(".")
        items = {number.item for number in self._voting} & set(self._layout.agenda)
        if items and self._part.keys and not self._part.is_open and items.isdisjoint(self._part.keys):
            self._enter_votes()
        self._speaker, self._piece = CHAIR, None  # the result may follow without a label
        self._take_note(block)

    def _take_present(self, block: Block) -> None:
        self._take_note(block)
        self._speaker = None

    def _take_note(self, block: Block) -> None:
        assert block.note is not None
        words = paragraphs(self._layout.between(block.start, block.end))
        self._add(Note(block.note, block.start, block.end, words))
        deliberation = "beraadslaging" in words.casefold()
        if deliberation and block.note in ("opening", "resumption"):
            self._part.is_open, self._part.tail = True, None
        elif deliberation and block.note in ("closing", "suspension"):
            self._part.is_open = False
        elif block.note == "suspension" and not self._part.is_open:
            self._part.tail = len(self._part.entries)

    def _enter(self, part: Part) -> None:
        self._part, self._piece, self._member, self._announced = part, None, None, []

    def _enter_votes(self) -> None:
        part = self._voting_part()
        if part is None:
            part = Part(VOTES)
            self._parts.append(part)
        if self._part is not part:
            if self._part.tail is not None:
                part.entries.extend(self._part.entries[self._part.tail :])
                del self._part.entries[self._part.tail :]
            self._enter(part)

    def _voting_part(self) -> Part | None:
        return next((part for part in self._parts if part.title == VOTES), None)

    def _numbers(self, part: Part) -> set[_Key | None]:
        return {self._texts[piece.spans[0][0]].key for piece in part.pieces if piece.is_motion}

    def _called(self, speaker: Speaker) -> str:
        return self._people.called(speaker) or speaker.name

    def _add(self, note: Note) -> None:
        if note.text:
            self._part.entries.append(note)

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
        lines = (line.text for line in self._layout.head)
        return next((day for day in map(read_date, lines) if day), None)

    def _hand_on_silent_notes(self, spoken: Sequence[Part]) -> None:
        """Put what stands in items without speech before the next debate, or behind the last."""
        silent: list[Piece | Note] = []
        for part in self._parts:
            if part.pieces:
                part.entries[:0] = silent
                silent = []
            else:
                silent += part.entries
        spoken[-1].entries.extend(silent)
