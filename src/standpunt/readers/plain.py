"""The plain text of a printed report of the Tweede Kamer (Handelingen or stenogram), as taken from the PDF.

A speaker's contribution begins with a header on a line of its own ("De heer Jansen (Partij):", "Minister De Vries:",
"De voorzitter:"). What follows is speech, stage directions, and motions that are read into the record; the report
prints a second motion of the same member straight below the chair's line about the first, without a header.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import zip_longest
from typing import cast

from standpunt.debate import Debate, Note, NoteKind, Span, Speaker
from standpunt.errors import ReadError
from standpunt.readers.build import Piece, build_debate
from standpunt.readers.dates import sitting_date
from standpunt.readers.directions import MAYBE_DIRECTION, MORE_LINES, MOTION_END, STAGE_DIRECTION
from standpunt.readers.doubts import doubts_of, refuse_preamble
from standpunt.readers.formats import Format, Report
from standpunt.readers.headers import Header, begins_block
from standpunt.readers.layout import Layout, restore
from standpunt.readers.lines import closes
from standpunt.readers.normalise import normalise
from standpunt.readers.refusals import foreign_language, in_another_language
from standpunt.text.alignment import INVISIBLE, VISIBLE

_TITLE = re.compile(
    r"Aan de orde (?:is|zijn)(?: de voortzetting van)? ((?:het|de|een)\s.+?)\.?$", re.IGNORECASE | re.DOTALL
)
_SENTENCE_END = re.compile(r"[.?!…:][\"”’')\]]*\s*$")
_FEW = 8  # characters in which a sentence ends
_APART = 4000  # characters, from one header to the next, that are many


def parse(text: str, *, debate_id: str | None = None, partial: bool = False) -> Debate:
    """Read the text of a printed report.

    Args:
        text: the decoded report; offsets of the result count its characters.
        debate_id: the id to give the debate; by default the beginning of its hash.
        partial: accept a text that breaks off in the middle of a sentence.

    Raises:
        ReadError: there is no speaker header, the text breaks off, is mostly preamble, or is in another language.
    """
    layout = restore(text)
    headers = layout.headers
    # Guests of a hearing may speak another language below headers that are Dutch.
    if len(headers) * _APART < len(text) and (language := foreign_language(text)):
        raise in_another_language(language)
    if not headers:
        raise ReadError(
            "no speaker header such as 'De heer Jansen (Partij):' or 'De voorzitter:'; expected the plain text of a "
            "debate report, in Dutch"
        )
    doubts = doubts_of(text, layout)
    if not partial:
        refuse_preamble(text, layout)
    pieces: list[Piece] = []
    notes = list(_preamble(layout.text, headers[0].start))
    for header, following in zip_longest(headers, headers[1:]):
        end = following.start if following else len(layout.text)
        pieces.extend(_split_body(layout.text, header, end, notes))
    if not partial:
        _refuse_truncated(layout, pieces, notes)
    title, pauses = _title(notes, headers[0].start), _pauses(notes, pieces)
    pages = list(_page_notes(text, layout))
    preamble = [note.text for note in notes if note.end <= headers[0].start]
    for piece in pieces:
        piece.spans = tuple(part for span in piece.spans for part in layout.spans_in_source(*span))
    return build_debate(
        pieces,
        title=title,
        pauses=pauses,
        notes=[*(_in_source(note, layout) for note in notes), *pages],
        date=sitting_date(preamble, (note.text for note in pages)),
        source=text,
        debate_id=debate_id,
        oddities=doubts.counts,
        places=doubts.places,
    )


def _in_source(note: Note, layout: Layout) -> Note:
    return Note(note.kind, *layout.in_source(note.start, note.end), note.text)


def _page_notes(source: str, layout: Layout) -> Iterator[Note]:
    for start, end in layout.furniture:
        span = _trim(source, start, end)
        if span:
            yield Note("page", *span, normalise(source[slice(*span)]))


def _preamble(text: str, end: int) -> Iterator[Note]:
    """Everything before the first header: title, date, who is present."""
    for match in re.finditer(rf"\S[^\n\f]*{MORE_LINES}", text[:end]):
        special = STAGE_DIRECTION.match(text, match.start(), match.end())
        kind = _note_kind(special) if special and special.lastgroup != "motion" else "preamble"
        yield Note(kind, match.start(), match.start() + len(match[0].rstrip()), normalise(match[0]))


def _split_body(text: str, header: Header, end: int, notes: list[Note]) -> Iterator[Piece]:
    """Yield what is spoken between a header and the next, and add what is not to `notes`."""
    spans: list[Span] = []
    position = header.end
    last_was_note = False
    for candidate in MAYBE_DIRECTION.finditer(text, header.end, end):
        match = STAGE_DIRECTION.match(text, candidate.end(), end)
        if match is None or match.start() < position:
            continue
        stands_alone = begins_block(text, match.start()) or (match["motion"] and closes(text, match.start()))
        if not stands_alone and _trim(text, position, match.start()):
            continue
        before = _trim(text, position, match.start())
        if match.lastgroup == "heading" and match[0].casefold() != "motie":
            # The chair may say "Aan de orde is ..."; it is printed as a heading only after a stage direction.
            if before and not (last_was_note and not _ends_sentence(text, *before)):
                continue
            if before:
                notes.append(Note("heading", *before, normalise(text[slice(*before)])))
                before = None
            elif not last_was_note:
                continue
        if before:
            spans.append(before)
        if match.lastgroup == "motion":
            if spans:
                yield _piece(text, header.speaker, tuple(spans))
            finish = MOTION_END.search(text, match.end(), end)
            position = finish.end() if finish else end
            span = _trim(text, match.start(), position) or (match.start(), position)
            yield _piece(text, header.speaker, (span,), is_motion=True)
            spans = []
            last_was_note = False
            continue
        notes.append(Note(_note_kind(match), match.start(), match.end(), normalise(match[0])))
        position = match.end()
        last_was_note = True
    rest = _trim(text, position, end)
    if rest:
        spans.append(rest)
    if spans:
        yield _piece(text, header.speaker, tuple(spans))


def _piece(text: str, speaker: Speaker, spans: tuple[Span, ...], *, is_motion: bool = False) -> Piece:
    if len(spans) == 1:
        words = normalise(text[spans[0][0] : spans[0][1]])
    else:
        words = "\n\n".join(normalise(text[start:end]) for start, end in spans)
    return Piece(speaker, words, is_motion, spans)


def _note_kind(match: re.Match[str]) -> NoteKind:
    """The groups of `STAGE_DIRECTION` but "motion" are named like the kinds of notes."""
    return cast(NoteKind, match.lastgroup)


def _ends_sentence(text: str, start: int, end: int) -> bool:
    return _SENTENCE_END.search(text[max(start, end - _FEW) : end]) is not None


def _trim(text: str, start: int, end: int) -> Span | None:
    """Shrink a range to its visible characters; None where there are none."""
    first = VISIBLE.search(text, start, end)
    if first is None:
        return None
    while text[end - 1].isspace() or text[end - 1] in INVISIBLE:
        end -= 1
    return first.start(), end


def _refuse_truncated(layout: Layout, pieces: list[Piece], notes: list[Note]) -> None:
    last = layout.headers[-1]
    last_part = pieces[-1].spans[-1] if pieces else (0, 0)
    tail = max([last_part[1], *(note.end for note in notes)])
    if last.end > tail:
        raise ReadError(
            f"the report breaks off after the header of {last.speaker.name} at character "
            f"{layout.place_in_source(last.start)}; get the whole file, or pass --partial to read what is there"
        )
    if tail == last_part[1] and not _ends_sentence(layout.text, 0, tail):
        raise ReadError(
            f"the report breaks off in the middle of a sentence at character {layout.in_source(tail - 1, tail)[1]} "
            f"({last.speaker.name}); get the whole file, or pass --partial to read what is there"
        )


def _pauses(notes: list[Note], pieces: list[Piece]) -> dict[int, frozenset[str]]:
    """The kinds of stage directions before a piece (also those inside the one before it), by its index."""
    starts = [piece.spans[0][0] for piece in pieces]
    by_piece: dict[int, set[str]] = {}
    for note in notes:
        by_piece.setdefault(bisect_right(starts, note.start), set()).add(note.kind)
    return {index: frozenset(kinds) for index, kinds in by_piece.items()}


def _title(notes: list[Note], speech: int) -> str:
    """Return what is on the agenda, or else the first paragraph that is printed before `speech` begins."""
    for note in notes:
        match = _TITLE.search(note.text)
        if match:
            return match[1]
    return notes[0].text if notes and notes[0].end <= speech else ""


def _read(report: Report, debate_id: str | None) -> Iterator[Debate]:
    yield parse(report.text, debate_id=debate_id, partial=report.partial)


FORMAT = Format("plain", xml=False, sniff=lambda report: True, read=_read)
