"""Letters: classes of them for patterns, of all alphabets, which `re` has none of; and texts without accents."""

from __future__ import annotations

from unicodedata import combining, normalize

CAPITAL = f"[{''.join(letter for letter in map(chr, range(0x2000)) if letter.isupper())}]"


def unaccented(text: str) -> str:
    """Return a text without accents and case: sources print "Kostić" and "Kostic"."""
    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))
