"""How predictions are written: CSV, JSON Lines, and Parquet with one schema whatever is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from standpunt.errors import InputError
from standpunt.prediction.arguments import arguments_type
from standpunt.prediction.header import KEY, Header, header_file
from standpunt.prediction.places import SUFFIXES
from standpunt.storage.files import atomic_path, write_text
from standpunt.storage.spreadsheet import lines

if TYPE_CHECKING:
    from pyarrow import Table

_Rows = Callable[[pd.DataFrame], None]  # adds a table to a file that is open
_NUMBERS = ("ordinal", "start", "end", "evidence_start", "evidence_end", "measured_right", "measured_of")
_FLAGS = ("knows_issue", "anyway")
TEXTS = (
    "debate", "title", "date", "turn", "speaker", "party", "role", "kind", "replies_to", "issue", "text", "label",
    "label_alone", "trust", "evidence", "model", "model_version", "issue_version", "standpunt_version", "file",
)  # fmt: skip


def check_suffix(path: str | os.PathLike[str]) -> None:
    """Refuse an output file whose suffix names no known format.

    Raises:
        InputError: the suffix is not one of `SUFFIXES`.
    """
    if Path(path).suffix not in SUFFIXES:
        raise InputError(f"{os.fspath(path)}: unknown output format; use a name that ends in {', '.join(SUFFIXES)}")


def write_predictions(
    frame: pd.DataFrame, path: str | os.PathLike[str], delimiter: str = ",", *, header: Header | None = None
) -> None:
    """Write predictions as CSV, JSON Lines or Parquet, by the suffix of `path`, in one step.

    What is to be said of the whole table stands in the metadata of Parquet, and in a file beside the others (see
    `standpunt.prediction.header`). Arguments are a list of records in JSON Lines and Parquet, and JSON in a cell of
    CSV. CSV opens in a spreadsheet, see `standpunt.storage.spreadsheet.sheet`.

    Raises:
        InputError: the suffix is unknown, or the folder does not exist.
        StandpuntError: writing failed; nothing is left behind and an older file is untouched.
    """
    with prediction_writer(path, delimiter, header=header) as add:
        add(frame)


@contextmanager
def prediction_writer(
    path: str | os.PathLike[str], delimiter: str = ",", *, header: Header | None
) -> Generator[Callable[[pd.DataFrame], None]]:
    """Give a function that adds rows to a file, which is put in place when the block succeeds; see `write_predictions`.

    What it is given is written at once, so that a table of any length fits. It must be given one table at least.
    """
    check_suffix(path)
    suffix = Path(path).suffix
    with atomic_path(path) as temporary:
        with ExitStack() as open_files:
            written: _Rows | None = None
            columns: list[str] = []

            def add(frame: pd.DataFrame) -> None:
                nonlocal written
                if written is None:
                    columns.extend(map(str, frame.columns))
                    written = _ROWS[suffix](temporary, frame, header, delimiter, open_files)
                written(frame)

            yield add
        if suffix == ".parquet":
            return
        if header is None:
            header_file(path).unlink(missing_ok=True)  # that of an older file is not about this one
        else:
            write_text(header_file(path), header.to_json(columns, indent=1) + "\n")


def _csv(path: Path, first: pd.DataFrame, header: Header | None, delimiter: str, open_files: ExitStack) -> _Rows:
    file = open_files.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
    columns = [str(name) for name in first.columns]
    file.writelines(lines(columns, [], delimiter))

    def add(frame: pd.DataFrame) -> None:
        cells = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
        file.writelines(islice(lines(columns, cells, delimiter), 1, None))  # without the head

    return add


def _json_lines(path: Path, first: pd.DataFrame, header: Header | None, delimiter: str, open_files: ExitStack) -> _Rows:
    file = open_files.enter_context(path.open("w", encoding="utf-8", newline=""))

    def add(frame: pd.DataFrame) -> None:
        if len(frame):  # no rows are no lines
            frame.to_json(file, orient="records", lines=True, force_ascii=False, double_precision=15)

    return add


def _parquet(path: Path, first: pd.DataFrame, header: Header | None, delimiter: str, open_files: ExitStack) -> _Rows:
    import pyarrow as pa
    from pyarrow import parquet

    notes = None if header is None else {KEY: header.to_json(map(str, first.columns))}
    schema = _schema(first) if notes is None else _schema(first).with_metadata(notes)
    writer = open_files.enter_context(parquet.ParquetWriter(path, schema))

    def add(frame: pd.DataFrame) -> None:
        if len(frame):  # datasets cannot read a group of no rows
            table = pa.Table.from_pandas(frame, schema, preserve_index=False)
            writer.write_table(table.replace_schema_metadata(notes))

    return add


_ROWS = {".csv": _csv, ".jsonl": _json_lines, ".parquet": _parquet}


def write_parquet(
    frames: Sequence[pd.DataFrame], path: str | os.PathLike[str], notes: Mapping[str, str] | None = None
) -> int:
    """Write tables as one Parquet file, in one step.

    The schema does not depend on what is missing in them (dates, parties, offsets, rows).

    Args:
        frames: the tables, of the same columns.
        path: the file.
        notes: what stands in the metadata of the file.

    Returns:
        The number of rows.

    Raises:
        InputError: the folder does not exist.
        StandpuntError: writing failed; nothing is left behind and an older file is untouched.
    """
    import pyarrow as pa

    schema = _schema(frames[0])
    table = pa.concat_tables(pa.Table.from_pandas(frame, schema, preserve_index=False) for frame in frames)
    write_table(table, path, notes)
    return table.num_rows


def write_table(table: Table, path: str | os.PathLike[str], notes: Mapping[str, str] | None = None) -> None:
    """Write an Arrow table as `write_parquet` does."""
    from pyarrow import parquet

    table = table.replace_schema_metadata(notes)
    with atomic_path(path) as temporary, parquet.ParquetWriter(temporary, table.schema) as writer:
        if table.num_rows:  # datasets cannot read a group of no rows
            writer.write_table(table)


def _schema(frame: pd.DataFrame) -> Any:
    """Return the Arrow schema of a table of predictions."""
    import pyarrow as pa

    return pa.schema({name: _type(frame[name]) for name in frame.columns})


def _type(column: pd.Series) -> Any:
    """Return the Arrow type of a column: of ours by its name, of one that a caller added by what it holds."""
    import pyarrow as pa

    name = str(column.name)
    if name == "arguments":
        return arguments_type()
    if name in _NUMBERS:
        return pa.int64()
    if name in _FLAGS:
        return pa.bool_()
    if name.startswith("p_"):
        return pa.float64()
    return pa.large_string() if name in TEXTS else pa.Array.from_pandas(column).type
