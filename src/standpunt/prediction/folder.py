"""The folder that predictions over many files go to: what is done, what is left, and whose predictions they are.

It is partitioned by the year of the debate (year=2025, or year=unknown). Every file, or several small ones together,
become one Parquet file in it, written in one step, which says by what is in the files and where they are whose rows it
has (see `ledger`), so that a second call does what is left and nothing twice, and a file that changed takes the place
of what it was. Files whose debates are of several years become one a year, and count as done when the last of them is
there.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from standpunt.debate import Debate
from standpunt.errors import InputError, unknown_name
from standpunt.prediction.description import Description
from standpunt.prediction.header import KEY, DebateNote, Header, read_header
from standpunt.prediction.ledger import WHOLE, Key, Ledger, Rows, content_of, place_of, write_rows
from standpunt.prediction.output import write_parquet
from standpunt.prediction.places import MANIFEST
from standpunt.prediction.predictor import Predictor
from standpunt.storage.files import write_text
from standpunt.storage.locks import make_folder

ADVICE = "name another for --out"
UNDATED = "unknown"
_SHOWN = 3
_DIFFERENCES = {
    "model": "of another model",
    "issues": "for other issues (or for issues that were defined otherwise)",
    "options": "with other options",
}


@dataclass(frozen=True, slots=True)
class FileTask:
    """One file to do.

    Attributes:
        name: of the file, as the caller gave it, where that is text.
        file: its absolute path.
        key: what the folder calls it.
        replaces: what the folder calls what the file was before.
        partial: whether a plain-text report may break off in the middle of a sentence.
        date: the day of its debates, ISO 8601, where it does not say; empty where none was given.
    """

    name: str
    file: str
    key: Key
    replaces: tuple[Key, ...] = ()
    partial: bool = False
    date: str = ""


def check_claim(folder: Path, description: Description) -> None:
    """Refuse a folder that is for the predictions of another predictor; nothing is written.

    Raises:
        InputError: it holds other Parquet files, or predictions of another model, for other issues or with other
            options.
    """
    path = folder / MANIFEST
    if not path.is_file():
        if any(folder.rglob("*.parquet")):
            raise InputError(f"{folder}: holds Parquet files but no {MANIFEST}; choose another folder")
        return
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        there = None
    if not isinstance(there, dict):
        raise InputError(f"{path}: damaged; choose another folder")
    if there.get("fingerprint") != description.fingerprint:
        ours = description.identity()
        differ = [said for name, said in _DIFFERENCES.items() if there.get(name) != ours[name]]
        raise InputError(f"{path.parent}: holds predictions {' and '.join(differ)}; choose another folder")


def claim_folder(folder: Path, description: Description) -> None:
    """Note whose predictions a folder is for, or refuse one that is for those of another predictor.

    Raises:
        InputError: the folder cannot be used, or as for `check_claim`.
    """
    make_folder(folder, ADVICE)
    check_claim(folder, description)
    path = folder / MANIFEST
    if not path.is_file():
        manifest = {"fingerprint": description.fingerprint, **description.identity()}
        write_text(path, json.dumps(manifest, indent=1) + "\n")


def files_to_do(
    files: Sequence[str | os.PathLike[str]], ledger: Ledger, *, partial: bool = False, date: str | None = None
) -> Iterator[FileTask]:
    """Yield the files that have no result in a folder yet, each content once.

    A file is read (to know its content) when it is asked for. What the folder has of one that changed is dropped where
    nothing is to be done for it, and else left to the task.
    """
    at = {place_of(file): file for file in files}
    place_contents: dict[str, str] = {}

    def content(place: str) -> str | None:
        """Return what a file of this call has in it, None for a place that is none's."""
        if place not in place_contents and place in at:
            place_contents[place] = content_of(at[place])
        return place_contents.get(place)

    there, of_place = ledger.keys(), defaultdict(list)
    by_content: dict[str, list[str]] = defaultdict(list)
    for key in there:
        by_content[key.content].append(key.place)
        of_place[key.place].append(key)
    begun: set[str] = set()
    for place, file in at.items():
        key = Key(str(content(place)), place)
        stale = tuple(old for old in of_place[place] if old != key)
        # What another file held counts only while that file, if it is one of those given, still holds it.
        if key.content in begun or any(content(other) in (None, key.content) for other in by_content[key.content]):
            ledger.drop(stale)
            continue
        begun.add(key.content)
        yield FileTask(_text(file), os.path.abspath(file), key, stale, partial, date or "")


def part_of(folder: Path, year: str) -> Path:
    """Return what stands for the Parquet files of a year: the ways to reports begin in the folder of each."""
    return folder / f"year={year}" / f"{WHOLE}.parquet"


def write_predictions_of(
    folder: Path, years: Mapping[str, Sequence[Rows]], predictor: Predictor, debates: Sequence[DebateNote]
) -> None:
    """Write the rows of files by year, with what makes readers take years for text, and what debates they are of."""
    # A table without rows for debates without a date, so that readers take `year` for text in every folder: they guess
    # its type from the names of the partitions, and would take numbers for numbers if there were no other.
    empty = _partition(folder, UNDATED) / "empty.parquet"
    if not empty.is_file():
        write_parquet([predictor.on(Debate("", "", ())).assign(file="")], empty)
    frames = [frame for files in years.values() for rows in files for frame in rows.frames]
    issues = {name for frame in frames for name in frame["issue"].unique()}
    columns = map(str, frames[0].columns) if frames else ()
    header = Header.of(predictor, empty, issues, debates)  # the ways are the same from the folder of every year
    write_rows([(_partition(folder, year), rows) for year, rows in years.items()], {KEY: header.to_json(columns)})


