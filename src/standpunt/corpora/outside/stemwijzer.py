"""Answers of parties to the statements of Dutch voting-advice sites, with their explanations.

One JSON object a line, with `election`, `statement`, `theme`, `party`, `position` (eens, oneens, geen van beide),
`explanation` and `position_inferred`. The file is the user's; none of it ships.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import bucket, plain, read_records, texts
from standpunt.corpora.outside.targets import one_part_each
from standpunt.corpora.rows import DEV, NONE, TRAIN

_LABELS = {"eens": "favor", "oneens": "against", "geen van beide": "neutral"}
_SHORTEST = 20  # characters of an explanation that says anything
_NONE_SHARE = 3  # one pair that does not address its statement for every three that do


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row an answer: the explanation as text, the statement as proposition.

    Explanations that parties share or repeat count once. "Geen van beide" that was inferred from the order of a list
    (`position_inferred`) is left out: it is unreliable. The column `part` divides by words, not by chance: 6 % of the
    themes are "unseen_topics" and 3 % "dev", so that no statement of these themes is trained on; of the other
    statements 7 % are "unseen_statements"; the rest is "train". A statement that stands in "train" as well, word for
    word or nearly (another theme, another town), is there with all its rows.

    For task stance_joint, explanations are also paired with a statement on another theme of the same part, label
    "none", one for every three answers.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    answers = list(_answers(path))
    one_part_each(answers)
    yield from answers
    if task == "stance_joint":
        yield from _unaddressed(answers)


def _answers(path: Path) -> Iterator[dict[str, Any]]:
    seen = set()
    for record in read_records(path, _check, "an answer as standpunt.corpora.outside.stemwijzer expects"):
        text, statement = plain(record["explanation"] or ""), plain(record["statement"])
        label = _LABELS[record["position"]]
        if len(text) < _SHORTEST or text.casefold() in seen or (record["position_inferred"] and label == "neutral"):
            continue
        seen.add(text.casefold())
        theme = plain(record["theme"] or statement)
        yield {
            "id": f"stemwijzer/{len(seen):05d}",
            "debate": record["election"],
            "date": None,
            "language": "nl",
            "turn": f"{len(seen):05d}",
            "speaker": record["party"],
            "party": record["party"],
            "role": "party",
            "issue": statement,
            "theme": theme,
            "proposition": statement,
            "text": text,
            "label": label,
            "part": part_of(theme, statement),
        }


def part_of(theme: str, statement: str) -> str:
    """Return the part a statement belongs to, by the words of its theme and its own."""
    place = bucket(theme, 100)
    if place < 6:
        return "unseen_topics"
    if place < 9:
        return DEV
    return "unseen_statements" if bucket(statement, 100) >= 93 else TRAIN


def _unaddressed(answers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    draw = random.Random(0)
    for part in (TRAIN, DEV, "unseen_topics", "unseen_statements"):
        members = [row for row in answers if row["part"] == part]
        for row in members[::_NONE_SHARE]:
            other = draw.choice(members)
            if other["theme"] != row["theme"]:
                yield {
                    **row,
                    "id": f"{row['id']}/none",
                    "issue": other["issue"],
                    "proposition": other["proposition"],
                    "label": NONE,
                }


def _check(record: dict[str, Any]) -> None:
    texts(record, "election", "statement", "party")
    if record["position"] not in _LABELS or not isinstance(record["explanation"], str | None):
        raise TypeError
    if not isinstance(record["theme"], str | None) or not isinstance(record["position_inferred"], bool):
        raise TypeError


DATA_SET = DataSet("stemwijzer", "stance/stemwijzer.jsonl.gz", ("stance", "stance_joint"), rows)
