"""CSV files back from a spreadsheet: edited labels come in, wrong ones are refused with their line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from standpunt.annotation.arguments import Sentence
from standpunt.annotation.layers import Label, quotes_to_spans
from standpunt.annotation.nuance import NUANCE_FIELDS, Nuance, read_nuance
from standpunt.annotation.standoff import check_speaker
from standpunt.corpora.rows import NONE
from standpunt.debate import Span, Turn
from standpunt.errors import LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.collector import Collector, words
from standpunt.exchange.sheets import ARGUMENTS, COLUMNS, LAYERS, NO, STANCE, YES, read_sheet, shortened


def import_sheets(path: Path, debate: Annotations) -> Annotations:
    """Read stance.csv, arguments.csv and layers.csv of a folder, or one file of stance labels.

    A row without a label, or with "none", says that the turn does not address the issue. Evidence may be words of the
    turn instead of offsets. An annotator that layers.csv
    does not name gets a layer on the issues of the rows in that name, which must be known.

    Args:
        path: the folder, or a file with the columns of stance.csv.
        debate: the debate it is about; of its own layers only codebook and issues count.

    Raises:
        LayerError: a file or column is missing or unknown, the text is another, or a row is wrong.
    """
    collector = Collector(debate)
    if not path.is_dir():
        _read_stance(path, collector)
        return collector.annotations()
    if not (path / LAYERS).is_file():
        raise LayerError(f"{path}: no {LAYERS} in it; expected the folder that standpunt export csv wrote")
    for line, row in read_sheet(path / LAYERS, COLUMNS[LAYERS]):
        _declare(row, collector, f"{path / LAYERS}, line {line}")
    _read_stance(path / STANCE, collector)
    for line, row in read_sheet(path / ARGUMENTS, COLUMNS[ARGUMENTS]):
        _sentence(row, collector, f"{path / ARGUMENTS}, line {line}")
    return collector.annotations()


def _declare(row: Mapping[str, str], collector: Collector, where: str) -> None:
    collector.source(row["sha256"].removeprefix("sha256:"), where)
    codebook = _number(row["codebook"], where)
    if row["layer"] == "stance":
        issues = _json(row["issues"], where)
        if not isinstance(issues, list) or not all(isinstance(issue, str) for issue in issues):
            raise LayerError(f'{where}: issues must be a list such as ["no_fly_zone"]')
        collector.stance_layer(row["annotator"], issues, where, codebook)
    elif row["layer"] == "arguments":
        collector.argument_layer(row["annotator"], where, codebook)
    else:
        raise LayerError(f"{where}: layer must be stance or arguments, got {row['layer']!r}")


def _read_stance(path: Path, collector: Collector) -> None:
    rows = list(read_sheet(path, COLUMNS[STANCE]))
    new = {row["annotator"] for _, row in rows if not collector.has(row["annotator"], "stance")}
    for line, row in rows:
        where = f"{path}, line {line}"
        annotator = row["annotator"]
        if not annotator.strip():
            raise LayerError(f"{where}: no annotator; write the name of who labelled it")
        issue, stance = row["issue"].strip(), row["label"].strip()
        if not issue:
            raise LayerError(f"{where}: no issue; write the name of what is labelled")
        if annotator in new:
            collector.known_issue(issue, where)
            collector.stance_layer(annotator, [issue], where)
        turn, nuance = row_turn(row, collector, where), _nuance(row, where)
        if stance in ("", NONE):
            if nuance is not None:
                raise LayerError(
                    f"{where}: no label beside leaning {nuance.leaning}; write {nuance.label}, or empty "
                    f"{', '.join(NUANCE_FIELDS)}"
                )
            collector.on_issue(annotator, issue, where)
            collector.saw_pair(annotator, turn.ordinal, issue)
        else:
            evidence = _evidence(row["evidence"], turn, where)
            collector.label(annotator, Label(turn.ordinal, issue, stance, turn.speaker.name, evidence, nuance), where)


def row_turn(row: Mapping[str, str], collector: Collector, where: str) -> Turn:
    """Return the turn of a row of stance.csv.

    Raises:
        LayerError: there is no such turn, its text is another, or somebody else speaks it.
    """
    turn = collector.turn(_number(row["turn"], where), where)
    collector.text(turn, _same(row["text"], turn.text), where)
    _check_speaker(row, turn, where)
    return turn


def _sentence(row: Mapping[str, str], collector: Collector, where: str) -> None:
    turn = collector.turn(_number(row["turn"], where), where)
    span = collector.quote(turn, _number(row["start"], where), _number(row["end"], where), None, where)
    collector.text(turn, _same(row["text"], turn.text[slice(*span)]), where)
    target = _span(_json(row["target"], where), where) if row["target"].strip() else None
    component, frame, relation = (row[name].strip() for name in ("component", "frame", "relation"))
    _check_speaker(row, turn, where)
    sentence = Sentence(turn.ordinal, span, turn.speaker.name, component, frame or None, relation or None, target)
    collector.argument_layer(row["annotator"], where)
    collector.sentence(row["annotator"], sentence, where)


def _check_speaker(row: Mapping[str, str], turn: Turn, where: str) -> None:
    name, speaker = words(turn.speaker.name), words(row["speaker"])
    check_speaker(turn.ordinal, name, turn.speaker.role, speaker, where)


def _nuance(row: Mapping[str, str], where: str) -> Nuance | None:
    cells = {name: row.get(name, "").strip() for name in NUANCE_FIELDS}
    values: dict[str, object] = {"leaning": cells["leaning"] or None}
    values["strength"] = _number(cells["strength"], where) if cells["strength"] else None
    for name in ("conditional", "asks"):
        if cells[name] not in ("", YES, NO):
            raise LayerError(f"{where}: {name} must be {YES} or {NO}, got {cells[name]!r}")
        values[name] = cells[name] == YES if cells[name] else None
    return read_nuance(values, where)


def _same(cell: str, text: str) -> bool:
    return words(cell) == words(shortened(text))


def _number(cell: str, where: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise LayerError(f"{where}: expected a whole number, got {cell!r}") from None


def _json(cell: str, where: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        raise LayerError(f"{where}: expected a list in brackets, got {cell[:40]!r}") from None


def _evidence(cell: str, turn: Turn, where: str) -> tuple[Span, ...]:
    """Return the evidence in a cell: offsets as they were exported, or words of the turn, a line each quote."""
    if cell.lstrip().startswith("["):
        spans = _json(cell, where)
        assert isinstance(spans, list)
        return tuple(_span(span, where) for span in spans)
    quotes = [" ".join(line.split()) for line in cell.splitlines() if line.strip()]
    if not all(any(map(str.isalpha, quote)) for quote in quotes):  # a number is more likely meant as an offset
        raise LayerError(
            f"{where}: expected offsets such as [[0, 11], [20, 31]], or words of the turn, got {cell[:40]!r}"
        )
    try:
        return quotes_to_spans(turn.text, quotes)
    except LayerError as error:
        raise LayerError(f"{where}: {error} {turn.ordinal}; copy the evidence from the text") from None


def _span(value: object, where: str) -> Span:
    if not isinstance(value, list) or len(value) != 2 or any(type(number) is not int for number in value):
        raise LayerError(f"{where}: expected offsets such as [0, 11], got {value!r}")
    return value[0], value[1]
