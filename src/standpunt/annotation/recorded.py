"""Turns whose order, kinds and answers are recorded with their hashes, where the file of the texts lacks them."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of a turn whose text is a row of a table.

    Attributes:
        text: the hash of the text alone, see `digest_text`.
        party: of the speaker.
        kind: speech, interruption, reply, motion, chair or procedural.
        replies_to: ordinal of the turn that is answered.
    """

    text: str
    party: str | None
    kind: str
    replies_to: int | None

    def record(self) -> dict[str, Any]:
        """Return it as plain data; what is not there is left out."""
        known = {"text": self.text, "party": self.party, "kind": self.kind, "replies_to": self.replies_to}
        return {name: value for name, value in known.items() if value is not None}

    @classmethod
    def of(cls, record: dict[str, Any]) -> Recorded:
        """Read what `record` returned.

        Raises:
            TypeError, ValueError: it is something else.
        """
        known: dict[str, Any] = {"party": None, "replies_to": None, **record}
        if not isinstance(known["replies_to"], int | None):
            raise TypeError
        return cls(**known)


def digest_text(text: str) -> str:
    """Return twelve hexadecimal digits that identify a text by its words, whatever its white space and Unicode form."""
    words = unicodedata.normalize("NFC", " ".join(text.split()))
    return hashlib.sha256(words.encode()).hexdigest()[:12]
