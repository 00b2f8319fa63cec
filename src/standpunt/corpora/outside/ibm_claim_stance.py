"""Claims for and against motions of debates, from Wikipedia, in English.

One JSON object a line: `text` (the claim), `target` (the motion), `label` (favor, against) and `lang` (en), with
`split`. Source: R. Bar-Haim et al., Stance Classification of Context-Dependent Claims, EACL 2017. The file is the
user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.targets import FAVOR_AGAINST, Form, one_part_each
from standpunt.corpora.rows import TRAIN

_PARTS = {"train": TRAIN, "test": "test"}


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a claim; the column `part` is the division of the authors, in which no motion is in both.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    found = [FORM.row(*one) for one in FORM.read(path)]
    one_part_each(found)
    yield from found


FORM = Form("ibm_claim_stance", FAVOR_AGAINST, ("en",), parts=_PARTS)
DATA_SET = DataSet("ibm_claim_stance", "stance/ibm_claim_stance.jsonl.gz", ("stance", "stance_joint"), rows)
