"""Under which condition rows were scored: columns of every prediction and every score.

Words for people are made from them where something is shown, and are never read back.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import pandas as pd

ALL, ADDRESSED = "all", "addressed"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a model was scored on, and how it came to be trained.

    Attributes:
        corpus: what the rows are of.
        part: of a data set that is divided; None for the whole.
        scope: "all" rows of the task, or those that are "addressed": whose gold label is not "none".
        protocol: by name, what divided the corpus; "train_test" where all of it was tested on.
        trained_on: the corpora trained on, separated by commas; the first is the one that a protocol divides.
    """

    corpus: str
    part: str | None = None
    scope: str = ALL
    protocol: str = ""
    trained_on: str = ""

    @classmethod
    def from_rows(cls, rows: pd.DataFrame) -> Condition:
        """Return that of predictions which share one."""
        first = rows.iloc[0]
        values = {name: first[name] for name in CONDITION}
        return cls(**{name: None if pd.isna(value) else str(value) for name, value in values.items()})  # ty: ignore

    @property
    def tested(self) -> tuple[str, str | None, str]:
        """What tells the rows that were scored: corpus, part and scope."""
        return self.corpus, self.part, self.scope

    @property
    def title(self) -> str:
        """The rows that were scored, in words: "stemwijzer, unseen_topics", "tk-ukraine (addressed)"."""
        part = "" if self.part is None else f", {self.part}"
        return f"{self.corpus}{part}{' (addressed)' if self.scope == ADDRESSED else ''}"

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


CONDITION = tuple(field.name for field in fields(Condition))


def by_condition(predictions: pd.DataFrame) -> list[tuple[Condition, pd.DataFrame]]:
    """Return the predictions of each condition, in the order in which they come."""
    groups = predictions.groupby(list(CONDITION), sort=False, dropna=False)
    return [(Condition.from_rows(part), part.reset_index(drop=True)) for _, part in groups]
