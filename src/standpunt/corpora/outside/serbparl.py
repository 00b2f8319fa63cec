"""Statements in the Serbian parliament toward the EU, NATO, migration and special laws, labelled by people.

One JSON object a line: `text`, `target` (EU, NATO, MIGRACIJE, LEX), `label` (favor, against, neutral) and `lang` (sr),
with `speaker` and `party`. The file is the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.targets import STANCES, Form

# What the texts are toward; "LEX" are laws made for one case.
_TARGETS = {"EU": "Evropska unija", "NATO": "NATO", "MIGRACIJE": "Migracije", "LEX": "Leks specijalis"}
_NO_PARTY = "-"


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a statement; the proposition is the name of its target.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for number, record, stance in FORM.read(path):
        party = None if record["party"] == _NO_PARTY else record["party"]
        yield FORM.row(number, record, stance, party=party, role="member", proposition=_TARGETS[record["target"]])


def _check(record: dict[str, Any]) -> None:
    if record["target"] not in _TARGETS:
        raise ValueError


FORM = Form("serbparl", STANCES, ("sr",), ("speaker", "party"), _check)
DATA_SET = DataSet("serbparl", "stance/serbparl.jsonl.gz", ("stance", "stance_joint"), rows)
