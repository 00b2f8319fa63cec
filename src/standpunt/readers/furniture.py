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

from standpunt.debate import Span
from standpunt.readers.lines import Line, lines_of

_LONGEST = 150
_PAGE = 8  # lines that a page has at least
_TIMES = 3
_COUNT = 6
_NUMBER = re.compile(r"\d+")
_OF = r"\d{1,4}(?:\s*(?:/|van|of)\s*\d{1,4})?"
_PAGE_NUMBER = re.compile(
    rf"(?:(?:pagina|pag\.?|blz\.?|blad|page|p\.)\s*)?{_OF}|([-–|])\s*{_OF}\s*\1|\[{_OF}\]|\({_OF}\)", re.IGNORECASE
)
_SPOKEN = re.compile(r"[.?!…,;:][\"”’')\]]*$")
_NEVER = re.compile(r"\(|motie\b|de kamer|sluiting|aanvang|voor\b|tegen\b", re.IGNORECASE)


def find_furniture(text: str) -> list[Span]:
    """Return where the running heads and page numbers of a report stand, in order."""
    lines = lines_of(text)
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if len(line.text) > _LONGEST:
            continue
        if _PAGE_NUMBER.fullmatch(line.text):
            kinds["#"].append(index)
        elif not _SPOKEN.search(line.text) and not _NEVER.match(line.text):
            kinds[_NUMBER.sub("#", " ".join(line.text.split()).casefold())].append(index)
    edges = _edges(text, lines)
    numbers = _counting(lines, kinds.pop("#", []))
    # A long count is one of pages wherever an extractor has put it.
    apart = len(numbers) >= _COUNT and median(later - earlier for earlier, later in pairwise(numbers)) >= _PAGE
    found = set(numbers if apart or _is_on_pages(numbers, edges, len(lines), times=2) else ())
    for places in kinds.values():
        if len(places) >= _TIMES and _is_on_pages(places, edges, len(lines), times=_TIMES):
            found.update(places)
    return [(lines[index].start, lines[index].end) for index in sorted(found)]


def blank_out(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length with page breaks in place of these lines."""
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], "\f", " " * (end - start - 1)]
        position = end
    return "".join([*parts, text[position:]])


def _edges(text: str, lines: Sequence[Line]) -> set[int]:
    """Return the lines that are among the first or the last two of a page, where form feeds mark the pages."""
    breaks = [index for index, (line, after) in enumerate(pairwise(lines)) if "\f" in text[line.end : after.start]]
    if not breaks:
        return set()
    return {0, 1, len(lines) - 2, len(lines) - 1, *(place for index in breaks for place in range(index - 1, index + 3))}


def _counting(lines: Sequence[Line], places: Sequence[int]) -> list[int]:
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
    return best


def _number(line: Line) -> int:
    return int(_NUMBER.findall(line.text)[0])


def _is_on_pages(places: Sequence[int], edges: set[int], total: int, *, times: int) -> bool:
    """Tell whether lines come back as pages do."""
    if len(places) < times:
        return False
    if edges:
        return sum(place in edges for place in places) * 10 >= len(places) * 9
    gaps = [later - earlier for earlier, later in pairwise(places)]
    usual = median(gaps)
    if usual < _PAGE or places[0] > 2 * usual or total - places[-1] > 2 * usual + 1:
        return False
    return sum(usual * 0.6 <= gap <= usual * 1.5 for gap in gaps) * 5 >= len(gaps) * 4
