"""The plain text of a printed report of the Tweede Kamer (Handelingen or stenogram), as taken from the PDF.

A speaker's contribution begins with a header on a line of its own ("De heer Jansen (Partij):", "Minister De Vries:",
"De voorzitter:"). What follows is speech, stage directions, and motions that are read into the record; the report
prints a second motion of the same member straight below the chair's line about the first, without a header.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, cast

from standpunt.advice import with_advice
from standpunt.debate import Debate, Motion, Note, NoteKind, Role, Span, Speaker, Turn, digest_debate
from standpunt.errors import ReadError
from standpunt.floor import Contribution, Place, assign_floor
from standpunt.names import find_surname, is_name
from standpunt.readers.normalise import normalise, plain_spaces

_HEADER = re.compile(
    r" *(?:(?P<chair>De (?:fungerend )?[Vv]oorzitter)"
    r"|(?P<title>De heer|Mevrouw|Minister-president|Minister|Staatssecretaris) +"
    r"(?P<name>[^\n(:]{1,60}?) *\n? *(?:\((?P<party>[^()]{1,80})\))?) *:"
)
_LINE_END_COLON = re.compile(r":(?= *(?:\n|\Z))")
_ROLES: dict[str, Role] = {
    "Minister": "minister",
    "Minister-president": "minister",
    "Staatssecretaris": "state secretary",
}
# A line of the report, at the beginning of a block, that nobody speaks or that opens a motion.
_MAYBE_SPECIAL = re.compile(r"\n(?:[ \f]*\n)? *(?=De [Kvba]|Aan|In s|Motie|MOTIE|Sluiting|\()")
_SITTING = r"De (?:vergadering|(?:algemene )?beraadslaging) wordt"
_SPECIAL = re.compile(
    r"(?:"
    rf"(?P<suspension>{_SITTING}[^.\n]*(?:\.\d\d[^.\n]*)*(?:\n[^.\n]+)?geschorst\.)"
    rf"|(?P<resumption>{_SITTING} (?:hervat|heropend)\.)"
    rf"|(?P<opening>{_SITTING} (?:te [^\n]+ )?geopend\.|Aanvang \d+[.:]\d\d uur\.?)"
    rf"|(?P<closing>{_SITTING} (?:te [^\n]+ )?gesloten\.|Sluiting \d+[.:]\d\d uur\.?)"
    r"|(?P<vote>In stemming komt [^\n]+(?:\n[^\n]+)*)"
    r"|(?P<reaction>\((?:applaus|geroffel|gelach|hilariteit|rumoer)[^)\n]*\)\.?)"
    r"|(?P<heading>Motie|Aan de orde (?:is|zijn) [^\n]+(?:\n[^\n]+)*)"
    r"|(?P<motion>De Kamer,)"
    r")(?= *$)",
    re.MULTILINE | re.IGNORECASE,
)
_MOTION_END = re.compile(r"^ *en gaat over tot de orde van de\s+dag[.,;]?", re.MULTILINE | re.IGNORECASE)
_TITLE = re.compile(
    r"Aan de orde (?:is|zijn)(?: de voortzetting van)? ((?:het|de|een)\s.+?)\.?$", re.IGNORECASE | re.DOTALL
)
_SUBMITTED = re.compile(
    r"voorgesteld\s+door\s+(?:het\s+lid|de\s+leden)\s+(.+?)\.\s.*?Zij\s+krijgt\s+nr\.?\s*(\d+)[^(]{0,40}\(([^)]+)\)",
    re.DOTALL,
)
_REQUEST = re.compile(r"^(?:verzoekt|verzoeken|spreekt|roept|draagt|nodigt|dringt|wijst|keurt|zegt)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!…:][\"”’')\]]*\s*$")


def looks_like_plain(text: str) -> bool:
    """Tell whether `text` holds the header of a speaker."""
    return next(_headers(plain_spaces(text)), None) is not None


def parse(text: str, *, debate_id: str | None = None, partial: bool = False) -> Debate:
    """Read the text of a printed report.

    Args:
        text: the decoded report; offsets of the result count its characters.
        debate_id: the id to give the debate; by default the beginning of its hash.
        partial: accept a text that breaks off in the middle of a sentence.

    Raises:
        ReadError: there is no speaker header, or the text breaks off.
    """
    source, text = text, plain_spaces(text)
    headers = list(_headers(text))
    if not headers:
        raise ReadError(
            "no speaker header such as 'De heer Jansen (Partij):' or 'De voorzitter:' on a line of its own; "
            "expected the plain text of a printed debate report"
        )
    parts: list[_Part] = []
    notes = list(_preamble(text, headers[0].start))
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        end = following.start if following else len(text)
        parts.extend(_split_body(text, header, end, notes))
    if not partial:
        _refuse_truncated(text, headers[-1], parts, notes)
    return _assemble(source, text, parts, notes, debate_id)


class _Header(NamedTuple):
    start: int
    end: int
    speaker: Speaker


@dataclass(slots=True)
class _Part:
    """Speech or a motion of one speaker, before floor and ids are known."""

    speaker: Speaker
    spans: tuple[Span, ...]
    is_motion: bool = False
    under_chair: bool = False


def _headers(text: str) -> Iterator[_Header]:
    seen: dict[str, Speaker | None] = {}
    for colon in _LINE_END_COLON.finditer(text):
        start = text.rfind("\n", 0, colon.start()) + 1
        # A long header may be wrapped before or inside the party.
        previous = text.rfind("\n", 0, max(start - 1, 0)) + 1
        for begin in (start, previous):
            line = text[begin : colon.end()]
            if line not in seen:
                match = _HEADER.fullmatch(line)
                seen[line] = _speaker(match) if match else None
            speaker = seen[line]
            # Inside a paragraph the same words are speech.
            if speaker and _begins_block(text, begin):
                yield _Header(begin, colon.end(), speaker)
                break


def _speaker(match: re.Match[str]) -> Speaker | None:
    if match["chair"]:
        return Speaker("De voorzitter", None, "chair")
    name = " ".join(match["name"].split())
    if not is_name(name):
        return None
    party = normalise(match["party"]) if match["party"] else None
    return Speaker(name, party, _ROLES.get(match["title"], "member" if party else "guest"))


def _preamble(text: str, end: int) -> Iterator[Note]:
    """Everything before the first header: title, date, who is present."""
    for match in re.finditer(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", text[:end]):
        special = _SPECIAL.match(text, match.start(), match.end())
        kind = _note_kind(special) if special and special.lastgroup != "motion" else "preamble"
        yield Note(kind, match.start(), match.start() + len(match[0].rstrip()), normalise(match[0]))


def _split_body(text: str, header: _Header, end: int, notes: list[Note]) -> Iterator[_Part]:
    """Yield what is spoken between a header and the next, and add what is not to `notes`."""
    spans: list[Span] = []
    position = header.end
    last_was_note = False
    for candidate in _MAYBE_SPECIAL.finditer(text, header.end, end):
        match = _SPECIAL.match(text, candidate.end(), end)
        if match is None or match.start() < position or not _begins_block(text, match.start()):
            continue
        before = _trim(text, position, match.start())
        if match.lastgroup == "heading" and match[0].casefold() != "motie":
            # The chair may say "Aan de orde is ..."; it is printed as a heading only after a stage direction.
            if before and not (last_was_note and not _SENTENCE_END.search(text[before[0] : before[1]])):
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
                yield _Part(header.speaker, tuple(spans))
            finish = _MOTION_END.search(text, match.end(), end)
            position = finish.end() if finish else end
            span = _trim(text, match.start(), position) or (match.start(), position)
            yield _Part(header.speaker, (span,), is_motion=True, under_chair=header.speaker.role == "chair")
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
        yield _Part(header.speaker, tuple(spans))


def _note_kind(match: re.Match[str]) -> NoteKind:
    """The groups of `_SPECIAL` but "motion" are named like the kinds of notes."""
    return cast(NoteKind, match.lastgroup)


def _begins_block(text: str, start: int) -> bool:
    """Tell whether the line at `start` follows an empty line, a page break, a speaker's header, or nothing."""
    before = text[max(0, start - 80) : start].rstrip(" ")
    above = before.removesuffix("\n").rstrip(" ")
    return not above or above.endswith(("\n", "\f", ":")) or before.endswith("\f")


