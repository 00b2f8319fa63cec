"""Statements of Dutch voting-advice sites with a neutral argument for and one against each.

One JSON object a line, with `municipality`, `statement`, `theme`, `pro` and `con` (either may be missing). The file is
the user's; none of it ships.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import plain, read_records, texts
from standpunt.corpora.outside.stemwijzer import part_of


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each argument: label favor for `pro`, against for `con`; parts as in the stemwijzer data.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for number, record in enumerate(
        read_records(path, _check, "a statement as standpunt.corpora.outside.stellingen expects")
    ):
        statement = plain(record["statement"])
        theme = plain(record.get("theme") or statement)
        for side, label in (("pro", "favor"), ("con", "against")):
            text = plain(record.get(side) or "")
            if not text:
                continue
            yield {
                "id": f"stellingen/{number:04d}/{side}",
                "debate": record["municipality"],
                "date": None,
                "language": "nl",
                "turn": f"{number:04d}/{side}",
                "speaker": "editors",
                "party": None,
                "role": "guest",
                "issue": statement,
                "theme": theme,
                "proposition": statement,
                "text": text,
                "label": label,
                "part": part_of(theme, statement),
            }


def _check(record: dict[str, Any]) -> None:
    texts(record, "municipality", "statement")
    if not all(isinstance(record.get(name), str | None) for name in ("pro", "con", "theme")):
        raise TypeError


DATA_SET = DataSet("stellingen", "stance/stellingen_pro_con.jsonl.gz", ("stance", "stance_joint"), rows)
