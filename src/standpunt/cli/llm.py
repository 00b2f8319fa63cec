"""`standpunt llm`: what is said to a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.annotation.issues import Issue
    from standpunt.models.llm.family import Llm


@click.group()
def llm() -> None:
    """See what is said to a language model. To ask one, run an experiment with model=llm; see docs/llm.md."""


@llm.command()
@click.argument("issue")
@click.argument("report")
@click.option("--turn", type=click.IntRange(min=1), required=True, help="The number of the turn in the report.")
@click.option("--model", "folder", metavar="FOLDER", help="A saved model of family llm, with its examples.")
@click.option("--templates", metavar="FOLDER", help="A folder with templates of your own.")
@click.option("--language", metavar="CODE", default="nl", show_default=True, help="The language of the report.")
@click.option("--no-none", is_flag=True, help="Leave out the label none, as for pairs that address their issue.")
def show(
    issue: str, report: str, turn: int, folder: str | None, templates: str | None, language: str, no_none: bool
) -> None:
    """Print the prompt for a turn of a report on an issue, as a language model gets it.

    ISSUE is the name of an issue, or a YAML file. REPORT is the report of a debate.
    """
    from standpunt.annotation.issues import load_issue
    from standpunt.corpora.rows import answered, row
    from standpunt.readers import read_debate

    if folder is not None and (templates is not None or no_none):
        raise click.UsageError("--model has templates and labels of its own; leave out --templates and --no-none")
    asked = load_issue(issue)
    model = _model(folder, templates, asked, no_none=no_none)
    debate = read_debate(report)
    if turn > len(debate.turns):
        raise InputError(f"{report}: it has {len(debate.turns)} turns, and turn {turn} is asked for")
    chosen = debate.turns[turn - 1]
    about = row(debate.id, debate.date, chosen, asked, language=language, context=answered(debate, chosen))
    for role, text in model.messages([about])[0]:
        click.echo(f"--- {role}\n{text}\n")


def _model(folder: str | None, templates: str | None, issue: Issue, *, no_none: bool) -> Llm:
    """Return a model of family llm: a saved one, or one that was not fitted and shows no examples."""
    from standpunt.annotation.layers import NONE, STANCES
    from standpunt.models import Model
    from standpunt.models.llm.family import Llm
    from standpunt.models.llm.settings import LlmConfig

    if folder is None:
        labels = STANCES if no_none else (*STANCES, NONE)
        return Llm(LlmConfig(templates=templates), labels, {issue.name: issue})
    model = Model.load(folder)
    if not isinstance(model, Llm):
        raise InputError(f"{folder}: a model of family {model.family}; expected one of family llm")
    return model.knowing({issue.name: issue})
