"""`standpunt compare`: runs side by side."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.cli.output import print_results
from standpunt.cli.progress import show, working
from standpunt.prediction.places import are_predictions


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="RUN|PREDICTIONS...")
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
    "--labels",
    multiple=True,
    metavar="LAYER",
    help="A stance layer (stance.NAME.jsonl) that predictions are held against. May be repeated.",
)
@click.option(
    "--resamples",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="The number of bootstrap resamples.",
)
def compare(
    folders: tuple[str, ...], out: Path | None, cluster: str | None, labels: tuple[str, ...], resamples: int
) -> None:
    """Compare runs that were scored on the same rows, or what models predicted for the same turns.

    Each RUN is the folder of a run or a sweep. The command prints the scores of all runs, and the difference between
    every two of them with its interval. With --out, it also writes scores per issue, risk-coverage curves, and the rows
    on which two models differ.

    PREDICTIONS are files or folders that `standpunt predict` wrote. The command prints how far every two of them agree,
    over all turns and issues that both have and on each issue. With --labels, they are scored as runs are; a layer is
    known to belong to a debate by the hash of its text, which the predictions have too.
    """
    if any(map(are_predictions, folders)) or labels:
        _compare_predictions(folders, labels, out, cluster, resamples)
        return
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


def _compare_predictions(
    paths: tuple[str, ...], labels: tuple[str, ...], out: Path | None, cluster: str | None, resamples: int
) -> None:
    from standpunt.analysis.compared import PredictionsCompared, compare_predictions
    from standpunt.errors import InputError

    for path in paths:
        if not are_predictions(path):
            raise InputError(f"{path}: no predictions; compare runs with runs, and predictions with predictions")
    with working("comparing predictions"):
        found = compare_predictions(paths, labels, cluster=cluster, resamples=resamples)
        tables = [found.main_table()]
        if isinstance(found, PredictionsCompared):
            tables.append(found.issues_table())
        elif found.differences:
            tables.append(found.differences_table())
    for table in tables:
        print_results(table)
    if out is None:
        return
    with working("tables and page"):
        if isinstance(found, PredictionsCompared):
            found.write(out)
        else:
            from standpunt.results.comparison import write_comparisons

            write_comparisons([found], out)
    click.echo(f"folder: {out}\npage: {out / 'page.html'}")
