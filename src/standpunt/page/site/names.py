"""Names of files that every file system takes, made of names of people, parties and debates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 60


def file_names(names: Iterable[str]) -> list[str]:
    """Return a name of a file for each name, without a suffix: letters a to z, digits and hyphens, each once."""
    taken: set[str] = set()
    files = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9_]+", "-", plain)[:_LONGEST].strip("-") or "x"
        file, number = stem, 1
        while file in taken or file in _RESERVED:
            number += 1
            file = f"{stem}-{number}"
        taken.add(file)
        files.append(file)
    return files


_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
