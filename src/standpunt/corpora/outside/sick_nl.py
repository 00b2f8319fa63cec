"""SICK-NL: pairs of Dutch captions, of which the first entails the second, contradicts it, or does neither.

One JSON object a line: `text`, `target`, `label` (entailment, contradiction, neutral) and `lang` (nl), with `split`.
Source: G. Wijnholds, M. Moortgat, SICK-NL: A Dataset for Dutch Natural Language Inference, EACL 2021. MIT; the file is
the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.targets import Form
from standpunt.corpora.rows import DEV, TRAIN

_PARTS = {"TRAIN": TRAIN, "TRIAL": DEV, "TEST": "test"}
# As in standpunt.models.finetuned.nli.
_LABELS = {"entailment": "favor", "contradiction": "against", "neutral": "neutral"}


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a pair; the column `part` is the division of the authors.

    They divided pairs: a caption stands in several of them and may be in every part. `split.disjoint=[issue]` keeps
    second captions that are tested on out of training.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for one in FORM.read(path):
        yield FORM.row(*one)


FORM = Form("sick_nl", _LABELS, ("nl",), parts=_PARTS)
DATA_SET = DataSet("sick_nl", "stance/sick_nl.jsonl.gz", ("stance", "stance_joint"), rows)
