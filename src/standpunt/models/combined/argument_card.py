"""The card of an argument model: its three parts in one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from standpunt.models.card_scores import CardScores
from standpunt.models.cards import LIMITS, front_matter, languages_text, scores_section, table
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.tasks import PARTS


def argument_card(
    name: str, model: ArgumentModel, scores: Mapping[str, Sequence[CardScores]], *, synthetic: bool
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
            ", ".join(sorted(item.corpora_behind - {*item.provenance.corpora})),
            ", ".join(item.labels),
        )
        for part, item in parts.items()
    ]
    measured = [score for part in PARTS for score in scores[part]]
    languages = sorted({language for item in parts.values() for language in item.provenance.languages})
    invented = "All of it is synthetic: debates of a parliament that was invented for the package.\n\n"
    head = front_matter(
        name,
        "argument-mining",
        languages,
        settings={part: asdict(item.config) for part, item in parts.items()},
        results=[one.result(str(one.task)) for one in measured],
    )
    return f"""{head}
# {name}

This model finds the arguments of a parliamentary debate: which sentences are claims and premises, what a premise
appeals to (Policy Frames Codebook), and which claim of its turn it supports or attacks.

## Data
{invented if synthetic else ""}Language: {languages_text(languages)}.

{table(("task", "model", "trained on", "a member also on", "labels"), trained)}

## Scores
{scores_section(measured)}

## Use
```console
$ standpunt predict MODEL report.txt --arguments {name} --out out.parquet
```

{LIMITS}"""
