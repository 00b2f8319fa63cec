"""Which parties the cabinet of the Netherlands rested on, by day."""

from __future__ import annotations

# From the day on which a party joined or left; a cabinet that has resigned still governs.
_COALITIONS: tuple[tuple[str, frozenset[str]], ...] = (
    ("2022-01-10", frozenset(("VVD", "D66", "CDA", "ChristenUnie"))),
    ("2024-07-02", frozenset(("PVV", "VVD", "NSC", "BBB"))),
    ("2025-06-03", frozenset(("VVD", "NSC", "BBB"))),
    ("2025-08-22", frozenset(("VVD", "BBB"))),
)


def coalition_on(day: str) -> frozenset[str]:
    """Return the parties with ministers on a day (ISO 8601), none before January 2022."""
    parties: frozenset[str] = frozenset()
    for begin, members in _COALITIONS:
        if begin <= day:
            parties = members
    return parties
