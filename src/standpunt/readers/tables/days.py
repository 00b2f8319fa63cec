"""Days as people write them into tables."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from standpunt.readers.dates import read_date

_MONTHS = {
    name: number
    for names in (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "january february march april may june july august september october november december",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sept oct nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
}
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")  # the day first, as everywhere but in America
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = re.compile(r"(?:\w+,? )?(\d{1,2})(?:er|\.)?[- ]([^\W\d]+)\.?,?[- ](\d{4})")
_AMERICAN = re.compile(r"([^\W\d]+)\.? (\d{1,2}),? (\d{4})")
EXPECTED = "a day as YYYY-MM-DD, 13-03-2025, 13/3/2025 or 13 maart 2025"


def parse_day(cell: Any) -> str | None:
    """Return a day in ISO 8601; None for an empty cell.

    Raises:
        ValueError: it is no day, or its day and month cannot be told apart as day first.
    """
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = "" if cell is None else str(cell).strip()
    if not text:
        return None
    for pattern, order in ((_ISO, "ymd"), (_COMPACT, "ymd"), (_NUMBERS, "dmy"), (_WORDS, "dmy"), (_AMERICAN, "mdy")):
        if match := pattern.fullmatch(text):
            parts = dict(zip(order, match.groups(), strict=True))
            month = _MONTHS.get(parts["m"].casefold(), 0) if not parts["m"].isdecimal() else int(parts["m"])
            return date(int(parts["y"]), month, int(parts["d"])).isoformat()
    found = read_date(text)
    if found is None:
        raise ValueError
    return found
