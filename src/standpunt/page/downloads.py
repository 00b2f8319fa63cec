"""The stance map as a file: CSV for a spreadsheet, and the order and words that all forms of it share."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import fill

from standpunt.analysis.stance_map import By, side, stance_map
from standpunt.annotation.issues import Issue
from standpunt.debate import CABINET
from standpunt.errors import InputError
from standpunt.page.content import Content
from standpunt.storage.files import atomic_path
from standpunt.storage.spreadsheet import sheet

SUFFIXES = (".csv", ".png")
COLUMNS = (
    "issue", "proposition", "holder", "side", "value", "low", "high", "certainty", "turns", "disputed", "ordinals",
)  # fmt: skip
_LINE = 56  # characters of a proposition in a picture
_LETTER = 0.075  # of an inch, the width of a letter of the notes below a picture
_TRUST = ("trust", "measured_right", "measured_of")


def proposition(issue: Issue, language: str) -> tuple[str, str]:
    """Return the language and the words of the proposition of an issue: those of the page, where it has them."""
    chosen = language if language in issue.proposition else next(iter(issue.proposition))
    return chosen, issue.proposition[chosen]


def map_csv(content: Content, by: By, delimiter: str | None = None) -> bytes:
    """Return the stance map as CSV: a row a cell, and where a machine answered, how far it can be trusted.

    Args:
        content: of the page.
        by: parties or speakers.
        delimiter: between cells; by default a semicolon where the page is in Dutch, as Excel expects there.
    """
    reliability, language = content.reliability, content.words.language
    issues = content.issues or {}
    rows = []
    for cell in stance_map(content.stances, by=by).to_dict("records"):
        name = cell["issue"]
        said = proposition(issues[name], language)[1] if name in issues else ""
        numbers = [round(float(cell[key]), 4) for key in ("value", "low", "high", "certainty")]
        turns = " ".join(map(str, cell["ordinals"]))
        row = [name, said, cell["holder"], side(cell["value"]), *numbers, cell["turns"], cell["disputed"], turns]
        if reliability is not None:
            mark = reliability.on(name)
            row += [mark.level, *((mark.right, mark.of) if mark.of else (None, None))]
        rows.append(row)
    columns = COLUMNS if reliability is None else (*COLUMNS, *_TRUST)
    return sheet(columns, rows, delimiter or (";" if language == "nl" else ","))


def check_map(path: str | os.PathLike[str]) -> None:
    """Refuse a file for the map whose name ends in nothing that is known.

    Raises:
        InputError: the suffix is none of `SUFFIXES`.
    """
    if Path(path).suffix not in SUFFIXES:
        raise InputError(f"{os.fspath(path)}: expected a name that ends in {' or '.join(SUFFIXES)} for the map")


def write_map(content: Content, path: str | os.PathLike[str], by: By, delimiter: str | None = None) -> None:
    """Write the stance map as CSV or as a picture, by the suffix, in one step.

    Raises:
        InputError: the suffix is unknown, the folder does not exist, or there is no stance to draw.
        StandpuntError: writing failed; nothing is left behind.
    """
    check_map(path)
    if content.stances.empty:
        raise InputError(f"{os.fspath(path)}: no turn takes a stance, so that there is no map to write")
    with atomic_path(path) as temporary:
        if temporary.suffix == ".csv":
            temporary.write_bytes(map_csv(content, by, delimiter))
        else:
            _draw(content, temporary, by)


def _draw(content: Content, path: Path, by: By) -> None:
    import matplotlib as mpl
    from matplotlib import pyplot

    from standpunt.analysis.plots import plot_stance_map

    issues, language = content.issues or {}, content.words.language
    titles = {name: fill(proposition(issue, language)[1], _LINE) for name, issue in issues.items()}
    levels = None
    if content.reliability is not None:
        marks = {name: content.reliability.on(name) for name in content.stances["issue"].unique()}
        levels = {name: mark.level for name, mark in marks.items()}
        for name, mark in marks.items():
            counted = f" · {content.words('right_of', right=mark.right, of=mark.of)}" if mark.of else ""
            title = titles.get(name, name.replace("_", " "))
            titles[name] = f"{title}\n{mark.sign} {content.words(mark.level)}{counted}"
    cells = stance_map(content.stances, by=by)
    said = content.reliability.head if content.reliability else (content.origin,)
    with mpl.rc_context({"backend": "Agg"}):
        ax = plot_stance_map(cells, titles=titles, levels=levels, names={CABINET: content.words("cabinet")})
        figure = ax.get_figure(root=True)
        if figure is not None:
            width = int(figure.get_figwidth() / _LETTER)
            figure.suptitle(fill(content.title, int(0.7 * width)), x=0.01, ha="left", fontsize=13)
            figure.supxlabel("\n".join(fill(text, width) for text in said), x=0.01, ha="left", fontsize=9)
            figure.savefig(path, dpi=150)
            pyplot.close(figure)
