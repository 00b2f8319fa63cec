"""Rows: one (turn, issue) pair each, the unit that models read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from standpunt.annotation.issues import LANGUAGE, Issue, shipped_issue
from standpunt.annotation.layers import NONE as NONE
from standpunt.debate import Debate, Turn
from standpunt.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from datasets import Dataset

    Rows = Dataset | pd.DataFrame | Sequence[Mapping[str, Any]]
else:
    Rows = Any

TRAIN, DEV = "train", "dev"  # the parts of a data set that are not tested on
WEIGHT = "weight"  # the column of how much a row counts in training; 1 where it is not there
PROBABILITIES = "probabilities"  # the column of what a model that labelled the rows is sure of, by label
SYNTHETIC = "synthetic"  # the column that says of rows that nobody said this in a parliament; others may lack it
_ALIKE = ("text", "issue", "proposition", "language")  # what all records have or none has
ROW_COLUMNS = (
    "id", "debate", "date", "language", "turn", "ordinal", "speaker", "party", "role", "kind", "term", "floor",
    "replies_to", "start", "end", "text", "context", "sponsors", "advice", "issue", "proposition",
)  # fmt: skip


def row(
    debate: str,
    date: str | None,
    turn: Turn,
    issue: Issue,
    *,
    language: str = LANGUAGE,
    context: str = "",
    motion: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """Return the row of a turn and an issue, without a label.

    Args:
        debate: name of the debate.
        date: its date.
        turn: the turn.
        issue: the issue; its proposition is given in the language of the turn, if it is defined in it.
        language: of the turn, a code such as "nl".
        context: the text of the turn that is answered (see `answered`); empty where there is none.
        motion: what is known of the motion that the turn reads, see `standpunt.corpora.motion_columns`.
    """
    columns = turn_columns(debate, date, turn, language=language, context=context)
    return {
        **columns,
        "sponsors": None,
        "advice": None,
        **(motion or {}),
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


def with_propositions(rows: Rows, issues: Mapping[str, Issue]) -> Rows:
    """Return rows with their propositions: those that name their issue only get what its definition says.

    Rows of which an issue is not defined stay as they are, since not every model reads propositions.

    Args:
        rows: at least one; see `check_rows`.
        issues: definitions, by name; issues that ship are known as well.
    """
    names = column_names(rows)
    if "proposition" in names or "issue" not in names:
        return rows
    languages = column(rows, "language") if "language" in names else [None] * len(rows)
    said: dict[tuple[str, str | None], str] = {}
    for name, language in zip(column(rows, "issue"), languages, strict=True):
        if (name, language) not in said:
            issue = issues.get(name) or shipped_issue(name)
            if issue is None:
                return rows
            said[name, language] = issue.proposition[issue.language_for(language or LANGUAGE)]
    propositions = [said[key] for key in zip(column(rows, "issue"), languages, strict=True)]
    if isinstance(rows, Sequence):
        return [{**row, "proposition": text} for row, text in zip(rows, propositions, strict=True)]
    if hasattr(rows, "add_column"):
        return rows.add_column("proposition", propositions)
    return rows.assign(proposition=propositions)


def check_rows(rows: Rows) -> None:
    """Refuse what is no table of rows, before a model reads it.

    Args:
        rows: at least one.

    Raises:
        InputError: they are no mappings, a row lacks a text, issue, proposition or language that others have, or has
            something else where its text should be; the number of the row is named, from 1.
    """
    if isinstance(rows, Mapping):
        raise InputError(
            f"rows: a {type(rows).__name__} of columns; expected a list of mappings, a DataFrame or a Dataset"
        )
    if isinstance(rows, Sequence):
        for number, item in enumerate(rows, start=1):
            if not isinstance(item, Mapping):
                raise InputError(
                    f"rows: a {type(item).__name__} is no row (row {number}); expected mappings with issue and text "
                    "(for texts alone there is standpunt.predict_texts)"
                )
            for name in _ALIKE:
                if (name in item) != (name in rows[0]):
                    has, lacks = (number, 1) if name in item else (1, number)
                    raise InputError(
                        f"rows: row {lacks} has no {name!r}, which row {has} has; give it in all or in none"
                    )
    if "text" in column_names(rows):
        for number, text in enumerate(column(rows, "text"), start=1):
            if not isinstance(text, str):
                said = "nothing" if text is None or text != text else f"of type {type(text).__name__}"
                raise InputError(f"rows: the text of row {number} is {said}; expected a text, which may be empty")


def undefined(rows: Rows, issues: Mapping[str, Issue]) -> str:
    """Return which issues of rows nothing defines, in words for an error; empty where that is not what is wrong."""
    if "issue" not in column_names(rows):
        return ""
    strange = {str(name) for name in column(rows, "issue") if name not in issues and shipped_issue(name) is None}
    return f", as {min(strange)} is not" if strange else ""


def column_names(rows: Rows) -> list[str]:
    """Return the columns of rows; of a sequence of mappings, those of the first, of which there must be one."""
    if isinstance(rows, Sequence):
        return [*rows[0]]
    return [*(rows.column_names if hasattr(rows, "column_names") else rows.columns)]


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
