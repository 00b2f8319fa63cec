"""`standpunt annotate`: help for annotators."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.cli.annotate_models import llm_, model_
from standpunt.cli.exchange import delimiter_option, transcript_option
from standpunt.cli.progress import watching_models, working
from standpunt.errors import LayerError

# As in standpunt.annotation.selection, which is heavier to import.
STRATEGIES = ("uncertainty", "disagreement", "diversity", "random", "order")


@click.group()
def annotate() -> None:
    """Help annotators choose what to label next, and let models annotate beside them."""


annotate.add_command(model_)
annotate.add_command(llm_)


@annotate.command("next")
@click.argument("layer")
@click.option(
    "--model", "models", multiple=True, help="The folder of a trained model. Repeat the option to use several models."
)
@click.option("--n", type=click.IntRange(min=1), default=50, show_default=True, help="The number of pairs to choose.")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    default=STRATEGIES[0],
    show_default=True,
    help="How the pairs are chosen; see above.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The seed that decides between equal pairs.",
)
@click.option(
    "--seen", multiple=True, help="A file that an earlier call wrote; its pairs are left out. May be repeated."
)
@click.option(
    "--out",
    required=True,
    help="The file to write. Its name ends in .json (for Label Studio) or .csv, and it must not exist.",
)
@delimiter_option
@transcript_option
def next_(
    layer: str,
    models: tuple[str, ...],
    n: int,
    strategy: str,
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
    """
    with working("choosing pairs"):
        from standpunt.annotation.layers import Layer
        from standpunt.exchange.annotations import load_annotations
        from standpunt.exchange.queue import asked_before, check_out, next_pairs, write_queue
        from standpunt.models import Model

        check_out(out)
        chosen = Layer.load(layer)
        annotations = load_annotations(Path(layer).parent, transcript)
        if annotations.stance.get(chosen.annotator) is None:
            raise LayerError(f"{layer}: not among the layers of its folder; name it stance.{chosen.annotator}.jsonl")
        loaded = []
        for model in models:
            with working(f"loading {model}"):
                loaded.append(Model.load(model))
        with watching_models():
            pairs = next_pairs(annotations, chosen, loaded, strategy, n, seed, asked_before(seen, annotations))
    write_queue(out, annotations, chosen, pairs, loaded[0] if loaded else None, delimiter=delimiter)
    turns = len({pair.turn.ordinal for pair in pairs})
    few = f", no more of {n} are left by this strategy" if len(pairs) < n else ""
    click.echo(f"{len(pairs)} pairs of {turns} turns{few}: {out}", err=True)
