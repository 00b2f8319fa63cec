"""A predictor pointed at texts that stand alone, the rows of a table: streamed, in their order, none left out."""

from __future__ import annotations

import datetime
import os
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import NONE
from standpunt.debate import Debate, Turn
from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.models.collective.family import Collective
from standpunt.prediction.header import DebateNote
from standpunt.prediction.predictor import Predictor
from standpunt.readers import read_debates
from standpunt.readers.tables.columns import Columns, columns_of
from standpunt.readers.tables.debates import TableOptions, is_table, speaker_of
from standpunt.readers.tables.texts import TableText, texts_of
from standpunt.storage.tables.opening import has_table_name, open_table
from standpunt.storage.tables.table import Row, Table

if TYPE_CHECKING:
    from datasets import Dataset

    Texts = str | os.PathLike[str] | Sequence[str] | Sequence[Mapping[str, Any]] | pd.DataFrame | Dataset
else:
    Texts = Any

CHUNK = 2048  # texts at a time: what is held in memory does not grow with the table
SAMPLE = 4000  # texts by which the issues are chosen where none are named
_SHOWN = 3


@dataclass(frozen=True)
class Survey:
    """What a table holds, found out before a model is loaded.

    Attributes:
        texts: how many rows it has.
        empty: how many of them have no text.
        first_empty: the places of the first of these.
        sample: some of the texts, evenly spread, as a debate; issues are chosen by them.
        answered: the texts that others answer, by id, where the table says which.
    """

    texts: int
    empty: int
    first_empty: tuple[str, ...]
    sample: Debate
    answered: dict[str, str]

    @property
    def sentence(self) -> str:
        """What is to be said of rows without text; empty where all have one."""
        if not self.empty:
            return ""
        places = ", ".join(self.first_empty) + (" and more" if self.empty > len(self.first_empty) else "")
        return (
            f"{self.empty} of {self.texts} rows have no text ({places}): they address no issue and get the label {NONE}"
        )


def table_of_texts(path: str | os.PathLike[str], options: TableOptions | None = None) -> tuple[Table, Columns] | None:
    """Open a table of texts that stand alone; None for a report, and for a table of debates.

    Raises:
        InputError: the table cannot be read, or its columns cannot be told.
    """
    if not is_table(path, options):
        return None
    opened = (options or TableOptions()).open(path)
    return None if opened.of_debates else (opened.table, opened.columns)


def refuse_texts(files: Iterable[str | os.PathLike[str]]) -> None:
    """Refuse, among several files, a table of texts that stand alone: its rows are those of no debate.

    Raises:
        InputError: there is one.
    """
    for file in files:
        try:
            alone = table_of_texts(file) is not None
        except InputError:  # reading it will say what is wrong
            continue
        if alone:
            raise InputError(f"{file}: a table of texts that stand alone; give it by itself, with a file for --out")


def survey(table: Table, columns: Columns) -> Survey:
    """Read a table through, so that whatever is wrong with it shows before a model is asked.

    Raises:
        InputError: a cell is not what it must be, two rows have one id, or there is no text; row and column are named.
    """
    count, empty, places = 0, 0, []
    sample: list[TableText] = []
    step = 1
    ids = array("q")  # of hashes: a million ids take 8 MB
    wanted: set[str] = set()
    for text in texts_of(table, columns):
        count += 1
        if text.id is not None:
            ids.append(hash(text.id))
        if text.replies_to is not None:
            wanted.add(text.replies_to)
        if not text.text:
            empty += 1
            if len(places) < _SHOWN:
                places.append(text.place)
        elif count % step == 0:
            sample.append(text)
            if len(sample) == 2 * SAMPLE:  # every other one stays, and from now on half as many come
                sample, step = sample[::2], 2 * step
    if len(np.unique(np.asarray(ids))) < len(ids):
        _refuse_double_ids(table, columns)
    if not count:
        raise InputError(f"{table.path}: no rows below the names of its columns ({', '.join(table.columns[:12])})")
    if count == empty:
        raise InputError(f"{table.path}: column {columns.text} holds no text in any of {count} rows; name another")
    again = texts_of(table, columns) if wanted else ()
    answered = {text.id: text.text for text in again if text.id is not None and text.id in wanted}
    turns = tuple(_turn(text, text.id or str(text.number), None) for text in sample)
    return Survey(count, empty, tuple(places), Debate("", "", turns), answered)


