"""Pointing an argument model at a debate: what each sentence does, what premises appeal to, what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.corpora.rows import NONE, answered, turn_columns
from standpunt.corpora.sentence_rows import link_row, sentence_rows
from standpunt.debate import Debate, Turn
from standpunt.models.base import Model
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.prediction.relevance import concerning
from standpunt.text.sentences import split_sentences

SENTENCE_COLUMNS = (
    "turn", "ordinal", "sentence", "start", "end", "text", "component", "p_component", "frame", "p_frame", "relation",
    "target",
)  # fmt: skip
RECORD_TYPES = {
    "component": str, "frame": str, "relation": str, "relevance": float, "p_component": float, "p_frame": float,
    "sentence": int, "target": int, "text": str, "text_start": int, "text_end": int, "start": int, "end": int,
    "anchor": str,
}  # fmt: skip
# Sentences from premise to claim. No annotated link of the Ukraine debate or the fictional ones is longer, and the
# number of pairs of a very long turn stays linear in its sentences.
REACH = 15
_BATCH = 1024  # rows at a time

Record = dict[str, Any]


def predict_sentences(model: ArgumentModel, debate: Debate, language: str = LANGUAGE) -> pd.DataFrame:
    """Classify every sentence of every turn that is not the chair's.

    Args:
        model: the argument model.
        debate: the debate as read.
        language: of the debate, a code such as "nl".

    Returns:
        One row a sentence, with `SENTENCE_COLUMNS`: `turn` (id) and its `ordinal`; `sentence`, its number in the turn,
        from 1; `start, end`, characters of the turn's text; `component` and its probability; for premises `frame` and
        its probability, and, where the model finds a link, `relation` ("support" or "attack") and `target`, the number
        of the claim's sentence. Missing values are None.
    """
    table = [record for turn in debate.turns if turn.speaker.role != "chair" for record in _split(turn)]
    by_turn: dict[int, list[Record]] = defaultdict(list)
    for record in table:
        by_turn[record["ordinal"]].append(record)
    about = {ordinal: _about(debate, ordinal, language) for ordinal in by_turn}
    for record, probabilities in _classified(model.component, about, by_turn, "component"):
        best = int(probabilities.argmax())
        record |= {"component": model.component.labels[best], "p_component": float(probabilities[best])}
    for record, probabilities in _classified(model.frame, about, by_turn, "frame"):
        best = int(probabilities.argmax())
        record |= {"frame": model.frame.labels[best], "p_frame": float(probabilities[best])}
    _link(model.link, about, by_turn)
    frame = pd.DataFrame(table, columns=list(SENTENCE_COLUMNS))
    return frame.astype({"target": "Int64", "p_component": float, "p_frame": float})


def arguments_of_pairs(
    model: ArgumentModel, debate: Debate, issues: Sequence[Issue], language: str = LANGUAGE
) -> dict[tuple[str, str], list[Record]]:
    """Return the premises and claims of each turn that concern each issue, the most relevant first.

    Args:
        model: the argument model.
        debate: the debate as read.
        issues: the issues; see `standpunt.prediction.relevance.concerning` for what concerns one.
        language: of the debate.

    Returns:
        By turn (id) and issue (name) a list of records: `component`, `frame` and `relation` (None where there is none),
        `relevance` (0 to 1), `p_component`, `p_frame`, `sentence` (its number in the turn, from 1), `target` (that of
        the claim a premise belongs to), `text`, `text_start, text_end` (characters of the turn's text), `start, end`
        (characters of the file; None where the format has no offsets) and `anchor` (id of the turn's element, where the
        format has them). A pair without arguments has no entry.
    """
    by_pair: dict[tuple[str, str], list[Record]] = defaultdict(list)
    table = concerning(predict_sentences(model, debate, language), issues, language=language)
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        turn, span = debate.turn(row["turn"]), (row["start"], row["end"])
        start, end = debate.to_source(turn, *span) if turn.spans else (None, None)
        placed = {"text_start": span[0], "text_end": span[1], "start": start, "end": end, "anchor": turn.anchor}
        by_pair[turn.id, row["issue"]].append({name: placed.get(name, row.get(name)) for name in RECORD_TYPES})
    return dict(by_pair)


def arguments_type() -> Any:
    """Return the Arrow type of a list of such records, the same whatever is missing."""
    import pyarrow as pa

    types = {str: pa.string(), float: pa.float64(), int: pa.int64()}
    return pa.list_(pa.struct([(name, types[kind]) for name, kind in RECORD_TYPES.items()]))


def _split(turn: Turn) -> Iterator[Record]:
    for number, (start, end) in enumerate(split_sentences(turn.text), start=1):
        empty = dict.fromkeys(SENTENCE_COLUMNS)
        about = {"turn": turn.id, "ordinal": turn.ordinal, "sentence": number, "start": start, "end": end}
        yield empty | about | {"text": turn.text[start:end]}


def _about(debate: Debate, ordinal: int, language: str) -> Record:
    """Return the columns that the rows of a turn share."""
    turn = debate.turn(ordinal)
    return turn_columns(debate.id, debate.date, turn, language=language, context=answered(debate, turn))


def _rows(about: Record, members: list[Record], task: str) -> Iterator[tuple[Record, Record]]:
    """Yield the records of a turn that are rows of the task, each with its row."""
    wanted = [NONE if task == "component" or member["component"] == "premise" else None for member in members]
    rows = sentence_rows(about, [member["text"] for member in members], wanted, task)
    yield from ((members[row["sentence"] - 1], row) for row in rows)


def _classified(
    model: Model, about: dict[int, Record], by_turn: dict[int, list[Record]], task: str
) -> Iterator[tuple[Record, NDArray[np.float64]]]:
    pairs = (pair for ordinal, members in by_turn.items() for pair in _rows(about[ordinal], members, task))
    yield from _in_batches(model, pairs)


def _in_batches(model: Model, pairs: Iterable[tuple[Any, Record]]) -> Iterator[tuple[Any, NDArray[np.float64]]]:
    """Yield what comes with each row, and the probabilities of the row."""
    pairs = iter(pairs)
    while batch := list(islice(pairs, _BATCH)):
        probabilities = model.predict_proba([row for _, row in batch])
        yield from ((about, values) for (about, _), values in zip(batch, probabilities, strict=True))


def _link(model: Model, about: dict[int, Record], by_turn: dict[int, list[Record]]) -> None:
    """Note of each premise the claim it most probably belongs to, if the model says that it belongs to it."""
    none = model.labels.index(NONE)
    nearest = defaultdict(lambda: 1.0)  # by premise: how probable it is that it does not belong to the best claim yet
    for (premise, claim), probabilities in _in_batches(model, _candidates(about, by_turn)):
        key = (premise["ordinal"], premise["sentence"])
        if int(probabilities.argmax()) != none and probabilities[none] < nearest[key]:
            nearest[key] = probabilities[none]
            premise |= {"relation": model.labels[int(probabilities.argmax())], "target": claim["sentence"]}


def _candidates(
    about: dict[int, Record], by_turn: dict[int, list[Record]]
) -> Iterator[tuple[tuple[Record, Record], Record]]:
    for ordinal, members in by_turn.items():
        for premise, row in _rows(about[ordinal], members, "link"):
            place = premise["sentence"] - 1
            for claim in members[max(0, place - REACH) : place + REACH + 1]:
                if claim["component"] == "claim":
                    yield (premise, claim), link_row(row, claim["text"], claim["sentence"])