def read_predictions(
    out: str | os.PathLike[str], columns: Sequence[str] | None = None, *, without: Sequence[str] = ()
) -> pd.DataFrame:
    """Return all predictions in a folder as one table, with a column `year` (text).

    For more than fits into memory use `pyarrow.dataset.dataset(out, partitioning="hive")`.

    Args:
        out: the folder.
        columns: those wanted; by default all.
        without: labels whose rows are left out, and not read into memory.

    Raises:
        InputError: there are none.
    """
    from pyarrow import dataset

    kept = ~dataset.field("label").isin([*without]) if without else None
    return _dataset(out).to_table(columns=None if columns is None else [*columns], filter=kept).to_pandas()


def distinct_predictions(out: str | os.PathLike[str], columns: Sequence[str]) -> pd.DataFrame:
    """Return which values of some columns occur together in the predictions of a folder, each once.

    Raises:
        InputError: there are none.
    """
    names = [*columns]
    return _dataset(out).to_table(columns=names).group_by(names).aggregate([]).to_pandas()


def columns_of(out: str | os.PathLike[str]) -> tuple[str, ...]:
    """Return the columns that the predictions in a folder have.

    Raises:
        InputError: there are none.
    """
    return tuple(_dataset(out).schema.names)


def header_of_folder(out: str | os.PathLike[str]) -> Header | None:
    """Return what a folder says of itself as one header, with the debates of all its files; None where it says nothing.

    A file whose rows were written again may still name debates of which it has no rows any more; they are left out.
    """
    from pyarrow import parquet

    headers, debates = [], []
    for path in _parts(out):
        header = read_header(path)
        if header is None:
            continue
        headers.append(header)
        if header.debates:
            there = {*parquet.read_table(path, columns=["debate"], partitioning=None)["debate"].unique().to_pylist()}
            debates += [note for note in header.debates if note.id in there]
    if not headers:
        return None
    issues = {issue.name: issue for header in headers for issue in header.issues}
    return replace(headers[0], issues=tuple(issues.values()), debates=tuple(dict.fromkeys(debates)))


def find_debate(out: str | os.PathLike[str], name: str | None) -> tuple[str, Path]:
    """Return the id of a debate in a folder, and the Parquet file that has its rows.

    Args:
        out: the folder.
        name: the id, or the report where it has one debate; it may be left out where there is only one in the folder.

    Raises:
        InputError: there are no predictions, there is no such debate, or there are several and none is named.
    """
    from pyarrow import dataset

    known = distinct_predictions(out, ["debate", "file"])
    reports = {str(debate): str(report) for debate, report in zip(known["debate"], known["file"], strict=True)}
    if name is None and len(reports) != 1:
        shown = ", ".join(f"{debate} of {Path(report).name}" for debate, report in sorted(reports.items())[:_SHOWN])
        raise InputError(
            f"{os.fspath(out)}: its predictions are about {len(reports)} debates ({shown}, ...); choose one with "
            "--debate, or make pages of all with standpunt map --page"
        )
    chosen = next(iter(reports)) if name is None else name
    if chosen not in reports:
        of_report = [debate for debate, report in reports.items() if chosen in (report, *_names(report))]
        if len(of_report) > 1:
            raise InputError(
                f"{chosen}: has {len(of_report)} debates ({', '.join(of_report)}); choose one with --debate"
            )
        if not of_report:
            raise unknown_name("debate or report of the predictions", chosen, {*reports, *map(_stem, reports.values())})
        chosen = of_report[0]
    for path in _parts(out):
        if dataset.dataset(path, format="parquet").count_rows(filter=dataset.field("debate") == chosen):
            return chosen, path
    raise InputError(f"{os.fspath(out)}: the rows of debate {chosen} are gone; another process may be writing there")


def _names(report: str) -> tuple[str, str]:
    return Path(report).name, _stem(report)


def _stem(report: str) -> str:
    return Path(report).name.split(".")[0]


def _parts(out: str | os.PathLike[str]) -> list[Path]:
    """Return the Parquet files of a folder, without what a kill or somebody left there."""
    return sorted(Path(out).glob("year=*/[!.]*.parquet"))


def _dataset(out: str | os.PathLike[str]) -> Any:
    """Return the predictions in a folder as a data set of Arrow."""
    from pyarrow import dataset

    parts = _parts(out)
    if not any(part.name.startswith(f"{WHOLE}-") for part in parts):
        raise InputError(f"{os.fspath(out)}: no predictions in it (year=*/{WHOLE}-*.parquet)")
    files = [os.fspath(part) for part in parts]
    return dataset.dataset(files, format="parquet", partitioning="hive", partition_base_dir=os.fspath(out))


def _partition(folder: str | Path, year: str) -> Path:
    path = Path(folder) / f"year={year}"
    make_folder(path, ADVICE)
    return path


def _text(file: str | os.PathLike[str]) -> str:
    """Return the name of a file as text that can be written; bytes of it that are none are spelt out."""
    return os.fspath(file).encode("utf-8", "backslashreplace").decode("utf-8")
