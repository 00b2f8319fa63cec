"""`standpunt turns` and `standpunt motions`: what is in a report."""

from __future__ import annotations

import click

from standpunt.cli.output import format_option, print_records

TURN_COLUMNS = (
    "id", "ordinal", "speaker", "party", "role", "kind", "term", "floor", "replies_to", "start", "end", "text",
)  # fmt: skip
MOTION_COLUMNS = (
    "number", "dossier", "submitters", "text", "request", "turn", "advice", "advised_by", "advice_turn", "condition",
)  # fmt: skip
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
@format_option
@partial_option
def motions(file: str, form: str | None, partial: bool) -> None:
    """Print the motions read in the report in FILE, with the cabinet's advice on each."""
    from standpunt.readers import read_debates

    debates = read_debates(file, partial=partial)
    print_records((motion.record() for debate in debates for motion in debate.motions), MOTION_COLUMNS, form)
