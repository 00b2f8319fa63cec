"""CSV for a spreadsheet: a row a stance label and a row a sentence, with the text beside them."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from standpunt.annotation.nuance import NUANCE_FIELDS, Nuance
from standpunt.debate import Turn
from standpunt.errors import LayerError, unknown_name
from standpunt.exchange.annotations import Annotations, refuse_existing
from standpunt.storage.files import atomic_folder
from standpunt.storage.spreadsheet import read_text, restored, sheet

STANCE, ARGUMENTS, LAYERS = "stance.csv", "arguments.csv", "layers.csv"
COLUMNS = {
    STANCE: ("annotator", "turn", "speaker", "kind", "issue", "label", *NUANCE_FIELDS, "evidence", "text"),
    ARGUMENTS: (
        "annotator", "turn", "speaker", "kind", "start", "end", "component", "frame", "relation", "target", "text",
    ),
    LAYERS: ("layer", "annotator", "codebook", "issues", "sha256"),
}  # fmt: skip
# Sheets made before codebook 2 lack these columns.
_OPTIONAL = NUANCE_FIELDS
YES, NO = "yes", "no"
# What a cell of Excel can hold is 32,767 characters; a longer turn is cut, and the cut marked.
_LONGEST, CUT = 32_000, " […]"
_HASH = "sha256:"


def export_sheets(annotations: Annotations, out: str | os.PathLike[str], *, delimiter: str = ",") -> None:
    """Write stance.csv, arguments.csv and layers.csv to a new folder.

    Args:
        annotations: the debate with its layers.
        out: the folder.
        delimiter: between cells; Excel expects a semicolon where the decimal sign is a comma.

    Raises:
        InputError: the folder exists and is not empty.
        StandpuntError: writing failed; nothing is left behind.
    """
    refuse_existing(out)
    rows = {STANCE: _stance(annotations), ARGUMENTS: _arguments(annotations), LAYERS: _layers(annotations)}
    with atomic_folder(out) as folder:
        for name, cells in rows.items():
            (folder / name).write_bytes(sheet(COLUMNS[name], cells, delimiter))


def stance_row(
    annotator: str,
    turn: Turn,
    issue: str,
    label: str,
    evidence: Sequence[Sequence[int]] = (),
    nuance: Nuance | None = None,
) -> list[object]:
    """Return the cells of a row of stance.csv."""
    spans = json.dumps([list(span) for span in evidence])
    finer = [_word(value) for value in nuance.record().values()] if nuance else [None] * len(NUANCE_FIELDS)
    return [annotator, turn.ordinal, turn.speaker.name, turn.kind, issue, label, *finer, spans, shortened(turn.text)]


def shortened(text: str) -> str:
    """Return a text that fits into a cell."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + CUT


def read_sheet(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a CSV file with the line each begins on, whatever the spreadsheet's delimiter.

    Raises:
        LayerError: the file cannot be read, its columns are not these, or a row has more or fewer cells.
    """
    try:
        text, delimiter = read_text(path.read_bytes())
    except OSError as error:
        raise LayerError(f"{path}: cannot be read ({error.strerror}); expected a CSV file") from None
    except UnicodeDecodeError:
        raise LayerError(f"{path}: not UTF-8 text; save it in the spreadsheet as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        names = next(reader, [])
        _check_columns(names, columns, path)
        while True:
            line = reader.line_num + 1
            cells = next(reader)
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                raise LayerError(f"{path}, line {line}: {len(cells)} cells where the first line names {len(names)}")
            yield line, dict(zip(names, map(restored, cells), strict=True))
    except StopIteration:
        return
    except csv.Error as error:
        raise LayerError(f"{path}, line {line}: not CSV ({error})") from None


def _check_columns(names: Sequence[str], columns: Sequence[str], path: Path) -> None:
    if "annotation_id" in names:
        raise LayerError(
            f"{path}: a CSV export of Label Studio; it leaves out links between sentences and which frame belongs to "
            "which sentence, choose JSON there and read it with standpunt import label-studio"
        )
    for name in names:
        if name not in columns:
            raise LayerError(f"{path}, line 1: {unknown_name('column', name, columns)}")
    for name in columns:
        if names.count(name) != 1 and not (name in _OPTIONAL and name not in names):
            why = "; without its annotator a label belongs to no layer" if name == "annotator" else ""
            raise LayerError(f"{path}, line 1: column {name!r} must be there once, got {', '.join(names)}{why}")


def _word(value: object) -> object:
    if isinstance(value, bool):
        return YES if value else NO
    return value


def _stance(annotations: Annotations) -> Iterator[list[object]]:
    for name, layer in sorted(annotations.stance.items()):
        for label in layer.labels:
            turn = annotations.debate.turn(label.turn)
            yield stance_row(name, turn, label.issue, label.label, label.evidence, label.nuance)


def _arguments(annotations: Annotations) -> Iterator[list[object]]:
    for name, layer in sorted(annotations.arguments.items()):
        for one in layer.sentences:
            turn = annotations.debate.turn(one.turn)
            start, end = one.span
            target = json.dumps(list(one.target)) if one.target else None
            text = shortened(turn.text[start:end])
            yield [
                name, turn.ordinal, turn.speaker.name, turn.kind, start, end, one.component, one.frame, one.relation,
                target, text,
            ]  # fmt: skip


def _layers(annotations: Annotations) -> Iterator[list[object]]:
    # With something before it, no spreadsheet takes a hash for a number.
    sha256 = f"{_HASH}{annotations.source.sha256}"
    for name, layer in sorted(annotations.stance.items()):
        yield ["stance", name, layer.codebook, json.dumps(list(layer.issues), ensure_ascii=False), sha256]
    for name, layer in sorted(annotations.arguments.items()):
        yield ["arguments", name, layer.codebook, None, sha256]
