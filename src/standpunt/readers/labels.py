"""How reports label who speaks ("De heer Jansen (Partij)", "Minister De Vries", "De voorzitter"): one table for all.

A label is what stands before the colon or the full stop with which a contribution begins. `ROLES` has what a title says
of a role; where it says nothing, a label with a party is a member's and one without is a guest's.
"""

from __future__ import annotations

import re

from standpunt.debate import Role, Speaker
from standpunt.parliament.names import is_name
from standpunt.readers.build import CHAIR
from standpunt.readers.normalise import normalise

# Titles in small letters; those of `_SHORT` may have a full stop.
ROLES: dict[str, Role | None] = {
    **dict.fromkeys(("de heer", "heer", "meneer", "mijnheer", "mevrouw", "dhr", "mevr", "mw"), None),
    **dict.fromkeys(("het lid", "lid", "kamerlid", "raadslid", "statenlid", "informateur", "formateur"), None),
    **dict.fromkeys(("minister-president", "minister", "vicepremier", "premier"), "minister"),
    **dict.fromkeys(("wethouder", "gedeputeerde"), "alderman"),  # who governs a city or a province
    "burgemeester": "mayor",
    "staatssecretaris": "state secretary",
}
_SHORT = ("dhr", "mevr", "mw")
# "De plaatsvervangend voorzitter", "Ondervoorzitter", "de tijdelijke voorzitter"
_CHAIR = (
    r"(?:de\s+)?(?:(?:eerste|tweede)\s+)?(?:(?:fungerend|tijdelijk|waarnemend|plaatsvervangend)e?\s+|plv\.?\s+)?"
    r"(?:onder|vice-?)?voorzit(?:ter|ster)"
)
_TITLES = "|".join(
    r"\s+".join(title.split()) + (r"\.?" if title in _SHORT else "") for title in sorted(ROLES, key=len, reverse=True)
)
TITLE = re.compile(rf"(?P<title>{_TITLES})(?![\w-])\s*(?=\S)", re.IGNORECASE)
# Where a label may begin.
BEGINNING = re.compile(rf"(?<![\w-])(?:{_CHAIR}|{_TITLES})(?![\w-])", re.IGNORECASE)
_IS_CHAIR = re.compile(rf"{_CHAIR}(?![\w-])", re.IGNORECASE)
_PARTY = re.compile(r"(?P<who>[^()\[\]]+?)\s*(?:\((?P<round>[^()]+)\)|\[(?P<square>[^\[\]]+)\])")


def is_chair(label: str) -> bool:
    """Tell whether a label is the chair's, whoever that is, and names nobody: "De fungerend voorzitter"."""
    return _IS_CHAIR.fullmatch(label) is not None


def read_label(label: str) -> Speaker | None:
    """Return whom a label names; None for text that is no label.

    Args:
        label: without the colon or full stop behind it; it may be wrapped over two lines.

    Returns:
        The speaker: the chair is `CHAIR`, also where a name is printed ("De voorzitter (mevrouw Smit)", "De heer Smit
        (voorzitter)"). Whom a minister's label puts in brackets, a ministry say, is no party.
    """
    words = normalise(label)
    bracketed = _PARTY.fullmatch(words)
    who, party = (bracketed["who"], bracketed["round"] or bracketed["square"]) if bracketed else (words, None)
    if chair := _IS_CHAIR.match(who):
        rest = who[chair.end() :].lstrip(" ,")
        title = TITLE.match(rest)
        name = rest[title.end() :] if title else rest
        return CHAIR if not name or is_name(name) else None
    title = TITLE.match(who)
    if title is None or not is_name(who[title.end() :]):
        return None
    if party and is_chair(party):
        return CHAIR
    return speaker(title["title"], who[title.end() :], party)


def role_of(title: str) -> Role | None:
    """Return the role that a title of `TITLE` tells, None where it tells none."""
    return ROLES[" ".join(title.casefold().rstrip(".").split())]


def speaker(title: str, name: str, party: str | None) -> Speaker:
    """Return the speaker that a title of `TITLE`, a name and a party are printed of."""
    role = role_of(title)
    return Speaker(name, None if role else party, role or ("member" if party else "guest"))
