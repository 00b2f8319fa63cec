"""`standpunt predict`: a trained model pointed at a debate."""

from __future__ import annotations

import click

from standpunt.cli.read import partial_option


@click.command()
@click.argument("model")
@click.argument("file")
@click.option("--issues", help="Comma-separated issues, by name or YAML file; by default those of the model.")
@click.option("--out", required=True, help="Where to write: a file that ends in .csv, .jsonl or .parquet.")
@partial_option
def predict(model: str, file: str, issues: str | None, out: str, partial: bool) -> None:
    """Classify every turn of the report in FILE on every issue with the model in the folder MODEL.

    Writes a row a turn and issue: speaker, offsets into FILE, p_<label> for each label, and the most probable label.
    """
    from standpunt.prediction import check_suffix, predict_debate, write_predictions

    check_suffix(out)
    from standpunt.models import Model
    from standpunt.readers import read_debate

    loaded = Model.load(model)
    names = None if issues is None else [name.strip() for name in issues.split(",") if name.strip()]
    if names == []:
        raise click.BadParameter("no issue is named; give e.g. no_fly_zone,frozen_assets", param_hint="--issues")
    frame = predict_debate(loaded, read_debate(file, partial=partial), names)
    write_predictions(frame, out)
    click.echo(f"{len(frame)} rows ({frame['turn'].nunique()} turns): {out}", err=True)
