"""`standpunt predict`: a trained model pointed at a debate."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.cli.read import partial_option
from standpunt.errors import InputError


@click.command()
@click.argument("model")
@click.argument("files", nargs=-1, required=True)
@click.option("--issues", help="Comma-separated issues, by name or YAML file; by default those of the model.")
@click.option(
    "--out",
    required=True,
    help="One FILE: a file that ends in .csv, .jsonl or .parquet. Several: a folder for Parquet.",
)
@click.option("--engine", type=click.Choice(("local", "ray")), default="local", help="Where several FILES are done.")
@click.option("--workers", type=click.IntRange(min=1), default=1, help="How many FILES are done at a time.")
@partial_option
def predict(
    model: str, files: tuple[str, ...], issues: str | None, out: str, engine: str, workers: int, partial: bool
) -> None:
    """Classify every turn of the reports in FILES on every issue with the model in the folder MODEL.

    Writes a row a turn and issue: speaker, offsets into the file, p_<label> for each label, the most probable label.
    Where OUT is a folder, a second call does only the files that have no result there yet.
    """
    names = None if issues is None else [name.strip() for name in issues.split(",") if name.strip()]
    if names == []:
        raise click.BadParameter("no issue is named; give e.g. no_fly_zone,frozen_assets", param_hint="--issues")
    if len(files) == 1 and (Path(out).suffix or not Path(out).is_dir()):
        _one(model, files[0], names, out, partial)
    else:
        _many(model, files, names, out, engine, workers, partial)


def _one(model: str, file: str, issues: list[str] | None, out: str, partial: bool) -> None:
    from standpunt.prediction import check_suffix, predict_debate, write_predictions

    check_suffix(out)
    import pandas as pd

    from standpunt.models import Model
    from standpunt.readers import read_debates

    loaded = Model.load(model)
    debates = read_debates(file, partial=partial)
    frame = pd.concat([predict_debate(loaded, debate, issues) for debate in debates], ignore_index=True)
    write_predictions(frame, out)
    click.echo(f"{len(frame)} rows ({frame['turn'].nunique()} turns): {out}", err=True)


def _many(
    model: str, files: tuple[str, ...], issues: list[str] | None, out: str, engine: str, workers: int, partial: bool
) -> None:
    from standpunt.bulk import predict_files
    from standpunt.cli.progress import file_progress

    with file_progress(len(files)) as advance:
        found = predict_files(
            model, files, out, issues=issues, engine=engine, workers=workers, partial=partial, progress=advance
        )
    failed = [done for done in found if done.error]
    for done in failed[:-1]:
        click.echo(f"standpunt: {done.error}", err=True)
    rows = sum(done.rows for done in found)
    click.echo(f"{rows} rows of {len(found) - len(failed)} files: {out}", err=True)
    if failed:
        raise InputError(f"{failed[-1].error} ({len(failed)} of {len(found)} files could not be read)")
