"""Examples that a model shows when it is asked: none of them may be of what is tested on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from standpunt.corpora.rows import Rows, column
from standpunt.errors import LeakageError
from standpunt.text.duplicates import Duplicates


def assert_not_tested(shown: Sequence[Mapping[str, Any]], tested: Rows, unit: str | None) -> None:
    """Make sure that no labelled row that a model shows shares its text, or a unit, with a row that is tested on.

    Args:
        shown: rows, as `standpunt.models.base.Model.shown` returns them.
        tested: rows that are tested on.
        unit: the column whose values are on one side only; None where only texts must be.

    Raises:
        LeakageError: one does (a defect in the family or the protocol, not in the data); the message names it.
    """
    if not shown or len(tested) == 0:
        return
    if unit is not None:
        held_out = {str(value) for value in column(tested, unit) if value is not None}
        shared = {str(row[unit]) for row in shown if row.get(unit) is not None} & held_out
        if shared:
            raise LeakageError(f"an example that the model is shown is of {unit} {min(shared)!r}, which is tested on")
    texts = [row["text"] for row in shown]
    duplicates = Duplicates([*texts, *column(tested, "text")])
    places = np.arange(len(texts), len(texts) + len(tested))
    leaking = np.flatnonzero(duplicates.like(places, formulas=False)[: len(texts)])
    if len(leaking):
        row = shown[int(leaking[0])]
        raise LeakageError(f"the text of row {row.get('id')}, an example that the model is shown, is tested on")
