"""Pointing a trained model at a debate."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.annotation.issues import Issue, load_issue
from standpunt.corpora.rows import NONE, answered, row
from standpunt.debate import Debate, Span
from standpunt.errors import InputError, unknown_name
from standpunt.models.base import Model
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.memory import enough_memory
from standpunt.prediction.arguments import arguments_of_pairs, arguments_type
from standpunt.storage.files import atomic_path
from standpunt.tasks import TASKS, TURN

ABSTAIN = "abstain"
BATCH = 1024  # pairs at a time: what a model holds in memory does not grow with the number of turns
RUNTIMES = ("torch", "onnx")
SUFFIXES = (".csv", ".jsonl", ".parquet")
_CONTEXT = ["debate", "turn", "ordinal", "speaker", "party", "role", "kind", "start", "end", "issue"]
_NUMBERS = ("ordinal", "start", "end", "evidence_start", "evidence_end")
_TEXTS = {*_CONTEXT, "label", "evidence", "file", "date"} - {*_NUMBERS}


def load_for(folder: str | os.PathLike[str], runtime: str = "torch") -> Model:
    """Load a model to predict with.

    Args:
        folder: of a saved model, or the name of a shipped one.
        runtime: "torch", or "onnx" for a cross-encoder, alone or in another model, with 8-bit weights in onnxruntime.

    Raises:
        ModelError: the model cannot be loaded.
        InputError: the runtime is unknown, not installed, or not made for the model's family.
    """
    if runtime not in RUNTIMES:
        raise unknown_name("runtime", runtime, RUNTIMES)
    model = Model.load(folder)
    if runtime == "torch":
        return model
    from standpunt.models.finetuned.onnx import to_onnx

    return to_onnx(model)


def check_evidence(model: Model) -> None:
    """Refuse a model that cannot tell where in a turn its answer comes from.

    Raises:
        InputError: neither it nor a model within it can.
    """
    if not model.tells_evidence:
        within = " with these models in it" if model.family in ("two_stage", "blend") else ""
        raise InputError(
            f"model {model.config.name}: family {model.family}{within} cannot tell where in a turn its answer comes "
            "from; leave out --evidence, or take a model of family cross_encoder, embeddings, nli or poles, or a "
            "two_stage or blend with one of them"
        )


def check_unit(model: Model) -> None:
    """Refuse a model that is not about turns.

    Raises:
        InputError: it is about sentences.
    """
    task = TASKS.get(model.provenance.task)
    if task is not None and task.unit != TURN:
        raise InputError(
            f"model {model.config.name}: made for task {task.name}, which is about sentences; give a model of stance"
        )


def check_confidence(least: float | None) -> None:
    """Refuse a least confidence that is no probability.

    Raises:
        InputError: it is not a number from 0 to 1.
    """
    if least is not None and not 0 <= least <= 1:
        raise InputError(f"min_confidence is {least}; expected a number from 0 to 1")


def asked_about(model: Model, issues: Sequence[str] | None) -> dict[str, Issue]:
    """Return the issues to predict: those that are given, or the model's own; each once.

    Returns:
        Definitions, keyed by the name or file that each is given by.

    Raises:
        InputError: an issue is unknown, none is given and the model has none, two that differ have one name, or the
            model is not about turns.
    """
    check_unit(model)
    if isinstance(issues, str):
        raise InputError(f"issues is the text {issues!r}; expected a list of names or files, such as [{issues!r}]")
    found: dict[str, Issue] = {}
    for given in issues or model.issues:
        issue = model.issues.get(given) or load_issue(given)
        same = next((other for other, known in found.items() if known.name == issue.name), None)
        if same is None:
            found[given] = issue
        elif found[same] != issue:
            raise InputError(
                f"issues {same} and {given}: both have the name {issue.name!r} and they differ; rename one of them or "
                "leave it out"
            )
    if not found:
        raise InputError(
            f"model {model.config.name}: it has no issues of its own; name those to predict, "
            "e.g. --issues no_fly_zone,frozen_assets"
        )
    return found


def predict_debate(
    model: Model,
    debate: Debate,
    issues: Sequence[str] | None = None,
    *,
    min_confidence: float | None = None,
    evidence: bool = False,
    arguments: ArgumentModel | None = None,
) -> pd.DataFrame:
    """Classify every turn that is not the chair's on every issue.

    Args:
        model: a trained model.
        debate: the debate as read.
        issues: names or files of issues; by default those the model was trained on. A model takes an issue it was not
            trained on by what it has learnt from the others.
        min_confidence: the probability below which the label is "abstain".
        evidence: whether to tell which part of the turn carried the answer.
        arguments: the model to find premises and claims with, where they are wanted.

    Returns:
        One row a (turn, issue) pair: `debate, turn, ordinal, speaker, party, role, kind, start, end, issue`, a column
        `p_<label>` for each label of the model, and `label`, the most probable one. With evidence also
        `evidence_start, evidence_end`, offsets into the turn's text, and `evidence`, what stands there; missing where
        the label is "none" or the model does not know. With an argument model also `arguments`, the premises and claims
        of the turn that concern the issue, ranked, as records (see
        `standpunt.prediction.arguments.arguments_of_pairs`); there are none where the label is "none".

    Raises:
        InputError: an issue is unknown, none is given and the model has none, two that differ have one name, the model
            knows no evidence, it is not about turns, or `min_confidence` is no probability.
    """
    chosen = list(asked_about(model, issues).values())
    frame = predict_issues(model, debate, chosen, min_confidence=min_confidence, evidence=evidence)
    return frame if arguments is None else _with_arguments(frame, arguments, debate, chosen)


def predict_issues(
    model: Model,
    debate: Debate,
    issues: Sequence[Issue],
    *,
    min_confidence: float | None = None,
    evidence: bool = False,
) -> pd.DataFrame:
    """Do what `predict_debate` does for issues that are at hand."""
    check_unit(model)
    check_confidence(min_confidence)
    if evidence:
        check_evidence(model)
    # Some families read more of an issue than its proposition.
    informed = model.knowing({issue.name: issue for issue in issues})
    pairs = ((turn, issue) for turn in debate.turns if turn.speaker.role != "chair" for issue in issues)
    about: list[dict[str, Any]] = []
    probabilities = [np.zeros((0, len(model.labels)))]
    spans: list[Span | None] = []
    while batch := list(islice(pairs, BATCH)):
        rows = [row(debate.id, debate.date, turn, issue, context=answered(debate, turn)) for turn, issue in batch]
        if evidence:
            knows: Any = informed
            with enough_memory("predict with", model.config.name):
                found, carried = knows.predict_with_evidence(rows)
            spans += carried
        else:
            found = informed.predict_proba(rows)
        probabilities.append(found)
        about += [{name: item[name] for name in _CONTEXT} for item in rows]
    frame = _labelled(pd.DataFrame(about, columns=_CONTEXT), np.concatenate(probabilities), model, min_confidence)
    return _with_evidence(frame, debate, spans) if evidence else frame


def _labelled(
    frame: pd.DataFrame, probabilities: NDArray[np.float64], model: Model, least: float | None
) -> pd.DataFrame:
    columns: dict[str, Any] = {f"p_{label}": probabilities[:, place] for place, label in enumerate(model.labels)}
    labels = [model.labels[index] for index in probabilities.argmax(axis=1)]
    if least is not None:
        sure = probabilities.max(axis=1) >= least
        labels = [label if enough else ABSTAIN for label, enough in zip(labels, sure, strict=True)]
    return frame.assign(**columns, label=labels)


def _with_evidence(frame: pd.DataFrame, debate: Debate, spans: list[Span | None]) -> pd.DataFrame:
    texts = {turn.id: turn.text for turn in debate.turns}
    known = [None if label == NONE else span for label, span in zip(frame["label"], spans, strict=True)]
    return frame.assign(
        evidence_start=pd.array([span and span[0] for span in known], dtype="Int64"),
        evidence_end=pd.array([span and span[1] for span in known], dtype="Int64"),
        evidence=[span and texts[turn][slice(*span)] for turn, span in zip(frame["turn"], known, strict=True)],
    )


def _with_arguments(frame: pd.DataFrame, model: ArgumentModel, debate: Debate, issues: list[Issue]) -> pd.DataFrame:
    found = arguments_of_pairs(model, debate, issues)
    pairs = zip(frame["turn"], frame["issue"], frame["label"], strict=True)
    column = [[] if label == NONE else found.get((turn, issue), []) for turn, issue, label in pairs]
    return frame.assign(arguments=pd.Series(column, index=frame.index, dtype=object))


def check_suffix(path: str | os.PathLike[str]) -> None:
    """Refuse an output file whose suffix names no known format.

    Raises:
        InputError: the suffix is not one of `SUFFIXES`.
    """
    if Path(path).suffix not in SUFFIXES:
        raise InputError(f"{os.fspath(path)}: unknown output format; use a name that ends in {', '.join(SUFFIXES)}")


def write_predictions(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write predictions as CSV, JSON Lines or Parquet, by the suffix of `path`, in one step.

    Arguments are a list of records in JSON Lines and Parquet, and JSON in a cell of CSV.

    Raises:
        InputError: the suffix is unknown, or the folder does not exist.
        StandpuntError: writing failed; nothing is left behind and an older file is untouched.
    """
    check_suffix(path)
    with atomic_path(path) as temporary:
        if temporary.suffix == ".csv":
            if "arguments" in frame:
                frame = frame.assign(arguments=frame["arguments"].map(partial(json.dumps, ensure_ascii=False)))
            frame.to_csv(temporary, index=False)
        elif temporary.suffix == ".jsonl":
            if len(frame):  # no rows are no lines
                frame.to_json(temporary, orient="records", lines=True, force_ascii=False, double_precision=15)
        else:
            write_parquet([frame], temporary)


def write_parquet(frames: Sequence[pd.DataFrame], path: Path) -> int:
    """Write Parquet with one schema whatever is missing (dates, parties, offsets, rows); return the number of rows."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema({name: _type(frames[0][name]) for name in frames[0].columns})
    table = pa.concat_tables(pa.Table.from_pandas(frame, schema, preserve_index=False) for frame in frames)
    with parquet.ParquetWriter(path, schema) as writer:
        if table.num_rows:  # datasets cannot read a group of no rows
            writer.write_table(table.replace_schema_metadata())
    return table.num_rows


def _type(column: pd.Series) -> Any:
    """Return the Arrow type of a column: of ours by its name, of one that a caller added by what it holds."""
    import pyarrow as pa

    name = str(column.name)
    if name == "arguments":
        return arguments_type()
    if name in _NUMBERS:
        return pa.int64()
    if name.startswith("p_"):
        return pa.float64()
    return pa.large_string() if name in _TEXTS else pa.Array.from_pandas(column).type
