"""A folder that `datasets.load_dataset` opens without a network: Parquet tables, and a card that names them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import yaml
from pyarrow import parquet

from standpunt.annotation.nuance import NUANCE_FIELDS
from standpunt.exchange.annotations import Annotations, refuse_existing
from standpunt.storage.files import atomic_folder

CARD = "README.md"
STANCE, ARGUMENTS, TURNS, LAYERS = TABLES = ("stance", "arguments", "turns", "layers")
_TEXT, _NUMBER = pa.string(), pa.int64()
_SPAN = pa.list_(_NUMBER)
_TURN = {"debate": _TEXT, "turn": _TEXT, "ordinal": _NUMBER} | dict.fromkeys(
    ("speaker", "party", "role", "kind"), _TEXT
)
SCHEMAS = {
    STANCE: pa.schema(
        _TURN
        | {"text": _TEXT, "issue": _TEXT, "proposition": _TEXT, "annotator": _TEXT, "label": _TEXT}
        | {"leaning": _TEXT, "strength": _NUMBER, "conditional": pa.bool_(), "asks": pa.bool_()}
        | {"evidence": pa.list_(_SPAN)}
    ),
    ARGUMENTS: pa.schema(
        _TURN
        | {"start": _NUMBER, "end": _NUMBER, "text": _TEXT, "annotator": _TEXT, "component": _TEXT, "frame": _TEXT}
        | {"relation": _TEXT, "target": _SPAN}
    ),
    TURNS: pa.schema(_TURN | {"term": _NUMBER, "floor": _TEXT, "replies_to": _TEXT, "text": _TEXT}),
    LAYERS: pa.schema(
        {"debate": _TEXT, "title": _TEXT, "date": _TEXT, "language": _TEXT, "sha256": _TEXT}
        | {"layer": _TEXT, "annotator": _TEXT, "codebook": _NUMBER, "issues": pa.list_(_TEXT)}
    ),
}


def export_data_set(
    debates: Sequence[Annotations],
    out: str | os.PathLike[str],
    *,
    title: str,
    licence: str | None = None,
    synthetic: bool = False,
) -> None:
    """Write a table each of stance labels, sentences, turns and layers, and a card, to a new folder.

    Args:
        debates: one debate, or all of a corpus.
        out: the folder.
        title: what the card calls the data.
        licence: under which the texts and labels may be used, where that is known.
        synthetic: whether the texts were made up, which the card must say.

    Raises:
        InputError: the folder exists and is not empty.
        StandpuntError: writing failed; nothing is left behind.
    """
    refuse_existing(out)
    rows = {name: [row for debate in debates for row in _ROWS[name](debate)] for name in TABLES}
    with atomic_folder(out) as folder:
        for name, records in rows.items():
            parquet.write_table(pa.Table.from_pylist(records, schema=SCHEMAS[name]), folder / f"{name}.parquet")
        sizes = {name: len(records) for name, records in rows.items()}
        card = _head(title, licence, debates, sizes) + _card(title, synthetic, debates, sizes)
        (folder / CARD).write_text(card, encoding="utf-8")


def _stance(debate: Annotations) -> Iterator[dict[str, Any]]:
    for name, layer in sorted(debate.stance.items()):
        for label in layer.labels:
            known = debate.definitions.get(label.issue)
            yield {
                **_turn(debate, label.turn),
                "text": debate.debate.turn(label.turn).text,
                "issue": label.issue,
                "proposition": known.proposition[known.language_for(debate.source.language)] if known else None,
                "annotator": name,
                "label": label.label,
                **(label.nuance.record() if label.nuance else dict.fromkeys(NUANCE_FIELDS)),
                "evidence": [list(span) for span in label.evidence],
            }


def _arguments(debate: Annotations) -> Iterator[dict[str, Any]]:
    for name, layer in sorted(debate.arguments.items()):
        for one in layer.sentences:
            start, end = one.span
            yield {
                **_turn(debate, one.turn),
                "start": start,
                "end": end,
                "text": debate.debate.turn(one.turn).text[start:end],
                "annotator": name,
                "component": one.component,
                "frame": one.frame,
                "relation": one.relation,
                "target": list(one.target) if one.target else None,
            }


def _turns(debate: Annotations) -> Iterator[dict[str, Any]]:
    for turn in debate.debate.turns:
        more = {"term": turn.term, "floor": turn.floor, "replies_to": turn.replies_to, "text": turn.text}
        yield _turn(debate, turn.ordinal) | more


def _layers(debate: Annotations) -> Iterator[dict[str, Any]]:
    source = debate.source
    about = {"debate": debate.debate.id, "title": source.title, "date": source.date, "language": source.language}
    about["sha256"] = source.sha256
    for name, layer in sorted(debate.stance.items()):
        issues = list(layer.issues)
        yield about | {"layer": STANCE, "annotator": name, "codebook": layer.codebook, "issues": issues}
    for name, layer in sorted(debate.arguments.items()):
        yield about | {"layer": ARGUMENTS, "annotator": name, "codebook": layer.codebook, "issues": None}


_ROWS = {STANCE: _stance, ARGUMENTS: _arguments, TURNS: _turns, LAYERS: _layers}


def _turn(debate: Annotations, ordinal: int) -> dict[str, Any]:
    turn = debate.debate.turn(ordinal)
    return {
        "debate": debate.debate.id,
        "turn": turn.id,
        "ordinal": ordinal,
        "speaker": turn.speaker.name,
        "party": turn.speaker.party,
        "role": turn.speaker.role,
        "kind": turn.kind,
    }


def _head(title: str, licence: str | None, debates: Sequence[Annotations], sizes: Mapping[str, int]) -> str:
    """Return what `load_dataset` reads at the head of a card: which tables there are, and their columns."""
    # `datasets` cannot read a table without rows; such a file is there for an import, and not in the card.
    filled = [name for name in TABLES if sizes[name]]
    configs: list[dict[str, Any]] = [{"config_name": name, "data_files": f"{name}.parquet"} for name in filled]
    configs[0]["default"] = True
    head: dict[str, Any] = {"pretty_name": title, "language": sorted({debate.source.language for debate in debates})}
    if licence:
        head["license"] = licence
    head["configs"] = configs
    head["dataset_info"] = [
        {"config_name": name, "features": [_feature(field) for field in SCHEMAS[name]]} for name in filled
    ]
    return f"---\n{yaml.safe_dump(head, allow_unicode=True, sort_keys=False)}---\n"


def _card(title: str, synthetic: bool, debates: Sequence[Annotations], sizes: Mapping[str, int]) -> str:
    """Return what a person reads."""
    annotators = ", ".join(sorted({name for debate in debates for name in debate.annotators})) or "nobody"
    tables = "\n".join(f"| `{name}` | {sizes[name]} | {_ABOUT[name]} |" for name in TABLES)
    return (
        f"# {title}\n\n{'**Synthetic**: nobody said this in a parliament. ' if synthetic else ''}"
        f"Debates: {len(debates)}. Annotators: {annotators}. Exported by `standpunt export datasets`.\n\n"
        f"| table | rows | a row is |\n|---|---:|---|\n{tables}\n\n"
        '`load_dataset(FOLDER, "turns")` gives a table, `load_dataset(FOLDER)` the first that has rows; all are one '
        "split, `train`. Offsets count characters of a turn's `text` (in `turns`).\n"
    )


_ABOUT = {
    STANCE: "the label of one annotator for one turn on one issue, with evidence as offsets, the strongest first",
    ARGUMENTS: "a sentence as one annotator read it: component, frame, and the claim it supports or attacks",
    TURNS: "a turn of a debate",
    LAYERS: "what one annotator did in one debate, on which issues (no row in `stance`: not addressed)",
}


def _feature(field: pa.Field) -> dict[str, Any]:
    """Return a column as the head of a card describes it."""
    return {"name": field.name, **_type(field.type)}


def _type(kind: pa.DataType) -> dict[str, Any]:
    if not pa.types.is_list(kind):
        return {"dtype": str(kind)}
    inner = _type(kind.value_type)
    return {"list": inner.get("dtype", inner)}
