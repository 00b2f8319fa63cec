"""`standpunt agreement`: how far annotators agree, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from standpunt.cli.exchange import transcript_option
from standpunt.cli.names import names_in
from standpunt.cli.output import format_option, print_records
from standpunt.errors import InputError, unknown_name

if TYPE_CHECKING:
    from standpunt.annotation.layers import Layer
    from standpunt.annotation.sources import Source

_Layer = TypeVar("_Layer")
_STANCE_COLUMNS = (
    "turns", "alpha", "alpha_low", "alpha_high", "pairs", "stance_alpha", "stance_low", "stance_high", "same_stance",
)  # fmt: skip
AGREEMENT_COLUMNS = ("issue", *_STANCE_COLUMNS)
PAIR_COLUMNS = ("annotator", "other", "debates", *_STANCE_COLUMNS)
NUANCE_COLUMNS = ("field", "pairs", "turns", "alpha", "alpha_low", "alpha_high", "same")
ARGUMENT_COLUMNS = ("layer", "sentences", "turns", "alpha", "alpha_low", "alpha_high", "same")


@click.command()
@click.argument("layers", nargs=-1, required=True)
@click.option(
    "--annotators",
    metavar="NAMES",
    help="Comma-separated annotators of the corpora to compare, also models or adjudicated; by default, all people.",
)
@click.option("--before", metavar="YYYY-MM-DD", help="Compare only debates from before this day.")
@click.option("--since", metavar="YYYY-MM-DD", help="Compare only debates of this day and later.")
@click.option("--pairs", is_flag=True, help="Compare annotators two by two over all issues, models among them.")
@click.option(
    "--page",
    metavar="FILE",
    help="Also write an HTML page that shows where they differ, the worst first, models among them.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=200,  # as standpunt.page.differences.MOST, which is heavier to import
    show_default=True,
    help="How many differences the page shows.",
)
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
@transcript_option
@format_option
def agreement(
    layers: tuple[str, ...],
    annotators: str | None,
    before: str | None,
    since: str | None,
    pairs: bool,
    page: str | None,
    most: int,
    resamples: int,
    seed: int,
    nuance: bool,
    arguments: bool,
    transcript: str | None,
    form: str | None,
    delimiter: str | None,
) -> None:
    """Print how far annotators agree (Krippendorff's alpha).

    LAYERS are the layer files of two or more annotators, or the name or folder of a corpus. A corpus stands for all
    its layers except the adjudicated one and those that models made (see `standpunt annotate model`); name those with
    --annotators, or compare everybody with everybody with --pairs.

    The command prints two values for each issue and for all issues together. alpha is computed over all turns that are
    not the chair's, with "not addressed" as a fourth label. stance_alpha is computed over the pairs of turn and issue
    that both annotators labelled.

    --pairs prints the same two values for each two annotators, those that agree least first. With --before and --since,
    a language model can be compared on debates from before and after the day up to which it was trained.

    --page needs the text of the debates. It shows each pair of turn and issue on which annotators differ, with the
    passages that they marked.

    --nuance compares the pairs to which both annotators gave the finer fields of version 2 of the codebook.
    --arguments compares the sentences that both annotators read: whether each is a claim or a premise, its frame, and
    its link.

    The 95 % intervals come from resampling turns.
    """
    from standpunt.annotation.agreement import argument_agreement, layer_agreement
    from standpunt.annotation.arguments import ArgumentLayer
    from standpunt.annotation.layers import Layer
    from standpunt.annotation.nuance_agreement import nuance_agreement
    from standpunt.annotation.pair_agreement import pair_agreement
    from standpunt.corpora.corpus import load_argument_layers, load_layers
    from standpunt.readers.dates import check_date

    if arguments and nuance:
        raise InputError("--nuance compares stance layers, --arguments compares argument layers; give one of them")
    if (arguments or nuance) and (pairs or page):
        raise InputError("--pairs and --page are for stances; leave out --arguments and --nuance")
    if arguments and (before or since):
        raise InputError("--before and --since are for stances; leave out --arguments")
    if page is not None and Path(page).suffix != ".html":
        raise InputError(f"{page}: expected the name of an HTML file, e.g. differences.html")
    check_date(before)
    check_date(since)
    names = None if annotators is None else names_in(annotators)
    if arguments:
        debates = _by_debate(layers, ArgumentLayer.load, load_argument_layers, names).values()
        members = [of_debate for of_debate in debates if len(of_debate) > 1]
        if not members:
            raise InputError(f"{', '.join(layers)}: no debate with argument layers of two annotators")
        print_records(argument_agreement(members, resamples=resamples, seed=seed), ARGUMENT_COLUMNS, form, delimiter)
        return
    everybody = pairs or page is not None
    stances = _by_debate(layers, Layer.load, load_layers, names, models=everybody)
    described = _of_days(_by_text(stances), before, since)
    if names is not None or everybody:  # a debate may lack one of them
        described = {folder: one for folder, one in described.items() if len(one[1]) > 1} or described
    members = [*described.values()]
    if nuance:
        print_records(nuance_agreement(members, resamples=resamples, seed=seed), NUANCE_COLUMNS, form, delimiter)
        return
    if not everybody:
        _check_enough(layers, members)
        print_records(layer_agreement(members, resamples=resamples, seed=seed), AGREEMENT_COLUMNS, form, delimiter)
        return
    records = pair_agreement(members, resamples=resamples, seed=seed)
    if page is not None:
        _write_page(page, layers, described, records, most, transcript)
    print_records(records, PAIR_COLUMNS, form, delimiter)


def _by_debate(
    names: tuple[str, ...],
    load: Callable[[Path], _Layer],
    load_all: Callable[[Path], dict[str, _Layer]],
    annotators: Sequence[str] | None,
    *,
    models: bool = False,
) -> dict[Path, list[_Layer]]:
    """Return the layers that files and corpora name, by the debate's folder; a debate named twice is there once.

    Args:
        names: files and corpora.
        load: reads a file.
        load_all: reads all layers of a debate's folder.
        annotators: whose layers are taken of corpora; None for all but the adjudicated.
        models: whether layers that models made are taken too, where nobody is named.

    Raises:
        InputError: an annotator has no layer in any of the corpora.
    """
    from standpunt.corpora.corpus import ADJUDICATED, by_people, corpus_folder, debate_folders

    by_debate: dict[Path, list[_Layer]] = {}
    known: set[str] = set()
    files = [Path(name) for name in names if name.endswith(".jsonl")]
    for name in names:
        if name.endswith(".jsonl"):
            continue
        for folder in debate_folders(corpus_folder(name)):
            layers = load_all(folder)
            known |= layers.keys()
            offered = layers if models or annotators is not None else by_people(layers)
            wanted = [one for one in offered if one != ADJUDICATED] if annotators is None else annotators
            by_debate[folder.resolve()] = [layers[one] for one in wanted if one in layers]
    for annotator in annotators or ():
        if annotator not in known:
            raise unknown_name("annotator", annotator, known)
    for file in files:
        by_debate.setdefault(file.parent.resolve(), []).append(load(file))
    return by_debate


def _by_text(stances: dict[Path, list[Layer]]) -> dict[Path, tuple[Source, list[Layer]]]:
    """Return the source description and the layers of each debate, by one of its folders: several may have its text."""
    from standpunt.annotation.sources import SOURCE, Source

    by_text: dict[str, tuple[Path, Source, list[Layer]]] = {}
    for folder, layers in stances.items():
        source = Source.load(folder / SOURCE)
        by_text.setdefault(source.sha256, (folder, source, []))[2].extend(layers)
    return {folder: (source, layers) for folder, source, layers in by_text.values()}


def _of_days(
    described: dict[Path, tuple[Source, list[Layer]]], before: str | None, since: str | None
) -> dict[Path, tuple[Source, list[Layer]]]:
    """Keep the debates from before a day, or of a day and later.

    Raises:
        InputError: none is.
    """
    kept = {
        folder: (source, layers)
        for folder, (source, layers) in described.items()
        if (before is None or source.date < before) and (since is None or source.date >= since)
    }
    if described and not kept:
        days = sorted(source.date for source, _ in described.values())
        raise InputError(
            f"no debate is {f'from before {before}' if before else ''}{' and ' if before and since else ''}"
            f"{f'of {since} or later' if since else ''}; there are debates of {days[0]} to {days[-1]}"
        )
    return kept


def _check_enough(names: Iterable[str], members: Sequence[tuple[Source, Sequence[Layer]]]) -> None:
    """Say how models are compared, where no debate has two people.

    Raises:
        InputError: no debate has two layers.
    """
    if members and all(len(layers) < 2 for _, layers in members):
        raise InputError(
            f"{', '.join(names)}: agreement needs layers of two or more different annotators on a debate; name them "
            "with --annotators, or give --pairs, which compares layers of models too"
        )


def _write_page(
    page: str,
    names: Iterable[str],
    described: dict[Path, tuple[Source, list[Layer]]],
    records: Sequence[dict[str, object]],
    most: int,
    transcript: str | None,
) -> None:
    from standpunt.corpora.corpus import text_of
    from standpunt.exchange.annotations import definitions
    from standpunt.page.differences import Compared, differences_page
    from standpunt.storage.files import write_text

    compared = []
    for folder, (source, layers) in described.items():
        debate = text_of(folder, source, transcript, only=len(described) == 1)
        for layer in layers:
            layer.check(debate, source, f"{folder}, layer of {layer.annotator}")
        issues = definitions(folder, {issue for layer in layers for issue in layer.issues})
        compared.append(Compared(source, debate, layers, issues))
    annotators = sorted({layer.annotator for _, layers in described.values() for layer in layers})
    title = f"Where {', '.join(annotators[:-1])} and {annotators[-1]} differ"
    html, count = differences_page(title, compared, records, most=most)
    write_text(page, html)
    click.echo(f"{count} differences, the worst {min(count, most)} on the page: {page}", err=True)
