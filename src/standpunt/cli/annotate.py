"""`standpunt annotate`: what helps annotators."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.cli.exchange import transcript_option
from standpunt.errors import LayerError

# As in standpunt.annotation.selection, which is heavier to import.
STRATEGIES = ("uncertainty", "disagreement", "diversity", "random")


@click.group()
def annotate() -> None:
    """Help with annotating debates."""


@annotate.command("next")
@click.argument("layer")
@click.option("--model", "models", multiple=True, help="Folder of a trained model; several make a committee.")
@click.option("--n", type=click.IntRange(min=1), default=50, show_default=True, help="How many pairs are wanted.")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    default=STRATEGIES[0],
    show_default=True,
    help="How they are chosen.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Decides between equal ones.")
@click.option("--seen", multiple=True, help="File of an earlier call, whose pairs are left out; may be repeated.")
@click.option("--out", required=True, help="A new file that ends in .json (Label Studio) or .csv.")
@transcript_option
def next_(
    layer: str,
    models: tuple[str, ...],
    n: int,
    strategy: str,
    seed: int,
    seen: tuple[str, ...],
    out: str,
    transcript: str | None,
) -> None:
    """Choose the pairs of turn and issue that LAYER, a stance layer file, should label next, and write them to a file.

    uncertainty: those on which the models' probabilities have the highest entropy. disagreement: on which several
    models differ, or, with fewer than two, the layers of the other annotators on the same debate. diversity: of the
    most uncertain, turns unlike one another and unlike what is labelled. With .json the labelling config is written
    beside it (.xml).
    """
    from standpunt.annotation.layers import Layer
    from standpunt.exchange.annotations import load_annotations
    from standpunt.exchange.queue import asked_before, check_out, next_pairs, write_queue
    from standpunt.models import Model

    check_out(out)
    chosen = Layer.load(layer)
    annotations = load_annotations(Path(layer).parent, transcript)
    if annotations.stance.get(chosen.annotator) is None:
        raise LayerError(f"{layer}: not among the layers of its folder; name it stance.{chosen.annotator}.jsonl")
    loaded = [Model.load(model) for model in models]
    pairs = next_pairs(annotations, chosen, loaded, strategy, n, seed, asked_before(seen, annotations))
    write_queue(out, annotations, chosen, pairs, loaded[0] if loaded else None)
    turns = len({pair.turn.ordinal for pair in pairs})
    few = f", no more of {n} are left by this strategy" if len(pairs) < n else ""
    click.echo(f"{len(pairs)} pairs of {turns} turns{few}: {out}", err=True)
