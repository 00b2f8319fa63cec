"""The open data of the Tweede Kamer: reports of sittings and votes on motions, from its OData v4 service.

Vergadering (sitting) -> Verslag (report, in several versions) -> resource (VLOS XML)
Zaak (the motion)     -> Besluit (decision)                    -> Stemming (vote of a party or a person)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from standpunt.debate import MotionVote
from standpunt.errors import InputError
from standpunt.parliament.votes import AGAINST, FOR, most_voted
from standpunt.sources.http import Client, FetchError, NotFoundError
from standpunt.text.letters import unaccented

BASE_URL = "https://gegevensmagazijn.tweedekamer.nl/OData/v4/2.0"

# Dates are midnights of The Hague, written with its offset.
_ZONE = ZoneInfo("Europe/Amsterdam")
# Kinds of Activiteit that take place in a plenary sitting, which is one Vergadering with one report.
_PLENARY = (
    "Plenair", "Stemmingen", "Vragenuur", "Hamerstukken", "Regeling van werkzaamheden", "Interpellatie", "Verklaring",
)  # fmt: skip
# How decisions that settle or hold a motion begin.
_ON_MOTION = ("Stemmen - ", "Overgenomen")
# What OData's options are made of; everything else (a plus sign, a quote in a name) is encoded.
_SAFE = "$(),;:/="
_NEAR = timedelta(days=7)
# Comments and white space at the end of an XML document. No possessive group: Python before 3.11.5 matches it wrongly.
_AFTER_ROOT = re.compile(rb"(?:\s|<!--(?:[^-]|-(?!->))*-->)*\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Report:
    """One version of the report of a sitting.

    Attributes:
        id: the id of the Verslag.
        kind: "Voorpublicatie", "Tussenpublicatie" or "Eindpublicatie".
        status: e.g. "Ongecorrigeerd" or "Gecorrigeerd"; "Casco" is a skeleton without the words.
        changed: when it was last changed; of several versions the last changed one is the best.
        shown: when the service began to show it so, which can be later; what was fetched before is out of date.
    """

    id: str
    kind: str
    status: str
    changed: datetime
    shown: datetime

    @property
    def final(self) -> bool:
        """Whether this is the final publication."""
        return self.kind == "Eindpublicatie"


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting of the Kamer, plenary or of a committee, with the versions of its report, the best one first."""

    id: str
    title: str
    kind: str
    date: str
    reports: tuple[Report, ...]

    @property
    def plenary(self) -> bool:
        """Whether the whole Kamer sat."""
        return self.kind == "Plenair"


