"""Model cards: what a saved model is, what it was trained on and what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from standpunt.tasks import PARTS, SENTENCE, TASKS

if TYPE_CHECKING:
    from standpunt.models.arguments import ArgumentModel
    from standpunt.models.base import Model


_MEASURED = "Macro-F1 over the labels that occur, with its 95 % interval from resampling whole clusters:\n\n"
_LIMITS = """## Limits
The model reads words, not intentions. It was trained on few turns, and where its card names a fictional parliament, on
invented ones. Its labels are not statements of what a person holds; check the text before you quote it.
"""


def model_card(model: Model, scores: Sequence[str] = ()) -> str:
    """Return the card of a model as Markdown, with the codebook of its issues.

    Args:
        model: a trained model.
        scores: what was measured of it, one sentence a corpus.
    """
    provenance = model.provenance
    settings = "\n".join(f"| {key} | {value} |" for key, value in {**asdict(model.config), **model.describe()}.items())
    corpora = ", ".join(provenance.corpora) or "not recorded"
    task = TASKS.get(provenance.task)
    sentences = task is not None and task.unit == SENTENCE
    about = "a sentence of a turn" if sentences else "the stance of a turn in a parliamentary debate on an issue"
    tag = "argument-mining" if sentences else "stance-detection"
    named = ",".join(list(model.issues)[:2]) or "no_fly_zone"  # it takes any
    command = (
        "a folder with it and models of the other tasks of arguments is what `standpunt predict --arguments` takes"
        if sentences
        else f"`standpunt predict this/folder report.txt --issues {named} --out out.csv`"
    )
    return f"""{_front(tag)}
# {model.config.name}

Classifies {about}: {", ".join(model.labels)}.

Trained for the task `{provenance.task}` on {provenance.rows} rows of {corpora} (seed {provenance.seed}, data
sha256 `{provenance.data_sha256[:16]}`).{_scores(scores)}

| setting | value |
|---|---|
{settings}
{_issues(model)}
## Use
```python
from standpunt.models import Model

model = Model.load("this/folder")
model.predict_proba(rows)  # columns in the order of model.labels
```
or {command}.

{_LIMITS}"""


def _scores(lines: Sequence[str]) -> str:
    if not lines:
        return " How well it does stands in the table of the run that made it."
    return "\n\n## Scores\n" + _MEASURED + "\n".join(f"- {line}" for line in lines)


def argument_card(name: str, model: ArgumentModel, scores: Mapping[str, Sequence[str]], *, synthetic: bool) -> str:
    """Return the card of an argument model as Markdown.

    Args:
        name: of the model.
        model: its parts.
        scores: what was measured of each part, by task: one sentence a corpus.
        synthetic: whether all it was trained on is invented.
    """
    parts = {part: getattr(model, part) for part in PARTS}
    trained = "\n".join(
        f"| `{part}` | {item.config.name} ({item.family}) | {item.provenance.rows} rows of "
        f"{', '.join(item.provenance.corpora)}{_besides(item)} | {', '.join(item.labels)} |"
        for part, item in parts.items()
    )
    measured = "\n".join(f"- `{part}`, {line}" for part in PARTS for line in scores[part])
    invented = "All it was trained on is synthetic: debates of a parliament that was invented for the package.\n\n"
    return f"""{_front("argument-mining")}
# {name}

Finds the arguments of a parliamentary debate: which sentences are claims and premises, what a premise appeals to
(Policy Frames Codebook), and which claim of its turn it supports or attacks.

{invented if synthetic else ""}| task | model | trained on | labels |
|---|---|---|---|
{trained}

## Scores
{_MEASURED}{measured}

## Use
```console
$ standpunt predict MODEL report.txt --arguments {name} --out out.parquet
```

{_LIMITS}"""


def corpora_behind(model: Model) -> set[str]:
    """Return the corpora that a model and, where it is a blend, its members were trained on."""
    members: Mapping[str, Model] = getattr(model, "members", {})
    return {*model.provenance.corpora}.union(*map(corpora_behind, members.values()))


def _besides(model: Model) -> str:
    more = sorted(corpora_behind(model) - {*model.provenance.corpora})
    return f"; a member also on {', '.join(more)}" if more else ""


def _front(tag: str) -> str:
    return f"""---
library_name: standpunt
pipeline_tag: text-classification
language: nl
tags: [{tag}, parliamentary-debate]
---"""


def _issues(model: Model) -> str:
    """Return the section on the issues, empty for a model that has none."""
    if not model.issues:
        return ""
    lines = "\n".join(
        f"- `{issue.name}`: {issue.proposition['en']} ({issue.proposition['nl']}) In favor: {issue.pro['en']} "
        f"Against: {issue.con['en']}"
        for issue in model.issues.values()
    )
    return f"\n## Issues\n{lines}\n"
