"""What predictions of a debate say beside the stances: evidence, claims and premises."""

from __future__ import annotations

import pandas as pd

from standpunt.analysis.arguments import arguments_of_predictions
from standpunt.annotation.arguments import Sentence
from standpunt.debate import Debate, Span
from standpunt.errors import InputError
from standpunt.prediction.reading import SPAN


def predicted_evidence(debate: Debate, rows: pd.DataFrame) -> dict[tuple[int, str], tuple[Span, ...]]:
    """Return the part of a turn that carried each answer, by turn and issue, where the model told it.

    Raises:
        InputError: a part reaches beyond its turn.
    """
    if SPAN[0] not in rows:
        return {}
    turns = {turn.id: turn for turn in debate.turns}
    told = rows[rows[SPAN[0]].notna() & rows["turn"].isin(turns)]
    evidence = {}
    for name, issue, start, end in zip(*(told[name] for name in ("turn", "issue", *SPAN)), strict=True):
        turn = turns[name]
        if end > len(turn.text):
            raise InputError(
                f"the evidence on {issue} in turn {name} ends at {end:g}, the turn has {len(turn.text)} characters; "
                "give the report that the predictions were made from"
            )
        evidence[turn.ordinal, issue] = ((int(start), int(end)),)
    return evidence


def predicted_sentences(debate: Debate, rows: pd.DataFrame) -> tuple[Sentence, ...]:
    """Return the claims and premises that were predicted, each once, whatever issues they concern."""
    if "arguments" not in rows:
        return ()
    sentences = arguments_of_predictions(debate, rows).drop_duplicates(["ordinal", "start", "end"]).astype(object)
    return tuple(
        Sentence(
            row["ordinal"], (row["start"], row["end"]), row["speaker"], row["component"], row["frame"], row["relation"]
        )
        for row in sentences.where(sentences.notna(), None).to_dict("records")
    )
