"""Model cards: what a saved model is, what it was trained on and what it must not be used for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import yaml

from standpunt.annotation.issues import Issue
from standpunt.encoders.named import TAUGHT, Terms, hub_id, terms_of
from standpunt.models.card_scores import CardScores
from standpunt.models.provenance import Provenance
from standpunt.tasks import SENTENCE, TASKS

_MEASURED = """Macro-F1 is taken over the labels that occur; its 95 % interval comes from resampling whole clusters.
Accuracy is taken on the 80 % of the rows that the model is surest of. ECE (expected calibration error) says how far
the probabilities are from how often the model is right, in 10 bins of equal mass.

"""
_FOLDS = """A set with the name of a protocol was divided into folds: its scores are of models with these settings, each
trained without what it was tested on. The model here was trained on all rows.

"""
HERE = "this/folder"  # by which the examples in a card load its model
LICENSE = "apache-2.0"  # of the package and of the labels that ship with it
_LICENSE_LINE = re.compile(r"(?<=\n)license:[^\n]*\n(?=(?:(?!---\n)[^\n]*\n)*---\n)")
_HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
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
        library: what opens the folder, by the name that model hubs know.
        others: how it is opened with that library, in Markdown, where it is another one than this package.
    """

    name: str
    labels: tuple[str, ...]
    provenance: Provenance
    issues: Mapping[str, Issue]
    settings: Mapping[str, Any]
    corpora_behind: Set[str]
    library: str = "standpunt"
    others: str = ""


def model_card(facts: CardFacts, scores: Sequence[CardScores] = ()) -> str:
    """Return the card of a model as Markdown, with the codebook of its issues.

    Args:
        facts: of a trained model, see `Model.card_facts`.
        scores: what was measured of it, see `standpunt.models.card_scores`.
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
        else f"use `standpunt predict {HERE} report.txt --issues {named} --out out.csv`"
    )
    head = front_matter(
        facts.name,
        tag,
        provenance.languages,
        library=facts.library,
        settings=facts.settings,
        results=[one.result(provenance.task) for one in scores],
    )
    return f"""{head}
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

model = Model.load("{HERE}")
model.predict_proba(rows)  # columns in the order of model.labels
```
On the command line, {command}.
{facts.others}
{LIMITS}"""


def with_license(card: str, license_: str) -> str:
    """Return a card with another licence in its head, by the id that model hubs have for it, such as cc-by-4.0."""
    line = yaml.safe_dump({"license": license_}, width=1000)
    if _LICENSE_LINE.search(card):
        return _LICENSE_LINE.sub(lambda _: line, card, count=1)
    opening, rest = ("---\n", card[4:]) if card.startswith("---\n") else ("---\n", f"---\n{card}")
    return opening + line + rest


def scores_section(scores: Sequence[CardScores]) -> str:
    """Return what was measured of a model, as a table; where it stands, for one of which nothing is given."""
    if not scores:
        return "The scores are in the table of the run that made it."
    folds = _FOLDS if any(one.folds for one in scores) else ""
    return _MEASURED + folds + table(tuple(scores[0].cells), [tuple(one.cells.values()) for one in scores])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _member_corpora(facts: CardFacts) -> str:
    """Return what the card of a model with members that learnt from more says of that; empty for others."""
    more = sorted(facts.corpora_behind - {*facts.provenance.corpora})
    return f" A member was also trained on {', '.join(more)}." if more else ""


def _terms(settings: Mapping[str, Any]) -> str:
    """Return under what terms the encoders stand that are not part of the folder; empty where none has a name."""
    return "".join(
        f"\n\nIt reads with the encoder `{name}`, which is not part of this folder; its use is subject to the "
        f"[{named.name}]({named.url})."
        for name, named in encoder_terms(settings).items()
    )


def encoder_terms(settings: Mapping[str, Any]) -> dict[str, Terms]:
    """Return under what terms the encoders stand that settings name, by the encoder; without those that have none."""
    terms = {(name if name in TAUGHT else hub_id(name)): terms_of(name) for name in _encoders(settings)}
    return {name: named for name, named in terms.items() if named is not None}


def _encoders(settings: Mapping[str, Any]) -> list[str]:
    """Return the encoders that settings name, those of models within the model among them."""
    within = [name for value in settings.values() if isinstance(value, Mapping) for name in _encoders(value)]
    return [*([str(settings["encoder"])] if "encoder" in settings else []), *within]


def languages_text(languages: Sequence[str]) -> str:
    """Return the languages of what a model was trained on, in words."""
    return ", ".join(languages) or "not recorded"


def front_matter(
    name: str,
    tag: str,
    languages: Sequence[str],
    *,
    library: str = "standpunt",
    settings: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the head that model hubs read.

    Args:
        name: of the model.
        tag: what it is for.
        languages: of what it was trained on.
        library: what opens it.
        settings: its configuration, which names its encoders.
        results: what was measured, see `standpunt.models.card_scores.CardScores.result`.
    """
    encoders = _encoders(settings)
    bases = list(dict.fromkeys(hub_id(encoder) for encoder in encoders if _on_hub(hub_id(encoder))))
    terms = [named.license for encoder in encoders if (named := terms_of(encoder)) is not None]
    relation = {"lora": "adapter", "full": "finetune"}.get(settings.get("tuning", ""))
    head: dict[str, Any] = {
        "license": terms[0] if terms else LICENSE,
        "library_name": library,
        "pipeline_tag": "text-classification",
        "language": list(languages),
        "base_model": bases[0] if len(bases) == 1 else bases,
        "base_model_relation": relation if bases else None,
        "tags": [tag, "parliamentary-debate"],
        "model-index": [{"name": name, "results": [dict(result) for result in results]}] if results else None,
    }
    known = {key: value for key, value in head.items() if value}
    return f"---\n{yaml.safe_dump(known, sort_keys=False, default_flow_style=None, width=1000)}---"


def _on_hub(name: str) -> bool:
    """Tell whether a name can be an id on the model hub: it is no folder and no path."""
    return _HUB_ID.fullmatch(name) is not None and not os.path.isdir(name)


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
