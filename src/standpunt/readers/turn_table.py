"""Turns as a table in JSON Lines, whatever the file is called; see `standpunt.readers.tables` for tables by name.

A line has `debate` (a title), `speaker`, `role` and `text`, and may have `party`, `date` and `i`, the place of the turn
in its debate; without it turns are in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from standpunt.debate import Debate
from standpunt.errors import ReadError
from standpunt.readers.formats import Format, Report
from standpunt.readers.tables.debates import table_debates


def sniff(report: Report) -> bool:
    """Tell by its first line whether a file is such a table."""
    line = report.head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    return line.startswith(b"{") and all(f'"{name}":'.encode() in line for name in ("debate", "speaker", "text"))


def read(report: Report, debate_id: str | None) -> Iterator[Debate]:
    """Yield the debates of a table one by one.

    Raises:
        ReadError: a line is no turn; the message says which.
    """
    try:
        yield from table_debates(report.path, debate_id)
    except ReadError as error:  # which names the file, as the caller does
        raise ReadError(str(error).removeprefix(str(report.path)).lstrip(",: ")) from None


FORMAT = Format("turn_table", xml=False, sniff=sniff, read=read)
