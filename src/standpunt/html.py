"""Pieces of HTML for notebooks, made from plain values; everything given is escaped but `body`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_LEFT = ' style="text-align: left"'


def article(title: str, place: str, paragraphs: Iterable[str]) -> str:
    """Return a text under its title, with where it stands beside it."""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f'<article style="max-width: 44rem"><b>{escape(title)}</b> · {escape(place)}{text}</article>'


def card(title: str, facts: Iterable[str], body: str = "") -> str:
    """Return a title and a line of facts, with HTML of this module below."""
    return f"<div><b>{escape(title)}</b><br>{escape(' · '.join(facts))}{body}</div>"


def folded(summary: str, text: str) -> str:
    """Return a text that is shown when its summary is clicked."""
    return f"<details><summary>{escape(summary)}</summary>{escape(text)}</details>"


def paragraph(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, text: Sequence[int] = (0,)) -> str:
    """Return a table; the columns whose numbers are in `text` hold text, the others hold numbers as a rule."""
    head = _cells("th", columns, text)
    body = "".join(f"<tr>{_cells('td', row, text)}</tr>" for row in rows) or "<tr><td>no rows</td></tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def titled_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], notes: Iterable[str]) -> str:
    """Return a table with its title and footnotes; a wide one scrolls."""
    below = "".join(f"<div><small>{escape(note)}</small></div>" for note in notes)
    return f'<div style="overflow-x: auto"><b>{escape(title)}</b>{table(columns, rows)}{below}</div>'


def beginning(text: str, length: int = 90) -> str:
    """Return the first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _cells(tag: str, row: Iterable[str], text: Sequence[int]) -> str:
    return "".join(f"<{tag}{_LEFT if place in text else ''}>{escape(cell)}</{tag}>" for place, cell in enumerate(row))
