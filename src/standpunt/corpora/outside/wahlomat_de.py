"""Reasons of German parties for their answers to the theses of the Wahl-O-Mat, 2003 to 2024.

One JSON object a line: `text` (the reason), `target` (the thesis), `label` (favor, against, neutral) and `lang` (de),
with `party`, `election` and `date`. The texts are the parties'; the file is the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import bucket, plain
from standpunt.corpora.outside.targets import STANCES, Form, one_part_each
from standpunt.corpora.rows import DEV, TRAIN

UNSEEN = "unseen_theses"


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row an answer. Reasons that parties share or repeat count once.

    The column `part` divides theses by their words: 10 % are "unseen_theses", 3 % "dev", the rest "train". A thesis
    that stands in "train" as well, word for word or nearly (another election), is there with all its rows.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    answers, seen = [], set()
    for number, record, stance in FORM.read(path):
        text = plain(record["text"]).casefold()
        if text not in seen:
            seen.add(text)
            columns = {"debate": record["election"], "date": record["date"], "speaker": record["party"]}
            answers.append(FORM.row(number, record, stance, role="party", part=part_of(record["target"]), **columns))
    one_part_each(answers)
    yield from answers


def part_of(thesis: str) -> str:
    """Return the part a thesis belongs to, by its words."""
    place = bucket(thesis, 100)
    return UNSEEN if place < 10 else DEV if place < 13 else TRAIN


def _check(record: dict[str, Any]) -> None:
    date.fromisoformat(record["date"])


FORM = Form("wahlomat_de", STANCES, ("de",), ("party", "election", "date"), _check)
DATA_SET = DataSet("wahlomat_de", "stance/wahlomat_de.jsonl.gz", ("stance", "stance_joint"), rows)
