"""Speeches in the Bundestag before a vote; the label is how the speaker's group voted on the bill or motion.

One JSON object a line: `text`, `target` (the title), `label` (favor, against, abstain) and `lang` (de), with `party`,
`speaker`, `kind` (Gesetzentwurf, Antrag), `wp_sitzung`, `top`, `date` (07.04.2022) and `joint_debate`. The protocols
are official documents, the labels were made by rule; the file is the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.targets import VOTES, Form, clean

# The title of a bill is printed in the genitive: "... Gesetzes zur ...".
_ASKS = {
    "Gesetzentwurf": "Der Bundestag nimmt den Entwurf eines {} an.",
    "Antrag": "Der Bundestag nimmt den Antrag an: {}",
}


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a speech; the proposition is that the Bundestag says yes.

    Left out are abstentions, and speeches in a joint debate on several proposals, where nothing says which of them a
    sentence is about. All speeches on one proposal have the same `issue`: divide by it (`split=random_by_group
    split.unit=issue`).

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for number, record, stance in FORM.read(path):
        if record["joint_debate"]:
            continue
        yield FORM.row(
            number,
            record,
            stance,
            debate=f"{record['wp_sitzung']} {record['top']}",
            date=_day(record["date"]),
            role="member",
            proposition=_ASKS[record["kind"]].format(clean(record["target"])),
        )


def _day(written: str) -> str:
    return datetime.strptime(written, "%d.%m.%Y").date().isoformat()


def _check(record: dict[str, Any]) -> None:
    _day(record["date"])
    if record["kind"] not in _ASKS or not isinstance(record["joint_debate"], bool):
        raise ValueError


FORM = Form("bundestag_vote", VOTES, ("de",), ("party", "speaker", "kind", "wp_sitzung", "top", "date"), _check)
DATA_SET = DataSet("bundestag_vote", "stance/bundestag_vote.jsonl.gz", ("stance", "stance_joint"), rows)
