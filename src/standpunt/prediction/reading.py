"""Files of predictions as `standpunt predict` writes them, read again; what is wrong with one is said once, here."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from standpunt.annotation.layers import NONE, STANCES
from standpunt.errors import InputError
from standpunt.prediction.header import Header, read_header
from standpunt.prediction.output import TEXTS
from standpunt.storage.json_lines import json_lines
from standpunt.storage.spreadsheet import read_text, restored
from standpunt.storage.unpacking import UnpackedError, check_parquet

SPAN = ("evidence_start", "evidence_end")
_NAMES = ("debate", "turn", "issue")
_FLAGS = ("knows_issue", "anyway")
_RECORD = {"component", "frame", "relation", "text_start", "text_end"}
_ROUNDING = 1e-6
_EXPECTED = "predictions as standpunt predict writes them"


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
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    except (ValueError, TypeError):
        raise InputError(f"{path}: not a table of predictions as standpunt predict writes them") from None
    if frame.empty:
        raise InputError(
            f"{path}: it has no rows, as that of a debate in which only the chair speaks; expected predictions of "
            "at least one turn, as standpunt predict writes them"
        )
    probabilities = [f"p_{label}" for label in STANCES]
    labelled = ("label",) if "arguments" in frame else ()
    spans = SPAN if {*SPAN} & {*frame} else ()
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


def header_of(path: Path, frame: pd.DataFrame) -> Header | None:
    """Return what a file of predictions says of itself; None where it says nothing.

    Raises:
        InputError: what it says is damaged, or is about other rows than these.
    """
    header = read_header(path)
    if header is not None and header.model.version and "model_version" in frame:
        others = {name for name in frame["model_version"].dropna() if not header.model.version.startswith(name)}
        if others:
            raise InputError(
                f"{path}: the rows are of a model {min(others)}, and its header is about {header.model.name} "
                f"{header.model.version[:12]}; put the header that was written with the rows beside them, or remove it"
            )
    return header


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return _sheet(path, dict.fromkeys(TEXTS, str))  # the id 12469e48 is no number
    if path.suffix == ".jsonl":
        frame = pd.DataFrame([record for _, record in json_lines(path, _EXPECTED)])
        return frame.astype({name: "string" for name in _NAMES if name in frame})
    try:
        check_parquet(path)
    except UnpackedError as error:
        raise InputError(f"{path}: {error}") from None
    return pd.read_parquet(path)


def _sheet(path: Path, texts: Any) -> pd.DataFrame:
    """Read CSV, whichever spreadsheet saved it; what was written before a formula is taken away again."""
    text, delimiter = read_text(path.read_bytes())
    decimal = "." if delimiter == "," else ","
    frame = pd.read_csv(
        io.StringIO(text), sep=delimiter, decimal=decimal, dtype=texts, keep_default_na=False, na_values=[""]
    )
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
    numbers = frame[list(SPAN)].apply(pd.to_numeric, errors="coerce").astype(float)
    for name in SPAN:
        wrong = numbers[name].isna() & (frame[name].notna() | numbers.notna().any(axis=1))
        _refuse(path, frame[name], wrong, "the place of a character in the turn, or neither evidence_start nor _end")
    start, end = (numbers[name] for name in SPAN)
    _refuse(path, frame[SPAN[0]], (start < 0) | (start >= end), "a place from 0 on, before evidence_end")
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
