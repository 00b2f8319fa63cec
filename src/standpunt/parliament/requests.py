"""What a motion asks or declares: the paragraphs of its text that say so."""

from __future__ import annotations

import re

_REQUEST = re.compile(
    r"^(?:[▪•●○■–−-] ?)?(?:en )?"
    r"(?:verzoekt|verzoeken|spreekt|roept|draagt|nodigt|dringt|wijst|keurt|zegt|besluit)\b",
    re.IGNORECASE,
)
_CONSIDERS = re.compile(
    r"^(?:constaterende|overwegende|van (?:mening|oordeel)|en gaat over|gehoord|voorts|tevens|NB\.|\* ?Weghalen)",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"^(?:[▪•●○■◦–−*-]|o|[a-z0-9]{1,2}[.)]|[IVX]+\.)\s")


def request_of(motion: str) -> str:
    """Return the paragraphs that ask or declare something, with the items of a list that one of them opens.

    Args:
        motion: its text; an empty line is between paragraphs.
    """
    requests: list[str] = []
    asks = False
    for part in motion.split("\n\n"):
        if _REQUEST.match(part):
            asks = True
        elif _CONSIDERS.match(part):
            asks = False
        if asks and (_REQUEST.match(part) or requests[-1].endswith((":", ";")) or _LIST_ITEM.match(part)):
            requests.append(part)
    return "\n\n".join(part.rstrip(",;") for part in requests)