class TweedeKamer:
    """The service of the Tweede Kamer.

    Args:
        client: what asks.
        base_url: where the service is.
    """

    def __init__(self, client: Client, base_url: str = BASE_URL) -> None:
        try:
            parts = urlsplit(base_url)
            known = parts.scheme in ("http", "https") and parts.netloc
        except ValueError:  # a bracket of an IPv6 address that is not closed
            known = False
        if not known:
            raise InputError(f"--base-url {base_url}: not an address; expected one such as {BASE_URL}")
        self.client = client
        self.base_url = base_url.rstrip("/")

    def sittings(self, day: date, debate: str | None = None) -> list[Sitting]:
        """Return the sittings of a day that have a report; with `debate` those in which a debate's title has that text.

        Capitals and accents make no difference. A plenary sitting has one report with all its debates.

        Raises:
            InputError: there is none; the message tells what there is.
            FetchError: the service fails.
        """
        if not 1815 <= day.year <= 2999:
            raise InputError(f"no sitting of the Tweede Kamer on {day}; expected a day since 1815")
        sittings_of_day = sorted(self._sittings(day, day), key=lambda sitting: (not sitting.plenary, sitting.title))
        if not sittings_of_day:
            near = sorted({sitting.date for sitting in self._sittings(day - _NEAR, day + _NEAR)})
            hint = f"the days nearest to it with one are {', '.join(near)}" if near else "nor in the week around it"
            raise InputError(f"no sitting of the Tweede Kamer on {day}; {hint}")
        if debate is not None:
            sittings_of_day = self._with_debate(sittings_of_day, day, debate)
        with_report = [sitting for sitting in sittings_of_day if sitting.reports]
        if not with_report:
            titles = "; ".join(sitting.title for sitting in sittings_of_day)
            raise InputError(f"no report yet of the sittings on {day} ({titles}); try again in a day or so")
        return with_report

    def fetch_sitting(self, sitting: Sitting, folder: Path) -> Path:
        """Download the best version of a sitting's report; the next one where the service lost it.

        Raises:
            NotFoundError: the service has none of them.
            FetchError: the service fails.
        """
        for report in sitting.reports:
            self.client.tell(f"{sitting.title}: {report.kind}, {report.status}")
            try:
                return self.fetch_report(report.id, folder, since=report.shown)
            except NotFoundError:
                self.client.tell(f"{sitting.title}: the service lists report {report.id} but does not have it")
        raise NotFoundError(f"{sitting.title} ({sitting.date}): the service lists a report but does not have it")

    def fetch_report(self, report: str, folder: Path, since: datetime | None = None) -> Path:
        """Download a report by its id to `<id>.xml` in `folder`, unless it is there already (fetched after `since`).

        Raises:
            InputError: `report` is not an id.
            NotFoundError: the service does not have it.
            FetchError: the service fails.
        """
        name = parse_id(report)
        url = f"{self.base_url}/Verslag({name})/resource"
        return self.client.download(url, folder / f"{name}.xml", kind="xml", since=since, fault=_find_fault)

    def date_of(self, report: str) -> date:
        """Return the day of the sitting that a report is of.

        Raises:
            NotFoundError: the service does not have it, or has deleted it.
        """
        row = self.client.get_json(self._url(f"Verslag({parse_id(report)})", {"$expand": "Vergadering"}))
        sitting = row.get("Vergadering")
        if row.get("Verwijderd") or not isinstance(sitting, Mapping) or not sitting.get("Datum"):
            raise NotFoundError(f"report {report}: the service does not say of which sitting it is")
        return _moment(sitting["Datum"]).astimezone(_ZONE).date()

    def votes_on(self, day: date) -> list[MotionVote]:
        """Return the motions that were submitted on a day, by dossier and number, with the votes on them so far."""
        first, after = _bounds(day, day)
        return self._votes(f"GestartOp ge {first} and GestartOp lt {after}")

    def _sittings(self, first: date, last: date) -> Iterator[Sitting]:
        begin, after = _bounds(first, last)
        condition = f"Verwijderd eq false and Datum ge {begin} and Datum lt {after}"
        for row in self._rows("Vergadering", {"$filter": condition, "$expand": "Verslag"}):
            reports = [
                Report(
                    id=_text(version, "Id"),
                    kind=_text(version, "Soort"),
                    status=_text(version, "Status"),
                    changed=_changed(version),
                    shown=_moment(version.get("ApiGewijzigdOp") or version.get("GewijzigdOp")),
                )
                for version in self._related(row, "Verslag")
            ]
            reports.sort(key=lambda report: (report.status != "Casco", report.final, report.changed), reverse=True)
            day = _moment(row.get("Datum")).astimezone(_ZONE).date().isoformat()
            yield Sitting(_text(row, "Id"), _text(row, "Titel"), _text(row, "Soort"), day, tuple(reports))

    def _with_debate(self, sittings: list[Sitting], day: date, debate: str) -> list[Sitting]:
        plenary = self._plenary_titles(day) if any(sitting.plenary for sitting in sittings) else []
        held = any(_fold(debate) in _fold(title) for title in plenary)
        matching = [s for s in sittings if _fold(debate) in _fold(s.title) or (s.plenary and held)]
        if not matching:
            titles = [sitting.title for sitting in sittings if not sitting.plenary] + plenary
            raise InputError(f"no debate on {day} has {debate!r} in its title; there are: {'; '.join(titles)}")
        return matching

    def _plenary_titles(self, day: date) -> list[str]:
        """Return what a plenary sitting was about; the service links sittings and activities by nothing but the day."""
        begin, after = _bounds(day, day)
        condition = f"Verwijderd eq false and Datum ge {begin} and Datum lt {after}"
        rows = self._rows("Activiteit", {"$filter": condition, "$select": "Id,Soort,Onderwerp,Verwijderd"})
        titles = (_text(row, "Onderwerp") for row in rows if _text(row, "Soort").startswith(_PLENARY))
        return sorted({title for title in titles if title})

    def _votes(self, condition: str) -> list[MotionVote]:
        query = {
            "$filter": f"Verwijderd eq false and Soort eq {_literal('Motie')} and {condition}",
            "$expand": "Kamerstukdossier,Besluit($expand=Stemming)",
        }
        votes = [self._vote(row) for row in self._rows("Zaak", query)]
        return sorted(votes, key=lambda vote: (vote.dossier or "", vote.number or 0))

    def _vote(self, row: Row) -> MotionVote:
        names = [_dossier(item) for item in self._related(row, "Kamerstukdossier")]
        decided = [item for item in self._related(row, "Besluit") if item.get("Status") == "Besluit"]
        decisions = [(item, list(self._related(item, "Stemming"))) for item in decided]
        # That a motion was "Ingediend" is a decision too. A vote goes before a motion being held; the last one counts.
        on_it = [(d, cast) for d, cast in decisions if cast or _text(d, "BesluitSoort").startswith(_ON_MOTION)]
        decision, cast = max(on_it, key=lambda pair: (bool(pair[1]), _changed(pair[0])), default=({}, []))
        votes, by_person = count_votes(cast)
        number = row.get("Volgnummer")
        return MotionVote(
            dossier=names[0] if names else None,
            number=number if isinstance(number, int) else None,
            title=_text(row, "Onderwerp") or _text(row, "Titel"),
            result=_text(decision, "BesluitSoort").removeprefix("Stemmen - ").lower() or None,
            votes=votes,
            by_person=by_person,
        )

    def _url(self, path: str, query: Mapping[str, str]) -> str:
        return f"{self.base_url}/{path}?{urlencode(query, quote_via=quote, safe=_SAFE)}"

    def _rows(self, entity: str, query: Mapping[str, str]) -> Iterator[Row]:
        return self._pages(self._url(entity, query))

    def _related(self, row: Row, name: str) -> Iterator[Row]:
        """Yield what was expanded in a row; the service may cut that off and page it as well."""
        yield from _kept(row.get(name) or [], name)
        if link := row.get(f"{name}@odata.nextLink"):
            yield from self._pages(self._follow(f"{self.base_url}/", link))

    def _pages(self, url: str) -> Iterator[Row]:
        seen: set[str] = set()
        following: str | None = url
        while following:
            if following in seen:
                raise FetchError(f"{following}: the service's pages go round; try again later")
            seen.add(following)
            page = self.client.get_json(following)
            yield from _kept(page.get("value"), following)
            link = page.get("@odata.nextLink")
            following = self._follow(following, link) if link else None

    def _follow(self, url: str, link: object) -> str:
        # Behind a proxy a service may write links with a host or scheme of its own; ask where we asked before.
        asked = urlsplit(self.base_url)
        try:
            return urlsplit(urljoin(url, str(link)))._replace(scheme=asked.scheme, netloc=asked.netloc).geturl()
        except ValueError:
            raise FetchError(f"{url}: the service gives {link!r} for its next page; try again later") from None


