"""Arguments: who gives which reasons for and against an issue, whether annotators or a model found them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from standpunt.analysis.stances import position_holder, stances_of_layers
from standpunt.annotation.arguments import ArgumentLayer
from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.annotation.layers import OPPOSITE, STANCES
from standpunt.corpora.corpus import ADJUDICATED, corpus_folder, load_argument_layers, load_corpus
from standpunt.debate import Debate
from standpunt.errors import InputError, unknown_name
from standpunt.prediction.arguments import SENTENCE_COLUMNS
from standpunt.prediction.relevance import concerning

COLUMNS = (
    "issue", "side", "ordinal", "turn", "speaker", "holder", "stance", "component", "frame", "relation", "relevance",
    "rank", "sentence", "start", "end", "text",
)  # fmt: skip


def sentences_of_layer(debate: Debate, layer: ArgumentLayer) -> pd.DataFrame:
    """Return the sentences of an argument layer as a model's are given, with probability one.

    Args:
        debate: the text the layer was checked against.
        layer: whose labels to take.

    Returns:
        One row a sentence, with the columns of `standpunt.prediction.arguments.predict_sentences`.
    """
    ordered = sorted(layer.sentences, key=lambda item: (item.turn, item.span))
    numbers = {
        (ordinal, item.span): number
        for ordinal, members in groupby(ordered, key=lambda item: item.turn)
        for number, item in enumerate(members, start=1)
    }
    records = []
    for item in ordered:
        turn = debate.turn(item.turn)
        records.append(
            {
                "turn": turn.id,
                "ordinal": item.turn,
                "sentence": numbers[item.turn, item.span],
                "start": item.span[0],
                "end": item.span[1],
                "text": turn.text[slice(*item.span)],
                "component": item.component,
                "p_component": 1.0,
                "frame": item.frame,
                "p_frame": 1.0 if item.frame else np.nan,
                "relation": item.relation,
                "target": numbers[item.turn, item.target] if item.target else None,
            }
        )
    return pd.DataFrame(records, columns=list(SENTENCE_COLUMNS)).astype({"target": "Int64"})


def arguments_of_layers(
    debate: Debate,
    arguments: ArgumentLayer,
    stances: pd.DataFrame,
    issues: Sequence[Issue],
    language: str = LANGUAGE,
) -> pd.DataFrame:
    """Return the arguments that annotators found in the turns that take a stance on an issue.

    Argument layers do not say which issue a sentence is about. What the stance annotators marked as evidence concerns
    the issue, with the premises that belong to it; in a turn where they marked no claim and no premise it is told by
    the words, as in predictions (`standpunt.prediction.relevance.concerning`).

    Args:
        debate: the text.
        arguments: the argument layer.
        stances: as `standpunt.analysis.stances.stances_of_layers` returns them.
        issues: the issues wanted.
        language: of the text, a code such as "nl".

    Returns:
        One row an argument and issue, with `COLUMNS`: `stance` is that of the turn on the issue; `side` what the
        argument speaks for, the other one where a premise attacks the claim it belongs to; `holder` the party,
        "cabinet" or the speaker; `start, end` characters of the turn's text.
    """
    pairs = zip(stances["ordinal"], stances["issue"], stances["evidence"], strict=True)
    evidence = {(ordinal, issue): spans for ordinal, issue, spans in pairs}
    table = concerning(sentences_of_layer(debate, arguments), issues, evidence, language)
    stance = dict(zip(zip(stances["ordinal"], stances["issue"], strict=True), stances["stance"], strict=True))
    labelled = [(row, stance.get((row["ordinal"], row["issue"]))) for row in table.to_dict("records")]
    return _table(debate, ((row, label) for row, label in labelled if label is not None))


def arguments_of_predictions(debate: Debate, predictions: pd.DataFrame) -> pd.DataFrame:
    """Return the arguments that `predict_debate` or `standpunt predict --arguments` found.

    Args:
        debate: the debate the predictions are of.
        predictions: with the columns `turn`, `issue`, `label` and `arguments`, the last as records or as JSON (CSV).

    Returns:
        As `arguments_of_layers`; rows whose label is no stance ("none", "abstain") are left out.

    Raises:
        InputError: a column is missing, or a turn is not one of the debate.
    """
    for name in ("turn", "issue", "label", "arguments"):
        if name not in predictions:
            raise InputError(f"the predictions have no column {name}; expected those of standpunt predict --arguments")
    known = {turn.id for turn in debate.turns}
    labelled = []
    columns = (predictions[name] for name in ("turn", "issue", "label", "arguments"))
    for turn, issue, label, cell in zip(*columns, strict=True):
        if turn not in known:
            raise InputError(f"turn {turn} of the predictions is not one of the debate {debate.id}")
        if label not in STANCES:
            continue
        records = json.loads(cell) if isinstance(cell, str) else cell
        for rank, record in enumerate(records, start=1):
            place = {
                "turn": turn,
                "issue": issue,
                "rank": rank,
                "start": record["text_start"],
                "end": record["text_end"],
            }
            labelled.append(({**record, **place}, label))
    return _table(debate, labelled)


def arguments_of_corpus(
    name: str,
    issues: Sequence[str],
    *,
    layer: str,
    stances: str = ADJUDICATED,
    transcripts: str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """Return the annotated arguments on some issues of all debates of a corpus.

    Args:
        name: an annotated corpus by name or path.
        issues: names of issues annotated in it.
        layer: the annotator of the arguments; debates that this annotator did not read are left out.
        stances: the annotator of the stances.
        transcripts: where texts are looked for that do not ship; see `standpunt.corpora.corpus.load_corpus`.

    Returns:
        As `arguments_of_layers`, with the name of the debate in a first column `debate`.

    Raises:
        InputError: there is no such corpus or stance layer, an issue was not annotated in it, or no debate has such an
            argument layer.
        LayerError: a layer is malformed or does not belong to its text.
        TranscriptMissing: the text of a debate was not found.
    """
    corpus, folder = load_corpus(name, transcripts=transcripts), corpus_folder(name)
    for issue in issues:
        if issue not in corpus.issues:
            raise unknown_name(f"issue of corpus {name}", issue, corpus.issues)
    parts, known = [], set()
    for item in corpus.debates:
        layers = load_argument_layers(folder / item.name, (item.debate, item.source))
        known.update(layers)
        if layer in layers:
            labels = stances_of_layers(item.debate, item.layer(stances))
            defined = [corpus.issues[issue] for issue in issues]
            arguments = arguments_of_layers(item.debate, layers[layer], labels, defined, item.source.language)
            parts.append(arguments.assign(debate=item.name)[["debate", *arguments]])
    if not parts:
        raise unknown_name(f"argument layer of corpus {name}", layer, known)
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _table(debate: Debate, labelled: Iterable[tuple[Mapping[str, Any], str]]) -> pd.DataFrame:
    """Return arguments, each with the stance of its turn, as a table with `COLUMNS`."""
    records = []
    for row, stance in labelled:
        turn = debate.turn(str(row["turn"]))
        relation = row["relation"] if isinstance(row["relation"], str) else None
        about = {
            "side": OPPOSITE.get(stance, stance) if relation == "attack" else stance,
            "ordinal": turn.ordinal,
            "speaker": turn.speaker.name,
            "holder": position_holder(turn),
            "stance": stance,
            "frame": row["frame"] if isinstance(row["frame"], str) else None,
            "relation": relation,
        }
        records.append({**{name: row.get(name) for name in COLUMNS}, **about})
    frame = pd.DataFrame(records, columns=list(COLUMNS))
    return frame.sort_values(["issue", "ordinal", "rank"], kind="stable", ignore_index=True)
