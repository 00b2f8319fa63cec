"""The register of a ParlaMint corpus: who its speakers are, and which party and office they held when.

Persons and organisations stand in the corpus root (teiCorpus) or, in later versions, in lists it includes. Also tells
TEI files apart, since a register is told from a sitting by its content.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import cast

from lxml import etree

from standpunt.debate import Role
from standpunt.errors import ReadError
from standpunt.readers.streams import open_report
from standpunt.readers.xml import iterate, local, root_of, text_of

ROOTS = frozenset({"TEI", "teiCorpus", "listPerson", "listOrg"})
_NAMESPACE = "http://www.tei-c.org/ns/1.0"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
# In small letters, as they are compared. A party has a head too: that word alone makes nobody a minister.
MINISTER = frozenset({"minister", "primeminister", "deputyprimeminister", "ministerpresident"})
STATE_SECRETARY = frozenset(
    ("secretaryofstate", "statesecretary", "secretary", "deputyminister", "undersecretary", "viceminister")
)
_GROUPS = frozenset({"parliamentarygroup", "politicalgroup"})
_PARTIES = _GROUPS | {"politicalparty"}
_MEMBERSHIPS = frozenset({"member", "head", "deputyhead"})


def sniff(head: bytes) -> bool:
    """Tell whether the beginning of a file is TEI: a sitting, a corpus root, or a list of persons or organisations."""
    root = root_of(head)
    return root is not None and root.name in ROOTS and _NAMESPACE in root.attributes


def register_for(path: str | os.PathLike[str]) -> Path | None:
    """Find the corpus root of a sitting, ParlaMint-XX.xml or .xml.gz, in its folder or the one above; None without."""
    path = Path(path).absolute()
    corpus = path.name.split("_")[0]
    for folder in (path.parent, path.parent.parent):
        for name in (f"{corpus}.xml", f"{corpus}.xml.gz", f"{corpus}.ana.xml", f"{corpus}.ana.xml.gz"):
            candidate = folder / name
            if candidate != path and candidate.is_file() and _is_corpus_root(candidate):
                return candidate
    return None


@dataclass(frozen=True, slots=True)
class Affiliation:
    """What a person is to an organisation (an id, None where it is not said), from and to a date (ISO 8601)."""

    organisation: str | None
    role: str
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker: surname as reports print it ("Van Hijum"), full name, affiliations."""

    surname: str
    name: str
    affiliations: tuple[Affiliation, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party, a group, a chamber, a ministry: its role, names, and the periods in which it existed (none: always)."""

    role: str
    name: str
    abbreviation: str | None = None
    periods: tuple[tuple[str | None, str | None], ...] = ()


@dataclass(frozen=True)
class Register:
    """Who may speak: persons and organisations by id, and the names of included lists that were not there."""

    persons: Mapping[str, Person]
    organisations: Mapping[str, Organisation]
    missing: tuple[str, ...] = field(default=())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Register:
        """Read a corpus root and the lists of persons and organisations it includes, from the same folder.

        Raises:
            ReadError: a file cannot be read, or there are no persons.
        """
        persons: dict[str, Person] = {}
        organisations: dict[str, Organisation] = {}
        missing = []
        path = Path(path)
        for name in _collect(path, persons, organisations):
            # By its name only: what a file includes never leads out of its folder.
            candidates = [path.parent / name, path.parent / f"{name}.gz"]
            target = next((candidate for candidate in candidates if candidate.is_file()), None)
            if target is None:
                missing.append(name)
            elif target.resolve() != path.resolve():
                _collect(target, persons, organisations)
        if not persons:
            absent = f" (it includes {', '.join(missing)}, which is not there)" if missing else ""
            raise ReadError(f"{path}: holds no persons{absent}; expected the corpus root of ParlaMint")
        return cls(persons, organisations, tuple(missing))

    @cached_property
    def _loose(self) -> dict[str, Organisation]:
        organisations: dict[str, Organisation] = {}
        for key, organisation in self.organisations.items():
            organisations.setdefault(_loosen(key), organisation)
        return organisations

    def organisation(self, reference: str | None) -> Organisation | None:
        """Return what an affiliation refers to; some references are written a little differently from the id."""
        if reference is None:
            return None
        return self.organisations.get(reference) or self._loose.get(_loosen(reference))

    def office(self, person: Person, date: str | None) -> Role | None:
        """Return whether a person is minister or state secretary at the date."""
        offices: set[Role] = set()
        for held in person.affiliations:
            if not _covers(held.start, held.end, date):
                continue
            organisation = self.organisation(held.organisation)
            kind = organisation.role if organisation else None
            governs = kind in ("government", "ministry")
            if held.role in MINISTER and (governs or kind is None):
                return "minister"
            if governs and (held.role == "head" or (held.role == "deputyhead" and kind == "government")):
                return "minister"
            if (held.role in STATE_SECRETARY and (governs or kind is None)) or (governs and held.role == "deputyhead"):
                offices.add("state secretary")
            elif held.role == "member" and kind == "government":
                offices.add("minister")
        return "state secretary" if "state secretary" in offices else next(iter(offices), None)

    def party(self, person: Person, date: str | None) -> tuple[str | None, str | None]:
        """Return the party of a person at the date, a parliamentary group first; or None and why there is none."""
        valid: list[tuple[bool, str, Organisation]] = []
        problem = "no party at the date"
        for held in person.affiliations:
            if held.role not in _MEMBERSHIPS or held.organisation is None or not _covers(held.start, held.end, date):
                continue
            organisation = self.organisation(held.organisation)
            if organisation is None:
                problem = "party reference that leads nowhere"
            elif organisation.role in _PARTIES:
                if not organisation.periods or any(_covers(*period, date) for period in organisation.periods):
                    valid.append((organisation.role in _GROUPS, held.start or "", organisation))
                else:
                    problem = "party that did not exist at the date"
        if not valid:
            return None, problem
        party = max(valid, key=lambda entry: entry[:2])[2]
        return party.abbreviation or party.name, None


def reference_of(value: str | None) -> str | None:
    """Return the id that a reference leads to."""
    name = unicodedata.normalize("NFC", (value or "").strip())
    return name.rpartition("#")[2] or None


def _loosen(reference: str) -> str:
    return "".join(filter(str.isalnum, reference.casefold()))


def _covers(start: str | None, end: str | None, date: str | None) -> bool:
    """Tell whether a date lies in a period; a bound may be a year or a month."""
    if start is None and end is None:
        return True
    if date is None:
        return False
    return (start is None or start <= date[: len(start)]) and (end is None or date[: len(end)] <= end)


def _collect(path: Path, persons: dict[str, Person], organisations: dict[str, Organisation]) -> list[str]:
    """Add what a file lists; return the names of the lists it includes."""
    included = []
    with open_report(path) as (stream, head):
        if not sniff(head):
            raise ReadError("not TEI; expected the corpus root of ParlaMint or a list that it includes")
        for element in iterate(stream, "person", "org", "include", roots=ROOTS):
            key = reference_of(element.get(XML_ID))
            if local(element) == "include":
                # The sittings are included as well, outside the list of participants.
                if any(local(above) == "particDesc" for above in element.iterancestors()):
                    included.append(PurePosixPath(element.get("href") or "").name)
            elif key and local(element) == "person":
                persons.setdefault(key, _person(element, key))
            elif key:
                organisations.setdefault(key, _organisation(element, key))
    return [name for name in included if name]


def _person(element: etree._Element, key: str) -> Person:
    names = [child for child in element if local(child) == "persName"]
    name = next((child for child in names if child.get("to") is None), names[-1] if names else None)
    parts = [] if name is None else [(local(part), part.get("type"), text_of(part)) for part in name]
    last = [text for kind, detail, text in parts if kind in ("surname", "nameLink") and detail != "patronym"]
    surname = " ".join(last) or " ".join(text for kind, _, text in parts if kind == "surname")
    first = " ".join(text for kind, _, text in parts if kind == "forename")
    full = f"{first} {surname}".strip() or (text_of(name) if name is not None else "") or key
    surname = surname or full
    affiliations = tuple(
        Affiliation(
            reference_of(child.get("ref")),
            (child.get("role") or "").lstrip("#").casefold(),
            *_period(child),
        )
        for child in element
        if local(child) == "affiliation"
    )
    return Person(surname[:1].upper() + surname[1:], full, affiliations)


def _organisation(element: etree._Element, key: str) -> Organisation:
    names = [child for child in element if local(child) == "orgName" and text_of(child)]
    names.sort(key=lambda child: child.get(XML_LANG) not in (None, "nl"))
    short = [text_of(child) for child in names if child.get("full") in ("init", "abb")]
    long = [text_of(child) for child in names if child.get("full") not in ("init", "abb")]
    periods = tuple(_period(child) for child in element if local(child) == "event")
    name = next(iter(long + short), key)
    return Organisation((element.get("role") or "").casefold(), name, next(iter(short), None), periods)


def _period(element: etree._Element) -> tuple[str | None, str | None]:
    bounds = [DATE.match((element.get(name) or "").strip()) for name in ("from", "to")]
    return cast("tuple[str | None, str | None]", tuple(bound[0] if bound else None for bound in bounds))


def _is_corpus_root(path: Path) -> bool:
    try:
        with open_report(path) as (_, head):
            return sniff(head) and (root := root_of(head)) is not None and root.name == "teiCorpus"
    except ReadError:
        return False
