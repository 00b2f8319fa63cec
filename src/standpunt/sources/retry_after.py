"""What a server asks for that is not to be asked again at once."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime


def asked_wait(header: str | None, now: datetime) -> float:
    """Return the seconds that Retry-After asks for: a number of them, or the moment to come back; 0 where it is absent.

    Args:
        header: its value.
        now: with its zone.
    """
    asked = (header or "").strip()
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(asked) - now).total_seconds())
    except (ValueError, TypeError):  # absent, malformed, or without a zone
        return 0.0
