"""Model cards: what a saved model is, what it was trained on and what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from standpunt.annotation.issues import Issue
from standpunt.encoders.named import terms_of
from standpunt.models.provenance import Provenance
from standpunt.tasks import SENTENCE, TASKS

_MEASURED = """Macro-F1 is taken over the labels that occur; its 95 % interval comes from resampling whole clusters.
Accuracy is taken on the 80 % of the rows that the model is surest of. ECE (expected calibration error) says how far
the probabilities are from how often the model is right, in 10 bins of equal mass.

"""
LIMITS = """## What it is not for
Do not use it for statements about what a person or a party holds. It reads words, not intentions, and it errs as
often as its scores say: check the text before you quote a label. Do not use it for kinds of text or languages that
none of the sets above has. If a corpus named above is `fictional`, what the model learnt from it is invented.
"""


@dataclass(frozen=True)
class CardFacts:
    """What a card says of a model, scores aside.

    Attributes:
        name: of the model.
        labels: the label scheme.
        provenance: what it was trained on.
        issues: definitions of the issues it knows, keyed by name.
        settings: its configuration and what it says of what it learnt.
        corpora_behind: what it and its members were trained on.
    """

    name: str
    labels: tuple[str, ...]
    provenance: Provenance
    issues: Mapping[str, Issue]
    settings: Mapping[str, Any]
    corpora_behind: Set[str]


def model_card(facts: CardFacts, scores: Sequence[Mapping[str, str]] = ()) -> str:
    """Return the card of a model as Markdown, with the codebook of its issues.

    Args:
        facts: of a trained model, see `Model.card_facts`.
        scores: what was measured of it, for each set the same things by name.
    """
    provenance = facts.provenance
    settings = [(key, str(value)) for key, value in facts.settings.items()]
    corpora = ", ".join(provenance.corpora) or "not recorded"
    task = TASKS.get(provenance.task)
    sentences = task is not None and task.unit == SENTENCE
    about = (
        "a sentence of a turn"
        if sentences
        else "the stance of a text, a turn of a debate or a comment, on a proposition"
    )
    tag = "argument-mining" if sentences else "stance-detection"
    named = ",".join(list(facts.issues)[:2]) or "no_fly_zone"  # it takes any
    command = (
        "`standpunt predict --arguments FOLDER` takes a folder with this model and those of the other argument tasks"
        if sentences
        else f"use `standpunt predict this/folder report.txt --issues {named} --out out.csv`"
    )
    return f"""{front_matter(tag, provenance.languages)}
# {facts.name}

This model classifies {about}: {", ".join(facts.labels)}.

## Data
It was trained for the task `{provenance.task}` on {provenance.rows} rows of {corpora} (language:
{languages_text(provenance.languages)}; seed {provenance.seed}, data sha256
`{provenance.data_sha256[:16]}`).{_member_corpora(facts)}{_terms(facts.settings)}

## Scores
{scores_section(scores)}

## Settings
{table(("setting", "value"), settings)}
{_issues(facts)}
## Use
```python
from standpunt.models import Model

model = Model.load("this/folder")
model.predict_proba(rows)  # columns in the order of model.labels
```
On the command line, {command}.

{LIMITS}"""


def scores_section(scores: Sequence[Mapping[str, str]]) -> str:
    """Return what was measured of a model, as a table; where it stands, for one of which nothing is given."""
    if not scores:
        return "The scores are in the table of the run that made it."
    return _MEASURED + table(tuple(scores[0]), [tuple(measured.values()) for measured in scores])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _member_corpora(facts: CardFacts) -> str:
    """Return what the card of a model with members that learnt from more says of that; empty for others."""
    more = sorted(facts.corpora_behind - {*facts.provenance.corpora})
    return f" A member was also trained on {', '.join(more)}." if more else ""


def _terms(settings: Mapping[str, Any]) -> str:
    """Return under what terms the encoders stand that are not part of the folder; empty where none has a name."""
    terms = {name: terms_of(name) for name in _encoders(settings)}
    return "".join(
        f"\n\nIt reads with the encoder `{named.hub}`, which is not part of this folder; its use is subject to the "
        f"[{named.terms}]({named.terms_url})."
        for named in dict.fromkeys(terms.values())
        if named is not None
    )


def _encoders(settings: Mapping[str, Any]) -> list[str]:
    """Return the encoders that settings name, those of models within the model among them."""
    within = [name for value in settings.values() if isinstance(value, Mapping) for name in _encoders(value)]
    return [*([str(settings["encoder"])] if "encoder" in settings else []), *within]


def languages_text(languages: Sequence[str]) -> str:
    """Return the languages of what a model was trained on, in words."""
    return ", ".join(languages) or "not recorded"


def front_matter(tag: str, languages: Sequence[str]) -> str:
    """Return the head that model hubs read."""
    known = f"language: [{', '.join(languages)}]\n" if languages else ""
    return f"""---
library_name: standpunt
pipeline_tag: text-classification
{known}tags: [{tag}, parliamentary-debate]
---"""


def _issues(facts: CardFacts) -> str:
    """Return the section on the issues, empty for a model that has none."""
    if not facts.issues:
        return ""
    lines = "\n".join(map(_issue, facts.issues.values()))
    return f"\n## Issues\n{lines}\n"


def _issue(issue: Issue) -> str:
    """Return an issue in English, if it is defined in it, with its proposition in its other language."""
    language = issue.language_for("en")
    other = issue.language_for(*(code for code in issue.languages if code != language))
    said = f" ({issue.proposition[other]})" if other != language else ""
    pro, con = issue.pro[language], issue.con[language]
    return f"- `{issue.name}`: {issue.proposition[language]}{said} In favor: {pro} Against: {con}"
