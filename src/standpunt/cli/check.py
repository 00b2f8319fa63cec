"""`standpunt check`: what report files and annotation layers contain, and what in them looks wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standpunt.cli.output import format_option, print_records
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.annotation.sources import Source
    from standpunt.debate import Debate


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--transcript", help="A file or folder with the transcripts that layers label [STANDPUNT_TRANSCRIPTS].")
@format_option
def check(files: tuple[str, ...], transcript: str | None, form: str | None, delimiter: str | None) -> None:
    """Say what was read in each file, and what may be wrong with it.

    A file can be the report of a debate or an annotation layer (.jsonl). You can also give the name or folder of a
    corpus, which stands for all its layers. The command prints one record for each debate and each layer. It ends with
    exit code 2 if a file cannot be read or a layer does not fit its text.
    """
    from standpunt.annotation.inspection import COLUMNS as LAYER_COLUMNS
    from standpunt.annotation.inspection import inspect_layer
    from standpunt.readers.inspection import COLUMNS, inspect_file

    unreadable: list[str] = []
    debates: list[dict[str, Any]] = []
    layers: list[dict[str, Any]] = []
    for file in files:
        try:
            paths = list(_layers(file))
            if not paths:
                debates.extend(inspect_file(file))
        except InputError as error:
            unreadable.append(str(error))
            continue
        for path in paths:
            try:
                layers.append(inspect_layer(path, lambda folder, source: _text(folder, source, transcript)))
            except InputError as error:
                unreadable.append(str(error))
    if debates or not layers:
        print_records(debates, COLUMNS, form, delimiter)
    if layers:
        print_records(layers, LAYER_COLUMNS, form, delimiter)
    for message in unreadable[:-1]:
        click.echo(f"standpunt: {message}", err=True)
    if unreadable:
        raise InputError(unreadable[-1])


def _layers(name: str) -> Iterator[Path]:
    """Yield the layer files that a name stands for; none for a report."""
    from standpunt.corpora.corpus import corpus_folder, debate_folders, shipped_corpora

    if name.endswith(".jsonl"):
        if not os.path.isfile(name):
            raise InputError(f"{name}: no such file; expected an annotation layer")
        yield Path(name)
    elif os.path.isdir(name) or name in shipped_corpora():
        for folder in debate_folders(corpus_folder(name)):
            yield from sorted(folder.glob("*.*.jsonl"))


def _text(folder: Path, source: Source, transcript: str | None) -> Debate | None:
    from standpunt.corpora.corpus import TranscriptMissing, text_of

    try:
        return text_of(folder, source, transcript)
    except TranscriptMissing:
        return None