def notes_of(
    table: Table, columns: Columns, options: TableOptions | None, seen: Survey, beside: Path
) -> list[DebateNote]:
    """Describe the texts of a small table as the debate that other commands read there, so that they find it again.

    Args:
        table: the table.
        columns: which column holds what.
        options: how it was opened, where that was said.
        seen: what it holds.
        beside: the file that predictions go to.

    Returns:
        Nothing for more than `SAMPLE` texts, and where rows are called otherwise there: if they have no ids, or are of
        several debates.
    """
    if seen.texts > SAMPLE:
        return []
    how = options or TableOptions()
    debates = list(read_debates(table.path, table=how))
    name = table.path.name.split(".")[0]
    rows = [(text.debate or name, text.id, text.number) for text in texts_of(table, columns)]
    if rows != [(debate.id, turn.id, turn.ordinal) for debate in debates for turn in debate.turns]:
        return []
    return [DebateNote.of(debate, table.path, beside, how) for debate in debates]


def predict_texts_of(
    predictor: Predictor,
    table: Table,
    columns: Columns,
    issues: Sequence[Issue],
    answered: Mapping[str, str] | None = None,
) -> Iterator[pd.DataFrame]:
    """Classify the texts of a table, some at a time.

    Each is read by itself, with the text that it answers where the table says which. A row without text addresses no
    issue, without the model being asked.

    Args:
        predictor: what answers; it must read each turn alone.
        table: the table.
        columns: which column holds what.
        issues: what is asked.
        answered: the texts that others answer, by id; see `survey`.

    Yields:
        Tables as `Predictor.on` returns them, a row a text and issue in the order of the table: `turn` is the id of the
        text or, where it has none, the name of the debate (or of the table) and the number of its row, which is
        `ordinal`; `role` and `kind` are filled in.
    """
    name = table.path.name.split(".")[0]
    texts = texts_of(table, columns)
    while chunk := list(islice(texts, CHUNK)):
        yield _chunk(predictor, chunk, name, issues, answered or {})


