"""Layers back from the Parquet tables of a `datasets` folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from standpunt.annotation.arguments import Sentence
from standpunt.annotation.layers import Label
from standpunt.annotation.nuance import NUANCE_FIELDS, read_nuance
from standpunt.errors import LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.collector import Collector
from standpunt.exchange.data_set import ARGUMENTS, LAYERS, SCHEMAS, STANCE


def import_data_set(path: Path, debate: Annotations) -> Annotations:
    """Read the layers of one debate from such a folder.

    Args:
        path: the folder.
        debate: the debate, found in the tables by the hash of its text; its own layers do not count.

    Raises:
        LayerError: a table is missing or has other columns, holds nothing of this debate, or a row is wrong.
    """
    tables = {name: _read(path / f"{name}.parquet", SCHEMAS[name]) for name in (LAYERS, STANCE, ARGUMENTS)}
    layers = [row for row in tables[LAYERS] if row["sha256"] == debate.source.sha256]
    if not layers:
        raise LayerError(
            f"{path}: no layer on {debate.source.title!r} ({debate.source.date}, {debate.source.sha256[:12]}) in it"
        )
    name = layers[0]["debate"]
    collector = Collector(debate)
    for table, take in ((LAYERS, _declare), (STANCE, _take_label), (ARGUMENTS, _take_sentence)):
        for number, row in enumerate(tables[table], start=1):
            where = f"{path / table}.parquet, row {number}"
            if row["debate"] != name:
                continue
            if table != LAYERS and not collector.has(row["annotator"], table):
                raise LayerError(f"{where}: no layer of {row['annotator']} in {LAYERS}.parquet")
            try:
                take(collector, row, where)
            except (TypeError, ValueError):  # a cell is empty, or a list of another length
                raise LayerError(f"{where}: not a row that was exported; a cell is missing in it") from None
    return collector.annotations()


def _declare(collector: Collector, row: Mapping[str, Any], where: str) -> None:
    collector.source(row["sha256"], where)
    if row["layer"] == STANCE:
        collector.stance_layer(row["annotator"], row["issues"], where, row["codebook"])
    else:
        collector.argument_layer(row["annotator"], where, row["codebook"])


def _take_label(collector: Collector, row: Mapping[str, Any], where: str) -> None:
    turn = collector.turn(row["ordinal"], where)
    collector.text(turn, row["text"] == turn.text, where)
    evidence = tuple((start, end) for start, end in row["evidence"])
    label = Label(turn.ordinal, row["issue"], row["label"], row["speaker"], evidence, read_nuance(row, where))
    collector.label(row["annotator"], label, where)


def _take_sentence(collector: Collector, row: Mapping[str, Any], where: str) -> None:
    turn = collector.turn(row["ordinal"], where)
    span = collector.quote(turn, row["start"], row["end"], row["text"], where)
    target = tuple(row["target"]) if row["target"] else None
    values = row["speaker"], row["component"], row["frame"], row["relation"]
    collector.sentence(row["annotator"], Sentence(turn.ordinal, span, *values, target), where)


def _read(path: Path, schema: pa.Schema) -> list[dict[str, Any]]:
    try:
        table = parquet.read_table(path)
    except OSError as error:
        why = error.strerror or "no Parquet"
        raise LayerError(f"{path}: cannot be read ({why}); expected what standpunt export datasets wrote") from None
    except pa.ArrowException:
        raise LayerError(f"{path}: not a Parquet file") from None
    for name in NUANCE_FIELDS:  # tables made before codebook 2 lack these columns
        if name in schema.names and name not in table.schema.names:
            empty = pa.nulls(table.num_rows, schema.field(name).type)
            table = table.add_column(schema.get_field_index(name), name, empty)
    if table.schema.names != schema.names:
        raise LayerError(f"{path}: expected the columns {', '.join(schema.names)}, got {', '.join(table.schema.names)}")
    try:
        return table.cast(schema).to_pylist()
    except pa.ArrowException as error:
        raise LayerError(f"{path}: a column is not of the type it was exported with ({error})") from None
