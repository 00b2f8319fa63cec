"""Reading XML a piece at a time and safely: no network, no external or internal entities, no endless nesting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from standpunt.errors import ReadError
from standpunt.readers.normalise import one_paragraph


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace ("" for comments and the like)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def iterate(stream: BinaryIO, *names: str) -> Iterator[etree._Element]:
    """Yield the elements of these local names as they end, in document order, and forget each when it has been used.

    Elements inside a yielded one are part of it and are not yielded by themselves; all others are forgotten unseen, so
    name what you need of a report's head (its date, its title) as well.

    Raises:
        ReadError: the XML is malformed, breaks off, or declares entities.
    """
    context = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    inside = 0
    at_root = True
    wanted: dict[object, bool] = {}  # by tag: most elements are looked at twice and wanted never
    try:
        for event, element in context:
            tag = element.tag
            if tag not in wanted:
                wanted[tag] = local(element) in names
            if event == "start":
                if at_root and element.getroottree().docinfo.doctype:
                    raise ReadError("a document type declaration, which reports do not have; it is not resolved")
                at_root = False
                inside += wanted[tag]
                continue
            if wanted[tag]:
                inside -= 1
                if inside == 0:
                    yield element
            if inside == 0:
                _forget(element)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        message = " ".join((error.msg or "").split())
        raise ReadError(f"not well-formed XML (line {line}: {message}); get the whole file again") from None


def _forget(element: etree._Element) -> None:
    """Free an element and what came before it, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def text_of(element: etree._Element) -> str:
    """Return all text inside an element as one paragraph."""
    return one_paragraph("".join(map(str, element.itertext())))
