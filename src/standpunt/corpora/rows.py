"""Rows: one (turn, issue) pair each, the unit that models read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.annotation.layers import NONE as NONE
from standpunt.debate import Debate, Turn

if TYPE_CHECKING:
    import pandas as pd
    from datasets import Dataset

    Rows = Dataset | pd.DataFrame | Sequence[Mapping[str, Any]]
else:
    Rows = Any

TRAIN, DEV = "train", "dev"  # the parts of a data set that are not tested on
PROBABILITIES = "probabilities"  # the column of what a model that labelled the rows is sure of, by label
ROW_COLUMNS = (
    "id", "debate", "date", "language", "turn", "ordinal", "speaker", "party", "role", "kind", "term", "floor",
    "replies_to", "start", "end", "text", "context", "issue", "proposition",
)  # fmt: skip


def row(
    debate: str, date: str | None, turn: Turn, issue: Issue, *, language: str = LANGUAGE, context: str = ""
) -> dict[str, Any]:
    """Return the row of a turn and an issue, without a label.

    Args:
        debate: name of the debate.
        date: its date.
        turn: the turn.
        issue: the issue; its proposition is given in the language of the turn, if it is defined in it.
        language: of the turn, a code such as "nl".
        context: the text of the turn that is answered (see `answered`); empty where there is none.
    """
    columns = turn_columns(debate, date, turn, language=language, context=context)
    return columns | {
        "id": f"{columns['id']}/{issue.name}",
        "issue": issue.name,
        "proposition": issue.proposition[issue.language_for(language)],
    }


def turn_columns(
    debate: str, date: str | None, turn: Turn, *, language: str = LANGUAGE, context: str = ""
) -> dict[str, Any]:
    """Return the columns that all rows of a turn share; see `row`. `id` is that of the turn in its debate."""
    record = turn.record()
    return {
        "id": f"{debate}/{turn.ordinal:03d}",
        "debate": debate,
        "date": date,
        "language": language,
        "turn": record.pop("id"),
        **record,
        "context": context,
    }


def answered(debate: Debate, turn: Turn) -> str:
    """Return the text of the turn that a turn replies to; empty where it replies to none."""
    return debate.turn(turn.replies_to).text if turn.replies_to is not None else ""


def language_of(row: Mapping[str, Any]) -> str:
    """Return the language of a row's text; Dutch ("nl") where the row does not say it."""
    return row.get("language") or LANGUAGE


def column(rows: Rows, name: str) -> list[Any]:
    """Return a column of rows given as a Dataset, a DataFrame, or a sequence of mappings.

    Raises:
        KeyError: a row has no such field.
    """
    if isinstance(rows, Sequence):
        return [item[name] for item in rows]
    # A column of a Dataset gives all its values at once many times faster than one by one. pandas has no None among
    # texts; a missing one is a float that differs from itself.
    return [None if isinstance(value, float) and value != value else value for value in rows[name][:]]
