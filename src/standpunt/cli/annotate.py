"""`standpunt annotate`: help for annotators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.annotate_models import llm_, model_
from standpunt.cli.exchange import delimiter_option, transcript_option
from standpunt.cli.progress import watching_models, working
from standpunt.errors import InputError, LayerError

if TYPE_CHECKING:
    from standpunt.annotation.layers import Layer
    from standpunt.exchange.annotations import Annotations
    from standpunt.models import Model

# As in standpunt.annotation.selection, which is heavier to import.
STRATEGIES = ("uncertainty", "disagreement", "diversity", "random", "order")
PURPOSES = ("training", "estimate")


@click.group()
def annotate() -> None:
    """Help annotators choose what to label next, and let models annotate beside them."""


annotate.add_command(model_)
annotate.add_command(llm_)


@annotate.command("next")
@click.argument("layers", nargs=-1, required=True, metavar="LAYER...")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(PURPOSES),
    default=PURPOSES[0],
    show_default=True,
    help="What the labels are for: training a model, or estimating shares (see below).",
)
@click.option(
    "--model", "models", multiple=True, help="The folder of a trained model. Repeat the option to use several models."
)
@click.option("--n", type=click.IntRange(min=1), default=50, show_default=True, help="The number of pairs to choose.")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    help=f"How the pairs are chosen; see above. By default, {STRATEGIES[0]}.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The seed that decides between equal pairs, or which pairs are drawn.",
)
@click.option(
    "--seen", multiple=True, help="A file that an earlier call wrote; its pairs are left out. May be repeated."
)
@click.option(
    "--out",
    required=True,
    help="The file to write. Its name ends in .json (for Label Studio) or .csv, and it must not exist. With several "
    "layers, a new folder.",
)
@delimiter_option
@transcript_option
def next_(
    layers: tuple[str, ...],
    purpose: str,
    models: tuple[str, ...],
    n: int,
    strategy: str | None,
    seed: int,
    seen: tuple[str, ...],
    out: str,
    delimiter: str,
    transcript: str | None,
) -> None:
    """Choose what an annotator should label next, and write it to a file.

    LAYER is the file with the annotator's stance labels. The command chooses among the pairs of turn and
    issue that this layer does not label yet. Five strategies are available.

    uncertainty takes the pairs for which the models' probabilities have the highest entropy.

    disagreement takes the pairs on which several models differ. With fewer than two models, it takes those that the
    other annotators of the debate label differently.

    diversity takes, among the most uncertain pairs, turns that are unlike one another and unlike what is labelled.

    random takes any.

    order takes the pairs in the order of the debate. It needs no model, and is the one to begin with.

    With a .json file, the labelling configuration for Label Studio is written beside it (.xml).

    For an estimate (--for estimate), pairs are drawn by chance from all pairs of one layer or of several, each with a
    known probability. With a model, the pairs of which it is unsure are more likely to be drawn. The sample, with the
    probabilities, is written beside the file (.sample.json); `standpunt estimate` needs it. Label every pair, and write
    none where the turn does not address the issue.
    """
    if purpose == "estimate":
        if strategy is not None or seen:
            raise click.UsageError("--for estimate draws by chance from all pairs; leave out --strategy and --seen")
        _draw(layers, models, n, seed, out, delimiter, transcript)
        return
    if len(layers) > 1:
        raise click.UsageError("several layers are for --for estimate; give one")
    (layer,) = layers
    strategy = strategy or STRATEGIES[0]
    with working("choosing pairs"):
        from standpunt.exchange.queue import asked_before, check_out, next_pairs, write_queue

        check_out(out)
        annotations, chosen = _annotated(layer, transcript)
        loaded = _loaded(models)
        with watching_models():
            pairs = next_pairs(annotations, chosen, loaded, strategy, n, seed, asked_before(seen, annotations))
    write_queue(out, annotations, chosen, pairs, loaded[0] if loaded else None, delimiter=delimiter)
    turns = len({pair.turn.ordinal for pair in pairs})
    few = f", no more of {n} are left by this strategy" if len(pairs) < n else ""
    click.echo(f"{len(pairs)} pairs of {turns} turns{few}: {out}", err=True)


def _draw(
    layers: tuple[str, ...],
    models: tuple[str, ...],
    n: int,
    seed: int,
    out: str,
    delimiter: str,
    transcript: str | None,
) -> None:
    """Draw a sample from one layer or several."""
    from standpunt.exchange.annotations import refuse_existing
    from standpunt.exchange.drawn import FILE, draw_sample, sample_beside
    from standpunt.exchange.queue import check_out

    place = Path(out)
    if len(layers) == 1:
        check_out(place)
        if sample_beside(place).exists():
            raise InputError(f"{sample_beside(place)}: exists already; choose another name")
    else:
        refuse_existing(place)
    with working("drawing pairs"):
        debates = [_annotated(layer, transcript, only=len(layers) == 1) for layer in layers]
        loaded = _loaded(models)
        with watching_models():
            drawn = draw_sample(debates, loaded, n, seed, out, delimiter=delimiter)
    sample = sample_beside(place) if len(layers) == 1 else place / FILE
    chances = [pair.probability for pair in drawn.pairs]
    click.echo(
        f"{len(drawn.pairs)} of {drawn.size} pairs, each drawn with a probability from {min(chances):.2g} to "
        f"{max(chances):.2g}: {out}\nsample: {sample}",
        err=True,
    )


def _annotated(layer: str, transcript: str | None, *, only: bool = True) -> tuple[Annotations, Layer]:
    """Return the debate of a layer with all its layers, and the layer."""
    from standpunt.annotation.layers import Layer
    from standpunt.exchange.annotations import load_annotations

    chosen = Layer.load(layer)
    annotations = load_annotations(Path(layer).parent, transcript, only=only)
    if annotations.stance.get(chosen.annotator) is None:
        raise LayerError(f"{layer}: not among the layers of its folder; name it stance.{chosen.annotator}.jsonl")
    return annotations, chosen


def _loaded(models: tuple[str, ...]) -> list[Model]:
    from standpunt.models import Model

    loaded = []
    for model in models:
        with working(f"loading {model}"):
            loaded.append(Model.load(model))
    return loaded
