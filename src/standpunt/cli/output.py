"""Printing records to standard output as JSON Lines, CSV or a table."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from standpunt.evaluation.tables import Table

FORMATS = ("jsonl", "csv", "table")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="How to print. By default, a table on a terminal and JSON Lines elsewhere.",
)


def print_records(records: Iterable[Mapping[str, object]], columns: Sequence[str], form: str | None) -> None:
    """Print records in one of `FORMATS`; `columns` names the fields in order."""
    form = form or ("table" if sys.stdout.isatty() else "jsonl")
    if form == "jsonl":
        for record in records:
            click.echo(json.dumps(record, ensure_ascii=False))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(record[name]) for name in columns] for record in records)
    else:
        print_table(columns, [[_short(record[name]) for name in columns] for record in records])


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> None:
    """Print a table; on a terminal it fits the width, in a file or a pipe lines are as long as they need."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    if not sys.stdout.isatty():
        console = Console(width=console.measure(table, options=console.options.update(max_width=sys.maxsize)).maximum)
    console.print(table)


def print_results(table: Table) -> None:
    """Print a results table with its footnotes."""
    print_table(table.columns, table.rows, table.title)
    for note in table.notes:
        click.echo(note)
    click.echo()


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | dict) else value


def _short(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"
