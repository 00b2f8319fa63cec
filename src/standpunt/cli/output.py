"""Printing records to standard output as JSON Lines, CSV or a table; how tables fit a terminal is decided here."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeVar

import click

from standpunt.storage.spreadsheet import DELIMITERS, MARK, lines

if TYPE_CHECKING:
    from standpunt.evaluation.tables import Table

_Command = TypeVar("_Command", bound=Callable[..., Any])
FORMATS = ("jsonl", "csv", "table")
_LONGEST = 160  # letters of a text in a table; ids and paths are not cut
_TALLEST = 4  # lines of a row: a table with taller ones is stacked
# Where a cell may be broken: at a blank, but not within an interval such as [0.47, 0.58].
_BLANK = re.compile(r"\s+(?![^\[\]]*\])")
_FIXED = "\u00a0"


def format_option(command: _Command) -> _Command:
    """Add the options `--format` (`form`) and `--delimiter` to a command that prints records."""
    shown = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help="How to print. By default, a table on a terminal and JSON Lines elsewhere.",
    )
    return shown(delimiter_option(command))


delimiter_option = click.option(
    "--delimiter",
    type=click.Choice(DELIMITERS),
    help="The sign between cells of CSV, a comma by default. With a semicolon, the decimal sign is a comma, as a Dutch "
    "Excel expects.",
)


def check_delimiter(delimiter: str | None, *, csv: bool) -> None:
    """Refuse a delimiter where nothing is written as CSV.

    Raises:
        UsageError: there is one.
    """
    if delimiter is not None and not csv:
        raise click.UsageError("--delimiter is for CSV; leave it out, or ask for CSV")


def print_records(
    records: Iterable[Mapping[str, object]], columns: Sequence[str], form: str | None, delimiter: str | None = None
) -> None:
    """Print records in one of `FORMATS`; `columns` names the fields in order.

    Raises:
        UsageError: there is a delimiter, and the form is not CSV.
    """
    form = form or ("table" if sys.stdout.isatty() else "jsonl")
    check_delimiter(delimiter, csv=form == "csv")
    if form == "jsonl":
        for record in records:
            click.echo(json.dumps(record, ensure_ascii=False))
    elif form == "csv":
        if not sys.stdout.isatty():
            click.echo(MARK.encode(), nl=False)
        for line in lines(columns, ([record[name] for name in columns] for record in records), delimiter or ","):
            click.echo(line.encode(), nl=False)  # as bytes: UTF-8 wherever the output goes, each line ended once
    else:
        print_table(columns, [[_short(record[name]) for name in columns] for record in records])


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> None:
    """Print a table. In a file or a pipe, lines are as long as they need; on a terminal, nothing is cut.

    Where a table is wider than the terminal, its cells are broken at blanks. Where that is not enough, or makes rows
    of more than `_TALLEST` lines, it is stacked: a block a row, the first cell at its head, what is empty left out.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    cells = [list(row) for row in rows]
    console = Console()
    widths: list[int] | None
    if not sys.stdout.isatty():
        widths = [_natural(column) for column in _columns(columns, cells)]
        console = Console(width=max(sum(widths) + _frame(len(columns)), len(title or "")))
    else:
        widths = _fitting(columns, cells, console.width)
    if widths is None:
        click.echo("\n".join(_stacked(columns, cells, title, console.width)))
        return
    table = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column, width in zip(columns, widths, strict=True):
        table.add_column("\n".join(_broken(column, width)), no_wrap=True, width=width)
    for row in cells:
        table.add_row(*(Text("\n".join(_broken(cell, width))) for cell, width in zip(row, widths, strict=True)))
    console.print(table)


def print_results(table: Table) -> None:
    """Print a results table with its footnotes."""
    print_table(table.columns, table.rows, table.title)
    for note in table.notes:
        click.echo(note)
    click.echo()


def _fitting(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Return the widths of columns with which a table fits and no word is broken; None where there are none."""
    by_column = _columns(columns, rows)
    widths = [_natural(column) for column in by_column]
    least = [max((_width(word) for cell in column for word in _BLANK.split(cell)), default=1) for column in by_column]
    room = width - _frame(len(widths))
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((place for place in range(len(widths)) if widths[place] > least[place]), key=widths.__getitem__)
        widths[widest] -= 1
    heights = [len(_broken(cell, width)) for row in rows for cell, width in zip(row, widths, strict=True)]
    return None if max(heights, default=0) > _TALLEST else widths


def _stacked(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str | None, width: int) -> Iterable[str]:
    """Yield the lines of a table whose rows are blocks: the first cell, then each other one with its name."""
    yield from wrap(title, width) if title else ()
    for row in rows:
        yield ""
        yield from wrap(f"{columns[0]}: {row[0]}", width, break_long_words=False, break_on_hyphens=False)
        line = ""
        for name, cell in zip(columns[1:], row[1:], strict=True):
            if not cell:
                continue
            pair = f"{name}: {cell}"
            longer = f"{line} · {pair}" if line else f"  {pair}"
            if _width(longer) <= width:
                line = longer
                continue
            yield from [line] if line else []
            *whole, line = wrap(
                pair,
                width,
                initial_indent="  ",
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            yield from whole
        yield from [line] if line else []
    yield ""


def _frame(columns: int) -> int:
    """Return how many places of a line a table takes beside its cells."""
    return 3 * columns - 1


def _columns(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return what stands in each column, its name first."""
    return [list(column) for column in zip(columns, *rows, strict=True)]


def _natural(column: Iterable[str]) -> int:
    return max((_width(cell) for cell in column), default=1) or 1


def _width(text: str) -> int:
    """Return how many places a text takes on a terminal."""
    from rich.cells import cell_len

    return cell_len(text)


def _broken(cell: str, width: int) -> list[str]:
    """Return the lines of a cell, which is broken at blanks where it may be."""
    fixed = " ".join(re.sub(r"\s", _FIXED, word) for word in _BLANK.split(cell))
    lines = wrap(fixed, width, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_FIXED, " ") for line in lines]


def _short(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST or " " not in text else f"{text[: _LONGEST - 1]}…"
