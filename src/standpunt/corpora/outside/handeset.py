"""HanDeSeT: speeches in the House of Commons toward a motion, labelled by a reader.

One JSON object a line: `text`, `target` (the motion), `label` (favor, against) and `lang` (en), with `vote`, `title`,
`party`, `speaker` and `id` (of the debate). Source: G. Abercrombie, R. Batista-Navarro, A Sentiment-labelled Corpus of
Hansard Parliamentary Debate Speeches, ParlaCLARIN 2018. The file is the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import plain
from standpunt.corpora.outside.targets import FAVOR_AGAINST, Form, shown

_FORMULA = 12  # words; "That the Bill be now read a Second time." says nothing without the title


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a speech with the label of the reader, not the vote; the proposition is the motion.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for number, record, stance in FORM.read(path):
        motion = plain(record["target"])
        named = f"{plain(record['title'])}: {motion}" if len(motion.split()) < _FORMULA else motion
        yield FORM.row(
            number, record, stance, debate=record["id"], role="member", issue=shown(named), proposition=named
        )


def _check(record: dict[str, Any]) -> None:
    if record["vote"] not in FAVOR_AGAINST:
        raise ValueError


FORM = Form("handeset", FAVOR_AGAINST, ("en",), ("vote", "title", "party", "speaker", "id"), _check)
DATA_SET = DataSet("handeset", "stance/handeset.jsonl.gz", ("stance", "stance_joint"), rows)
