"""A new corpus: reports become folders of debates, each bound to its text by hash, with empty layers to fill."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from standpunt.annotation.issues import LANGUAGE, Issue, load_issue, shipped_issues
from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import SOURCE, Source
from standpunt.annotation.standoff import check_name, check_texts
from standpunt.corpora.card import write_card
from standpunt.corpora.corpus import ISSUES
from standpunt.corpora.transcripts import REPORT, read_report
from standpunt.debate import Debate
from standpunt.errors import InputError
from standpunt.readers import read_debates
from standpunt.readers.dates import check_date
from standpunt.storage.files import atomic_folder


@dataclass(frozen=True)
class NewDebate:
    """A debate that becomes part of a corpus.

    Attributes:
        report: the file it was read from.
        debate: the debate as read, with a date.
        name: of its folder.
        has_text: whether its report lies in that folder; where not, the text is found by hash among the transcripts.
    """

    report: Path
    debate: Debate
    name: str
    has_text: bool = True


def new_corpus(
    folder: str | os.PathLike[str],
    reports: Sequence[str | os.PathLike[str]],
    issues: Sequence[Issue],
    annotators: Sequence[str],
    *,
    title: str | None = None,
    about: str | None = None,
    dates: Sequence[str] = (),
    language: str = LANGUAGE,
    partial: bool = False,
    with_text: bool = True,
) -> list[NewDebate]:
    """Make the folder of a corpus, whole or not at all.

    Args:
        folder: the new folder.
        reports: files in any known format.
        issues: what the debates will be labelled on. The definitions of those that do not ship are copied.
        annotators: who will label; each has an empty layer on every debate.
        title: of the corpus; by default the name of the folder.
        about: a part of the title of the debates wanted, for reports that hold several.
        dates: a day for each report that does not say its own, in the order of the reports.
        language: of the reports.
        partial: accept reports that break off in the middle of a sentence.
        with_text: copy the reports into the corpus.

    Raises:
        InputError: the folder is not new, a name cannot be used, a report cannot be read or holds several debates, the
            same debate is there twice, or a date is missing.
        StandpuntError: writing failed; nothing is left behind.
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: exists already; choose a new folder")
    _check_issues(issues)
    for annotator in annotators:
        check_name(annotator, str(target))
    made = _named(_dated(_read(reports, about, partial=partial), dates))
    with atomic_folder(target) as place:
        write_card(place, {"title": title or target.resolve().name, "synthetic": False})
        (place / ISSUES).mkdir()
        for issue in issues:
            if issue.name in shipped_issues() and issue == load_issue(issue.name):
                continue
            text = yaml.safe_dump(issue.record(), sort_keys=False, allow_unicode=True)
            (place / ISSUES / f"{issue.name}.yaml").write_text(text, encoding="utf-8")
        return [_write(place / one.name, one, issues, annotators, language, with_text=with_text) for one in made]


def _check_issues(issues: Sequence[Issue]) -> None:
    names = [issue.name for issue in issues]
    if not names:
        raise InputError("no issue is given; name the file of one (.yaml) or an issue that ships, such as no_fly_zone")
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"issue {name} is given {names.count(name)} times; give each issue once")


def _read(
    reports: Sequence[str | os.PathLike[str]], about: str | None, *, partial: bool
) -> Iterator[tuple[Path, list[Debate]]]:
    """Yield each report with the debates in it that are wanted."""
    seen: dict[str, Path] = {}
    for report in map(Path, reports):
        debates = list(read_debates(report, partial=partial))
        if len(debates) > 1:
            titles = "; ".join(debate.title for debate in debates)
            if about is None:
                raise InputError(f"{report}: holds {len(debates)} debates; choose with --debate one of: {titles}")
            debates = [debate for debate in debates if about.casefold() in debate.title.casefold()]
            if not debates:
                raise InputError(f"{report}: no debate in it with {about!r} in its title; its debates are: {titles}")
        for debate in debates:
            if debate.sha256 in seen:
                raise InputError(f"{report}: the same debate as {seen[debate.sha256]}; give each once")
            seen[debate.sha256] = report
        yield report, debates


def _dated(read: Iterator[tuple[Path, list[Debate]]], dates: Sequence[str]) -> list[tuple[Path, list[Debate]]]:
    """Give those reports a date that do not say theirs."""
    for date in dates:
        check_date(date)
    found = list(read)
    without = [report for report, debates in found if any(debate.date is None for debate in debates)]
    if len(without) != len(dates):
        raise InputError(_wrong_dates(without, len(dates)))
    given = dict(zip(without, dates, strict=True))
    return [
        (report, [debate if debate.date else replace(debate, date=given[report]) for debate in debates])
        for report, debates in found
    ]


def _wrong_dates(without: Sequence[Path], given: int) -> str:
    names = ", ".join(map(str, without))
    if not without:
        return "a date is given, and every report says its own day; leave --date out"
    if len(without) == 1:
        return f"{names}: the report does not say its day; give it with --date YYYY-MM-DD" + (", once" if given else "")
    return (
        f"{names}: these {len(without)} reports do not say their day, and {given} dates are given; give --date "
        f"{len(without)} times, in this order"
    )


def _named(read: Sequence[tuple[Path, list[Debate]]]) -> list[NewDebate]:
    """Name each debate after its file, with a number where that is not enough."""
    named: dict[str, NewDebate] = {ISSUES: NewDebate(Path(), Debate("", "", ()), "")}
    for report, debates in read:
        stem = report.name.removesuffix(".gz").rpartition(".")[0].strip(". ") or report.name
        for debate in debates:
            name, number = stem, 1
            while name in named:
                number += 1
                name = f"{stem}-{number}"
            named[name] = NewDebate(report, debate, name)
    return list(named.values())[1:]


def _write(
    folder: Path,
    one: NewDebate,
    issues: Sequence[Issue],
    annotators: Sequence[str],
    language: str,
    *,
    with_text: bool,
) -> NewDebate:
    folder.mkdir()
    title = " ".join((one.debate.title or one.name).split())
    check_texts({"title": title, "language": language, "name": one.name}, str(one.report))
    source = Source.from_debate(one.debate, title=title, date=one.debate.date or "", language=language)
    source.save(folder / SOURCE)
    for annotator in annotators:
        layer = Layer(annotator, tuple(issue.name for issue in issues), source.sha256, ())
        layer.save(folder / f"stance.{annotator}.jsonl", source)
    if with_text:
        copy = folder / f"{REPORT}{_suffix(one.report)}"
        shutil.copyfile(one.report, copy)
        # Some formats (ParlaMint) name their speakers in other files, which lie beside the report and not here.
        if read_report(copy, source.sha256).sha256 == source.sha256:
            return one
        copy.unlink()
    return replace(one, has_text=False)


def _suffix(report: Path) -> str:
    """Return how the name of a report ends; its content tells the format, so that any end will do."""
    packed = ".gz" if report.suffix == ".gz" else ""
    return (Path(report.name.removesuffix(".gz")).suffix or ".txt") + packed
