"""Speeches in the Belgian Chamber, Dutch and French, with the vote that the speaker cast.

One JSON object a line: `text`, `target` and `target_fr` (the title in either language), `label` (favor, against,
abstain) and `lang` (nl, fr), with `speaker`, `party`, `sid`, `item`, `turn` and `says_vote` (the speech says how the
speaker will vote). The reports are official, the labels were made by rule; the file is the user's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.targets import VOTES, Form, clean

_NUMBERS = re.compile(r"\s*\([\d/, -]+\)$")  # of the documents, behind the title


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a speech; the proposition is the title in the language of the speech, the issue is the Dutch one.

    Abstentions are left out. `says_vote` is a column: labels of the other speeches may differ from what they say.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for number, record, stance in FORM.read(path):
        dutch, french = (_title(record[name]) for name in ("target", "target_fr"))
        yield FORM.row(
            number,
            record,
            stance,
            debate=f"{record['sid']}/{record['item']}",
            turn=f"{record['turn']}/{number:05d}",
            role="member",
            issue=dutch,
            proposition=dutch if record["lang"] == "nl" else french,
            says_vote=record["says_vote"],
        )


def _title(written: str) -> str:
    return _NUMBERS.sub("", clean(written))


def _check(record: dict[str, Any]) -> None:
    if not isinstance(record["says_vote"], bool):
        raise TypeError


FORM = Form("be_speech_vote", VOTES, ("nl", "fr"), ("target_fr", "speaker", "party", "sid", "item", "turn"), _check)
DATA_SET = DataSet("be_speech_vote", "stance/be_speech_vote.jsonl.gz", ("stance", "stance_joint"), rows)
