"""What all layer files have in common: JSON Lines, a header first, records anchored in the turns of a source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from standpunt.annotation.sources import Source
from standpunt.debate import Debate, Span
from standpunt.errors import LayerError
from standpunt.storage.files import write_text
from standpunt.storage.json_lines import json_lines

_EXPECTED = "an annotation layer (JSON Lines)"
_COMMON = ("layer", "annotator", "codebook", "source")
# An annotator's name is part of file names, on any system.
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|\ud800-\udfff]{1,100}")
# Control characters and halves of characters: XML cannot hold them, and file names should not.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read_standoff(
    path: Path, kind: str, fields: tuple[str, ...] = ()
) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """Read a layer file.

    Args:
        path: the file.
        kind: what its header must name as "layer".
        fields: what the header must hold in addition to layer, annotator, codebook and source.

    Returns:
        The header, and the records in order, each with its place for errors.

    Raises:
        LayerError: the file cannot be read, a line is no JSON object, or the header is not of this kind.
    """
    lines = list(json_lines(path, _EXPECTED, error=LayerError))
    if not lines:
        raise LayerError(f"{path}: the file is empty; expected {_EXPECTED}")
    (where, header), *records = lines
    wanted = (*_COMMON, *fields)
    if header.get("layer") != kind or any(field not in header for field in wanted):
        raise LayerError(f"{where}: expected the header of a {kind} layer with {', '.join(wanted)}")
    source = header["source"]
    if not isinstance(source, dict):
        raise LayerError(f"{where}: 'source' must give title, date and sha256")
    about = {f"source.{name}": source.get(name) for name in ("title", "date", "sha256")}
    check_texts({"annotator": header["annotator"], **about}, where)
    if type(header["codebook"]) is not int:
        raise LayerError(f"{where}: 'codebook' must be a whole number, the version of the codebook")
    return header, records


def layer_kind(path: Path, expected: str = _EXPECTED) -> str | None:
    """Return what the header of a file says it is a layer of; None where it does not say so.

    Args:
        path: the file.
        expected: what it should be, for the error.

    Raises:
        LayerError: the file cannot be read, or its first line is no JSON object.
    """
    _, header = next(json_lines(path, expected, error=LayerError), ("", {}))
    return header.get("layer")


def write_standoff(path: str | Path, header: dict[str, Any], records: Iterable[dict[str, Any]]) -> None:
    """Write a layer file, one record a line."""
    write_text(path, "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in (header, *records)))


def standoff_header(kind: str, annotator: str, codebook: int, source: Source) -> dict[str, Any]:
    """Return the header of a layer on a source."""
    about = {"title": source.title, "date": source.date, "sha256": source.sha256}
    return {"layer": kind, "annotator": annotator, "codebook": codebook, "source": about}


def check_texts(values: Mapping[str, object], where: str) -> None:
    """Make sure that these are texts that can be written in any format.

    Args:
        values: by what they are.
        where: the place to name in the error.

    Raises:
        LayerError: one is no text, or holds a control character or half a character.
    """
    for name, value in values.items():
        if not isinstance(value, str) or _UNWRITABLE.search(value):
            raise LayerError(f"{where}: {name!r} must be a text without control characters, got {value!r}")


def check_name(annotator: str, where: str) -> None:
    """Refuse an annotator whose name cannot be part of a file's.

    Args:
        annotator: the name.
        where: the place to name in the error.

    Raises:
        LayerError: it cannot.
    """
    if not _NAME.fullmatch(annotator) or annotator != annotator.strip(". "):
        raise LayerError(
            f"{where}: annotator {annotator!r}: the name is part of file names; use letters, digits, dashes"
        )


def whole_number(value: object) -> int:
    """Return a whole number as it is; unlike int() it takes no text, no fraction and no truth.

    Raises:
        TypeError: it is none.
    """
    if type(value) is not int:
        raise TypeError
    return value


def whole_span(value: object) -> Span:
    """Return a list of two whole numbers as a span.

    Raises:
        TypeError, ValueError: it is none.
    """
    if not isinstance(value, list):
        raise TypeError
    start, end = value
    return whole_number(start), whole_number(end)


def check_source(debate: Debate, source: Source, sha256: str, where: str) -> None:
    """Make sure that a layer on the text `sha256`, a source description and a debate belong together.

    Raises:
        LayerError: they do not; the first turn that differs is named.
    """
    if sha256 != source.sha256:
        raise LayerError(f"{where}: the layer names another text ({sha256[:12]}) than source.json does")
    source.check(debate, where)


def check_anchor(debate: Debate, ordinal: int, speaker: str, spans: Iterable[Span], what: str, where: str) -> None:
    """Make sure that a record's turn exists, is spoken by whom it says and not by the chair, and holds its spans.

    Raises:
        LayerError: it does not.
    """
    if not 1 <= ordinal <= len(debate.turns):
        raise LayerError(f"{where}: there is no turn {ordinal}; the debate has {len(debate.turns)}")
    turn = debate.turn(ordinal)
    check_speaker(ordinal, turn.speaker.name, turn.speaker.role, speaker, where)
    for start, end in spans:
        if not 0 <= start < end <= len(turn.text) or not turn.text[start:end].strip():
            raise LayerError(f"{where}: {what} {start}-{end} lies outside turn {ordinal}")


def check_speaker(ordinal: int, name: str, role: str, speaker: str, where: str) -> None:
    """Make sure that a turn of the speaker `name` with this role is one that a record of `speaker` can be about.

    Raises:
        LayerError: somebody else speaks it, or the chair.
    """
    if name != speaker:
        raise LayerError(f"{where}: turn {ordinal} is spoken by {name}, not {speaker}")
    if role == "chair":
        raise LayerError(f"{where}: turn {ordinal} is the chair's ({name}); the chair's turns are not annotated")
