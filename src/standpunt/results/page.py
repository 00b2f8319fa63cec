"""The page of a run, a sweep or a comparison: one self-contained HTML file, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from standpunt import __version__
from standpunt.evaluation.tables import Table
from standpunt.results.plots import Picture


@dataclass(frozen=True)
class Section:
    """Part of a page: tables, pictures, and tables that are folded away. Tables without rows are left out."""

    tables: Sequence[Table]
    pictures: Sequence[Picture] = ()
    details: Sequence[Table] = ()


def page(
    title: str,
    sections: Sequence[Section],
    notices: Sequence[str] = (),
    settings: str = "",
) -> str:
    """Return a page; everything that is not ours is escaped.

    Args:
        title: the heading.
        sections: in the order shown.
        notices: what the reader must know first: corpora skipped, runs that failed.
        settings: the configuration, as YAML.
    """
    environment = Environment(
        loader=PackageLoader("standpunt.results", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("tables.html.jinja").render(
        title=title,
        sections=sections,
        notices=notices,
        settings=settings,
        version=__version__,
    )
