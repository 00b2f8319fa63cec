"""Classes of letters for patterns, of all alphabets: `re` has none of its own."""

from __future__ import annotations

CAPITAL = f"[{''.join(letter for letter in map(chr, range(0x2000)) if letter.isupper())}]"
