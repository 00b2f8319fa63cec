"""The labels of a sample for an estimate, from the files that it was labelled in, beside the predictions it is for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from standpunt.annotation.layers import NONE, STANCES, Layer
from standpunt.errors import InputError, LayerError, unknown_name
from standpunt.exchange.drawn import Drawn
from standpunt.exchange.sheets import COLUMNS, STANCE, read_sheet

_LABELS = (*STANCES, NONE)
_Key = tuple[str, int, str]  # debate, ordinal of the turn, issue


def sample_labels(drawn: Drawn, paths: Iterable[str | os.PathLike[str]]) -> pd.DataFrame:
    """Return the labels of a sample from the files that it was labelled in.

    Args:
        drawn: the sample.
        paths: layers (JSON Lines), in which a pair without a label does not address its issue; sheets (CSV), in which
            every pair must have one; or folders of sheets.

    Returns:
        A row a drawn pair: `debate`, `ordinal`, `speaker`, `issue`, `label`, `probability`, and `taken`, whether the
        label "none" was taken from a layer that has no record of the pair.

    Raises:
        LayerError: a file is about another debate or lacks a label, or a debate has no file.
    """
    found: dict[_Key, tuple[str, bool]] = {}
    wanted = {(pair.debate, pair.turn, pair.issue): pair for pair in drawn.pairs}
    for path in _files(paths):
        labels = _of_sheet(path, drawn) if path.suffix == ".csv" else _of_layer(path, drawn)
        found |= {key: value for key, value in labels.items() if key in wanted}
    lacking = [key for key in wanted if key not in found]
    if lacking:
        debate, turn, issue = lacking[0]
        raise LayerError(
            f"{len(lacking)} of the {len(wanted)} pairs that were drawn are in none of the files, such as turn {turn} "
            f"of {debate} on {issue}; give the labels of all debates of the sample"
        )
    return pd.DataFrame(
        [
            (pair.debate, pair.turn, pair.speaker, pair.issue, *found[key][:1], pair.probability, found[key][1])
            for key, pair in wanted.items()
        ],
        columns=["debate", "ordinal", "speaker", "issue", "label", "probability", "taken"],
    )


def predictions_of_sample(drawn: Drawn, predictions: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the predictions for all that a sample was drawn from, and what each debate is called in them.

    A debate is called by its name in the sample, or as a report that nobody named.

    Raises:
        InputError: a debate has no predictions, or not for as many pairs as the sample was drawn from.
    """
    for name in ("debate", "turn", "ordinal", "issue"):
        if name not in predictions:
            raise InputError(f"the predictions have no column {name}; expected those of standpunt predict")
    called = set(predictions["debate"].astype(str))
    names = {}
    for name, debate in drawn.debates.items():
        known = [one for one in (name, debate.unnamed) if one in called]
        if not known:
            raise InputError(
                f"the predictions have no debate {name} (or {debate.unnamed}), from which the sample was drawn; they "
                f"have {', '.join(sorted(called)[:5])}"
            )
        names[name] = known[0]
    rows = predictions[predictions["debate"].isin(names.values()) & predictions["issue"].isin(drawn.issues)]
    if "role" in rows:
        rows = rows[rows["role"] != "chair"]
    for name, debate in drawn.debates.items():
        there = rows[rows["debate"] == names[name]].drop_duplicates(["turn", "issue"])
        if len(there) != debate.pairs:
            raise InputError(
                f"the predictions have {len(there)} pairs of debate {name}, and the sample was drawn from "
                f"{debate.pairs}; predict every turn on {', '.join(drawn.issues)} (--issues), without --drop-none"
            )
    return rows.reset_index(drop=True), names


def labels_for(labels: pd.DataFrame, rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Name the turns of labels as predictions name them.

    Args:
        labels: as `sample_labels` returns them.
        rows: predictions, as `predictions_of_sample` returns them.
        names: likewise.

    Raises:
        InputError: a turn is not there, or somebody else speaks it.
    """
    columns = ["debate", "ordinal", "turn", *(["speaker"] if "speaker" in rows else [])]
    turns = rows[columns].drop_duplicates(["debate", "ordinal"]).set_index(["debate", "ordinal"])
    ids = []
    for name, ordinal, speaker in labels[["debate", "ordinal", "speaker"]].itertuples(index=False):
        key = (names[name], ordinal)
        if key not in turns.index:
            raise InputError(f"the predictions have no turn {ordinal} of debate {name}; predict the same report")
        if "speaker" in turns and turns.loc[key, "speaker"] != speaker:
            raise InputError(
                f"turn {ordinal} of debate {name} is spoken by {speaker} in the sample and by "
                f"{turns.loc[key, 'speaker']} in the predictions; predict the same report"
            )
        ids.append(turns.loc[key, "turn"])
    return labels.assign(turn=ids)


def _files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    files = []
    for path in map(Path, paths):
        sheets = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        if not sheets:
            raise LayerError(f"{path}: no sheet (.csv) in it; expected the folder that annotate next wrote")
        files += sheets
    return files


def _of_layer(path: Path, drawn: Drawn) -> dict[_Key, tuple[str, bool]]:
    layer = Layer.load(path)
    names = [name for name, debate in drawn.debates.items() if debate.sha256 == layer.sha256]
    if not names:
        raise LayerError(f"{path}: it is about no debate of the sample ({layer.sha256[:12]}); give layers of those")
    lacking = [issue for issue in drawn.issues if issue not in layer.issues]
    if lacking:
        raise LayerError(f"{path}: it is not on {', '.join(lacking)}, which the sample asks")
    labels = layer.by_pair()
    return {
        (pair.debate, pair.turn, pair.issue): (
            labels.get((pair.turn, pair.issue), NONE),
            (pair.turn, pair.issue) not in labels,
        )
        for pair in drawn.pairs
        if pair.debate == names[0]
    }


def _of_sheet(path: Path, drawn: Drawn) -> dict[_Key, tuple[str, bool]]:
    files = {debate.file: name for name, debate in drawn.debates.items()}
    name = files.get(path.name) or (next(iter(drawn.debates)) if len(drawn.debates) == 1 else None)
    if name is None:
        raise LayerError(
            f"{path}: no sheet of the sample is called so; expected {', '.join(sorted(filter(None, files)))}"
        )
    speakers = {(pair.turn, pair.issue): pair.speaker for pair in drawn.pairs if pair.debate == name}
    labels: dict[_Key, tuple[str, bool]] = {}
    empty = 0
    for line, row in read_sheet(path, COLUMNS[STANCE]):
        where = f"{path}, line {line}"
        turn, issue, label = row["turn"].strip(), row["issue"].strip(), row["label"].strip()
        key = (int(turn), issue) if turn.isdigit() else None
        if key not in speakers:
            raise LayerError(f"{where}: turn {turn} on {issue} was not drawn; add no rows to the sheet")
        if speakers[key] != row["speaker"].strip():
            raise LayerError(f"{where}: turn {turn} is spoken by {speakers[key]} in the sample, not {row['speaker']}")
        if not label:
            empty += 1
            continue
        if label not in _LABELS:
            raise LayerError(f"{where}: {unknown_name('label', label, _LABELS)}")
        if (name, *key) in labels:
            raise LayerError(f"{where}: turn {turn} has a second label on {issue}")
        labels[name, *key] = label, False
    if empty:
        raise LayerError(
            f"{path}: {empty} rows have no label yet; write favor, against, neutral, or none where the turn does not "
            "address the issue"
        )
    return labels