def _trim(text: str, start: int, end: int) -> Span | None:
    """Shrink a range to its visible characters; None where there are none."""
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    begin = start + len(piece) - len(piece.lstrip())
    return begin, begin + len(stripped)


def _refuse_truncated(text: str, last: _Header, parts: list[_Part], notes: list[Note]) -> None:
    last_part = parts[-1].spans[-1] if parts else (0, 0)
    tail = max([last_part[1], *(note.end for note in notes)])
    if last.end > tail:
        raise ReadError(
            f"the report breaks off after the header of {last.speaker.name} at character {last.start}; get the whole "
            "file, or pass --partial to read what is there"
        )
    if tail == last_part[1] and not _SENTENCE_END.search(text[max(0, tail - 5) : tail]):
        raise ReadError(
            f"the report breaks off in the middle of a sentence at character {tail} ({last.speaker.name}); get the "
            "whole file, or pass --partial to read what is there"
        )


def _assemble(source: str, text: str, parts: list[_Part], notes: list[Note], debate_id: str | None) -> Debate:
    known = list(dict.fromkeys(part.speaker for part in parts if part.speaker.role != "chair"))
    by_name = {speaker.name: speaker for speaker in known}
    submissions = _submissions(text, parts)
    reader: Speaker | None = None
    for index, part in enumerate(parts):
        if part.under_chair:
            submission = submissions[index]
            name = find_surname(submission[0][0], by_name) if submission else None
            part.speaker = by_name[name] if name else reader or part.speaker
        if part.speaker.role != "chair":
            reader = part.speaker
    texts = [_text(text, part.spans) for part in parts]
    pauses = _pauses(notes, parts)
    floor = assign_floor(
        [
            Contribution(p.speaker, t, p.is_motion, pauses.get(i, frozenset()))
            for i, (p, t) in enumerate(zip(parts, texts, strict=True))
        ]
    )
    if debate_id is None:
        debate_id = digest_debate(texts)[:8]
    turns = _turns(debate_id, parts, texts, floor)
    motions = []
    for index, (part, turn) in enumerate(zip(parts, turns, strict=True)):
        if part.is_motion:
            submission = submissions[index]
            names, number, dossier = submission or ((part.speaker.name,), None, None)
            motions.append(Motion(number, dossier, names, turn.text, _request(turn.text), turn.id))
    notes.sort(key=lambda note: note.start)
    return Debate(debate_id, _title(notes), turns, with_advice(motions, turns), tuple(notes), source)


