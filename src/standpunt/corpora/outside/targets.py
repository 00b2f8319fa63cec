"""Stances toward a target, the form that many data sets share: a text, what it is about, and a label.

One JSON object a line, with `text`, `target`, `label` and `lang`, and what else a data set says. Each data set has a
module, which names its labels and fields, and says what becomes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from standpunt.corpora.outside.records import plain, read_records, texts
from standpunt.corpora.rows import TRAIN
from standpunt.text.duplicates import Duplicates

FAVOR_AGAINST = {"favor": "favor", "against": "against"}
STANCES = FAVOR_AGAINST | {"neutral": "neutral"}
# Who abstains is neither for nor against, and may well have taken a side in the debate: no label can be told.
VOTES: dict[str, str | None] = {**FAVOR_AGAINST, "abstain": None}
_SHARED = ("text", "target", "label", "lang")
_UNKNOWN = "unknown"  # speaker


def no_more(record: dict[str, Any]) -> None:
    """Accept a record of which nothing more is asked."""


def clean(text: str) -> str:
    """Return a text with its white space normalised, and without the soft hyphens of print."""
    return plain(text.replace("\u00ad", ""))


def shown(name: str) -> str:
    """Return the name of an issue without the control characters of a wrong decoding: pictures show it."""
    return "".join(sign for sign in name if sign.isprintable())


@dataclass(frozen=True)
class Form:
    """What the records of a data set are.

    Attributes:
        name: of the data set.
        labels: its labels, each with the stance that it stands for; None where a row with it is left out.
        languages: codes, one of which is `lang`.
        fields: those that are texts, beside the shared ones.
        parts: where the authors divided their records, what `split` says, each with the part that it stands for.
        check: raises TypeError, KeyError or ValueError where anything else of a record is not what is expected.
    """

    name: str
    labels: Mapping[str, str | None]
    languages: tuple[str, ...]
    fields: tuple[str, ...] = ()
    check: Callable[[dict[str, Any]], None] = no_more
    parts: Mapping[str, str] = field(default_factory=dict)

    def read(self, path: Path) -> Iterator[tuple[int, dict[str, Any], str]]:
        """Yield number, record and stance of each record whose label stands for one.

        Raises:
            InputError: the file cannot be read, or a line is malformed; the message names it.
        """
        for number, record in enumerate(read_records(path, self._check, self._expected)):
            stance = self.labels[record["label"]]
            if stance is not None:
                yield number, record, stance

    def row(self, number: int, record: Mapping[str, Any], stance: str, **columns: Any) -> dict[str, Any]:
        """Return the row of a record: the target as issue and as proposition, and what `columns` say otherwise."""
        target = clean(record["target"])
        return {
            "id": f"{self.name}/{number:05d}",
            "debate": self.name,
            "date": None,
            "language": record["lang"],
            "turn": f"{number:05d}",
            "speaker": record.get("speaker") or _UNKNOWN,
            "party": record.get("party") or None,
            "role": "guest",
            "issue": shown(target),
            "proposition": target,
            "text": clean(record["text"]),
            "label": stance,
            **({"part": self.parts[record["split"]]} if self.parts else {}),
        } | columns

    @property
    def _expected(self) -> str:
        return (
            f"a row of {self.name}: {', '.join(self._texts)}, label one of {', '.join(self.labels)}, lang "
            f"{' or '.join(self.languages)} (see standpunt.corpora.outside.{self.name})"
        )

    @property
    def _texts(self) -> tuple[str, ...]:
        return (*_SHARED, *self.fields, *(("split",) if self.parts else ()))

    def _check(self, record: dict[str, Any]) -> None:
        texts(record, *self._texts)
        if not (clean(record["text"]) and clean(record["target"])):
            raise ValueError
        if record["label"] not in self.labels or record["lang"] not in self.languages:
            raise ValueError
        if self.parts and record["split"] not in self.parts:
            raise ValueError
        self.check(record)


def one_part_each(rows: list[dict[str, Any]]) -> None:
    """Move rows to train whose proposition is like one that stands there, word for word or nearly."""
    alike = Duplicates([row["proposition"] for row in rows])
    in_train = np.array([row["part"] == TRAIN for row in rows], dtype=bool)
    while (moved := alike.like(np.flatnonzero(in_train)) & ~in_train).any():
        in_train |= moved  # what is like a moved one moves too
        for place in np.flatnonzero(moved):
            rows[place]["part"] = TRAIN
