"""Perspectrum: sentences that support or oppose a claim, in English.

One JSON object a line: `text`, `target` (the claim), `label` (favor, against) and `lang` (en), with `split`. Source:
S. Chen et al., Seeing Things from a Different Angle: Discovering Diverse Perspectives about Claims, NAACL 2019. CC
BY-SA 4.0; the file is the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.targets import FAVOR_AGAINST, Form, one_part_each
from standpunt.corpora.rows import DEV, TRAIN

_PARTS = {"train": TRAIN, "dev": DEV, "test": "test"}


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a sentence; the column `part` is the division of the authors.

    A claim that stands in "train" as well, word for word or nearly, is there with all its rows.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    found = [FORM.row(*one) for one in FORM.read(path)]
    one_part_each(found)
    yield from found


FORM = Form("perspectrum", FAVOR_AGAINST, ("en",), parts=_PARTS)
DATA_SET = DataSet("perspectrum", "stance/perspectrum.jsonl.gz", ("stance", "stance_joint"), rows)
