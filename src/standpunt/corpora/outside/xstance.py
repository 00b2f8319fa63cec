"""x-stance: comments of Swiss candidates on questions of smartvote.ch, in German, French and Italian.

One JSON object a line, with `id`, `language`, `question_id`, `question`, `comment`, `label` (FAVOR, AGAINST), `author`
and `topic`. Source: J. Vamvas, R. Sennrich, X-Stance, SwissText 2020. CC BY-NC 4.0; the file is the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import plain, read_records, texts

_LABELS = {"FAVOR": "favor", "AGAINST": "against"}


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a comment: the comment as text, the question as proposition, the language as `part`.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for record in read_records(path, _check, "a comment as standpunt.corpora.outside.xstance expects"):
        yield {
            "id": f"xstance/{record['id']}",
            "debate": "smartvote.ch",
            "date": None,
            "language": record["language"],
            "turn": str(record["id"]),
            "speaker": record["author"],
            "party": None,
            "role": "guest",
            "issue": str(record["question_id"]),
            "theme": record["topic"],
            "proposition": plain(record["question"]),
            "text": plain(record["comment"]),
            "label": _LABELS[record["label"]],
            "part": record["language"],
        }


def _check(record: dict[str, Any]) -> None:
    texts(record, "language", "question", "comment", "author", "topic")
    if record["label"] not in _LABELS or not isinstance(record["id"], int | str):
        raise TypeError
    record["question_id"]


DATA_SET = DataSet("xstance", "stance/xstance/valid.jsonl.gz", ("stance", "stance_joint"), rows)
