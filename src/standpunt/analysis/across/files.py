"""Positions and pictures of them as files, each written in one step."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from standpunt.errors import InputError
from standpunt.prediction.output import write_table
from standpunt.storage.files import atomic_path
from standpunt.storage.spreadsheet import sheet

TABLES, PICTURES = (".csv", ".jsonl", ".parquet"), (".png", ".svg", ".pdf")
_DIGITS = 4
_DPI = 150


def check_file(path: str | os.PathLike[str], suffixes: tuple[str, ...], folder: str | os.PathLike[str]) -> None:
    """Refuse a name that cannot be written to, before anything is counted.

    Args:
        path: the file.
        suffixes: what its name may end in.
        folder: the predictions, among which nothing is written.

    Raises:
        InputError: its suffix is none of these, its folder is not there, or it lies among the predictions.
    """
    place = Path(path)
    if place.suffix not in suffixes:
        raise InputError(f"{place}: expected a name that ends in {', '.join(suffixes)}")
    if not place.parent.is_dir():
        raise InputError(f"{place}: the folder {place.parent} does not exist; make it first or name another file")
    if place.is_dir():
        raise InputError(f"{place}: a folder; name a file")
    check_apart(place, folder)


def check_apart(path: str | os.PathLike[str], folder: str | os.PathLike[str]) -> None:
    """Refuse a place among the predictions: what reads them would take the file for some of them.

    Raises:
        InputError: it is there.
    """
    if Path(path).resolve().is_relative_to(Path(folder).resolve()):
        raise InputError(f"{os.fspath(path)}: lies among the predictions, in {os.fspath(folder)}; name another")


def write_positions(
    cells: pd.DataFrame, path: str | os.PathLike[str], notes: Mapping[str, str], delimiter: str = ","
) -> None:
    """Write cells as CSV, JSON Lines or Parquet, by the suffix of `path`.

    Args:
        cells: as `standpunt.analysis.across.positions.positions` returns them, with what else is to stand in the rows.
        path: the file.
        notes: what the table rests on; they stand in the metadata of Parquet.
        delimiter: between the cells of CSV.
    """
    if Path(path).suffix == ".parquet":
        import pyarrow as pa

        write_table(pa.Table.from_pandas(cells, preserve_index=False), path, notes)
        return
    with atomic_path(path) as temporary:
        if temporary.suffix == ".csv":
            rounded = cells.astype(object).where(cells.notna(), None)
            rows = ([_rounded(cell) for cell in row] for row in rounded.itertuples(index=False, name=None))
            temporary.write_bytes(sheet([str(name) for name in cells.columns], rows, delimiter))
        elif len(cells):
            cells.to_json(temporary, orient="records", lines=True, force_ascii=False, double_precision=_DIGITS)


def write_picture(draw: Callable[[], Any], path: str | os.PathLike[str]) -> None:
    """Write what a function of `standpunt.analysis.across.plots` draws, as PNG, SVG or PDF.

    Args:
        draw: draws on a new figure and returns its axes, one or several.
        path: the file.
    """
    import matplotlib as mpl
    from matplotlib import pyplot

    # The same picture gives the same file.
    settings: dict[Any, Any] = {"backend": "Agg", "svg.hashsalt": "standpunt"}
    undated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with mpl.rc_context(settings), atomic_path(path) as temporary:
        drawn = draw()
        ax = drawn if hasattr(drawn, "get_figure") else drawn[0]
        figure = ax.get_figure(root=True)
        figure.savefig(temporary, dpi=_DPI, metadata=undated.get(temporary.suffix))
        pyplot.close(figure)


def _rounded(cell: object) -> object:
    return round(cell, _DIGITS) if isinstance(cell, float) else cell
