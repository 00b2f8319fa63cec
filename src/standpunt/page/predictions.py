"""Predictions as `standpunt predict` writes them, read for the page; what is wrong with a file is said once, here."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from standpunt.analysis.arguments import arguments_of_predictions
from standpunt.annotation.arguments import Sentence
from standpunt.annotation.layers import STANCES
from standpunt.corpora.rows import NONE
from standpunt.debate import Debate, Span
from standpunt.errors import InputError
from standpunt.storage.spreadsheet import read_text, restored
from standpunt.storage.unpacking import UnpackedError, check_parquet

SUFFIXES = (".parquet", ".jsonl", ".csv")
_NAMES = ("debate", "turn", "issue")
_FLAGS = ("knows_issue", "anyway")
_SPAN = ("evidence_start", "evidence_end")
_RECORD = {"component", "frame", "relation", "text_start", "text_end"}
_ROUNDING = 1e-6


def read_predictions(path: Path) -> pd.DataFrame:
    """Read a file of predictions.

    Returns:
        The rows of the file: `debate`, `turn` and `issue` as text, `p_<label>` as numbers from 0 to 1, and where they
        are there, `knows_issue` and `anyway` as booleans, `evidence_start, evidence_end` as numbers, both missing or
        neither, and `arguments` as lists.

    Raises:
        InputError: the file cannot be read, a column is missing, there are no rows, or a value is not what it must be;
            the message names column and row.
    """
    try:
        frame = _read(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    except UnpackedError as error:
        raise InputError(f"{path}: {error}") from None
    except (ValueError, TypeError):
        raise InputError(f"{path}: not a table of predictions as standpunt predict writes them") from None
    if frame.empty:
        raise InputError(f"{path}: it has no rows; expected predictions as standpunt predict writes them")
    probabilities = [f"p_{label}" for label in STANCES]
    labelled = ("label",) if "arguments" in frame else ()
    spans = _SPAN if {*_SPAN} & {*frame} else ()
    for name in (*_NAMES, *probabilities, *labelled, *spans):
        if name not in frame:
            raise InputError(f"{path}: no column {name}; expected stances as standpunt predict writes them")
    for name in _NAMES:
        _refuse(path, frame[name], frame[name].isna(), "a name")
    if f"p_{NONE}" in frame:
        probabilities.append(f"p_{NONE}")
    for name in probabilities:
        numbers = pd.to_numeric(frame[name], errors="coerce")
        _refuse(path, frame[name], ~numbers.between(0, 1 + _ROUNDING), "a probability from 0 to 1")
        frame[name] = numbers
    for name in _FLAGS:
        if name in frame:
            frame[name] = _flags(path, frame[name])
    if spans:
        frame[list(spans)] = _spans(path, frame)
    if "arguments" in frame:
        frame["arguments"] = _arguments(path, frame["arguments"])
    return frame


def predicted_evidence(debate: Debate, rows: pd.DataFrame) -> dict[tuple[int, str], tuple[Span, ...]]:
    """Return the part of a turn that carried each answer, by turn and issue, where the model told it.

    Raises:
        InputError: a part reaches beyond its turn.
    """
    if _SPAN[0] not in rows:
        return {}
    turns = {turn.id: turn for turn in debate.turns}
    told = rows[rows[_SPAN[0]].notna() & rows["turn"].isin(turns)]
    evidence = {}
    for name, issue, start, end in zip(*(told[name] for name in ("turn", "issue", *_SPAN)), strict=True):
        turn = turns[name]
        if end > len(turn.text):
            raise InputError(
                f"the evidence on {issue} in turn {name} ends at {end:g}, the turn has {len(turn.text)} characters; "
                "give the report that the predictions were made from"
            )
        evidence[turn.ordinal, issue] = ((int(start), int(end)),)
    return evidence


def predicted_sentences(debate: Debate, rows: pd.DataFrame) -> tuple[Sentence, ...]:
    """Return the claims and premises that were predicted, each once, whatever issues they concern."""
    if "arguments" not in rows:
        return ()
    sentences = arguments_of_predictions(debate, rows).drop_duplicates(["ordinal", "start", "end"]).astype(object)
    return tuple(
        Sentence(
            row["ordinal"], (row["start"], row["end"]), row["speaker"], row["component"], row["frame"], row["relation"]
        )
        for row in sentences.where(sentences.notna(), None).to_dict("records")
    )


def _read(path: Path) -> pd.DataFrame:
    texts: Any = dict.fromkeys(_NAMES, str)  # the id 12469e48 is no number
    if path.suffix == ".csv":
        return _sheet(path, texts)
    if path.suffix == ".jsonl":
        return pd.read_json(path, lines=True, dtype=texts)
    check_parquet(path)
    return pd.read_parquet(path)


def _sheet(path: Path, texts: Any) -> pd.DataFrame:
    """Read CSV, whichever spreadsheet saved it; what was written before a formula is taken away again."""
    text, delimiter = read_text(path.read_bytes())
    decimal = "." if delimiter == "," else ","
    frame = pd.read_csv(io.StringIO(text), sep=delimiter, decimal=decimal, dtype=texts)
    words = [name for name in frame if frame[name].dtype.kind not in "biuf"]
    return frame.assign(**{name: frame[name].map(restored, na_action="ignore") for name in words})


def _refuse(path: Path, column: pd.Series, wrong: pd.Series, expected: str) -> None:
    """Refuse a column in the first row where it is wrong."""
    if wrong.any():
        place = int(np.argmax(wrong.to_numpy(bool)))
        value = column.iloc[place]
        missing = value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))
        shown = "missing" if missing else repr(value) if isinstance(value, str) else str(value)
        raise InputError(f"{path}, row {place + 1}: {column.name} is {shown[:60]}; expected {expected}")


def _flags(path: Path, column: pd.Series) -> pd.Series:
    """Return a column as booleans, which CSV has as words."""
    told = column.astype(str).str.lower().map({"true": True, "false": False})
    _refuse(path, column, told.isna(), "true or false")
    return told.astype(bool)


def _spans(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame[list(_SPAN)].apply(pd.to_numeric, errors="coerce").astype(float)
    for name in _SPAN:
        wrong = numbers[name].isna() & (frame[name].notna() | numbers.notna().any(axis=1))
        _refuse(path, frame[name], wrong, "the place of a character in the turn, or neither evidence_start nor _end")
    start, end = (numbers[name] for name in _SPAN)
    _refuse(path, frame[_SPAN[0]], (start < 0) | (start >= end), "a place from 0 on, before evidence_end")
    return numbers


def _arguments(path: Path, column: pd.Series) -> pd.Series:
    lists = [_records(cell) for cell in column]
    wrong = pd.Series([records is None for records in lists], index=column.index)
    _refuse(path, column, wrong, "a list of arguments as standpunt predict --arguments writes them")
    return pd.Series(lists, index=column.index, dtype=object)


def _records(cell: Any) -> list[dict[str, Any]] | None:
    """Return a cell's arguments, None where it holds anything else."""
    try:
        records = list(json.loads(cell) if isinstance(cell, str) else cell)
        fits = all(
            set(record) >= _RECORD and 0 <= record["text_start"] < record["text_end"] and record["component"] != NONE
            for record in records
        )
    except (TypeError, ValueError):
        return None
    return records if fits else None
