"""Who speaks in the minutes of a council: from labels and the list of those present to speakers.

Members are labelled with their party, now and then by surname only; aldermen by their office and party; the mayor, who
is the chair as a rule, by surname where another chairs; those who were let in to speak by the item they speak on.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from standpunt.debate import Speaker
from standpunt.parliament.names import PARTICLES
from standpunt.readers.build import CHAIR
from standpunt.readers.labels import TITLE, role_of
from standpunt.readers.minutes.layout import Label

_PRESENT = re.compile(r"Aanwezig (?:zijn|waren)[^:]{0,40}: (?P<list>.{1,6000}?)(?=\n *De voorzitter\b|\Z)", re.DOTALL)
_FRONT = 60_000  # characters in which the list stands
_ONE_PRESENT = re.compile(r"(?P<name>[^\W\d_][^(),.:;]*?)\s+\((?P<party>[^()]{1,60})\)")
_CHAIRS = re.compile(r"^ *Voorzitter: *(?P<mayor>de burgemeester,?)? *(?P<name>[^\n,(]+)", re.MULTILINE | re.IGNORECASE)
_ITEM = re.compile(r"[A-Z]{1,2}(?:\.\d{1,2})?|\d{1,2}[a-z]?")


def members_present(text: str) -> dict[str, str]:
    """Return the party of each member on the list of those present, by surname as it is printed there."""
    by_surname: dict[str, str] = {}
    for present in _PRESENT.finditer(text, 0, _FRONT):
        for one in _ONE_PRESENT.finditer(" ".join(present["list"].split())):
            by_surname.setdefault(one["name"].removeprefix("en ").strip(), one["party"])
    return by_surname


def mayors(text: str, members: Collection[str]) -> frozenset[str]:
    """Return who chairs as the mayor, case-folded surnames: who is called so, or chairs without being a member."""
    known = {name.casefold() for name in members}
    chairs = {(bool(match["mayor"]), surname(match["name"]).casefold()) for match in _CHAIRS.finditer(text)}
    return frozenset(name for named, name in chairs if named or (known and name not in known))


def surname(name: str) -> str:
    """Return a surname from a name with its form of address, titles or initials: "mr. J.A. van Dam" -> "van Dam"."""
    name = name.strip(" .")
    titled = TITLE.match(name)
    return " ".join(word for word in name[titled.end() if titled else 0 :].split() if not word.endswith("."))


class People:
    """Those who speak in a sitting."""

    def __init__(
        self,
        labels: Iterable[Label],
        members: Mapping[str, str],
        mayors: Collection[str] = (),
        items: Collection[str] = (),
    ) -> None:
        """Get to know them.

        Args:
            labels: all labels of the minutes.
            members: party by surname, of those present.
            mayors: case-folded surnames.
            items: letters or numbers of the agenda items, by which guests are labelled.
        """
        self._members = members
        self._mayors = mayors
        self._items = items
        self._parties = {party.casefold() for party in members.values()}
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        full: set[tuple[str, str]] = set()
        for label in labels:
            if label.party and not self._is_item(label):
                spellings[label.party.casefold()][label.party] += 1
                if label.title is None:
                    full.add((label.name, label.party.casefold()))
        self._spelling = {key: counts.most_common(1)[0][0] for key, counts in spellings.items()}
        self._full = full
        # The list of those present shortens parties that labels write out.
        for name, party in members.items():
            if party.casefold() not in self._spelling and (known := self._labelled(name)):
                self._spelling[party.casefold()] = self._spelling[known[1]]

    def speaker(self, label: Label) -> Speaker:
        """Return who speaks under a label."""
        if label.is_chair:
            return CHAIR
        if label.title and (role := role_of(label.title)):
            return Speaker(label.name, self._party(label), role)
        if label.title is None and label.name.casefold() == "de burgemeester":
            return Speaker(label.name, None, "mayor")
        if label.party and not self._is_item(label):
            return Speaker(self._full_name(label), self._party(label), "member")
        if label.name.casefold() in self._mayors:
            return Speaker(label.name, None, "mayor")
        return Speaker(label.name, None, "guest")

    def called(self, speaker: Speaker) -> str | None:
        """Return the surname by which a member is called, None where the label has no other name."""
        if speaker.role != "member":
            return None
        folded = speaker.name.casefold()
        listed = [name for name in self._members if folded.endswith(f" {name.casefold()}")]
        if listed:
            return max(listed, key=len)
        words = speaker.name.split()
        first = next((n for n, word in enumerate(words[1:], 1) if word.casefold() in PARTICLES), len(words) - 1)
        return " ".join(words[first:]) if len(words) > 1 else None

    def member(self, name: str) -> Speaker | None:
        """Return the member who is called by a surname, None where there is none among those present."""
        if known := self._labelled(name):
            return Speaker(known[0], self._spell(known[1]), "member")
        folded = name.casefold()
        for listed, party in self._members.items():
            if listed.casefold() == folded or listed.casefold().startswith(f"{folded}-"):
                return Speaker(listed, self._spell(party), "member")
        return None

    def party_of(self, name: str) -> str | None:
        """Return the party of the member with this surname."""
        member = self.member(name)
        return member.party if member else None

    def _labelled(self, name: str) -> tuple[str, str] | None:
        """Return the full name and the party, case-folded, of the only one who is labelled with this surname."""
        full_names = [one for one in self._full if one[0].casefold().endswith(f" {name.casefold()}")]
        return full_names[0] if len(full_names) == 1 else None

    def _is_item(self, label: Label) -> bool:
        """Tell whether what stands behind a name is an agenda item and no party."""
        party = label.party or ""
        if party.casefold() in self._parties or not _ITEM.fullmatch(party):
            return False
        return party in self._items or len(party) == 1

    def _party(self, label: Label) -> str | None:
        return self._spell(label.party) if label.party else None

    def _spell(self, party: str) -> str:
        return self._spelling.get(party.casefold(), party)

    def _full_name(self, label: Label) -> str:
        """Return the name with which somebody is labelled elsewhere, for a label that has the surname only."""
        if label.title is None:
            return label.name
        party = (label.party or "").casefold()
        ends = f" {label.name.casefold()}"
        full_names = {
            name for name, member_of in self._full if name.casefold().endswith(ends) and party in (member_of, "")
        }
        return full_names.pop() if len(full_names) == 1 else label.name
