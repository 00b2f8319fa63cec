"""What may be asked of a model: said before a debate is read."""

from __future__ import annotations

from collections.abc import Sequence

from standpunt.annotation.issues import Issue, load_issue
from standpunt.corpora.rows import NONE
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
            "from; leave out --evidence, or take a model of family cross_encoder, embeddings, llm, nli or poles, or "
            "a two_stage or blend with one of them"
        )


def check_knowledge(model: Model, issues: Sequence[Issue]) -> None:
    """Refuse questions that a model would answer without knowing better, see `made_for`.

    Raises:
        InputError: it has no label for turns that do not address an issue, or it was not trained on an issue and does
            not read what the issue is.
    """
    name, insist = model.config.name, "--anyway (anyway=True) has it answer, and each row then says so"
    if NONE not in model.labels:
        raise InputError(
            f"model {name}: its labels ({', '.join(model.labels)}) have no {NONE!r}, so that every turn would get one "
            f"on every issue, whatever it is about; take a model that was trained for task stance_joint; {insist}"
        )
    strange = [issue.name for issue in issues if not made_for(model, issue)]
    if strange:
        raise InputError(
            f"model {name}: it was not trained on {', '.join(strange)} and reads no propositions, so that it would "
            "answer as on the issues it knows; take a model that reads them, such as standpunt-nl-e5, or train one; "
            f"{insist}"
        )


def made_for(model: Model, issue: Issue) -> bool:
    """Tell whether a model was made for such a question.

    It must have the label "none", for turns that do not address the issue, and must have been trained on the issue or
    read what it is.
    """
    return NONE in model.labels and (model.knows(issue) or model.reads_issue)


def check_language(issues: Sequence[Issue], language: str) -> None:
    """Refuse issues that are not defined in the language of the debates.

    Raises:
        InputError: one is not.
    """
    undefined = [issue for issue in issues if language not in issue.languages]
    if undefined:
        first = undefined[0]
        others = f", and {len(undefined) - 1} more" if undefined[1:] else ""
        raise InputError(
            f"issue {first.name}{others}: not defined in {language!r} (but in {', '.join(first.languages)}); define it "
            "in the language of the reports, or say with --language which one that is"
        )


def chosen_issues(model: Model, issues: Sequence[str | Issue] | None) -> tuple[Issue, ...]:
    """Return the definitions of the issues that are asked for, or of the model's own, each once.

    Raises:
        InputError: an issue is unknown, the list is empty or none is given and the model has none, two that differ have
            one name, or one has the name of another that the model was trained on.
    """
    if issues is not None and not issues:
        raise InputError("no issue is named; give e.g. no_fly_zone,frozen_assets")
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
        trained = model.issues.get(issue.name)
        if trained is not None and not trained.is_same(issue):
            said = trained.proposition[trained.language_for()]
            raise InputError(
                f"issue {called}: model {model.config.name} knows another issue by the name {issue.name!r} ({said}); "
                "give yours another name"
            )
    if not by_name:
        raise InputError(
            f"model {model.config.name}: it has no issues of its own; name those to predict, "
            "e.g. --issues no_fly_zone,frozen_assets"
        )
    return tuple(issue for _, issue in by_name.values())
