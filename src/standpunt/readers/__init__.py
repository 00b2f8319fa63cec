"""Readers of debate reports: one module a source format behind `read_debate` and `read_debates`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from standpunt.debate import Debate
from standpunt.errors import ReadError
from standpunt.readers.dates import check_date
from standpunt.readers.formats import Report, format_of
from standpunt.readers.streams import open_report
from standpunt.readers.tables.debates import TableOptions, is_table, table_debates

__all__ = ["TableOptions", "read_debate", "read_debates"]


def read_debates(
    path: str | os.PathLike[str],
    *,
    debate_id: str | None = None,
    partial: bool = False,
    date: str | None = None,
    table: TableOptions | None = None,
) -> Iterator[Debate]:
    """Read the debates in a file one by one, without loading an XML file whole.

    Args:
        path: a report in one of the known formats, as it is or compressed with gzip; the content tells which. Or a
            table (CSV, TSV, JSON Lines, Parquet, Excel) by its name: the turns of debates, or texts that stand alone.
        debate_id: the id to give the debate; by default the beginning of its hash. Where a file holds several, "-2",
            "-3" and so on is added from the second on.
        partial: accept a report in plain text or PDF that breaks off in the middle of a sentence.
        date: the day of the debate, ISO 8601, where the report does not say.
        table: how a table is read, where that is not to be found out.

    Yields:
        Debates in the order of the file. Offsets count the characters of a text file decoded as UTF-8, with nothing
        removed; those of a PDF count the text that was extracted, `Debate.source`.

    Raises:
        InputError: the date is none.
        ReadError: the file cannot be read, is empty or binary, or holds no debate.
    """
    check_date(date)
    if is_table(path, table):
        for debate in table_debates(Path(path), debate_id, table):
            yield replace(debate, date=date) if date and not debate.date else debate
        return
    with open_report(path) as (stream, head):
        count = 0
        report = Report(Path(path), stream, head, partial)
        for debate in format_of(report).read(report, debate_id):
            count += 1
            yield replace(debate, date=date) if date and not debate.date else debate
        if not count:
            raise ReadError("a report without speech; expected turns of speakers")


def read_debate(
    path: str | os.PathLike[str],
    *,
    debate_id: str | None = None,
    partial: bool = False,
    date: str | None = None,
    table: TableOptions | None = None,
) -> Debate:
    """Read the one debate in a file; see `read_debates` for the arguments.

    Raises:
        ReadError: the file cannot be read, or holds several debates (the message names them).
    """
    debates = list(read_debates(path, debate_id=debate_id, partial=partial, date=date, table=table))
    if len(debates) > 1:
        titles = "; ".join(debate.title for debate in debates[:3])
        raise ReadError(f"{os.fspath(path)}: holds {len(debates)} debates ({titles}, ...); read it with read_debates")
    return debates[0]
