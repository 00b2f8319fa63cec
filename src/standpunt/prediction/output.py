"""How predictions are written: CSV, JSON Lines, and Parquet with one schema whatever is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
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
    check_suffix(path)
    if Path(path).suffix == ".parquet":
        write_parquet([frame], path, {KEY: header.to_json(map(str, frame.columns))} if header else None)
        return
    with atomic_path(path) as temporary:
        if temporary.suffix == ".csv":
            cells = frame.astype(object).where(frame.notna(), None)
            rows = cells.itertuples(index=False, name=None)
            with temporary.open("w", encoding="utf-8-sig", newline="") as file:
                file.writelines(lines([str(name) for name in frame.columns], rows, delimiter))
        elif len(frame):  # no rows are no lines
            frame.to_json(temporary, orient="records", lines=True, force_ascii=False, double_precision=15)
        if header is None:
            header_file(path).unlink(missing_ok=True)  # that of an older file is not about this one
        else:
            write_text(header_file(path), header.to_json(map(str, frame.columns), indent=1) + "\n")


@contextmanager
def prediction_writer(
    path: str | os.PathLike[str], delimiter: str = ",", *, header: Header
) -> Generator[Callable[[pd.DataFrame], None]]:
    """Give a function that adds rows to a file, which is put in place when the block succeeds; see `write_predictions`.

    What it is given is written at once, so that a table of any length fits.
    """
    check_suffix(path)
    suffix = Path(path).suffix
    with atomic_path(path) as temporary, ExitStack() as open_files:
        state: dict[str, Any] = {}

        def add(frame: pd.DataFrame) -> None:
            columns = state.setdefault("columns", [str(name) for name in frame.columns])
            if suffix == ".parquet":
                _add_to_parquet(frame, temporary, header, state, open_files)
                return
            if "file" not in state:
                encoding = "utf-8-sig" if suffix == ".csv" else "utf-8"
                state["file"] = open_files.enter_context(temporary.open("w", encoding=encoding, newline=""))
                if suffix == ".csv":
                    state["file"].writelines(lines(columns, [], delimiter))
            if suffix == ".csv":
                cells = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
                written = lines(columns, cells, delimiter)
                next(written)  # the head
                state["file"].writelines(written)
            elif len(frame):
                text = frame.to_json(orient="records", lines=True, force_ascii=False, double_precision=15) or ""
                state["file"].write(text.removesuffix("\n") + "\n")

        yield add
        open_files.close()
    if suffix == ".parquet":
        return
    write_text(header_file(path), header.to_json(state["columns"], indent=1) + "\n")


def _add_to_parquet(
    frame: pd.DataFrame, path: Path, header: Header, state: dict[str, Any], open_files: ExitStack
) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    if "schema" not in state:
        schema = pa.schema({name: _type(frame[name]) for name in frame.columns})
        state["schema"] = schema.with_metadata({KEY: header.to_json(state["columns"])})
        state["writer"] = open_files.enter_context(parquet.ParquetWriter(path, state["schema"]))
    if len(frame):
        table = pa.Table.from_pandas(frame, state["schema"], preserve_index=False)
        state["writer"].write_table(table.replace_schema_metadata(state["schema"].metadata))


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

    schema = pa.schema({name: _type(frames[0][name]) for name in frames[0].columns})
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
