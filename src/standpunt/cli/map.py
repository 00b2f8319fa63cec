"""`standpunt map`: positions over many debates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from standpunt.cli.names import names_in
from standpunt.cli.output import check_delimiter, delimiter_option, print_table
from standpunt.cli.progress import working
from standpunt.errors import InputError, unknown_name
from standpunt.text.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from standpunt.analysis.across.collection import Collection

# As in standpunt.analysis.across.positions, which is imported where it is needed; a test holds them together.
_MIN_TURNS, _MIN_DEBATES, _BY = 20, 2, "party, speaker, debate, year, quarter, month"
_LINE = 80  # letters of a line above a table
_SIGNS = {"favor": "▲", "against": "▼", "mixed": "◆"}
_HEADINGS = ("position", "95 % interval", "turns/ debates/ speakers")


@click.command("map")
@click.argument("folder", metavar="PREDICTIONS")
@click.option(
    "--by",
    default="party",
    show_default=True,
    metavar="NAMES",
    help=f"What to divide each issue by, separated by commas: {_BY}.",
)
@click.option("--issues", metavar="NAMES", help="Only these issues, separated by commas, however often addressed.")
@click.option(
    "--min-turns",
    type=click.IntRange(min=1),
    default=_MIN_TURNS,
    show_default=True,
    help="Leave out issues that fewer turns address, in all debates together: their intervals say next to nothing.",
)
@click.option(
    "--min-debates",
    type=click.IntRange(min=1),
    default=_MIN_DEBATES,
    show_default=True,
    help="Leave out issues that come up in fewer debates: one debate shows no course, and nothing of other debates.",
)
@click.option(
    "--resamples", type=click.IntRange(min=1), default=1000, show_default=True, help="The number of resamples."
)
@click.option("--out", metavar="FILE", help="Also write the table to this file: .csv, .jsonl or .parquet.")
@click.option("--heat-map", metavar="FILE", help="Draw all issues by party (or by one time) as a heat map.")
@click.option("--course", metavar="FILE", help="Draw the parties with most turns on one issue over time, with bands.")
@click.option("--parties", metavar="FILE", help="Draw one issue over time, a small panel for each party.")
@click.option("--page", metavar="SITE", help="Write a folder of pages to search and to read; open its index.html.")
@click.option(
    "--language",
    type=click.Choice(("en", "nl")),
    default="en",
    show_default=True,
    help="The language of the pages; passages and titles keep their own.",
)
@delimiter_option
def map_(
    folder: str,
    by: str,
    issues: str | None,
    min_turns: int,
    min_debates: int,
    resamples: int,
    out: str | None,
    heat_map: str | None,
    course: str | None,
    parties: str | None,
    page: str | None,
    language: str,
    delimiter: str | None,
) -> None:
    """Show who stands where on which issue over many debates, and how that changes.

    PREDICTIONS is what `standpunt predict` wrote: a folder, or a file of one or more debates. The command prints a
    table for each issue: the position of each party (or year, or both, see --by) from -1 (against) to 1 (in favor), its
    interval, and how many turns, debates and speakers are behind it.

    The interval resamples debates and speakers: each resample draws as many debates as the cell has, and independently
    as many speakers; a turn counts as often as its debate was drawn times its speaker was. One more debate with an
    unknown stance keeps a few debates that agree from looking certain. The errors of the model are not in the interval:
    what is known of them stands beside each issue.

    Pictures end in .png, .svg or .pdf. --course and --parties show one issue (--issues NAME) by party and time, as in
    --by party,year.
    """
    from standpunt.analysis.across.files import PICTURES, TABLES, check_apart, check_file

    divisions = _names(by, "--by")
    wanted = None if issues is None else _names(issues, "--issues")
    check_delimiter(delimiter, csv=out is not None and out.endswith(".csv"))
    if out is not None:
        check_file(out, TABLES, folder)
    for path in filter(None, (heat_map, course, parties)):
        check_file(path, PICTURES, folder)
    if page is not None:
        from standpunt.page.site.build import check_site

        check_apart(page, folder)
        check_site(page)
    with working("reading predictions"):
        from standpunt.analysis.across.collection import Collection

        collection = Collection.read(folder)
    if collection.stances.empty:
        raise InputError(f"{folder}: no turn of its {len(collection.debates)} debates takes a stance; nothing to show")
    least = {"min_turns": 1 if wanted else min_turns, "min_debates": 1 if wanted else min_debates}
    chosen = collection.stances
    if wanted is not None:
        known = sorted(chosen["issue"].unique())
        for name in wanted:
            if name not in known:
                raise unknown_name("issue of the predictions", name, known)
        chosen = chosen[chosen["issue"].isin(wanted)]
    with working("resampling debates and speakers"):
        from standpunt.analysis.across.positions import positions

        cells = positions(chosen, divisions, resamples=resamples, **least)
    pictures = _pictures(chosen, cells, heat_map, course, parties, resamples=resamples, **least)
    for notice in collection.notices:
        click.echo(f"standpunt: {notice}", err=True)
    _print(collection, cells, divisions)
    shown, there = cells["issue"].nunique(), chosen["issue"].nunique()
    if wanted is None and shown < there:
        click.echo(
            f"{shown} of {there} issues are shown: those that at least {counted(min_turns, 'turn')} in at least "
            f"{counted(min_debates, 'debate')} address (--min-turns, --min-debates)",
            err=True,
        )
    if out is not None:
        _write(collection, cells, out, resamples, delimiter or ",")
    _draw(pictures)
    if page is not None:
        _site(collection, wanted, page, divisions, language, resamples=resamples, **least)


def _names(text: str, option: str) -> list[str]:
    names = names_in(text)
    if not names:
        raise click.BadParameter("nothing is named", param_hint=option)
    return list(dict.fromkeys(names))


def _print(collection: Collection, cells: pd.DataFrame, divisions: Sequence[str]) -> None:
    """Print a table for each issue, and what its numbers are."""
    from standpunt.analysis.across.positions import issue_counts
    from standpunt.analysis.stance_map import side
    from standpunt.evaluation.tables import interval_text

    counts = issue_counts(collection.stances)
    columns = [*divisions, *_HEADINGS]
    for issue, part in cells.groupby("issue", sort=False):
        rows = [
            [
                *(cell[name] for name in divisions),
                f"{_SIGNS[side(cell['value'])]} {cell['value']:+z.2f}",
                interval_text(cell["low"], cell["high"]),
                f"{cell['turns']}/{cell['debates']}/{cell['speakers']}",
            ]
            for cell in part.to_dict("records")
        ]
        click.echo("\n".join(wrap(f"{issue}: {_of_issue(counts.loc[issue])}", _LINE)))
        print_table(columns, rows)
    if len(cells):
        click.echo("Position: from -1, against (▼), to 1, in favor (▲); mixed (◆) within 0.2 of 0.")
        click.echo("Intervals: debates and speakers resampled; the model's errors are not in them.")
    else:
        click.echo("No issue is addressed often enough; see --min-turns and --min-debates.", err=True)


def _of_issue(counts: pd.Series) -> str:
    """Say how often an issue is addressed, and how far its answers can be trusted."""
    import pandas as pd

    said = f"{counted(counts['turns'], 'turn')}, {counted(counts['debates'], 'debate')}"
    if isinstance(counts["trust"], str):
        said += f"; model: {counts['trust']}"
        if not pd.isna(counts["measured_of"]) and not pd.isna(counts["measured_right"]):
            said += f" ({counts['measured_right']:.0f} of {counts['measured_of']:.0f} right)"
    return said


def _write(collection: Collection, cells: pd.DataFrame, out: str, resamples: int, delimiter: str) -> None:
    from standpunt import __version__
    from standpunt.analysis.across.files import write_positions
    from standpunt.analysis.across.positions import TRUST, issue_counts

    counts = issue_counts(collection.stances)
    told = cells.join(counts[list(TRUST)].dropna(axis=1, how="all"), on="issue")
    model = {} if collection.model is None else {"model": collection.model}
    notes = {"standpunt": __version__, "predictions": str(collection.folder), "resamples": str(resamples), **model}
    write_positions(told.assign(**model, standpunt_version=__version__), out, notes, delimiter)
    click.echo(f"{len(cells)} rows: {out}", err=True)


def _pictures(
    chosen: pd.DataFrame,
    cells: pd.DataFrame,
    heat_map: str | None,
    course: str | None,
    parties: str | None,
    **settings: int,
) -> list[tuple[Any, str]]:
    """Return what draws each picture that is asked for, and its file; what cannot be drawn is refused."""
    if heat_map is None and course is None and parties is None:
        return []
    from standpunt.analysis.across.plots import plot_heat_map, plot_parties, plot_positions_over_time
    from standpunt.analysis.across.positions import BY, TIMES, positions

    if cells.empty:
        raise InputError("no issue is addressed often enough to be drawn; see --min-turns and --min-debates")
    divisions = [name for name in cells.columns if name in BY]
    pictures: list[tuple[Any, str]] = []
    if heat_map is not None:
        flat = cells if divisions[0] in ("party", *TIMES) and len(divisions) == 1 else None
        flat = positions(chosen, ("party",), **settings) if flat is None else flat
        pictures.append((partial(plot_heat_map, flat), heat_map))
    for path, plot, option in ((course, plot_positions_over_time, "--course"), (parties, plot_parties, "--parties")):
        if path is None:
            continue
        issues = list(cells["issue"].unique())
        if len(issues) != 1:
            raise InputError(f"{option}: draws one issue, and {len(issues)} are shown; name one with --issues")
        if len(divisions) != 2 or divisions.count("party") != 1 or not {*TIMES} & {*divisions}:
            raise InputError(f"{option}: draws parties over time; divide by both, as in --by party,year")
        pictures.append((partial(plot, cells, issues[0]), path))
    return pictures


def _draw(pictures: Sequence[tuple[Any, str]]) -> None:
    from standpunt.analysis.across.files import write_picture

    for draw, path in pictures:
        with working(f"drawing {path}"):
            write_picture(draw, path)
        click.echo(f"picture: {path}", err=True)


def _site(
    collection: Collection,
    issues: Sequence[str] | None,
    page: str,
    divisions: Sequence[str],
    language: str,
    **settings: int,
) -> None:
    """Write the folder of pages."""
    from standpunt.analysis.across.positions import TIMES
    from standpunt.cli.progress import show
    from standpunt.page.site.build import write_site

    time = next((name for name in divisions if name in TIMES), None)
    with working("pages"):
        index = write_site(collection, page, issues=issues, time=time, language=language, progress=show, **settings)
    click.echo(f"page: {index}", err=True)
