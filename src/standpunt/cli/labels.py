"""`standpunt labels` and `standpunt agreement`: annotation layers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.output import format_option, print_records

if TYPE_CHECKING:
    from standpunt.annotation.arguments import ArgumentLayer

LABEL_COLUMNS = ("turn", "ordinal", "speaker", "start", "end", "issue", "label", "annotator", "evidence")
AGREEMENT_COLUMNS = (
    "issue", "turns", "alpha", "alpha_low", "alpha_high", "pairs", "stance_alpha", "stance_low", "stance_high",
    "same_stance",
)  # fmt: skip
ARGUMENT_COLUMNS = ("layer", "sentences", "turns", "alpha", "alpha_low", "alpha_high", "same")


@click.command()
@click.argument("corpus")
@click.option("--layer", default="adjudicated", show_default=True, help="The annotator whose labels to print.")
@click.option("--transcript", help="The transcript's file, or a folder to find it in [STANDPUNT_TRANSCRIPTS].")
@format_option
def labels(corpus: str, layer: str, transcript: str | None, form: str | None) -> None:
    """Print the labels of CORPUS (a name or a folder), one record a label, with offsets into the transcript."""
    from standpunt.corpora.corpus import load_corpus

    loaded = load_corpus(corpus, transcripts=transcript)
    chosen = [(item, item.layer(layer)) for item in loaded.debates]
    print_records((record for item, one in chosen for record in one.records(item.debate)), LABEL_COLUMNS, form)


@click.command()
@click.argument("layers", nargs=-1, required=True)
@click.option(
    "--resamples", type=click.IntRange(min=1), default=2000, show_default=True, help="Bootstrap resamples of turns."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the bootstrap.")
@click.option("--arguments", is_flag=True, help="Compare argument layers instead of stance layers.")
@format_option
def agreement(layers: tuple[str, ...], resamples: int, seed: int, arguments: bool, form: str | None) -> None:
    """Print Krippendorff's alpha between LAYERS, per issue and over all.

    LAYERS are layer files of two or more annotators, or the name or folder of a corpus, which stands for all its layers
    but the adjudicated one. alpha is over all turns that are not the chair's, with "not addressed" as a fourth label;
    stance_alpha over the pairs that both annotators labelled. With --arguments: over the sentences that both read, for
    component, frame and link. Intervals (95 %) by resampling turns.
    """
    if arguments:
        from standpunt.annotation.argument_agreement import argument_agreement

        found = argument_agreement(_argument_layers(layers), resamples=resamples, seed=seed)
        print_records(found, ARGUMENT_COLUMNS, form)
        return
    from standpunt.annotation.agreement import layer_agreement
    from standpunt.annotation.layers import Layer
    from standpunt.annotation.sources import Source
    from standpunt.corpora.corpus import ADJUDICATED, corpus_folder, debate_folders, load_layers

    members: list[tuple[Source, list[Layer]]] = []
    files = [Path(name) for name in layers if name.endswith(".jsonl")]
    for name in layers:
        if not name.endswith(".jsonl"):
            for folder in debate_folders(corpus_folder(name)):
                found = [layer for annotator, layer in load_layers(folder).items() if annotator != ADJUDICATED]
                members.append((Source.load(folder / "source.json"), found))
    for folder in dict.fromkeys(file.parent for file in files):
        chosen = [Layer.load(file) for file in files if file.parent == folder]
        members.append((Source.load(folder / "source.json"), chosen))
    print_records(layer_agreement(members, resamples=resamples, seed=seed), AGREEMENT_COLUMNS, form)


def _argument_layers(names: tuple[str, ...]) -> list[list[ArgumentLayer]]:
    """Return the argument layers of each debate that files and corpora name; debates with one layer are passed over."""
    from standpunt.annotation.arguments import ArgumentLayer
    from standpunt.corpora.corpus import ADJUDICATED, corpus_folder, debate_folders
    from standpunt.errors import InputError

    files = [Path(name) for name in names if name.endswith(".jsonl")]
    for name in names:
        if not name.endswith(".jsonl"):
            for folder in debate_folders(corpus_folder(name)):
                found = [path for path in sorted(folder.glob("arguments.*.jsonl")) if ADJUDICATED not in path.name]
                files += found if len(found) > 1 else []
    if not files:
        raise InputError(f"{', '.join(names)}: no debate with argument layers of two annotators")
    folders = dict.fromkeys(file.parent for file in files)
    return [[ArgumentLayer.load(file) for file in files if file.parent == folder] for folder in folders]
