"""Running heads and page numbers: lines that come back on every page, told by that and by nothing else.

What comes back must do so as pages do, at the edges of pages where these are marked, or else as far apart as pages are
and from the beginning of the report to its end. Lines that end a sentence, headers, and the words that motions and
stage directions have in common come back too; they are never taken.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from standpunt.readers.lines import Line, goes_on
from standpunt.text.alignment import Span

_LONGEST = 150
_PAGE = 8  # lines that a page has at least
_TIMES = 3
_COUNT = 6
_NUMBER = re.compile(r"\d+")
_NUMBERED = r"\d{1,4}(?:\s*(?:/|van|of)\s*\d{1,4})?"
_PAGE_NUMBER = re.compile(
    rf"(?:(?:pagina|pag\.?|blz\.?|blad|page|p\.)\s*)?{_NUMBERED}|([-–|])\s*{_NUMBERED}\s*\1|"
    rf"\[{_NUMBERED}\]|\({_NUMBERED}\)",
    re.IGNORECASE,
)
_SHORT = 20
_SPOKEN = ".?!…,;:"
_CLOSING = "\"'”’»"  # what a sentence may end with behind these
_QUOTES = "\"'“”‘’„(["
_NEVER = re.compile(r"\(|motie\b|de kamer|sluiting|aanvang|voor\b|tegen\b", re.IGNORECASE)


def find_furniture(text: str, lines: Sequence[Line]) -> tuple[list[Span], list[int]]:
    """Return where the running heads and page numbers of a report stand, and where other lines come back.

    Those others come back three times at least, and stand in the middle of a sentence.
    """
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    numbers: list[int] = []
    for index, line in enumerate(lines):
        words = line.text
        if len(words) <= _SHORT and _PAGE_NUMBER.fullmatch(words):
            numbers.append(index)
        elif len(words) <= _LONGEST and words.rstrip(_CLOSING)[-1:] not in _SPOKEN and not words[0].islower():
            kinds[_NUMBER.sub("#", words)].append(index)
    edges = _edges(text, lines)
    numbers = _page_numbers(lines, numbers, edges)
    near_numbers = {place for number in numbers for place in range(number - 2, number + 3)}
    furniture = set(numbers)
    others: set[int] = set()
    for words, places in kinds.items():
        if len(places) < 2 or _NEVER.match(words) or _begins_a_sentence(lines, places):
            continue
        at_numbers = sum(place in near_numbers for place in places) * 10 >= len(places) * 9
        if at_numbers or _is_on_pages(places, edges, len(lines)):
            furniture.update(places)
        elif len(places) >= _TIMES and any(_interrupts(lines, place) for place in places):
            others.update(places)
    spans = [(lines[index].start, lines[index].end) for index in sorted(furniture)]
    return spans, [lines[index].start for index in sorted(others)]


def blank_out(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length with page breaks in place of these lines."""
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], "\f", " " * (end - start - 1)]
        position = end
    return "".join([*parts, text[position:]])


def _edges(text: str, lines: Sequence[Line]) -> set[int]:
    """Return the lines that are among the first or the last two of a page, where form feeds mark the pages.

    Of pages of a few lines nearly all would be.
    """
    breaks = [index for index, (line, after) in enumerate(pairwise(lines)) if "\f" in text[line.end : after.start]]
    if not breaks or len(lines) / (len(breaks) + 1) < _PAGE:
        return set()
    return {0, 1, len(lines) - 2, len(lines) - 1, *(place for index in breaks for place in range(index - 1, index + 3))}


def _page_numbers(lines: Sequence[Line], places: Sequence[int], edges: set[int]) -> list[int]:
    """Return those of the lines with a number that count pages: one more each time, or a few more where some lack."""
    best: list[int] = []
    for first in range(min(len(places), 3)):
        chain = [places[first]]
        last = _number(lines[places[first]])
        for place in places[first + 1 :]:
            number = _number(lines[place])
            if last < number <= last + 3:
                chain.append(place)
                last = number
        best = max(best, chain, key=len)
    # A long count is one of pages wherever an extractor has put it.
    if len(best) >= _COUNT and median(later - earlier for earlier, later in pairwise(best)) >= _PAGE:
        return best
    if len(best) >= 2 and _is_on_pages(best, edges, len(lines), times=2):
        return best
    # Of the only page, below the last sentence.
    return [place for place in places[-1:] if place and place == len(lines) - 1 and lines[place - 1].text[-1] in ".?!"]


def _number(line: Line) -> int:
    return int(_NUMBER.findall(line.text)[0])


def _interrupts(lines: Sequence[Line], place: int) -> bool:
    """Tell whether a line stands in a sentence that goes on below it, and is no part of that."""
    return 0 < place < len(lines) - 1 and goes_on(lines[place - 1].text, lines[place + 1].text)


def _begins_a_sentence(lines: Sequence[Line], places: Sequence[int]) -> bool:
    """Tell whether a line is the beginning of a sentence that is said again: it goes on below, and not from above.

    Below a running head goes on what stands above it, or something new begins.
    """
    below = [lines[place + 1].text.lstrip(_QUOTES)[:1] if place + 1 < len(lines) else "" for place in places]
    return all(first.islower() for first in below) and not any(_interrupts(lines, place) for place in places)


def _is_on_pages(places: Sequence[int], edges: set[int], total: int, *, times: int = _TIMES) -> bool:
    """Tell whether lines come back as pages do."""
    if len(places) < times:
        return False
    if edges:
        return sum(place in edges for place in places) * 10 >= len(places) * 9
    gaps = [later - earlier for earlier, later in pairwise(places)]
    usual = median(gaps)
    if usual < _PAGE or places[0] > 2 * usual or total - places[-1] > 2 * usual + 1:
        return False
    full = gaps[:-1] or gaps  # the last page may be short
    return sum(usual * 0.6 <= gap <= usual * 1.5 for gap in full) * 5 >= len(full) * 4 and gaps[-1] <= usual * 1.5
