"""A table of the user's own with labelled texts: CSV, TSV, JSON Lines, Parquet or Excel, a text and an issue a row.

A row has a text, a label, and the issue: its name in a column `issue`, what is for or against in a column
`proposition`, or both. What columns are called is told as for any table (`standpunt.readers.tables.columns`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import LANGUAGE, shipped_issue
from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.rows import NONE, TRAIN
from standpunt.errors import InputError
from standpunt.readers.tables.columns import columns_of
from standpunt.readers.tables.texts import role_of, texts_of
from standpunt.storage.tables.opening import open_table

# What people call the labels.
_CALLED = {
    "favor": "favor favour for pro voor eens agree support supports in_favor in_favour +1",
    "against": "against con contra tegen oneens disagree oppose opposes -1",
    "neutral": "neutral neutraal unclear mixed geen_van_beide 0",
    NONE: "none geen unrelated irrelevant not_addressed n/a",
}
_LABELS = {called: label for label, names in _CALLED.items() for called in names.split()}


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a row of the table that has a text; rows with the label "none" only for task stance_joint.

    Raises:
        InputError: the table cannot be read, a column is missing, or a label is none; row and column are named.
    """
    table = open_table(path)
    columns = columns_of(table)
    shown = ", ".join(table.columns[:12])
    if columns.label is None:
        raise InputError(f"{path}: no column with labels (its columns are {shown}); call it label")
    if columns.issue is None and columns.proposition is None:
        raise InputError(f"{path}: no column says what the labels are about (its columns are {shown}); call it issue")
    for text, row in zip(texts_of(table, columns), table.rows(), strict=True):
        said = {what: row.cells.get(getattr(columns, what) or "") for what in ("label", "issue", "proposition", "part")}
        where = f"{path}, {text.place}"
        label = _label(said["label"], f"{where}, column {columns.label}")
        if not text.text or (label == NONE and task != "stance_joint"):
            continue
        language = str(row.cells.get(columns.language or "") or LANGUAGE)
        issue, proposition = _issue(said["issue"], said["proposition"], language, where)
        own = text.id or str(text.number)
        yield {
            "id": f"{path.name}/{own}/{issue}",
            "debate": text.debate or path.name.split(".")[0],
            "date": text.date,
            "language": language,
            "turn": own,
            "speaker": text.speaker or f"text {own}",
            "party": text.party,
            "role": role_of(text),
            "kind": text.kind or "speech",
            "issue": issue,
            "proposition": proposition,
            "context": "",
            "text": text.text,
            "label": label,
            **({"part": str(said["part"] or TRAIN)} if columns.part else {}),
        }


def _label(said: Any, where: str) -> str:
    label = _LABELS.get("_".join(str("" if said is None else said).casefold().split()))
    if label is None:
        read = "no label" if said is None else f"label {str(said)[:40]!r}"
        raise InputError(
            f"{where}: {read}; expected favor, against, neutral or none (or voor, tegen, eens, oneens, pro, con)"
        )
    return label


def _issue(name: Any, proposition: Any, language: str, where: str) -> tuple[str, str]:
    """Return what an issue is called, and its proposition."""
    if proposition:
        return str(name or proposition), " ".join(str(proposition).split())
    if not name:
        raise InputError(f"{where}: no issue and no proposition in this row; say what the label is about")
    shipped = shipped_issue(str(name))
    return str(name), shipped.proposition[shipped.language_for(language)] if shipped else str(name)


DATA_SET = DataSet("table", "table.csv", ("stance", "stance_joint"), rows, defined=True)
