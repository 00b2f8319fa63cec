"""What a format of reports is, and which there are. The content of a file tells its format, never its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from standpunt.debate import Debate
from standpunt.errors import ReadError
from standpunt.readers import pdf
from standpunt.readers.decoding import decode
from standpunt.readers.refusals import refuse_by_beginning
from standpunt.registry import Registry

_BLANK = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True)
class Report:
    """A report file that is open.

    Attributes:
        path: where it lies; files beside it may be read.
        stream: its bytes, unpacked, at the beginning.
        head: its first bytes, 8,192 of them where there are so many.
        partial: whether a text may break off in the middle of a sentence.
    """

    path: Path
    stream: BinaryIO
    head: bytes
    partial: bool = False

    @property
    def is_xml(self) -> bool:
        """Whether it begins as XML does."""
        return self.head.lstrip(_BLANK).startswith(b"<")

    @cached_property
    def text(self) -> str:
        """The whole text of a report that is no XML; that of a PDF as it was extracted.

        Raises:
            ReadError: it is not UTF-8, is binary, or is a PDF without text.
        """
        if pdf.sniff(self.head):
            return pdf.extract(self.stream.read())
        refuse_by_beginning(self.head)
        return decode(self.stream.read(), partial=self.partial)


@dataclass(frozen=True)
class Format:
    """A format of reports.

    Attributes:
        name: for messages.
        xml: whether reports in it are XML; only those that are what it says are shown to it.
        sniff: tells by its content whether a report is in the format.
        read: yields the debates of a report, given the id to give the first of them or None. It raises ReadError where
            the report cannot be read.
    """

    name: str
    xml: bool
    sniff: Callable[[Report], bool]
    read: Callable[[Report, str | None], Iterator[Debate]]


# In the order in which they are asked: plain text is what nothing else is.
_XML = ("vlos", "handelingen", "parlamint")
_TEXT = ("turn_table", "minutes", "plain")
FORMATS: Registry[Format] = Registry(
    "report format", "standpunt.readers", {name: f"standpunt.readers.{name}:FORMAT" for name in (*_XML, *_TEXT)}
)


def format_of(report: Report) -> Format:
    """Return the format of a report. Formats of other packages are asked before those that ship.

    Raises:
        ReadError: it is in none.
    """
    others = [name for name in FORMATS.names() if name not in (*_XML, *_TEXT)]
    for name in (*others, *(_XML if report.is_xml else _TEXT)):  # an XML format takes lxml with it
        format_ = FORMATS.get(name)
        if format_.xml == report.is_xml and format_.sniff(report):
            return format_
    refuse_by_beginning(report.head)
    raise ReadError(f"XML of an unknown kind; known are {', '.join(_XML)}")
