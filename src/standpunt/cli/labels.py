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
@click.option("--layer", default="adjudicated", show_default=True, help="The annotator whose labels are printed.")
@click.option("--transcript", help="The transcript, or a folder that contains it [STANDPUNT_TRANSCRIPTS].")
@format_option
def labels(corpus: str, layer: str, transcript: str | None, form: str | None, delimiter: str | None) -> None:
    """Print the labels of a corpus, with offsets into the transcript.

    CORPUS is the name or the folder of a corpus. The command prints one record for each label. If a debate has no
    adjudicated layer and only one annotator, it prints the labels of that annotator.
    """
    from standpunt.corpora.corpus import load_corpus

    loaded = load_corpus(corpus, transcripts=transcript)
    chosen = [(item, item.layer(layer)) for item in loaded.debates]
    print_records(
        (record for item, one in chosen for record in one.records(item.debate)), LABEL_COLUMNS, form, delimiter
    )


@click.command()
@click.argument("layers", nargs=-1, required=True)
@click.option(
    "--resamples",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    help="The number of bootstrap resamples of turns.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The seed of the bootstrap.")
@click.option(
    "--nuance", is_flag=True, help="Compare the finer fields of stance labels: leaning, strength, conditional, asks."
)
@click.option("--arguments", is_flag=True, help="Compare claims, premises, frames and links instead of stances.")
@format_option
def agreement(
    layers: tuple[str, ...],
    resamples: int,
    seed: int,
    nuance: bool,
    arguments: bool,
    form: str | None,
    delimiter: str | None,
) -> None:
    """Print how far annotators agree (Krippendorff's alpha).

    LAYERS are the layer files of two or more annotators, or the name or folder of a corpus. A corpus stands for all
    its layers except the adjudicated one.

    The command prints two values for each issue and for all issues together. alpha is computed over all turns that are
    not the chair's, with "not addressed" as a fourth label. stance_alpha is computed over the pairs of turn and issue
    that both annotators labelled.

    --nuance compares the pairs to which both annotators gave the finer fields of version 2 of the codebook.
    --arguments compares the sentences that both annotators read: whether each is a claim or a premise, its frame, and
    its link.

    The 95 % intervals come from resampling turns.
    """
    from standpunt.annotation.agreement import argument_agreement, layer_agreement
    from standpunt.annotation.arguments import ArgumentLayer
    from standpunt.annotation.layers import Layer
    from standpunt.annotation.nuance_agreement import nuance_agreement
    from standpunt.annotation.sources import SOURCE, Source
    from standpunt.corpora.corpus import load_argument_layers, load_layers
    from standpunt.errors import InputError

    if arguments and nuance:
        raise InputError("--nuance compares stance layers, --arguments compares argument layers; give one of them")
    if arguments:
        debates = _by_debate(layers, ArgumentLayer.load, load_argument_layers).values()
        members = [of_debate for of_debate in debates if len(of_debate) > 1]
        if not members:
            raise InputError(f"{', '.join(layers)}: no debate with argument layers of two annotators")
        print_records(argument_agreement(members, resamples=resamples, seed=seed), ARGUMENT_COLUMNS, form, delimiter)
        return
    stances = _by_debate(layers, Layer.load, load_layers)
    described = [(Source.load(folder / SOURCE), of_debate) for folder, of_debate in stances.items()]
    if nuance:
        print_records(nuance_agreement(described, resamples=resamples, seed=seed), NUANCE_COLUMNS, form, delimiter)
        return
    print_records(layer_agreement(described, resamples=resamples, seed=seed), AGREEMENT_COLUMNS, form, delimiter)


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
