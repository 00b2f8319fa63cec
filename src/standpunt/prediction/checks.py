"""What may be asked of a model: said before a debate is read."""

from __future__ import annotations

from collections.abc import Sequence

from standpunt.annotation.issues import Issue, load_issue
from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.tasks import TASKS, TURN


def check_confidence(least: float | None) -> None:
    """Refuse a least confidence that is no probability.

    Raises:
        InputError: it is not a number from 0 to 1.
    """
    if least is not None and not 0 <= least <= 1:
        raise InputError(f"min_confidence is {least}; expected a number from 0 to 1")


def check_unit(model: Model) -> None:
    """Refuse a model that is not about turns.

    Raises:
        InputError: it is about sentences.
    """
    task = TASKS.get(model.provenance.task)
    if task is not None and task.unit != TURN:
        raise InputError(
            f"model {model.config.name}: made for task {task.name}, which is about sentences; give a model of stance"
        )


def check_evidence(model: Model) -> None:
    """Refuse a model that cannot tell where in a turn its answer comes from.

    Raises:
        InputError: neither it nor a model within it can.
    """
    if not model.tells_evidence:
        within = " with these models in it" if model.family in ("two_stage", "blend") else ""
        raise InputError(
            f"model {model.config.name}: family {model.family}{within} cannot tell where in a turn its answer comes "
            "from; leave out --evidence, or take a model of family cross_encoder, embeddings, nli or poles, or a "
            "two_stage or blend with one of them"
        )


def chosen_issues(model: Model, issues: Sequence[str | Issue] | None) -> tuple[Issue, ...]:
    """Return the definitions of the issues that are asked for, or of the model's own, each once.

    Raises:
        InputError: an issue is unknown, none is given and the model has none, or two that differ have one name.
    """
    if isinstance(issues, str):
        raise InputError(f"issues is the text {issues!r}; expected a list of names or files, such as [{issues!r}]")
    by_name: dict[str, tuple[str, Issue]] = {}
    for given in issues or tuple(model.issues):
        issue = given if isinstance(given, Issue) else model.issues.get(given) or load_issue(given)
        called = issue.name if isinstance(given, Issue) else given
        first, same = by_name.setdefault(issue.name, (called, issue))
        if same != issue:
            raise InputError(
                f"issues {first} and {called}: both have the name {issue.name!r} and they differ; rename one of them "
                "or leave it out"
            )
    if not by_name:
        raise InputError(
            f"model {model.config.name}: it has no issues of its own; name those to predict, "
            "e.g. --issues no_fly_zone,frozen_assets"
        )
    return tuple(issue for _, issue in by_name.values())
