"""What asking a language model would cost, and what it has cost."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from standpunt.errors import InputError
from standpunt.text.wording import counted

if TYPE_CHECKING:
    from standpunt.cli.plan import Plan
    from standpunt.cli.read import Reading
    from standpunt.models.llm.counting import Counts
    from standpunt.prediction.description import Description

FAMILY = "llm"


def count_runs(plan: Plan) -> None:
    """Say what the runs of an experiment would ask; those without a language model are passed over.

    Raises:
        InputError: none has one, or the experiment cannot be run.
    """
    from standpunt.experiment.run import execute
    from standpunt.models.llm.counting import counting

    configs = [plan.compose(*overrides) for overrides in plan.each] if plan.sweep else [plan.config]
    asking = [config for config in configs if _asks(asdict(config.model))]
    if not asking:
        raise InputError("no run of this experiment asks a language model (family llm), so there is nothing to count")
    with counting() as counts:
        for config in asking:
            execute(replace(config, evaluation=replace(config.evaluation, resamples=1)))
    print_counts(counts)


def count_predictions(description: Description, files: Sequence[str], reading: Reading) -> None:
    """Say what predictions on reports would ask.

    Raises:
        InputError: the model asks no language model, or a report cannot be read.
    """
    from standpunt.models.llm.counting import counting
    from standpunt.prediction.predictor import Predictor

    predictor = Predictor.described(description)
    with counting() as counts:
        for file in files:
            for debate in reading.debates(file):
                predictor.on(debate)
    if not counts.counts:
        raise InputError(f"{description.saved.model}: it asks no language model, so there is nothing to count")
    print_counts(counts)


def say_spending() -> None:
    """Say on standard error what this command has asked language models, where it has."""
    if "standpunt.models.llm.spending" not in sys.modules:
        return
    from standpunt.models.llm.spending import all_spending

    for spending in all_spending():
        record = spending.record()
        outcomes: Any = record["outcomes"]
        tokens = f"{spending.tokens_in + spending.tokens_out:,} tokens"
        money = "" if spending.price is None else f", {spending.money:.4f} {spending.price.currency}"
        poor = [f"{outcomes[name]} {name}" for name in ("no answer", "refused", "misquoted") if outcomes.get(name)]
        said = f"{counted(spending.asked, 'question')} asked, {spending.kept} answered already, {tokens}{money}"
        click.echo(f"{spending.model}: {said}{'; ' if poor else ''}{', '.join(poor)}", err=True)
        if spending.without:
            left_out = ", ".join(sorted(spending.without))
            click.echo(f"{spending.model}: the server does not take {left_out}; asked without", err=True)


def print_counts(counts: Counts) -> None:
    """Print what would be asked of each language model, and what it would cost."""
    for count in counts.counts.values():
        exact = "by its tokenizer" if count.exact else "as estimated"
        click.echo(f"{count.model} at {count.address}")
        click.echo(f"  questions: {count.calls:,} ({count.kept:,} more are answered already)")
        click.echo(f"  tokens: {count.tokens_in:,} of questions, {exact}, and at most {count.tokens_out:,} of answers")
        if count.money is None:
            click.echo("  price: not in the table of prices; add it to one of your own (model.prices)")
        else:
            batch = " as a batch" if count.batch else ""
            click.echo(f"  price: at most {count.money:.4f} {count.price.currency if count.price else ''}{batch}")
    click.echo("An answer that is none is asked for once more, which comes on top.")


def _asks(settings: Mapping[str, Any]) -> bool:
    """Tell whether a model, or one within it, asks a language model; of one that was trained before, it may."""
    if settings.get("family") == FAMILY or settings.get("trained") is not None:
        return True
    return any(_asks(value) for value in settings.values() if isinstance(value, Mapping))
