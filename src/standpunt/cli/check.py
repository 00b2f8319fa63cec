"""`standpunt check`: what is in report files and what is odd about it."""

from __future__ import annotations

import click

from standpunt.cli.output import format_option, print_records
from standpunt.errors import InputError


@click.command()
@click.argument("files", nargs=-1, required=True)
@format_option
def check(files: tuple[str, ...], form: str | None) -> None:
    """Print counts and oddities of the debates in FILES, one record a debate; exit 2 where a file is unreadable."""
    from standpunt.errors import ReadError
    from standpunt.inspection import COLUMNS, inspect_file

    unreadable: list[str] = []
    records = []
    for file in files:
        try:
            records.extend(inspect_file(file))
        except ReadError as error:
            unreadable.append(str(error))
    print_records(records, COLUMNS, form)
    if len(files) > 1:
        for message in unreadable[:-1]:
            click.echo(f"standpunt: {message}", err=True)
    if unreadable:
        raise InputError(unreadable[-1])
