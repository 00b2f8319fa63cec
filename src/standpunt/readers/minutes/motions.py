"""Motions and amendments in the minutes of a council: their numbers, who submits them, what becomes of them.

The chair says all of it: "Door de heer Bos, daartoe gesteund door mevrouw Kok, wordt de volgende motie (H.1 Groen)
ingediend:" before the text, and at the end of the sitting "De motie wordt aangenomen met 20 tegen 13 stemmen." A number
has two parts, the agenda item or the party, and a number or, for amendments, a letter: "H.1 Groen", "Rood.8", "H.A".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from standpunt.parliament.votes import AGAINST, FOR, most_voted

# A letter stands apart from what is before it, a number may not: "H.A", "SP A", "VVD4".
_NUMBER = re.compile(
    r"(?P<item>[A-Za-z][\w/]*?)(?:[. ]{0,2}(?P<number>\d{1,3})|[. ]{1,2}(?P<letter>[A-Z]))(?![\w/]|\.\w)"
)
_TAIL = 1500  # characters in which the chair announces a motion, just above it
_KIND = r"(?:[Mm]otie|[Aa]mendement)(?:s|en)?"
_TITLE = re.compile(rf"(?:.{{0,30}}?\b)?{_KIND} \(?")
_SUBMITTED = re.compile(
    r"\bDoor (?P<by>[^:.]{2,200}?)(?:, (?:daartoe )?(?:mede)?(?:onder)?(?:ge)?steund door (?P<with>[^:.]{2,600}?))?,?"
    rf" word(?:t|en) (?:de|het) (?:volgende )?(?:\w+ )?{_KIND} ?\((?P<numbers>[^)]{{1,200}})\)"
)
_CHANGED = re.compile(rf"\b{_KIND} (?P<numbers>[^,:]{{1,30}}?) (?:is|wordt) in die zin gewijzigd, dat \w+ thans luidt")
_GONE = re.compile(
    rf"\b{_KIND} (?P<numbers>[^:;]{{1,200}}?) (?:is|zijn) (?P<result>ingetrokken|aangehouden), ma(?:akt|ken)\b"
)
_VOTED_ON = re.compile(
    r"In stemming kom(?:t|en) (?:de |het )?(?:nader )?(?:gewijzigde? )?"
    rf"(?:{_KIND} |(?=[A-Z]))(?P<numbers>.+?)\.?"
)
_PARTS = re.compile(r",? en |, | alsmede ")
_ADDRESS = re.compile(
    r"^(?:(?:de |het )?(?:heren|heer|leden|lid)|mevrouw|meneer|(?:de )?fracties? van(?: de| het)?|de) (?=\S)"
)
_COUNTED = (
    re.compile(r"\b(?P<result>aangenomen|verworpen)(?: met)? (?P<for>\d+)(?: stem(?:men)?)? tegen (?P<against>\d+)\b"),
    re.compile(r"\b(?P<against>\d+) leden tegen en (?P<for>\d+) leden voor\b"),
    re.compile(r"\b(?P<for>\d+) leden voor en (?P<against>\d+) leden tegen\b"),
    re.compile(r"\bvoor [^.]{0,40}?(?P<for>\d+) leden [^.]{0,40}?\bertegen eveneens (?P<against>\d+)\b"),
)
_UNANIMOUS = re.compile(r"\baangenomen met algemene stemmen|\bmet algemene stemmen aangenomen")
_DECIDED = re.compile(r"\bword(?:t|en) (?P<result>aangenomen|verworpen)\b")
_TIE = re.compile(r"\bstemmen staken\b|\bstaken de stemmen\b")
_CALLED = re.compile(
    r"\b(?P<side>[Vv]oor|[Tt]egen) (?:(?:de motie|het amendement|het voorstel) )?hebben gestemd (?:de leden )?"
    r"(?P<names>[^.]+)"
)
TIED = "gestaakt"


class Number(NamedTuple):
    """A number as printed, "H.1 Groen": the agenda item or party, and the number or letter in it."""

    item: str
    number: int | str

    @property
    def key(self) -> tuple[str, int | str]:
        """What the same number printed in another way has in common with it."""
        return self.item.casefold(), self.number


class Result(NamedTuple):
    """What the chair says a vote came to.

    Where the members were called one by one, `votes` has what most of a party did, and `strangers` the names that are
    not among those present.
    """

    result: str
    counts: Mapping[str, int] = MappingProxyType({})
    votes: Mapping[str, str] = MappingProxyType({})
    strangers: tuple[str, ...] = ()


class Submitted(NamedTuple):
    """Who submits motions of which numbers; nobody is named where they are changed."""

    numbers: tuple[Number, ...]
    names: tuple[str, ...]


def number_in(title: str) -> Number | None:
    """Return the number in the title of a motion, "Gewijzigde motie H.1 Groen Een bankje"."""
    match = _TITLE.match(title)
    return _number(title[match.end() :]) if match else None


def submitted_in(text: str) -> Submitted | None:
    """Read how the chair announces what is printed below, the last announcement in a text."""
    submitted: Submitted | None = None
    text = text[-_TAIL:]
    for match in _SUBMITTED.finditer(text):
        submitted = Submitted(_numbers(match["numbers"]), (*names_in(match["by"]), *names_in(match["with"] or "")))
    for match in _CHANGED.finditer(text):
        submitted = Submitted(_numbers(match["numbers"]), ())
    return submitted


def gone_in(text: str) -> Iterator[tuple[Number, str]]:
    """Yield which motions the chair says are withdrawn or put off: "ingetrokken", "aangehouden"."""
    for match in _GONE.finditer(text):
        for number in _numbers(match["numbers"]):
            yield number, match["result"]


def voted_on(text: str) -> tuple[Number, ...]:
    """Return the numbers of the motions on which a vote is taken, none where it is on something else."""
    match = _VOTED_ON.fullmatch(text)
    return _numbers(match["numbers"]) if match else ()


def result_in(text: str, party_of: Callable[[str], str | None]) -> Result | None:
    """Read what a vote came to from what the chair says after it; `party_of` knows members by surname."""
    for pattern in _COUNTED:
        if match := pattern.search(text):
            counts = {FOR: int(match["for"]), AGAINST: int(match["against"])}
            return Result(match.groupdict().get("result") or TIED, counts, *_votes(text, party_of))
    if _UNANIMOUS.search(text):
        return Result("aangenomen", {AGAINST: 0})
    if match := _DECIDED.search(text):
        return Result(match["result"])
    return Result(TIED) if _TIE.search(text) else None


def names_in(text: str) -> tuple[str, ...]:
    """Return surnames, or parties, from "de heer Bos, mevrouw Kok en de fractie van Groen"."""
    parts = (_ADDRESS.sub("", part.strip(" ,.")) for part in _PARTS.split(" ".join(text.split())))
    return tuple(name for name in parts if name)


def _votes(text: str, party_of: Callable[[str], str | None]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return how parties voted where members were called one by one, and the names that are not known."""
    cast: dict[str, list[str]] = {}
    strangers: list[str] = []
    for match in _CALLED.finditer(text):
        for name in names_in(match["names"]):
            if party := party_of(name):
                cast.setdefault(party, []).append(match["side"].capitalize())
            else:
                strangers.append(name)
    return {party: most_voted(votes) for party, votes in cast.items()}, tuple(strangers)


def _numbers(text: str) -> tuple[Number, ...]:
    parts = (_number(part.strip(" ()")) for part in _PARTS.split(" ".join(text.split())))
    return tuple(number for number in parts if number)


def _number(text: str) -> Number | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    return Number(match["item"], int(match["number"]) if match["number"] else match["letter"])
