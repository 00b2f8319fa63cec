"""Pointing a trained model at a debate."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from standpunt.annotation.issues import Issue, load_issue
from standpunt.corpora.rows import row
from standpunt.debate import Debate
from standpunt.errors import InputError
from standpunt.files import atomic_path
from standpunt.models.base import Model

SUFFIXES = (".csv", ".jsonl", ".parquet")
_CONTEXT = ["debate", "turn", "ordinal", "speaker", "party", "role", "kind", "start", "end", "issue"]


def predict_debate(model: Model, debate: Debate, issues: Sequence[str] | None = None) -> pd.DataFrame:
    """Classify every turn that is not the chair's on every issue.

    Args:
        model: a trained model.
        debate: the debate as read.
        issues: names or files of issues; by default those the model was trained on. A model takes an issue it was not
            trained on by what it has learnt from the others.

    Returns:
        One row a (turn, issue) pair: `debate, turn, ordinal, speaker, party, role, kind, start, end, issue`, a column
        `p_<label>` for each label of the model, and `label`, the most probable one.

    Raises:
        InputError: an issue is unknown.
    """
    return predict_issues(
        model, debate, [model.issues.get(name) or load_issue(name) for name in issues or model.issues]
    )


def predict_issues(model: Model, debate: Debate, issues: Sequence[Issue]) -> pd.DataFrame:
    """Do what `predict_debate` does for issues that are at hand."""
    rows = [
        row(debate.id, debate.date, turn, issue)
        for turn in debate.turns
        if turn.speaker.role != "chair"
        for issue in issues
    ]
    frame = pd.DataFrame(rows, columns=None if rows else _CONTEXT)[_CONTEXT]
    probabilities = model.predict_proba(rows)
    for position, label in enumerate(model.labels):
        frame[f"p_{label}"] = probabilities[:, position]
    frame["label"] = [model.labels[index] for index in probabilities.argmax(axis=1)]
    return frame


def check_suffix(path: str | os.PathLike[str]) -> None:
    """Refuse an output file whose suffix names no known format.

    Raises:
        InputError: the suffix is not one of `SUFFIXES`.
    """
    if Path(path).suffix not in SUFFIXES:
        raise InputError(f"{os.fspath(path)}: unknown output format; use a name that ends in {', '.join(SUFFIXES)}")


def write_predictions(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write predictions as CSV, JSON Lines or Parquet, by the suffix of `path`, in one step.

    Raises:
        InputError: the suffix is unknown, or the folder does not exist.
        StandpuntError: writing failed; nothing is left behind and an older file is untouched.
    """
    check_suffix(path)
    with atomic_path(path) as temporary:
        if temporary.suffix == ".csv":
            frame.to_csv(temporary, index=False)
        elif temporary.suffix == ".jsonl":
            frame.to_json(temporary, orient="records", lines=True, force_ascii=False, double_precision=15)
        else:
            _write_parquet(frame, temporary)


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write Parquet with one schema whatever is missing: a report without dates or parties still has those columns."""
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_type(pa.int64() if field.name in ("start", "end") else pa.large_string())
        if pa.types.is_null(field.type)
        else field
        for field in table.schema
    ]
    parquet.write_table(table.cast(pa.schema(fields)), path)