def predict_texts(
    model: Model | Predictor,
    texts: Texts,
    issues: Sequence[str | Issue] | None = None,
    *,
    text_column: str | None = None,
    columns: Mapping[str, str] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Classify texts that stand alone: a list of texts, records, a DataFrame, a `datasets.Dataset`, or a table's file.

    Args:
        model: a trained model, or a predictor that reads each turn alone.
        texts: the texts.
        issues: issues, or names or files of them; by default those that the model knows and the texts bring up.
        text_column: the column that holds the texts, where that is not to be found out.
        columns: which columns hold what else, e.g. {"party": "fractie"}.
        options: the other arguments of `Predictor`.

    Returns:
        One row a text and issue, in the order of the texts; see `Predictor.on` and `predict_texts_of`.

    Raises:
        InputError: as for `Predictor`; or the texts are none, or no column can be told to hold them.
    """
    table = _as_table(texts)
    named = dict(columns or {}) | ({"text": text_column} if text_column else {})
    found = columns_of(table, named)
    seen = survey(table, found)
    settings: dict[str, Any] = {**options, "alone": True}
    predictor = model if isinstance(model, Predictor) else Predictor(model, issues, **settings)
    if isinstance(predictor.model, Collective) and not predictor.alone:
        raise InputError(
            f"model {predictor.model.config.name} reads a debate as a whole, and these texts stand alone; make the "
            "predictor with alone=True"
        )
    frames = [*predict_texts_of(predictor, table, found, predictor.asked(seen.sample), seen.answered)]
    return pd.concat(frames, ignore_index=True)


def _chunk(
    predictor: Predictor, texts: Sequence[TableText], name: str, issues: Sequence[Issue], answered: Mapping[str, str]
) -> pd.DataFrame:
    ids = [text.id or f"{text.debate or name}-{text.number}" for text in texts]
    own = {*ids}
    turns = [
        _turn(text, own_id, text.replies_to if text.replies_to in answered or text.replies_to in own else None)
        for own_id, text in zip(ids, texts, strict=True)
    ]
    first = turns[0]
    # What is answered may stand elsewhere in the table.
    others = [
        Turn(key, 0, first.speaker, "speech", 1, None, None, None, None, answered[key])
        for key in dict.fromkeys(turn.replies_to for turn in turns)
        if key is not None and key not in own
    ]
    pairs = ((turn, issue) for turn in turns for issue in issues)
    frame = predictor.on(Debate(name, "", (*turns, *others)), pairs)
    by_id = dict(zip(ids, texts, strict=True))
    rows = [by_id[turn] for turn in frame["turn"]]
    frame["debate"] = [row.debate or name for row in rows]
    frame["title"] = [row.title for row in rows]
    frame["date"] = [row.date for row in rows]
    frame["speaker"] = [row.speaker for row in rows]
    frame["replies_to"] = [row.replies_to for row in rows]
    return _without_text(frame, np.array([not row.text for row in rows], dtype=bool), predictor)


def _without_text(frame: pd.DataFrame, empty: np.ndarray, predictor: Predictor) -> pd.DataFrame:
    """Say of rows without text that they address no issue."""
    if not empty.any() or f"p_{NONE}" not in frame:
        return frame
    for label in predictor.model.labels:
        frame.loc[empty, f"p_{label}"] = float(label == NONE)
    frame.loc[empty, "label"] = NONE
    for column in ("evidence_start", "evidence_end", "evidence"):
        if column in frame:
            frame.loc[empty, column] = None
    if predictor.drop_none:
        return frame[~empty].reset_index(drop=True)
    return frame


def _turn(text: TableText, own_id: str, replies_to: str | None) -> Turn:
    return Turn(own_id, text.number, speaker_of(text), "speech", 1, None, replies_to, None, None, text.text)


def _refuse_double_ids(table: Table, columns: Columns) -> None:
    places: dict[str, str] = {}
    for text in texts_of(table, columns):
        if text.id is not None and places.setdefault(text.id, text.place) != text.place:
            raise InputError(
                f"{table.path}, {text.place}, column {columns.id}: the id {text.id!r} is that of {places[text.id]} "
                "too; ids must differ (or leave the column out with --column id=)"
            )


def _as_table(given: Texts) -> Table:
    """Return texts of any form as a table."""
    texts: Any = given
    if isinstance(texts, str | os.PathLike):
        if isinstance(texts, str) and not has_table_name(texts):
            raise InputError(
                f"texts is the text {texts[:40]!r}; expected a list of texts, such as [{texts[:40]!r}], or the file of "
                "a table (.csv, .jsonl, .parquet, .xlsx, ...)"
            )
        return open_table(texts)
    if isinstance(texts, pd.DataFrame):
        names, kind = [str(name) for name in texts.columns], "DataFrame"
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise InputError(f"DataFrame: the column {twice[0]!r} is there twice; rename one of them")
        records: Iterable[Mapping[str, Any]] = _records(texts)
    elif hasattr(texts, "column_names"):
        names, kind, records = list(texts.column_names), "Dataset", texts
    elif isinstance(texts, Sequence) and all(isinstance(text, str) for text in texts):
        names, kind, records = ["text"], "list of texts", [{"text": text} for text in texts]
    elif isinstance(texts, Sequence) and all(isinstance(text, Mapping) for text in texts):
        names, kind = list(dict.fromkeys(str(key) for record in texts for key in record)), "list of records"
        records = texts
    else:
        raise InputError(
            f"texts: {type(texts).__name__}{_strange(texts)}; expected texts or records in a list, a DataFrame or "
            "Dataset"
        )
    if not len(texts):
        raise InputError(f"{kind}: it is empty; expected a text at least")

    def read() -> Iterator[Row]:
        for number, record in enumerate(records, start=1):
            yield Row(f"row {number}", {str(name): _plain(cell) for name, cell in record.items()})

    return Table(Path(kind), kind, tuple(names), (), read, of_records=True)


def _strange(texts: Any) -> str:
    """Say, for an error, which item of a list is not of the kind of the first; empty where it is no list."""
    if not isinstance(texts, Sequence):
        return ""
    kind = Mapping if isinstance(texts[0], Mapping) else str
    number, item = next((number, item) for number, item in enumerate(texts, start=1) if not isinstance(item, kind))
    return f" whose row {number} is of type {type(item).__name__} (for no text give an empty one)"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime.date | datetime.datetime) else cell
