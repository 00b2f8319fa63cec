"""`standpunt compare`: runs side by side."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.cli.output import print_results
from standpunt.cli.progress import show, working


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A new folder for the tables (Markdown and CSV), the plots and the page.",
)
@click.option(
    "--cluster",
    help="The column whose values are resampled as a whole; by default, what the first run's protocol holds out.",
)
@click.option(
    "--resamples",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="The number of bootstrap resamples.",
)
def compare(folders: tuple[str, ...], out: Path | None, cluster: str | None, resamples: int) -> None:
    """Compare runs that were scored on the same rows.

    Each RUN is the folder of a run or a sweep. The command prints the scores of all runs, and the difference between
    every two of them with its interval. With --out, it also writes scores per issue, risk-coverage curves, and the rows
    on which two models differ.
    """
    with working("comparing runs"):
        from standpunt.results.comparison import compare as compare_runs
        from standpunt.results.comparison import notes, write_comparisons

        comparisons = compare_runs(folders, cluster=cluster, resamples=resamples, progress=show)
    for one in comparisons:
        print_results(one.main_table())
        if one.differences:
            print_results(one.differences_table())
    for note in notes(folders):
        click.echo(f"Note: {note}\n")
    if out is not None:
        with working("tables, plots and page"):
            write_comparisons(comparisons, out)
        click.echo(f"folder: {out}\npage: {out / 'page.html'}")
