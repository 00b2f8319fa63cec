"""Model cards: what a saved model is, what it was trained on and what it must not be used for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standpunt.models.base import Model


def model_card(model: Model) -> str:
    """Return the card of a model as Markdown, with the codebook of its issues."""
    provenance = model.provenance
    settings = "\n".join(f"| {key} | {value} |" for key, value in {**asdict(model.config), **model.describe()}.items())
    issues = "\n".join(
        f"- `{issue.name}`: {issue.proposition['en']} ({issue.proposition['nl']}) In favor: {issue.pro['en']} "
        f"Against: {issue.con['en']}"
        for issue in model.issues.values()
    )
    corpora = ", ".join(provenance.corpora) or "not recorded"
    return f"""---
library_name: standpunt
pipeline_tag: text-classification
language: nl
tags: [stance-detection, parliamentary-debate]
---
# {model.config.name}

Classifies the stance of a turn in a parliamentary debate on an issue: {", ".join(model.labels)}.

Trained for the task `{provenance.task}` on {provenance.rows} rows of {corpora} (seed {provenance.seed}, data
sha256 `{provenance.data_sha256[:16]}`). How well it does stands in the table of the run that made it.

| setting | value |
|---|---|
{settings}

## Issues
{issues}

## Use
```python
from standpunt.models import Model

model = Model.load("this/folder")
model.predict_proba(rows)  # columns in the order of model.labels
```
or `standpunt predict this/folder report.txt --issues {",".join(list(model.issues)[:2])} --out out.csv`.

## Limits
The model reads words, not intentions. It was trained on few turns, and where its card names a fictional parliament, on
invented ones. Its labels are not statements of what a person holds; check the text before you quote it.
"""
