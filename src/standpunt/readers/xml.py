"""Reading XML a piece at a time and safely: no network, no external or internal entities, no endless nesting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from lxml import etree

from standpunt.errors import ReadError
from standpunt.readers.normalise import one_paragraph

# Possessive and atomic, so that a long prolog is not read over and over.
_ROOT = re.compile(
    rb"(?s:(?:\xef\xbb\xbf)?+\s*+(?>(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?+>)\s*+)*+"
    rb"<(?:[\w.-]++:)?+([\w.-]++)((?:[^>\"']|\"[^\"]*\"|'[^']*')*+)>)"
)


class Root(NamedTuple):
    """The root element as a file begins: local name, attributes as they are written, where its start tag ends."""

    name: str
    attributes: str
    end: int


def root_of(head: bytes) -> Root | None:
    """Find the root element at the beginning of a file, after declarations and comments (not in UTF-16)."""
    match = _ROOT.match(head)
    if match is None:
        return None
    return Root(match[1].decode("ascii", "replace"), match[2].decode("utf-8", "replace"), match.end())


class _Locals(dict[object, str]):
    """Names without namespace by the tag; a report has few, and those of a hostile one are not kept."""

    def __missing__(self, tag: object) -> str:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < 1000:
            self[tag] = name
        return name


LOCAL = _Locals()


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace ("" for comments and the like)."""
    return LOCAL[element.tag]


def iterate(stream: BinaryIO, *names: str, roots: Iterable[str]) -> Iterator[etree._Element]:
    """Yield the elements of these local names as they end, in document order, and forget each when it has been used.

    Elements inside a yielded one are part of it and are not yielded by themselves. All that precedes it is forgotten
    with it, so name what you need of a report's head (its date, its title) as well.

    Args:
        stream: the file, at its beginning.
        names: of the elements to yield; never that of a root.
        roots: local names that the root may have.

    Raises:
        ReadError: the XML is malformed, breaks off, or declares entities.
    """
    context = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in (*names, *roots)],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    inside = 0
    try:
        for event, element in context:
            if LOCAL[element.tag] not in names:
                if element.getroottree().docinfo.doctype:
                    raise ReadError("a document type declaration, which reports do not have; it is not resolved")
            elif event == "start":
                inside += 1
            else:
                inside -= 1
                if inside == 0:
                    yield element
                    _forget(element)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        message = " ".join((error.msg or "").split())
        raise ReadError(f"not well-formed XML (line {line}: {message}); get the whole file again") from None


def _forget(element: etree._Element) -> None:
    """Free an element and all that came before it, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None:
        while element.getprevious() is not None:
            del parent[0]
        element, parent = parent, parent.getparent()


def text_of(element: etree._Element) -> str:
    """Return all text inside an element as one paragraph."""
    return one_paragraph(printed(element))


def printed(element: etree._Element) -> str:
    """Return all text inside an element as it is."""
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)