def count_votes(cast: Iterable[Row]) -> tuple[dict[str, str], bool]:
    """Return what each party voted, from rows of Stemming, and whether members were called one by one.

    A party's own row goes before those of its members. A row that is marked as a mistake counts only where there is no
    other.
    """
    by_party: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted((row for row in cast if _text(row, "Soort")), key=_changed):
        by_party[_text(row, "ActorFractie") or _text(row, "ActorNaam")].append(row)
    votes: dict[str, str] = {}
    by_person = False
    for party, rows in sorted(by_party.items(), key=lambda item: item[0].casefold()):
        meant = [row for row in rows if not row.get("Vergissing")] or rows
        own = [row for row in meant if not row.get("Persoon_Id") and not row.get("SidActorLid")]
        by_person |= not own
        votes[party] = _text(own[-1], "Soort") if own else _majority([_text(row, "Soort") for row in meant])
    return votes, by_person


def parse_id(text: str) -> str:
    """Return an id as the service writes it.

    Raises:
        InputError: it is not one.
    """
    try:
        return str(UUID(text))
    except ValueError:
        example = "a1b2c3d4-0000-4000-8000-000000000000"
        raise InputError(f"report {text!r}: not an id; expected one such as {example}") from None


def _majority(cast: Sequence[str]) -> str:
    """Return what most of those who took part voted."""
    return most_voted(cast) if {FOR, AGAINST} & set(cast) else cast[0]


def _find_fault(path: Path) -> str | None:
    """Say what keeps a file from being a whole XML document, without parsing it: it may break off unnoticed."""
    with path.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(max(0, path.stat().st_size - 1024))
        tail = _AFTER_ROOT.sub(b"", stream.read())
    root = re.search(rb"<([A-Za-z_][\w:.-]*)", re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL))
    if not root or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or root[1].lower() == b"html":
        return "something else than a report was answered"
    whole = tail.endswith(b"</" + root[1] + b">") or (tail.endswith(b"/>") and tail.count(b"<") == 1)
    return None if whole else "a report that breaks off was answered"


def _bounds(first: date, last: date) -> tuple[str, str]:
    """Return the moment at which a range of days begins and the one at which it has ended, as OData writes them."""
    begin, after = (datetime.combine(day, time(), _ZONE).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    return f"{begin:%Y-%m-%dT%H:%M:%SZ}", f"{after:%Y-%m-%dT%H:%M:%SZ}"


def _kept(rows: object, where: str) -> Iterator[Row]:
    """Yield the records that were not deleted."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "Id" in row for row in rows):
        raise FetchError(f"{where}: something else than records was answered; check the address of the service")
    return (row for row in rows if not row.get("Verwijderd"))


def _text(row: Row, name: str) -> str:
    # JSON may hold half of a character beyond 16 bits, which no file can.
    return " ".join(str(row.get(name) or "").encode(errors="replace").decode().split())


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise FetchError(
            f"the service gives {value!r} for a moment; expected one such as {_EPOCH.isoformat()}"
        ) from None
    if not 1 < moment.year < 9999:  # stands for an unknown one
        return _EPOCH
    return moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)


def _changed(row: Row) -> datetime:
    return _moment(row.get("GewijzigdOp") or _EPOCH)


def _dossier(row: Row) -> str:
    part = _text(row, "Toevoeging").strip("-")
    return f"{_text(row, 'Nummer')}-{part}" if part else _text(row, "Nummer")


def _literal(text: str) -> str:
    """Quote a string for $filter."""
    return "'" + text.replace("'", "''") + "'"


def _fold(text: str) -> str:
    return " ".join(unaccented(text).split())
