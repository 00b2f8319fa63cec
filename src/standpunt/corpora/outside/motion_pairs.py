"""Turns on a motion, labelled by what was done: tabling it, the minister's advice on it, an explanation of vote.

A folder of folders, each with a file `pairs.jsonl.gz`. One JSON object a line: `text_nocue` (the turn without the
sentences that give the label away), `target` (the request), `label` (favor, against) and `lang` (nl), with `kind`
(tabling speech, minister appreciation, college appreciation, stemverklaring), `speaker`, `party`, and `debate` or
`date`. The reports are official, the labels were made by rule; the files are the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import files_in, plain
from standpunt.corpora.outside.targets import FAVOR_AGAINST, Form

PATTERN = "*/pairs.jsonl.gz"
_ROLES = {
    "tabling speech": "member",
    "stemverklaring": "member",
    "minister appreciation": "minister",
    "college appreciation": "minister",
}
_FEWEST = 10  # words of a turn that says more than which motion it is about


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a turn and a motion; the proposition is what the motion asks.

    Turns of which fewer than ten words are left without the cue are left out. Divide by motion or debate: a motion has
    up to four turns.

    Raises:
        InputError: there is no file, one cannot be read, or a line is malformed.
    """
    for file in files_in(path, PATTERN):
        for number, record, stance in FORM.read(file):
            text = plain(record["text_nocue"])
            if len(text.split()) >= _FEWEST:
                name = f"{file.parent.name}/{number:05d}"
                yield FORM.row(
                    number,
                    record,
                    stance,
                    id=f"{FORM.name}/{name}",
                    turn=name,
                    debate=f"{file.parent.name}/{record.get('debate') or record['date']}",
                    role=_ROLES[record["kind"]],
                    text=text,
                )


def _check(record: dict[str, Any]) -> None:
    if record["kind"] not in _ROLES or not isinstance(record.get("party"), str | None):
        raise ValueError
    if not isinstance(record.get("debate") or record["date"], str):
        raise TypeError


FORM = Form("motion_pairs", FAVOR_AGAINST, ("nl",), ("text_nocue", "kind", "speaker"), _check)
DATA_SET = DataSet("motion_pairs", "debates", ("stance", "stance_joint"), rows)
