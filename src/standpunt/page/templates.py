"""The templates of all pages, and the styles and scripts that lie beside them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment() -> Environment:
    """Return what renders the templates: whatever comes from outside is escaped, and a missing value is an error."""
    made = Environment(
        loader=PackageLoader("standpunt.page", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["label"] = lambda name: name.replace("_", " ")
    return made


@cache
def asset(name: str) -> str:
    """Return the text of a style or a script, by its way from this folder."""
    return files("standpunt.page").joinpath(name).read_text(encoding="utf-8")
