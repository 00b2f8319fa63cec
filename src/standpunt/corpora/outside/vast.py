"""VAST: comments of readers of the New York Times on topics of one or two words, in English.

One JSON object a line: `text`, `target` (the topic), `label` (favor, against, neutral) and `lang` (en), with
`type_idx`. Source: E. Allaway, K. McKeown, Zero-Shot Stance Detection: A Dataset and Model using Generalized Topic
Representations, EMNLP 2020. The file is the user's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import plain
from standpunt.corpora.outside.targets import STANCES, Form
from standpunt.corpora.rows import NONE

_TYPES = ("1", "2", "3", "4")
_ANOTHER = "4"  # the topic is that of another comment


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a comment and a topic; comments are numbered, each is its own speaker.

    Left out are pairs that annotators labelled differently. Where the topic was taken from another comment, the label
    is "none" for task stance_joint, and for task stance the pair is left out.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    labelled = list(FORM.read(path))
    labels = defaultdict(set)
    for _, record, stance in labelled:
        labels[_pair(record)].add(stance)
    numbers: dict[str, int] = {}
    for number, record, stance in labelled:
        pair = _pair(record)
        if len(labels.pop(pair, ())) != 1:  # popped: each pair once
            continue
        if record["type_idx"] == _ANOTHER:
            if task != "stance_joint":
                continue
            stance = NONE
        comment = f"comment {numbers.setdefault(pair[0], len(numbers)):04d}"
        yield FORM.row(number, record, stance, debate=comment, speaker=comment)


def _pair(record: dict[str, Any]) -> tuple[str, str]:
    return plain(record["text"]), plain(record["target"]).casefold()


def _check(record: dict[str, Any]) -> None:
    if record["type_idx"] not in _TYPES:
        raise ValueError


FORM = Form("vast", STANCES, ("en",), ("type_idx",), _check)
DATA_SET = DataSet("vast", "stance/vast.jsonl.gz", ("stance", "stance_joint"), rows)