def _text(text: str, spans: tuple[Span, ...]) -> str:
    if len(spans) == 1:
        return normalise(text[spans[0][0] : spans[0][1]])
    return "\n\n".join(normalise(text[start:end]) for start, end in spans)


def _turns(debate_id: str, parts: list[_Part], texts: list[str], floor: list[Place]) -> tuple[Turn, ...]:
    ids = [f"{debate_id}-{ordinal:03d}" for ordinal in range(1, len(parts) + 1)]
    return tuple(
        Turn(
            ids[index], index + 1, part.speaker, place.kind, place.term, place.floor,
            None if place.replies_to is None else ids[place.replies_to],
            part.spans[0][0], part.spans[-1][1], texts[index], part.spans,
        )
        for index, (part, place) in enumerate(zip(parts, floor, strict=True))
    )  # fmt: skip


def _pauses(notes: list[Note], parts: list[_Part]) -> dict[int, frozenset[str]]:
    """The kinds of stage directions before a contribution (also those inside the one before it), by its index."""
    starts = [part.spans[0][0] for part in parts]
    found: dict[int, set[str]] = {}
    for note in notes:
        found.setdefault(bisect_right(starts, note.start), set()).add(note.kind)
    return {index: frozenset(kinds) for index, kinds in found.items()}


def _submissions(text: str, parts: list[_Part]) -> list[tuple[tuple[str, ...], int, str] | None]:
    """Find for each motion the chair's lines about it: submitters, number, dossier."""
    found: list[tuple[tuple[str, ...], int, str] | None] = [None] * len(parts)
    motions = [index for index, part in enumerate(parts) if part.is_motion]
    for index, following in zip(motions, [*motions[1:], None], strict=True):
        start = parts[index].spans[-1][1]
        end = parts[following].spans[0][0] if following is not None else min(len(text), start + 3000)
        match = _SUBMITTED.search(text, start, end)
        if match:
            names = re.split(r",\s*|\s+en\s+", normalise(match[1]).replace("\n\n", " "))
            found[index] = tuple(name for name in names if name), int(match[2]), match[3].strip()
    return found


def _request(motion: str) -> str:
    paragraphs = [part for part in motion.split("\n\n") if _REQUEST.match(part)]
    return "\n\n".join(part.rstrip(",;") for part in paragraphs)


def _title(notes: list[Note]) -> str:
    for note in notes:
        match = _TITLE.search(note.text)
        if match:
            return match[1]
    return notes[0].text if notes else ""
