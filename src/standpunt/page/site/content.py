"""What the pages of many debates show: issues, parties and debates, each with its course and its passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from standpunt.analysis.across.collection import Collection
from standpunt.analysis.across.positions import (
    MIN_DEBATES,
    MIN_TURNS,
    issue_counts,
    often_addressed,
    periods,
    positions,
    time_unit,
)
from standpunt.analysis.course import stance_course
from standpunt.annotation.issues import Issue
from standpunt.debate import CABINET
from standpunt.page.downloads import proposition
from standpunt.page.figures import Course, courses
from standpunt.page.reliability import Mark, Reliability, of_collection
from standpunt.page.site.figures import TimeAxis, TimeCourse
from standpunt.page.site.names import file_names
from standpunt.page.words import Words

Cells = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What has a page of its own: an issue, a party, or a debate.

    Attributes:
        name: as in the predictions.
        file: its page, from the folder.
        title: what it is called.
        language: of the title; empty where nobody knows.
        turns: how many turns take a stance on it, or in it.
        debates: in how many debates.
        speakers: of how many speakers.
        cells: positions: of an issue by party, of a party by issue.
        mark: what the answers on an issue are good for.
        course: of an issue, over time.
        date: of a debate.
        issues: those that are addressed, most turns first.
    """

    name: str
    file: str
    title: str
    language: str
    turns: int
    debates: int
    speakers: int
    cells: Cells
    mark: Mark = field(default_factory=Mark)
    course: TimeCourse | None = None
    date: str | None = None
    issues: tuple[str, ...] = ()


