"""Readers of debate reports: one module a source format behind `read_debate` and `read_debates`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO

from standpunt.debate import Debate
from standpunt.errors import ReadError
from standpunt.readers import minutes, pdf, plain
from standpunt.readers.dates import check_date
from standpunt.readers.refusals import refuse_by_beginning
from standpunt.readers.streams import open_report

if TYPE_CHECKING:
    from standpunt.readers.parlamint_register import Register

__all__ = ["read_debate", "read_debates"]

# Formats told by their root element; what has none is PDF or plain text. Imported when met: they need lxml.
_XML_FORMATS = ("vlos", "handelingen", "parlamint")


def read_debates(
    path: str | os.PathLike[str], *, debate_id: str | None = None, partial: bool = False, date: str | None = None
) -> Iterator[Debate]:
    """Read the debates in a file one by one, without loading an XML file whole.

    Args:
        path: a report in one of the known formats, as it is or compressed with gzip; the content tells which.
        debate_id: the id to give the debate; by default the beginning of its hash. Where a file holds several, "-2",
            "-3" and so on is added from the second on.
        partial: accept a report in plain text or PDF that breaks off in the middle of a sentence.
        date: the day of the debate, ISO 8601, where the report does not say.

    Yields:
        Debates in the order of the file. Offsets count the characters of a text file decoded as UTF-8, with nothing
        removed; those of a PDF count the text that was extracted, `Debate.source`.

    Raises:
        InputError: the date is none.
        ReadError: the file cannot be read, is empty or binary, or holds no debate.
    """
    check_date(date)
    with open_report(path) as (stream, head):
        found = 0
        for debate in _debates(Path(path), stream, head, debate_id, partial):
            found += 1
            yield replace(debate, date=date) if date and not debate.date else debate
        if not found:
            raise ReadError("a report without speech; expected turns of speakers")


def read_debate(
    path: str | os.PathLike[str], *, debate_id: str | None = None, partial: bool = False, date: str | None = None
) -> Debate:
    """Read the one debate in a file; see `read_debates` for the arguments.

    Raises:
        ReadError: the file cannot be read, or holds several debates (the message names them).
    """
    debates = list(read_debates(path, debate_id=debate_id, partial=partial, date=date))
    if len(debates) > 1:
        titles = "; ".join(debate.title for debate in debates[:3])
        raise ReadError(f"{os.fspath(path)}: holds {len(debates)} debates ({titles}, ...); read it with read_debates")
    return debates[0]


def _debates(path: Path, stream: BinaryIO, head: bytes, debate_id: str | None, partial: bool) -> Iterator[Debate]:
    if pdf.sniff(head):
        yield plain.parse(pdf.extract(stream.read()), debate_id=debate_id, partial=partial)
        return
    refuse_by_beginning(head)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _text_debates(plain.decode(stream.read(), partial=partial), debate_id, partial)
        return
    for reader in map(_xml_format, _XML_FORMATS):
        if reader.sniff(head):
            beside = reader.register_for(path) if hasattr(reader, "register_for") else None
            if beside is None:
                yield from reader.read(stream, debate_id=debate_id)
            else:
                yield from reader.read_with_register(stream, _register(beside), debate_id=debate_id)
            return
    raise ReadError(f"XML of an unknown kind; known are {', '.join(_XML_FORMATS)}")


def _text_debates(text: str, debate_id: str | None, partial: bool) -> Iterator[Debate]:
    if minutes.sniff(text):
        yield from minutes.parse(text, debate_id=debate_id, partial=partial)
    else:
        yield plain.parse(text, debate_id=debate_id, partial=partial)


def _xml_format(name: str) -> ModuleType:
    return import_module(f"standpunt.readers.{name}")


@cache
def _register(path: Path) -> Register:
    """Read the register of a corpus once for all its sittings."""
    from standpunt.readers.parlamint_register import Register

    return Register.load(path)
