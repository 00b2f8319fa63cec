"""Names of speakers as reports print and pronounce them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from standpunt.text.letters import CAPITAL

PARTICLES = frozenset(
    ("van", "de", "der", "den", "ten", "ter", "te", "'t", "'s", "la", "le", "l'", "d'", "di", "da", "du", "dos")
    + ("el", "al", "von", "und", "zu", "op", "in", "het", "dr.", "drs.", "ir.", "ing.", "mr.", "prof.", "jhr.", "ds.")
)
# A full stop belongs to initials and titles only: "De heer Smit. Minister Pot" is two names.
_WORD = re.compile(rf"[^\W\d_][\w'’-]*|['’][ts]|(?:{CAPITAL}[a-z]?\.-?)+|[a-z]{{2,4}}\.")


def is_name(text: str) -> bool:
    """Tell whether `text` is built like a person's name: capitalised words, with the particles Dutch names have."""
    words = text.split()
    if not words or len(words) > 7:
        return False
    capitals = 0
    for word in words:
        if not _WORD.fullmatch(word):
            return False
        if any(part[:1].isupper() for part in re.split(r"['’-]", word)):
            capitals += 1
        elif word.casefold().replace("’", "'") not in PARTICLES:
            return False
    return capitals > 0


def find_surname(name: str, known: Iterable[str]) -> str | None:
    """Return which of the `known` names is meant: the same, or a double name by its first part ("Yeşilgöz")."""
    wanted = name.casefold().strip()
    names = list(known)
    for candidate in names:
        if candidate.casefold() == wanted:
            return candidate
    for candidate in names:
        if candidate.casefold().startswith(wanted + "-"):
            return candidate
    return None


def mentions(folded: str, name: str) -> bool:
    """Tell whether case-folded text names the speaker, by the whole name or by the first part of a double one."""
    first = name.casefold().split("-")[0]
    return first in folded and re.search(rf"(?<!\w){re.escape(first)}(?!\w)", folded) is not None
