"""Speeches in the UN Security Council, most of them on Ukraine (2014 to 2018): claim, premise or none per sentence.

One JSON object a line, with `speech`, `sentence` and `label`, in the order of the speeches. Source: M. Poiaganova,
M. Stede, From Debates to Diplomacy: Argument Mining Across Political Registers, ArgMining 2025 (ArgUNSC). MIT licence;
the file is the user's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from standpunt.annotation.arguments import COMPONENTS
from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import plain, read_records, texts
from standpunt.corpora.sentence_rows import COMPONENT_TASKS, component_label, sentence_rows

# What follows the number of the speech: the state, how often it has spoken, the annotated sentiment.
_SPEAKER = re.compile(r"_spch\d+_([A-Za-z]+)")
_SAME = {"ARG": "AR", "USA": "US"}


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a sentence; see `sentence_rows`.

    A speech stands in the column `debate` (and `turn`), so that folds and intervals are over whole speeches; the
    speaker is the state.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    records = read_records(path, _check, "a sentence as standpunt.corpora.outside.unsc expects")
    for speech, group in groupby(records, key=lambda record: record["speech"]):
        members = list(group)
        named = _SPEAKER.search(speech)
        state = named[1] if named else speech
        about = {
            "id": f"unsc/{speech}",
            "debate": speech,
            "date": None,
            "language": "en",
            "turn": speech,
            "speaker": _SAME.get(state, state),
            "party": None,
            "role": "guest",
        }
        labels = [component_label(member["label"], task) for member in members]
        yield from sentence_rows(about, [plain(member["sentence"]) for member in members], labels, task)


def _check(record: dict[str, Any]) -> None:
    texts(record, "speech", "sentence")
    if record["label"] not in COMPONENTS:
        raise TypeError


DATA_SET = DataSet("unsc", "argument/unsc/sentences.jsonl.gz", COMPONENT_TASKS, rows)
