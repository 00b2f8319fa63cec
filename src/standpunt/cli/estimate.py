"""`standpunt estimate`: shares of stances, corrected for the errors of the model that read them."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.cli.names import names_in
from standpunt.cli.output import delimiter_option, print_results
from standpunt.cli.progress import working
from standpunt.errors import InputError


@click.command()
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option(
    "--labels",
    "labels",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What was labelled: a sheet (.csv) or a folder of sheets that annotate next wrote, filled in, or a stance "
    "layer (.jsonl). May be repeated.",
)
@click.option(
    "--sample",
    type=click.Path(path_type=Path),
    help="The sample that annotate next wrote (.sample.json); by default, the one beside the labels.",
)
@click.option(
    "--by", default="", metavar="COLUMNS", help="Comma-separated columns to group by: party, issue, year, ..."
)
@click.option(
    "--versus",
    metavar="COLUMN=VALUE",
    help="Estimate how much each group differs from one of them, such as party=VVD, instead of the shares themselves.",
)
@click.option(
    "--measures", default="", metavar="NAMES", help="Comma-separated: addressed, favor, against, neutral, balance."
)
@click.option(
    "--cluster",
    metavar="COLUMNS",
    help="Comma-separated columns whose values are independent of one another. By default, debate and speaker, or "
    "speaker alone with fewer than five debates.",
)
@click.option(
    "--these", is_flag=True, help="Make the intervals about these very debates, not about debates such as these."
)
@click.option(
    "--confidence",
    type=click.FloatRange(min=0, max=1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="The confidence of the intervals.",
)
@click.option("--out", type=click.Path(path_type=Path), help="A file for the estimates: .csv, .jsonl or .parquet.")
@delimiter_option
def estimate(
    predictions: Path,
    labels: tuple[Path, ...],
    sample: Path | None,
    by: str,
    versus: str | None,
    measures: str,
    cluster: str | None,
    these: bool,
    confidence: float,
    out: Path | None,
    delimiter: str | None,
) -> None:
    """Estimate shares of stances from predictions and a small sample that was labelled by hand.

    PREDICTIONS is a file that `standpunt predict` wrote, or a folder of them. A share counted from predictions has the
    errors of the model in it. Here the labelled sample tells how large these are, so that the interval holds the share
    that one would find by labelling everything, however bad the model is; a good model makes it narrower.

    The sample is drawn with `standpunt annotate next --for estimate`.

    addressed is the share of pairs of turn and issue in which the turn addresses the issue. favor, against and neutral
    are shares of those. balance is favor less against.
    """
    import pandas as pd

    from standpunt.analysis.estimation.corrected import BALANCE
    from standpunt.analysis.estimation.shares import estimate_differences, estimate_shares
    from standpunt.analysis.estimation.table import estimates_table
    from standpunt.cli.output import check_delimiter
    from standpunt.exchange.drawn import read_drawn
    from standpunt.exchange.drawn_labels import labels_for, predictions_of_sample, sample_labels
    from standpunt.prediction.output import check_suffix, write_predictions
    from standpunt.prediction.stored import open_predictions

    columns, asked = names_in(by), names_in(measures)
    if these and cluster is not None:
        raise click.UsageError("--these needs no --cluster: only the chance of the draw counts")
    check_delimiter(delimiter, csv=out is not None and out.suffix == ".csv")
    if out is not None:
        check_suffix(out)
        if out.exists():
            raise InputError(f"{out}: exists already; choose another name")
    with working("estimating"):
        drawn = read_drawn(sample or _beside(labels))
        rows, names = predictions_of_sample(drawn, open_predictions(predictions).rows())
        said = labels_for(sample_labels(drawn, labels), rows, names)
        options = {
            "measures": asked or None,
            "cluster": () if these else None if cluster is None else names_in(cluster),
            "confidence": confidence,
        }
        if versus is None:
            frame = estimate_shares(rows, said, by=columns, **options)
        else:
            between, _, base = versus.partition("=")
            if not base:
                raise click.BadParameter(f"expected COLUMN=VALUE, got {versus!r}", param_hint="--versus")
            frame = estimate_differences(rows, said, between=between, base=base, by=columns, **options)
            columns = [*(name for name in columns if name != between), between]
    shown = frame if asked else frame[frame["measure"] != BALANCE]  # so that it fits 80 columns
    print_results(estimates_table(shown, columns, base=versus, confidence=confidence))
    taken = int(said["taken"].sum())
    if taken:
        click.echo(
            f"{taken} of {len(said)} drawn pairs have no label in the layer and count as not addressing their issue.",
            err=True,
        )
    if out is not None:
        write_predictions(pd.DataFrame(frame), out, delimiter or ",")
        click.echo(f"{len(frame)} estimates: {out}", err=True)


def _beside(labels: tuple[Path, ...]) -> Path:
    """Return the sample that lies beside the labels."""
    from standpunt.exchange.drawn import FILE, sample_beside

    for path in labels:
        for place in (path / FILE, sample_beside(path), path.parent / FILE):
            if place.is_file():
                return place
    raise InputError(f"{labels[0]}: no sample lies beside it; name the file that annotate next wrote with --sample")
