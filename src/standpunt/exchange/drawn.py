"""A sample for an estimate: pairs drawn with known probabilities, kept beside the sheets in which they are labelled."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from standpunt.annotation.layers import NONE, STANCES, Layer
from standpunt.annotation.sampling import SYSTEMATIC, draw, inclusion_probabilities
from standpunt.debate import default_id
from standpunt.errors import InputError, LayerError, unknown_name
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.queue import Pair, all_pairs, predicted, write_queue
from standpunt.exchange.sheets import COLUMNS, STANCE, read_sheet
from standpunt.models.base import Model
from standpunt.storage.files import atomic_folder, write_text

SUFFIX = ".sample.json"
FILE = f"all{SUFFIX}"  # in a folder of sheets, of all its debates
_PURPOSE = "estimate"
_LABELS = (*STANCES, NONE)


@dataclass(frozen=True)
class DrawnPair:
    """A pair that was drawn, and the probability with which it was."""

    debate: str
    turn: int
    speaker: str
    issue: str
    probability: float


@dataclass(frozen=True)
class DrawnDebate:
    """A debate that pairs were drawn from.

    Attributes:
        sha256: the hash of its text, as layers name it.
        unnamed: the id that its report gets where nobody names it, as by `standpunt predict`.
        pairs: how many pairs there were to draw from.
        file: in which its pairs are labelled; None where none was drawn.
    """

    sha256: str
    unnamed: str
    pairs: int
    file: str | None


@dataclass(frozen=True)
class Drawn:
    """A sample: what it was drawn from, and what was drawn, in the order of debates and turns."""

    annotator: str
    issues: tuple[str, ...]
    seed: int
    debates: Mapping[str, DrawnDebate]
    pairs: tuple[DrawnPair, ...]

    @property
    def size(self) -> int:
        """How many pairs it was drawn from."""
        return sum(debate.pairs for debate in self.debates.values())

    def record(self) -> dict[str, Any]:
        """Return the sample as plain data, as it is saved."""
        return {
            "for": _PURPOSE,
            "design": SYSTEMATIC,
            "seed": self.seed,
            "annotator": self.annotator,
            "issues": list(self.issues),
            "debates": {
                name: {"sha256": one.sha256, "unnamed": one.unnamed, "pairs": one.pairs, "file": one.file}
                for name, one in self.debates.items()
            },
            "pairs": [
                {
                    "debate": pair.debate,
                    "turn": pair.turn,
                    "speaker": pair.speaker,
                    "issue": pair.issue,
                    "probability": pair.probability,
                }
                for pair in self.pairs
            ],
        }


def draw_sample(
    debates: Sequence[tuple[Annotations, Layer]],
    models: Sequence[Model],
    n: int,
    seed: int,
    out: str | os.PathLike[str],
    *,
    delimiter: str = ",",
) -> Drawn:
    """Draw pairs from one debate or several, and write them to be labelled, with their probabilities.

    All pairs of the layers' issues can be drawn, also those that are labelled already: their labels are filled in.

    Args:
        debates: each with the layer of the annotator who is going to label.
        models: where there are any, what they are unsure of is drawn more often.
        n: how many pairs are wanted, of all debates together.
        seed: of the draw.
        out: for one debate, the file to label in (see `write_queue`; the sample is written beside it, under the same
            name with `SUFFIX`); for several, a new folder with a sheet (CSV) for each and the sample in `FILE`.
        delimiter: between the cells of sheets.

    Raises:
        InputError: the layers are of several annotators or on different issues, two debates have one name, there is
            nothing to draw from, or an output file is there already.
    """
    annotator, issues = _common(debates)
    frame = [(number, turn, issue) for number, (a, layer) in enumerate(debates) for turn, issue in all_pairs(a, layer)]
    if not frame:
        raise InputError("there is nothing to draw from: no turn but the chair's, or no issue in the layer")
    answers = None
    if models:
        parts = [predicted(a, models, all_pairs(a, layer)) for a, layer in debates]
        answers = np.concatenate([np.mean(part, axis=0) for part in parts])
    chances = inclusion_probabilities(n, len(frame), answers)
    taken = draw(chances, seed)
    asked: dict[int, list[Pair]] = {}
    pairs = []
    for place in taken:
        number, turn, issue = frame[place]
        annotations, layer = debates[number]
        label = layer.by_pair().get((turn.ordinal, issue.name), "")
        asked.setdefault(number, []).append(Pair(turn, issue, None if answers is None else answers[place], label))
        name = annotations.debate.id
        pairs.append(DrawnPair(name, turn.ordinal, turn.speaker.name, issue.name, round(float(chances[place]), 12)))
    sizes = Counter(number for number, _, _ in frame)
    single = len(debates) == 1
    sheets = {number: Path(out).name if single else f"{debates[number][0].debate.id}.csv" for number in asked}
    described = {
        annotations.debate.id: DrawnDebate(
            annotations.source.sha256, default_id(annotations.debate), sizes[number], sheets.get(number)
        )
        for number, (annotations, _) in enumerate(debates)
    }
    drawn = Drawn(annotator, issues, seed, described, tuple(pairs))
    text = json.dumps(drawn.record(), ensure_ascii=False, indent=1) + "\n"
    if single:
        model = models[0] if models else None
        # In Label Studio's tasks an answer stands for the whole pair: what has a label is not asked again.
        shown = (
            asked.get(0, []) if Path(out).suffix == ".csv" else [pair for pair in asked.get(0, []) if not pair.label]
        )
        write_queue(out, *debates[0], shown, model, delimiter=delimiter)
        write_text(sample_beside(out), text)
        return drawn
    with atomic_folder(out) as folder:
        for number, shown in asked.items():
            write_queue(folder / sheets[number], *debates[number], shown, None, delimiter=delimiter)
        write_text(folder / FILE, text)
    return drawn


def sample_beside(file: str | os.PathLike[str]) -> Path:
    """Return where the sample of a file to label in is kept."""
    return Path(file).with_suffix(SUFFIX)


def read_drawn(path: str | os.PathLike[str]) -> Drawn:
    """Read a sample that `draw_sample` wrote.

    Raises:
        LayerError: the file cannot be read, or is no such sample.
    """
    try:
        data = json.loads(Path(path).read_bytes())
        if data["for"] != _PURPOSE:
            raise ValueError
        debates = {
            name: DrawnDebate(one["sha256"], one["unnamed"], int(one["pairs"]), one["file"])
            for name, one in data["debates"].items()
        }
        pairs = tuple(
            DrawnPair(one["debate"], int(one["turn"]), one["speaker"], one["issue"], float(one["probability"]))
            for one in data["pairs"]
        )
        drawn = Drawn(data["annotator"], tuple(data["issues"]), int(data["seed"]), debates, pairs)
    except OSError as error:
        raise LayerError(f"{path}: cannot be read ({error.strerror}); expected a sample ({SUFFIX})") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise LayerError(f"{path}: no sample that standpunt annotate next --for estimate wrote ({SUFFIX})") from None
    for number, pair in enumerate(drawn.pairs, start=1):
        if pair.debate not in drawn.debates or pair.issue not in drawn.issues or not 0 < pair.probability <= 1:
            raise LayerError(f"{path}, pair {number}: its debate, issue or probability is none of the sample's")
    return drawn


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
    found: dict[tuple[str, int, str], tuple[str, bool]] = {}
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


def _common(debates: Sequence[tuple[Annotations, Layer]]) -> tuple[str, tuple[str, ...]]:
    """Return the annotator and the issues that layers share."""
    annotators = sorted({layer.annotator for _, layer in debates})
    if len(annotators) > 1:
        raise InputError(f"the layers are of {' and '.join(annotators)}; give those of one annotator")
    ids = Counter(annotations.debate.id for annotations, _ in debates)
    name, times = ids.most_common(1)[0]
    if times > 1:
        raise InputError(f"{times} of the debates are called {name}; rename their folders")
    issues = debates[0][1].issues
    for other, layer in debates:
        if set(layer.issues) != set(issues):
            raise InputError(
                f"the layer on {other.debate.id} is on {', '.join(layer.issues)}, that on "
                f"{debates[0][0].debate.id} on {', '.join(issues)}; draw from debates with the same issues"
            )
    return annotators[0], issues


def _files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    files = []
    for path in map(Path, paths):
        sheets = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        if not sheets:
            raise LayerError(f"{path}: no sheet (.csv) in it; expected the folder that annotate next wrote")
        files += sheets
    return files


def _of_layer(path: Path, drawn: Drawn) -> dict[tuple[str, int, str], tuple[str, bool]]:
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


def _of_sheet(path: Path, drawn: Drawn) -> dict[tuple[str, int, str], tuple[str, bool]]:
    files = {debate.file: name for name, debate in drawn.debates.items()}
    name = files.get(path.name) or (next(iter(drawn.debates)) if len(drawn.debates) == 1 else None)
    if name is None:
        raise LayerError(
            f"{path}: no sheet of the sample is called so; expected {', '.join(sorted(filter(None, files)))}"
        )
    speakers = {(pair.turn, pair.issue): pair.speaker for pair in drawn.pairs if pair.debate == name}
    labels: dict[tuple[str, int, str], tuple[str, bool]] = {}
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
