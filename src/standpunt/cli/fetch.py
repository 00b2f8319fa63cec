"""`standpunt fetch`: reports and votes from the official services."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.progress import show, working
from standpunt.errors import InputError, StandpuntError

if TYPE_CHECKING:
    from standpunt.sources.http import Client
    from standpunt.sources.tk import TweedeKamer


@click.group()
def fetch() -> None:
    """Download reports and votes from an official service."""


@fetch.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Fetch the reports of this day.")
@click.option("--report", help="Fetch the report with this id.")
@click.option("--debate", help="Keep only sittings in which the title of a debate contains this text.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write to; by default, one in your cache.")
@click.option(
    "--base-url",
    envvar="STANDPUNT_TK_URL",
    show_envvar=True,
    help="Another address of the service, such as that of a mirror.",
)
@click.option("--votes", is_flag=True, help="Also write the motions submitted that day, with the votes by party.")
def tk(
    day: datetime | None, report: str | None, debate: str | None, out: Path | None, base_url: str | None, votes: bool
) -> None:
    """Download reports of the Tweede Kamer, and print where they are.

    Choose a day with --date, or a report with --report. A plenary sitting has one report with all its debates. If the
    service has several versions, the command takes the final one or, before there is one, the newest. A report that
    was fetched before is not fetched again, unless the service has changed it or the file is damaged.
    """
    if (day is None) == (report is None):
        raise click.UsageError("give either --date or --report")
    if report is not None and debate is not None:
        raise click.UsageError("--debate goes with --date, not with --report")
    with working("fetch"):
        from standpunt.sources.http import NotFoundError
        from standpunt.sources.tk import BASE_URL, TweedeKamer

        service = TweedeKamer(make_client(), base_url or BASE_URL)
    folder = out or cache_folder() / "tk"
    if report is not None:
        try:
            with working(f"report {report}"):
                fetched = service.fetch_report(report, folder)
            click.echo(fetched)
        except NotFoundError as error:
            raise InputError(f"report {report}: the service does not have it; look for one with --date") from error
        if votes:
            with working("votes"):
                votes_of_day = _write_votes(service, service.date_of(report), folder)
            click.echo(votes_of_day)
    elif day is not None:
        _fetch_day(service, day.date(), debate, folder)
        if votes:
            with working("votes"):
                votes_of_day = _write_votes(service, day.date(), folder)
            click.echo(votes_of_day)


def make_client() -> Client:
    """Return a client that says what it does on a terminal and is quiet in a log."""
    from standpunt.sources.http import Client

    if not sys.stderr.isatty():
        return Client()
    return Client(tell=lambda sentence: click.echo(sentence, err=True), watch=show)


def cache_folder() -> Path:
    """Return the folder of the package in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "standpunt"


def _fetch_day(service: TweedeKamer, day: date, debate: str | None, folder: Path) -> None:
    """Fetch the reports of a day; one that the service lost does not keep the others from being fetched."""
    from standpunt.sources.http import NotFoundError

    lost: list[NotFoundError] = []
    with working(f"sittings of {day}"):
        sittings = service.sittings(day, debate)
    for sitting in sittings:
        try:
            with working(sitting.title):
                fetched = service.fetch_sitting(sitting, folder)
            click.echo(fetched)
        except NotFoundError as error:
            lost.append(error)
    if len(lost) == len(sittings):
        raise lost[0]
    for error in lost:
        click.echo(f"standpunt: {error}", err=True)


def _write_votes(service: TweedeKamer, day: date, folder: Path) -> Path:
    from standpunt.storage.files import write_text

    votes = service.votes_on(day)
    target = folder / f"votes-{day}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StandpuntError(f"{folder}: cannot be made ({error.strerror or error})") from error
    write_text(target, "".join(f"{json.dumps(vote.record(), ensure_ascii=False)}\n" for vote in votes))
    return target
