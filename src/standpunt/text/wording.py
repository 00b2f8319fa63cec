"""How numbers of things are put into words."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """Return "1 turn", "2 turns"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
