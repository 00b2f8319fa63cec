"""`standpunt turns` and `standpunt motions`: what is in a report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from standpunt.cli.output import format_option, print_records
from standpunt.debate import MOTION_COLUMNS, TURN_COLUMNS
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.debate import Debate, Motion, MotionVote
    from standpunt.readers import TableOptions

partial_option = click.option(
    "--partial", is_flag=True, help="Accept a report that breaks off in the middle of a sentence."
)

date_option = click.option(
    "--date", metavar="YYYY-MM-DD", help="The day of the debate, if the report does not give it."
)


@dataclass(frozen=True)
class Reading:
    """How reports are read: as the options say of a report that breaks off, of its day, and of a table."""

    partial: bool
    date: str | None
    table: TableOptions | None = None

    def debates(self, file: str) -> Iterator[Debate]:
        """Yield the debates of a file; see `standpunt.readers.read_debates`."""
        from standpunt.readers import read_debates

        return read_debates(file, partial=self.partial, date=self.date, table=self.table)


@click.command()
@click.argument("file")
@click.option(
    "--text-out", metavar="TEXT", help="Also write the text of a PDF, which start and end count, to this file."
)
@format_option
@partial_option
def turns(file: str, text_out: str | None, form: str | None, delimiter: str | None, partial: bool) -> None:
    """Print who says what in a report, one record for each turn.

    FILE is a report of the Tweede Kamer (text, PDF, VLOS XML or Handelingen XML), the minutes of a Dutch municipal
    council (text or PDF), or a ParlaMint file (TEI XML). It may be compressed with gzip. The command recognises the
    format by the content.

    start and end are character offsets into the file, or into the text of a PDF. kind says what sort of turn it is,
    floor who holds the floor, and replies_to which turn it answers.
    """
    from standpunt.readers import read_debates

    debates = read_debates(file, partial=partial)
    if text_out is not None:
        debates = list(debates)
        _write_source(file, debates, text_out)
    print_records((turn.record() for debate in debates for turn in debate.turns), TURN_COLUMNS, form, delimiter)


@click.command()
@click.argument("file")
@click.option(
    "--votes",
    help="A file of votes that `standpunt fetch tk --votes` wrote, or of motions and votes. Adds result and votes.",
)
@format_option
@partial_option
def motions(file: str, votes: str | None, form: str | None, delimiter: str | None, partial: bool) -> None:
    """Print the motions in a report and the cabinet's advice on them.

    FILE is a report in any format that `standpunt turns` reads. If the report says how the motions were voted on, as
    the minutes of a council do, the command prints that as well.
    """
    from standpunt.readers import read_debates

    with_votes = _voted(list(read_debates(file, partial=partial)), votes)
    if votes is None and not any(vote for _, vote in with_votes):
        print_records((motion.record() for motion, _ in with_votes), MOTION_COLUMNS, form, delimiter)
        return
    records = [
        {
            **motion.record(),
            "result": vote and vote.result,
            "votes": dict(vote.votes) if vote else None,
            "counts": dict(vote.counts) if vote else None,
        }
        for motion, vote in with_votes
    ]
    print_records(records, (*MOTION_COLUMNS, "result", "votes", "counts"), form, delimiter)


def _voted(debates: Sequence[Debate], votes: str | None) -> list[tuple[Motion, MotionVote | None]]:
    """Return the motions of debates, each with the vote on it; say what a file of votes does not tell."""
    from standpunt.parliament.debate_votes import debate_votes
    from standpunt.parliament.votes import join_votes

    if votes is None:
        return [pair for debate in debates for pair in join_votes(debate.motions, debate.votes)]
    pairs = []
    for debate, read in zip(debates, debate_votes(votes, debates), strict=True):
        if read.note:
            which = f"{debate.title}: " if len(debates) > 1 and debate.title else ""
            click.echo(f"{votes}: {which}{read.note}", err=True)
        pairs += join_votes(debate.motions, read.votes)
    return pairs


def _write_source(file: str, debates: Sequence[Debate], text_out: str) -> None:
    from standpunt.storage.files import atomic_path

    if os.path.exists(text_out) and os.path.exists(file) and os.path.samefile(file, text_out):
        raise InputError(f"{text_out}: is the report itself; name another file for --text-out")
    if not debates[0].source:
        raise InputError(f"{file}: XML has no offsets into a text; leave out --text-out, which is for text and PDF")
    with atomic_path(text_out) as temporary:
        temporary.write_bytes(debates[0].source.encode("utf-8"))
