"""Building the pages of many debates: a folder of static files that opens without a server."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from standpunt import __version__
from standpunt.analysis.across.collection import Collection
from standpunt.analysis.stance_map import side
from standpunt.annotation.issues import LANGUAGE, shipped_issue
from standpunt.annotation.layers import SIDES
from standpunt.debate import CABINET
from standpunt.errors import InputError
from standpunt.page import figures as of_debate
from standpunt.page.build import drawn
from standpunt.page.reliability import Reliability
from standpunt.page.site.content import SiteContent, Subject
from standpunt.page.site.figures import HEIGHT, WIDTH
from standpunt.page.site.names import file_names
from standpunt.page.site.passages import Passages
from standpunt.page.templates import asset, environment
from standpunt.page.words import Words
from standpunt.storage.files import atomic_folder

INDEX = "index.html"
OF_ISSUE, OF_PARTY, OF_DEBATE = 6, 1, 2  # passages of a side: of an issue, of an issue on other pages
_TITLE = 72  # letters of a title beside a passage
_CLEAR = 4  # positions of a side beside a party

Progress = Callable[[float, float | None], None]


def write_site(
    collection: Collection,
    folder: str | os.PathLike[str],
    *,
    issues: Sequence[str] | None = None,
    time: str | None = None,
    language: str = "en",
    progress: Progress | None = None,
    **settings: int,
) -> Path:
    """Write the pages of many debates into a new folder: an index, and a page for each issue, party and debate.

    They are static files that load nothing from elsewhere, and open in a browser without a server.

    Args:
        collection: the predictions.
        folder: where to; it must be new or empty.
        issues: those that get a page; by default those that are addressed often enough.
        time: the unit of courses over time, "year", "quarter" or "month"; by default the one that fits.
        language: of the pages, "en" or "nl".
        progress: is called with how many pages are written, of how many.
        settings: `min_turns`, `min_debates` and `resamples`, see `standpunt.analysis.across.positions.positions`.

    Returns:
        The page to open.

    Raises:
        InputError: the language is unknown, no stance is in the predictions, or the folder is not empty.
        StandpuntError: writing failed; nothing is left behind.
    """
    if collection.stances.empty:
        raise InputError(f"{collection.folder}: no turn takes a stance, so that there are no pages to write")
    check_site(folder)
    words = Words(language)
    names = collection.stances["issue"].unique()
    definitions = {name: issue for name in names if (issue := collection.issues.get(name) or shipped_issue(name))}
    content = SiteContent(collection, definitions, words, issues=issues, time=time, **settings)
    pages = _Pages(content)
    total = 1 + len(content.issues) + len(content.parties) + len(content.debates)
    with atomic_folder(folder) as temporary:
        for name in ("issues", "parties", "debates"):
            (temporary / name).mkdir()
        for number, (file, text) in enumerate(pages.written(), start=1):
            (temporary / file).write_text(text, encoding="utf-8")
            if progress is not None:
                progress(min(number, total), total)
    return Path(folder) / INDEX


def check_site(folder: str | os.PathLike[str]) -> None:
    """Refuse a folder for pages that has something in it.

    Raises:
        InputError: it is a file, or not empty.
    """
    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise InputError(f"{place}: exists already; choose a new folder for the pages")


class _Pages:
    """The pages of some content, one by one."""

    def __init__(self, content: SiteContent) -> None:
        self.content = content
        self.environment = environment()
        self.environment.filters |= {
            "short": lambda title: title if len(title) <= _TITLE else f"{title[:_TITLE].rsplit(' ', 1)[0]} …",
            "side": lambda cell: side(cell["value"]),
            "tone": lambda cell: drawn(cell)["tone"],
            "scale": lambda cell: drawn(cell | {"certainty": 1 - (cell["high"] - cell["low"]) / 2})["scale"],
        }
        stances = content.collection.stances
        parties = [party.name for party in content.parties]
        anchors = [f"party-{name}" for name in file_names(parties)]
        self.shared: dict[str, Any] = {
            "site": content,
            "t": content.words,
            "reliability": content.reliability,
            "axis": content.axis,
            "cabinet": CABINET,
            "anchors": dict(zip(parties, anchors, strict=True)),
            "level": "",
            "quoted": bool(stances["quote"].notna().any()),
            "text_language": content.collection.language or "",
            "width": WIDTH,
            "height": HEIGHT,
            "course_width": of_debate.WIDTH,
            "course_height": of_debate.HEIGHT,
            "version": __version__,
        }
        self.by_issue = dict(tuple(stances.groupby("issue", sort=False)))
        self.debates = content.collection.debates.set_index("debate")
        language = content.collection.language or LANGUAGE
        self.passages = Passages(stances, content.definitions, language)
        self.shown: dict[tuple[str, str, str], dict[str, Any]] = {}  # passages, by debate, turn and issue

    def written(self) -> Iterator[tuple[str, str]]:
        """Yield each file and what is in it."""
        yield from ((subject.file, self._issue(subject)) for subject in self.content.issues)
        yield from ((subject.file, self._party(subject)) for subject in self.content.parties)
        yield from ((subject.file, self._debate(subject)) for subject in self.content.debates)
        yield INDEX, self._index()
        yield "style.css", asset("page.css") + asset("site/site.css")
        yield "site.js", asset("site/site.js").replace("WORDS", json.dumps(self._words(), ensure_ascii=False), 1)
        yield "search.js", f"standpuntSearch({json.dumps(self._searched(), ensure_ascii=False)});\n"

    def _page(self, template: str, heading: str, language: str = "", *, root: str = "../", **values: Any) -> str:
        about = {"heading": heading, "heading_language": language, "root": root, "script": not root}
        template_file = self.environment.get_template(f"site/{template}.html.jinja")
        return template_file.render(self.shared | about | values)

    def _index(self) -> str:
        content, words = self.content, self.content.words
        heading = words("debates_n", n=len(content.debates))
        years = sorted({debate.date[:4] for debate in content.debates if debate.date})
        if years:
            heading += words("from_to" if years[0] != years[-1] else "in_one", first=years[0], last=years[-1])
        return self._page(
            "index",
            heading,
            root="",
            classified=int(content.collection.debates["turns"].sum()),
            speakers=content.collection.stances["speaker"].nunique(),
            issues_there=content.collection.stances["issue"].nunique(),
            names=[issue.name for issue in content.issues],
            clear={party.name: _clear(party, content.reliability) for party in content.parties},
            often_note=content.said_of_issues,
        )

    def _issue(self, subject: Subject) -> str:
        content = self.content
        own = self.by_issue[subject.name]
        rows = []
        for party in content.parties:
            if party.name in subject.cells:
                cell, course = subject.cells[party.name], content.course(subject.name, party.name)
                numbers = [one.cell | {"period": one.period} for one in course.points] if course else []
                whole = cell | {"period": content.words("all_time")}
                rows.append({"party": party, "cell": cell, "course": course, "numbers": [*numbers, whole]})
        turns = own["debate"].value_counts()
        return self._page(
            "issue",
            subject.title,
            subject.language,
            subject=subject,
            level=subject.mark.level,
            rows=rows,
            found=self._strongest(OF_ISSUE, issue=subject.name),
            debates=[(debate, int(turns[debate.name])) for debate in content.debates if debate.name in turns],
        )

    def _party(self, subject: Subject) -> str:
        content = self.content
        rows = [
            {
                "issue": issue,
                "cell": subject.cells[issue.name],
                "course": content.course(issue.name, subject.name),
                "found": self._strongest(OF_PARTY, issue=issue.name, holder=subject.name),
            }
            for issue in content.issues
            if issue.name in subject.cells
        ]
        return self._page("party", subject.title, subject=subject, rows=rows)

    def _debate(self, subject: Subject) -> str:
        content = self.content
        own, row = content.stances_in(subject.name), self.debates.loc[subject.name]
        turns, holders = (own[name].value_counts().to_dict() for name in ("issue", "holder"))
        return self._page(
            "debate",
            subject.title,
            self.shared["text_language"],
            subject=subject,
            classified=int(row["turns"]),
            file=os.path.basename(row["file"]) if row["file"] else "",
            parties=sorted(holders, key=lambda name: (name == CABINET, -holders[name], name)),
            courses=content.course_in_debate(subject),
            rows=[
                {
                    "name": name,
                    "turns": turns[name],
                    "found": self._strongest(OF_DEBATE, issue=name, debate=subject.name),
                }
                for name in subject.issues
            ],
        )

    def _strongest(self, most: int, **chosen: str) -> dict[str, list[dict[str, Any]]]:
        found = self.passages.strongest(most, **chosen)
        for rows in found.values():
            self.shown |= {(row["debate"], row["turn"], row["issue"]): row for row in rows}
        return found

    def _words(self) -> Mapping[str, str]:
        keys = ("found", "found_more", "found_nothing", "issues_head", "parties", "debates_head", "passages_head")
        return {key: self.content.words(key) for key in (*keys, *SIDES)}

    def _searched(self) -> dict[str, Any]:
        """Return what is searched: titles and files, and the passages that the pages quote."""
        content = self.content
        issues, parties, debates = content.issues, content.parties, content.debates
        places = [{one.name: place for place, one in enumerate(group)} for group in (issues, parties, debates)]
        files = {one.name: one.file for one in issues}
        for row in self.shown.values():  # issues without a page of their own
            places[0].setdefault(row["issue"], len(places[0]))
        return {
            "issues": [[content.called(name)[1], name.replace("_", " "), files.get(name, "")] for name in places[0]],
            "parties": [[one.title, one.file] for one in parties],
            "debates": [[one.title, one.date or "", one.file] for one in debates],
            "passages": [
                [
                    row["quote"],
                    SIDES.index(row["stance"]),
                    row["speaker"] or "",
                    places[1].get(row["holder"], -1),
                    places[0][row["issue"]],
                    places[2][row["debate"]],
                    row["issue"],
                ]
                for row in sorted(self.shown.values(), key=lambda row: -row["certainty"])
            ],
            "language": self.shared["text_language"],
        }


def _clear(party: Subject, reliability: Reliability) -> dict[str, list[str]]:
    """Return the issues on which a party is clearly on a side, the clearest first; none that is not to be trusted."""
    trusted = [name for name in party.cells if reliability.on(name).level != "untrusted"]
    order = sorted(trusted, key=lambda name: -min(abs(party.cells[name]["low"]), abs(party.cells[name]["high"])))
    return {
        "favor": [name for name in order if party.cells[name]["low"] > 0][:_CLEAR],
        "against": [name for name in order if party.cells[name]["high"] < 0][:_CLEAR],
    }
