"""`standpunt labels` and `standpunt agreement`: annotation layers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from standpunt.cli.output import format_option, print_records

_Layer = TypeVar("_Layer")
LABEL_COLUMNS = ("turn", "ordinal", "speaker", "start", "end", "issue", "label", "annotator", "evidence")
AGREEMENT_COLUMNS = (
    "issue", "turns", "alpha", "alpha_low", "alpha_high", "pairs", "stance_alpha", "stance_low", "stance_high",
    "same_stance",
)  # fmt: skip
NUANCE_COLUMNS = ("field", "pairs", "turns", "alpha", "alpha_low", "alpha_high", "same")
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
@click.option("--nuance", is_flag=True, help="Compare leaning, strength, conditional and asks of stance layers.")
@click.option("--arguments", is_flag=True, help="Compare argument layers instead of stance layers.")
@format_option
def agreement(
    layers: tuple[str, ...], resamples: int, seed: int, nuance: bool, arguments: bool, form: str | None
) -> None:
    """Print Krippendorff's alpha between LAYERS, per issue and over all.

    LAYERS are layer files of two or more annotators, or the name or folder of a corpus, which stands for all its layers
    but the adjudicated one. alpha is over all turns that are not the chair's, with "not addressed" as a fourth label;
    stance_alpha over the pairs that both annotators labelled. With --nuance: over the pairs to which both gave the
    finer fields of codebook 2. With --arguments: over the sentences that both read, for component, frame and link.
    Intervals (95 %) by resampling turns.
    """
    from standpunt.annotation.agreement import argument_agreement, layer_agreement
    from standpunt.annotation.arguments import ArgumentLayer
    from standpunt.annotation.layers import Layer
    from standpunt.annotation.nuance_agreement import nuance_agreement
    from standpunt.annotation.sources import SOURCE, Source
    from standpunt.corpora.corpus import load_argument_layers, load_layers
    from standpunt.errors import InputError

    if arguments and nuance:
        raise InputError("--nuance is of stance layers; choose it or --arguments")
    if arguments:
        debates = _by_debate(layers, ArgumentLayer.load, load_argument_layers).values()
        members = [of_debate for of_debate in debates if len(of_debate) > 1]
        if not members:
            raise InputError(f"{', '.join(layers)}: no debate with argument layers of two annotators")
        print_records(argument_agreement(members, resamples=resamples, seed=seed), ARGUMENT_COLUMNS, form)
        return
    stances = _by_debate(layers, Layer.load, load_layers)
    described = [(Source.load(folder / SOURCE), of_debate) for folder, of_debate in stances.items()]
    if nuance:
        print_records(nuance_agreement(described, resamples=resamples, seed=seed), NUANCE_COLUMNS, form)
        return
    print_records(layer_agreement(described, resamples=resamples, seed=seed), AGREEMENT_COLUMNS, form)


def _by_debate(
    names: tuple[str, ...], load: Callable[[Path], _Layer], load_all: Callable[[Path], dict[str, _Layer]]
) -> dict[Path, list[_Layer]]:
    """Return the layers that files and corpora name, by the debate's folder; a debate named twice is there once."""
    from standpunt.corpora.corpus import ADJUDICATED, corpus_folder, debate_folders

    by_debate: dict[Path, list[_Layer]] = {}
    files = [Path(name) for name in names if name.endswith(".jsonl")]
    for name in names:
        if not name.endswith(".jsonl"):
            for folder in debate_folders(corpus_folder(name)):
                layers = load_all(folder).items()
                by_debate[folder.resolve()] = [layer for annotator, layer in layers if annotator != ADJUDICATED]
    for file in files:
        by_debate.setdefault(file.parent.resolve(), []).append(load(file))
    return by_debate
