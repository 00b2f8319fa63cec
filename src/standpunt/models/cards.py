"""Model cards: what a saved model is, what it was trained on and what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from standpunt.encoders.named import terms_of
from standpunt.tasks import PARTS, SENTENCE, TASKS

if TYPE_CHECKING:
    from standpunt.models.base import Model
    from standpunt.models.combined.arguments import ArgumentModel


_MEASURED = """Macro-F1 over the labels that occur, with its 95 % interval from resampling whole clusters; accuracy on
the 80 % of the rows that the model is surest of; ECE, how far probabilities are from what they say, in 10 bins of equal
mass.

"""
_LIMITS = """## What it is not for
Statements about what a person or a party holds: it reads words, not intentions, and errs as often as its scores say.
Check the text before you quote a label. Kinds of text and languages that no set above is of. Where a corpus named above
is `fictional`, what it learnt from there is invented.
"""


def model_card(model: Model, scores: Sequence[Mapping[str, str]] = ()) -> str:
    """Return the card of a model as Markdown, with the codebook of its issues.

    Args:
        model: a trained model.
        scores: what was measured of it, for each set the same things by name.
    """
    provenance = model.provenance
    settings = [(key, str(value)) for key, value in {**asdict(model.config), **model.describe()}.items()]
    corpora = ", ".join(provenance.corpora) or "not recorded"
    task = TASKS.get(provenance.task)
    sentences = task is not None and task.unit == SENTENCE
    about = (
        "a sentence of a turn"
        if sentences
        else "the stance of a text, a turn of a debate or a comment, on a proposition"
    )
    tag = "argument-mining" if sentences else "stance-detection"
    named = ",".join(list(model.issues)[:2]) or "no_fly_zone"  # it takes any
    command = (
        "a folder with it and models of the other tasks of arguments is what `standpunt predict --arguments` takes"
        if sentences
        else f"`standpunt predict this/folder report.txt --issues {named} --out out.csv`"
    )
    return f"""{_front(tag, provenance.languages)}
# {model.config.name}

Classifies {about}: {", ".join(model.labels)}.

## Data
Trained for the task `{provenance.task}` on {provenance.rows} rows of {corpora} (language:
{_languages(provenance.languages)}; seed {provenance.seed}, data sha256
`{provenance.data_sha256[:16]}`).{_besides(model)}{_terms(model)}

## Scores
{_scores(scores)}

## Settings
{_table(("setting", "value"), settings)}
{_issues(model)}
## Use
```python
from standpunt.models import Model

model = Model.load("this/folder")
model.predict_proba(rows)  # columns in the order of model.labels
```
or {command}.

{_LIMITS}"""


def _scores(scores: Sequence[Mapping[str, str]]) -> str:
    if not scores:
        return "They stand in the table of the run that made it."
    return _MEASURED + _table(tuple(scores[0]), [tuple(measured.values()) for measured in scores])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def argument_card(
    name: str, model: ArgumentModel, scores: Mapping[str, Sequence[Mapping[str, str]]], *, synthetic: bool
) -> str:
    """Return the card of an argument model as Markdown.

    Args:
        name: of the model.
        model: its parts.
        scores: what was measured of each part, by task; see `model_card`.
        synthetic: whether all it was trained on is invented.
    """
    parts = {part: getattr(model, part) for part in PARTS}
    trained = [
        (
            f"`{part}`",
            f"{item.config.name} ({item.family})",
            f"{item.provenance.rows} rows of {', '.join(item.provenance.corpora)}",
            ", ".join(sorted(corpora_behind(item) - {*item.provenance.corpora})),
            ", ".join(item.labels),
        )
        for part, item in parts.items()
    ]
    measured = [{"task": f"`{part}`", **found} for part in PARTS for found in scores[part]]
    languages = sorted({language for item in parts.values() for language in item.provenance.languages})
    invented = "All of it is synthetic: debates of a parliament that was invented for the package.\n\n"
    return f"""{_front("argument-mining", languages)}
# {name}

Finds the arguments of a parliamentary debate: which sentences are claims and premises, what a premise appeals to
(Policy Frames Codebook), and which claim of its turn it supports or attacks.

## Data
{invented if synthetic else ""}Language: {_languages(languages)}.

{_table(("task", "model", "trained on", "a member also on", "labels"), trained)}

## Scores
{_scores(measured)}

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
    """Return what the card of a model with members that learnt from more says of that; empty for others."""
    more = sorted(corpora_behind(model) - {*model.provenance.corpora})
    return f" A member was also trained on {', '.join(more)}." if more else ""


def _terms(model: Model) -> str:
    """Return under what terms the encoders stand that are not part of the folder; empty where none has a name."""
    found = {name: terms_of(name) for name in _encoders(asdict(model.config))}
    return "".join(
        f"\n\nIt reads with the encoder `{named.hub}`, which is not part of this folder; its use is subject to the "
        f"[{named.terms}]({named.terms_url})."
        for named in dict.fromkeys(found.values())
        if named is not None
    )


def _encoders(settings: Mapping[str, object]) -> list[str]:
    """Return the encoders that settings name, those of models within the model among them."""
    within = [name for value in settings.values() if isinstance(value, Mapping) for name in _encoders(value)]
    return [*([str(settings["encoder"])] if "encoder" in settings else []), *within]


def _languages(languages: Sequence[str]) -> str:
    return ", ".join(languages) or "not recorded"


def _front(tag: str, languages: Sequence[str]) -> str:
    """Return the head that model hubs read."""
    known = f"language: [{', '.join(languages)}]\n" if languages else ""
    return f"""---
library_name: standpunt
pipeline_tag: text-classification
{known}tags: [{tag}, parliamentary-debate]
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