class SiteContent:
    """All that the pages show, counted once."""

    def __init__(
        self,
        collection: Collection,
        definitions: Mapping[str, Issue],
        words: Words,
        *,
        issues: Sequence[str] | None = None,
        time: str | None = None,
        min_turns: int = MIN_TURNS,
        min_debates: int = MIN_DEBATES,
        resamples: int = 1000,
    ) -> None:
        """Count.

        Args:
            collection: the predictions.
            definitions: of the issues, where there are any, by name.
            words: of the pages.
            issues: those that get a page; by default those that are addressed often enough.
            time: the unit of courses; by default the one that fits.
            min_turns: as for `standpunt.analysis.across.positions.positions`, like the others.
            min_debates: see there.
            resamples: see there.
        """
        self.collection, self.words, self.definitions = collection, words, definitions
        least = (min_turns, min_debates) if issues is None else (1, 1)
        often = often_addressed(collection.stances, min_turns=least[0], min_debates=least[1])
        names = [name for name in often if issues is None or name in issues]
        self.stances = collection.stances[collection.stances["issue"].isin(names)]
        left_out = collection.stances["issue"].nunique() - len(names)
        note = "chosen_note" if issues is not None else "often_note"
        self.said_of_issues = (
            words(note, n=left_out, turns=words("turns", n=min_turns), debates=words("debates_n", n=min_debates))
            if left_out
            else ""
        )
        self.reliability: Reliability = of_collection(collection.stances, collection.model, words)
        self.axis = _axis(collection.debates["date"], time)
        self._resamples = resamples
        by_party = self._positions(["party"])
        self._by_time = self._positions([self.axis.unit]) if self.axis else None
        self._by_both = self._positions(["party", self.axis.unit]) if self.axis else None
        self._of_debate = dict(tuple(collection.stances.groupby("debate", sort=False)))
        self.issues = self._issues(names, by_party)
        self.parties = self._parties(by_party)
        self.debates = self._debates()
        self.by_issue = {one.name: one for one in self.issues}
        self.by_party = {one.name: one for one in self.parties}
        self.by_debate = {one.name: one for one in self.debates}

    def course(self, issue: str, party: str | None = None) -> TimeCourse | None:
        """Return the course of an issue over time, or of a party on it; None where there is none."""
        cells = self._by_time if party is None else self._by_both
        if cells is None or self.axis is None:
            return None
        part = cells[cells["issue"] == issue]
        if party is not None:
            part = part[part["party"] == party]
        return self.axis.course(part) if len(part) else None

    def stances_in(self, debate: str) -> pd.DataFrame:
        """Return the stances in a debate, on all its issues."""
        return self._of_debate.get(debate, self.collection.stances[:0])

    def course_in_debate(self, debate: Subject) -> list[Course]:
        """Return the course of each issue through the turns of a debate."""
        part = self.stances_in(debate.name)
        if part.empty or part["ordinal"].isna().any():
            return []
        return courses(stance_course(part), debate.issues, int(part["ordinal"].max()))

    def called(self, issue: str) -> tuple[str, str]:
        """Return the language and the words of an issue: its proposition, or its name where it is not defined."""
        if issue in self.definitions:
            return proposition(self.definitions[issue], self.words.language)
        return "", issue.replace("_", " ")

    def _positions(self, by: list[str]) -> pd.DataFrame | None:
        """Return positions, None where there are no parties or no dates."""
        needed = [{"party": "holder"}.get(name, "date") for name in by]
        if self.stances.dropna(subset=needed).empty:
            return None
        return positions(self.stances, by, min_turns=1, min_debates=1, resamples=self._resamples)

    def _issues(self, names: Sequence[str], by_party: pd.DataFrame | None) -> tuple[Subject, ...]:
        counts, cells, files = issue_counts(self.stances), _cells(by_party, "issue", "party"), file_names(names)
        return tuple(
            Subject(
                name,
                f"issues/{file}.html",
                title,
                language,
                *_counts(counts.loc[name]),
                cells=cells.get(name, {}),
                mark=self.reliability.on(name),
                course=self.course(name),
            )
            for name, file in zip(names, files, strict=True)
            for language, title in (self.called(name),)
        )

    def _parties(self, by_party: pd.DataFrame | None) -> tuple[Subject, ...]:
        known = self.stances.dropna(subset=["holder"])
        counts = known.groupby("holder").agg(
            turns=("turn", "size"), debates=("debate", "nunique"), speakers=("speaker", "nunique")
        )
        names = sorted(counts.index, key=lambda name: (name == CABINET, -counts.loc[name, "turns"], name))
        cells, files = _cells(by_party, "party", "issue"), file_names(names)
        return tuple(
            Subject(
                name,
                f"parties/{file}.html",
                self.words("cabinet") if name == CABINET else name,
                "",
                *_counts(counts.loc[name]),
                cells=cells[name],
            )
            for name, file in zip(names, files, strict=True)
        )

    def _debates(self) -> tuple[Subject, ...]:
        records = self.collection.debates.to_dict("records")
        records.sort(key=lambda row: (row["date"] or "", row["title"]), reverse=True)
        files = file_names([f"{row['date'] or ''} {row['title']}" for row in records])
        debates = []
        for row, file in zip(records, files, strict=True):
            part = self.stances_in(row["debate"])
            often = part["issue"].value_counts()
            debates.append(
                Subject(
                    row["debate"],
                    f"debates/{file}.html",
                    row["title"],
                    "",
                    len(part),
                    1,
                    part["speaker"].nunique(),
                    cells=_means(part),
                    date=row["date"],
                    issues=tuple(sorted(often.index, key=lambda name: (-often[name], name))),
                )
            )
        return tuple(debates)


def _axis(dates: pd.Series, unit: str | None) -> TimeAxis | None:
    known = dates.dropna()
    if known.empty:
        return None
    unit = unit or time_unit(known)
    return TimeAxis(unit, tuple(sorted(periods(known, unit).unique())))


def _counts(row: pd.Series) -> tuple[int, int, int]:
    return int(row["turns"]), int(row["debates"]), int(row["speakers"])


def _cells(positions_of: pd.DataFrame | None, outer: str, inner: str) -> dict[str, Cells]:
    """Return cells by two of their columns."""
    by: dict[str, Cells] = {}
    for row in [] if positions_of is None else positions_of.to_dict("records"):
        by.setdefault(row[outer], {})[row[inner]] = row
    return by


def _means(part: pd.DataFrame) -> Cells:
    """Return the mean stance of each party on each issue of one debate, and the number of turns: `issue` by party."""
    cells: Cells = {}
    known = part.dropna(subset=["holder"])
    sums = known.assign(weighted=known["value"] * known["addressed"], turns=1).groupby(["issue", "holder"])
    table = sums[["weighted", "addressed", "turns"]].sum().reset_index()
    for issue, party, weighted, addressed, turns in table.itertuples(index=False):
        cells.setdefault(issue, {})[party] = {"value": weighted / addressed, "turns": int(turns)}
    return cells
