"""The printed layout of a report: the inverse of `standpunt.readers.plain`.

`print_debate` writes a debate out as clean text and `lay_out` puts that on pages. Paragraphs are wrapped as the PDF's
text is (a blank stays at the end of a line that was wrapped at it, words break after a hyphen that is part of them) and
pages end inside sentences and words. Used for the fictional debates, the tests, and to compare formats.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from standpunt.debate import Debate, Role, Speaker, Turn
from standpunt.errors import ReadError
from standpunt.readers import plain
from standpunt.readers.build import parse_submission
from standpunt.readers.normalise import ends_paragraph

_WIDTH = 92
_PAGE_LINES = 42
# Where a line may end: after a blank, or after a hyphen inside a word.
_PIECE = re.compile(r"\S+?[\w'’\"”)]-(?=[\w'’\"“(])|\S+ ?")

_TITLES: dict[Role, str] = {"minister": "Minister", "state secretary": "Staatssecretaris"}
_PROBE = "De voorzitter:\nJa."


def print_debate(debate: Debate) -> str:
    """Write a debate of any reader as the text of a printed report, which `lay_out` expects.

    Reading `lay_out(print_debate(debate))` gives the same turns: speakers, parties, roles, which of them are motions,
    texts. What a printed report does not say is lost, and what it says by its looks alone may read as something else:

    - whether a member is a man or a woman is not kept in `Speaker`; "De heer" is printed for all, which reads alike;
    - a member without a party reads back as a guest, a name that is not built like one as part of a text;
    - words that look like a header, a stage direction or a motion read back as one, a motion without "De Kamer," or
      the words it ends in does not;
    - notes stand behind the turn they interrupt, and those before the first turn are its preamble; any other that would
      not read back as a note, or is longer than a line of 92 characters (a page might end in it), is left out;
    - kinds and terms of turns are worked out anew: marks of the floor are not printed, nor anchors, times and the date.
    """
    notes = _notes_behind(debate)
    if debate.title and not any(debate.title in note for note in notes[0]):
        notes[0].insert(0, debate.title)
    blocks = list(notes[0])
    for index, turn in enumerate(debate.turns):
        header = "" if _stands_below(debate.turns, index) else f"{_header(turn.speaker)}\n"
        blocks.append(header + turn.text)
        blocks.extend(_readable(notes[index + 1]))
    return "\n\n".join(blocks) + "\n"


def lay_out(text: str, *, width: int = _WIDTH, page_lines: int = _PAGE_LINES) -> str:
    """Lay a report out as printed.

    Args:
        text: blocks separated by an empty line; a speaker's header is a line of its own on top of its block.
        width: characters a line holds.
        page_lines: lines a page holds; a page break is three empty lines.

    Returns:
        The same words in the printed layout.
    """
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if lines:
            lines.append("")
        for paragraph in block.split("\n"):
            lines.extend(_wrap(paragraph.strip(), width))
    return "\n".join(_paginate(lines, page_lines)) + "\n"


def _notes_behind(debate: Debate) -> list[list[str]]:
    """Return the texts of the notes by the number of turns that begin before them."""
    notes: list[list[str]] = [[] for _ in range(len(debate.turns) + 1)]
    starts = [turn.start for turn in debate.turns if turn.start is not None]
    for note in debate.notes:
        # Without offsets a note counts turns.
        index = bisect_left(starts, note.start) if debate.source else min(note.start, len(debate.turns))
        notes[index].append(note.text)
    return notes


def _header(speaker: Speaker) -> str:
    if speaker.role == "chair":
        return "De voorzitter:"
    party = f" ({speaker.party})" if speaker.party else ""
    return f"{_TITLES.get(speaker.role, 'De heer')} {speaker.name}{party}:"


def _stands_below(turns: Sequence[Turn], index: int) -> bool:
    """Tell whether a turn is a motion printed below its reader's words, or below the chair's on the reader's last."""
    turn, before = turns[index], turns[max(index - 2, 0) : index]
    if turn.kind != "motion" or not before or before[-1].kind == "motion":
        return False
    if before[-1].speaker == turn.speaker:
        return True
    if before[-1].speaker.role != "chair" or before[0].kind != "motion" or before[0].speaker != turn.speaker:
        return False
    # There the first submitter that the chair names is taken for the reader.
    said = parse_submission(turns[index + 1].text) if index + 1 < len(turns) else None
    return said is not None and said.submitters[:1] == (turn.speaker.name,)


def _readable(notes: Sequence[str]) -> list[str]:
    """Return those of the notes behind a turn that read back as notes."""
    kept: list[str] = []
    for note in notes:
        try:
            read = plain.parse("\n\n".join([_PROBE, *kept, note, _PROBE]))
        except ReadError:
            continue
        if len(note) <= _WIDTH and len(read.notes) > len(kept) and [turn.text for turn in read.turns] == ["Ja.", "Ja."]:
            kept.append(note)
    return kept


def _wrap(paragraph: str, width: int) -> list[str]:
    lines, line = [], ""
    pieces = _PIECE.findall(paragraph)
    for piece, following in zip_longest(pieces, pieces[1:], fillvalue=""):
        # A suspended hyphen that no conjunction follows must not end a line: it would read as part of a word.
        unit = len(piece) + len(following.rstrip()) if piece.endswith("- ") else len(piece.rstrip())
        if line and len(line) + unit > width:
            lines.append(line)
            line = ""
        line += piece
    if line:
        lines.append(line.rstrip())
    # A line that is full has no room for the blank it was wrapped at.
    return [entry if len(entry) <= width else entry.rstrip() for entry in lines]


def _paginate(lines: list[str], page_lines: int) -> list[str]:
    pages: list[str] = []
    used = 0
    for index, line in enumerate(lines):
        if used >= page_lines and _may_break(lines, index):
            pages.extend(["", "", ""] if line else ["", ""])
            used = 0
        pages.append(line)
        used += 1
    return pages


def _may_break(lines: list[str], index: int) -> bool:
    """Tell whether a page may end before line `index`, so that a reader can tell paragraphs from wrapped lines."""
    if index == 0 or not lines[index - 1]:
        return False
    between = not lines[index]
    follows = lines[index + 1] if between and index + 1 < len(lines) else lines[index]
    if between:
        # Between a header and its text, or around one, nothing is in doubt.
        return ends_paragraph(lines[index - 1], follows)
    return not lines[index - 1].endswith(":") and not ends_paragraph(lines[index - 1], follows)


def repeated_lines(printed):
    """Return the long lines without a full stop that a text has three times."""
    counts = Counter(line.strip() for line in printed.splitlines())
    return [line for line, times in counts.items() if times >= 3 and len(line) > 40 and line[-1] not in ".?!:"]
