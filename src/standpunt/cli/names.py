"""Options that take several names."""

from __future__ import annotations


def names_in(text: str) -> list[str]:
    """Return the names in a text that commas separate; empty ones are left out."""
    return [name.strip() for name in text.split(",") if name.strip()]
