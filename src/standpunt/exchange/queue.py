"""What to annotate next, written for the tool: unlabelled pairs chosen by a strategy."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standpunt.annotation.issues import Issue, load_issue, shipped_issues
from standpunt.annotation.layers import Layer
from standpunt.annotation.selection import DISAGREEMENT, choose
from standpunt.corpora.corpus import ADJUDICATED
from standpunt.corpora.rows import NONE, answered, row
from standpunt.debate import Turn
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.collector import Collector
from standpunt.exchange.label_studio import task_data, tasks_text
from standpunt.exchange.label_studio_config import labelling_config
from standpunt.exchange.predictions import prediction
from standpunt.exchange.sheets import COLUMNS, STANCE, read_sheet, stance_row
from standpunt.exchange.sheets_import import row_turn
from standpunt.models.base import Model
from standpunt.storage.files import atomic_path
from standpunt.storage.spreadsheet import sheet

SUFFIXES = (".json", ".csv")


@dataclass(frozen=True)
class Pair:
    """A turn and an issue to label; `probabilities` of the models, their mean, where there are any.

    `label` is the one that it has already, empty where nobody labelled it yet.
    """

    turn: Turn
    issue: Issue
    probabilities: NDArray[np.float64] | None = None
    label: str = ""


def next_pairs(
    annotations: Annotations,
    layer: Layer,
    models: Sequence[Model],
    strategy: str,
    n: int,
    seed: int = 0,
    seen: Collection[tuple[int, str]] = (),
) -> list[Pair]:
    """Choose among the pairs of a debate that a layer does not label.

    Args:
        annotations: the debate with all its layers.
        layer: the stance layer to go on with; its issues are asked for.
        models: trained models, whose labels must be the same; a committee where there are several.
        strategy: one of `standpunt.annotation.selection.STRATEGIES`; disagreement with fewer than two models is that
            between the other annotators' layers.
        n: how many pairs are wanted.
        seed: decides between equally good ones.
        seen: pairs (turn ordinal, issue) to leave out, since a layer does not tell a turn that was looked at and does
            not address the issue from one that nobody looked at; see `asked_before`.

    Returns:
        At most `n` pairs, the best first.

    Raises:
        InputError: an issue is not defined, the models' labels differ, or the strategy lacks what it needs.
    """
    done = {*layer.by_pair(), *seen}
    pairs = [(turn, issue) for turn, issue in all_pairs(annotations, layer) if (turn.ordinal, issue.name) not in done]
    if not pairs:
        return []
    committee = predicted(annotations, models, pairs)
    by_layers = strategy == DISAGREEMENT and len(models) < 2
    others = [
        (other.issues, other.by_pair())
        for name, other in sorted(annotations.stance.items())
        if name not in (ADJUDICATED, layer.annotator)
    ]
    turns = {turn.ordinal: turn.text for turn in annotations.debate.turns}
    chosen = choose(
        strategy,
        n,
        size=len(pairs),
        seed=seed,
        committee=() if by_layers else committee,
        votes=[
            [votes.get((turn.ordinal, issue.name), NONE) if issue.name in named else "" for turn, issue in pairs]
            for named, votes in others
        ],
        texts=[turn.text for turn, _ in pairs],
        known=[turns[ordinal] for ordinal in sorted({ordinal for ordinal, _ in done})],
    )
    mean = np.mean(committee, axis=0) if committee else None
    return [Pair(*pairs[index], probabilities=mean[index] if mean is not None else None) for index in chosen]


def all_pairs(annotations: Annotations, layer: Layer) -> list[tuple[Turn, Issue]]:
    """Return the pairs of a debate that a layer could label: all but the chair's, in the order of the debate.

    Raises:
        InputError: an issue is not defined.
    """
    issues = [_definition(annotations, name) for name in layer.issues]
    return [(turn, issue) for turn in annotations.debate.turns if turn.speaker.role != "chair" for issue in issues]


def write_queue(
    path: str | os.PathLike[str],
    annotations: Annotations,
    layer: Layer,
    pairs: Sequence[Pair],
    model: Model | None,
    *,
    delimiter: str = ",",
) -> None:
    """Write pairs for the tool, by the suffix of the file.

    .json: tasks of Label Studio, a turn each with what is asked in its heading and the model's output as prediction,
    and beside it the labelling config under the same name with .xml. .csv: rows of stance.csv, to fill in the label.
    `delimiter` stands between their cells.

    Raises:
        InputError: the suffix is unknown, a file of that name exists already, or the folder does not exist.
        StandpuntError: writing failed; nothing is left behind.
    """
    check_out(path)
    if Path(path).suffix == ".csv":
        rows = [stance_row(layer.annotator, pair.turn, pair.issue.name, pair.label) for pair in pairs]
        with atomic_path(path) as temporary:
            temporary.write_bytes(sheet(COLUMNS[STANCE], rows, delimiter))
        return
    by_turn: dict[int, list[Pair]] = {}
    for pair in pairs:
        by_turn.setdefault(pair.turn.ordinal, []).append(pair)
    bare, tasks = annotations.without_layers(), []
    for asked in by_turn.values():
        turn, names = asked[0].turn, [pair.issue.name for pair in asked]
        data = task_data(bare, turn, layer.issues)
        data |= {"heading": f"{data['heading']}: {', '.join(names)}", "asked": names}
        rows = [pair.probabilities for pair in asked if pair.probabilities is not None]
        guess = [prediction(model, names, np.stack(rows))] if model is not None and rows else []
        tasks.append({"id": turn.ordinal, "data": data, "annotations": [], "predictions": guess})
    with atomic_path(path) as temporary, atomic_path(Path(path).with_suffix(".xml")) as config:
        config.write_text(labelling_config(layer.issues, annotations.definitions), encoding="utf-8")
        temporary.write_text(tasks_text(tasks), encoding="utf-8")


def check_out(path: str | os.PathLike[str]) -> None:
    """Refuse an output file whose suffix names no known format, and one that exists: somebody may have filled it in.

    Raises:
        InputError: the suffix is not one of `SUFFIXES`, or the file, or the config that would go beside it, exists.
    """
    place = Path(path)
    if place.suffix not in SUFFIXES:
        raise InputError(f"{place}: unknown output format; use a name that ends in .json (Label Studio) or .csv")
    for file in [place, place.with_suffix(".xml")] if place.suffix == ".json" else [place]:
        if file.exists():
            raise InputError(f"{file}: exists already; choose another name")


def asked_before(paths: Iterable[str | os.PathLike[str]], annotations: Annotations) -> set[tuple[int, str]]:
    """Return the pairs (turn ordinal, issue) of files that `write_queue` made, filled in since or not.

    Raises:
        LayerError: a file cannot be read, is no such file, or is about another debate.
    """
    collector = Collector(annotations)
    pairs: set[tuple[int, str]] = set()
    for path in map(Path, paths):
        if path.suffix == ".csv":
            for line, row in read_sheet(path, COLUMNS[STANCE]):
                turn = row_turn(row, collector, f"{path}, line {line}")
                pairs.add((turn.ordinal, row["issue"].strip()))
            continue
        try:
            tasks = [(task["data"], list(task["data"]["asked"])) for task in json.loads(path.read_bytes())]
        except OSError as error:
            raise LayerError(f"{path}: cannot be read ({error.strerror}); expected a file of annotate next") from None
        except (ValueError, RecursionError, KeyError, TypeError):
            raise LayerError(f"{path}: not tasks that annotate next wrote, or their export from Label Studio") from None
        for number, (data, asked) in enumerate(tasks, start=1):
            where = f"{path}, task {number}"
            collector.source(data.get("sha256"), where)
            turn = collector.turn(data.get("ordinal"), where)
            pairs |= {(turn.ordinal, issue) for issue in asked}
    return pairs


def _definition(annotations: Annotations, name: str) -> Issue:
    if name in annotations.definitions:
        return annotations.definitions[name]
    if name in shipped_issues():
        return load_issue(name)
    raise InputError(
        f"unknown issue {name!r}: no file defines it in the folder issues beside the debate's; an import writes layers "
        "only, so put them into the debate's folder in its corpus"
    )


def predicted(
    annotations: Annotations, models: Sequence[Model], pairs: Sequence[tuple[Turn, Issue]]
) -> list[NDArray[np.float64]]:
    """Return each model's probabilities for all pairs, the columns in the order of the first model's labels.

    Raises:
        InputError: the models' labels differ.
    """
    debate, language = annotations.debate, annotations.source.language
    rows = [
        row(debate.id, debate.date, turn, issue, language=language, context=answered(debate, turn))
        for turn, issue in pairs
    ]
    found = []
    for model in models:
        if sorted(model.labels) != sorted(models[0].labels):
            raise InputError(
                f"the models have different labels: {', '.join(models[0].labels)} and {', '.join(model.labels)}"
            )
        found.append(model.predict_proba(rows)[:, [model.labels.index(label) for label in models[0].labels]])
    return found
