"""Dates as Dutch reports print them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from standpunt.errors import InputError

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober")
_MONTHS += ("november", "december")
_DATE = re.compile(
    r"\b(?:(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)|(?P<day2>\d{1,2})[ -](?P<month2>\w+)[ -](?P<year2>\d{4}))\b"
)
_WEEKDAY = re.compile(rf"\b(?P<weekday>{'|'.join(_DAYS)})\s+(?P<date>\d{{1,2}} \w+ \d{{4}})\b", re.IGNORECASE)


def read_date(text: str) -> str | None:
    """Return the first date in a text, ISO 8601: "Donderdag 5 april 2018", "2018-04-05" or "05-04-2018"."""
    match = _DATE.search(text.casefold())
    if match is None:
        return None
    if match["year"]:
        year, month, day = match["year"], match["month"], match["day"]
    else:
        year, month, day = match["year2"], match["month2"], match["day2"]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdecimal() else 0
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None


def sitting_date(preamble: Iterable[str], heads: Iterable[str]) -> str | None:
    """Return the date of a sitting, where what is printed around the speeches leaves no doubt about it.

    Args:
        preamble: what stands before the first speech; a date counts where the day of the week is named with it, and is
            right ("Donderdag 5 april 2018"), since references to other sittings name none.
        heads: running heads; a date counts where they have no other.
    """
    dates = set()
    for text in preamble:
        for match in _WEEKDAY.finditer(text):
            day = read_date(match["date"])
            if day and date.fromisoformat(day).weekday() == _DAYS.index(match["weekday"].casefold()):
                dates.add(day)
    dates = dates or {day for day in map(read_date, heads) if day}
    return dates.pop() if len(dates) == 1 else None


def check_date(day: str | None) -> None:
    """Refuse a date that is none.

    Raises:
        InputError: it is not written as YYYY-MM-DD.
    """
    if day is None:
        return
    try:
        written = date.fromisoformat(day).isoformat()
    except ValueError:
        written = None
    if written != day:
        raise InputError(f"date is {day!r}; expected a day as YYYY-MM-DD, e.g. 2025-09-11")
