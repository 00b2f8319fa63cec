"""`standpunt turns` and `standpunt motions`: what is in a report."""

from __future__ import annotations

import click

from standpunt.cli.output import format_option, print_records
from standpunt.debate import MOTION_COLUMNS, TURN_COLUMNS

partial_option = click.option("--partial", is_flag=True, help="Accept a report that breaks off in a sentence.")


@click.command()
@click.argument("file")
@format_option
@partial_option
def turns(file: str, form: str | None, partial: bool) -> None:
    """Print the turns of the report in FILE, one record a turn.

    start and end are character offsets into the file; kind, floor and replies_to say who holds the floor and who
    answers whom.
    """
    from standpunt.readers import read_debates

    debates = read_debates(file, partial=partial)
    print_records((turn.record() for debate in debates for turn in debate.turns), TURN_COLUMNS, form)


@click.command()
@click.argument("file")
@click.option("--votes", help="A file of votes as `standpunt fetch tk --votes` writes it; adds result and votes.")
@format_option
@partial_option
def motions(file: str, votes: str | None, form: str | None, partial: bool) -> None:
    """Print the motions read in the report in FILE, with the cabinet's advice on each.

    Where the report says how they were voted on, as minutes of a council do, this is printed as well.
    """
    from standpunt.parliament.votes import join_votes, read_votes
    from standpunt.readers import read_debates

    given = read_votes(votes) if votes is not None else None
    found = [
        pair
        for debate in read_debates(file, partial=partial)
        for pair in join_votes(debate.motions, debate.votes if given is None else given)
    ]
    if given is None and not any(vote for _, vote in found):
        print_records((motion.record() for motion, _ in found), MOTION_COLUMNS, form)
        return
    records = [
        {
            **motion.record(),
            "result": vote and vote.result,
            "votes": dict(vote.votes) if vote else None,
            "counts": dict(vote.counts) if vote else None,
        }
        for motion, vote in found
    ]
    columns = (*MOTION_COLUMNS, "result", "votes", "counts")
    print_records(records, columns, form)
