"""Rows of sentence tasks: a sentence as text, what stands around it as proposition.

Every family of models reads a text against a proposition; so none of them needs to know that these are sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from standpunt.corpora.rows import NONE

# The tasks that a data set with claim, premise and none per sentence serves.
COMPONENT_TASKS = ("component", "argument", "claim_premise")
WORDS_AROUND = 30  # on either side; with a sentence of some length that fills what encoders read at a time
_GAP = "…"  # where the sentence itself stands


def sentence_rows(
    about: Mapping[str, Any], sentences: Sequence[str], labels: Sequence[str | None], task: str
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a turn, one a sentence.

    Args:
        about: the columns that the rows share: those of the turn, its `id` among them.
        sentences: all sentences of the turn, in order.
        labels: one a sentence; None for a sentence that is no row of the task, only context.
        task: the name of the task; it stands in the column `issue`.

    Yields:
        `about` with `id` (of the turn, and the number of the sentence), `issue`, `text`, `proposition` (the words
        around the sentence, "…" in its place), `sentence` (its number in the turn, from 1), `sentences` (how many the
        turn has) and `label`.
    """
    words = [sentence.split() for sentence in sentences]
    ends = list(accumulate(map(len, words)))
    flat = [word for part in words for word in part]
    for number, (text, label, part, end) in enumerate(zip(sentences, labels, words, ends, strict=True), start=1):
        if label is None:
            continue
        start = end - len(part)
        around = [*flat[max(0, start - WORDS_AROUND) : start], _GAP, *flat[end : end + WORDS_AROUND]]
        yield {
            **about,
            "id": f"{about['id']}/{number:03d}",
            "issue": task,
            "text": text,
            "proposition": " ".join(around),
            "sentence": number,
            "sentences": len(sentences),
            "label": label,
        }


def link_row(premise: Mapping[str, Any], claim: str, number: int) -> dict[str, Any]:
    """Return the row of a premise and a claim of its turn.

    Args:
        premise: its row, as `sentence_rows` yields it.
        claim: the text of the claim.
        number: which sentence of the turn the claim is, from 1.

    Returns:
        The row with the claim as proposition, and `distance`, how many sentences further the claim stands.
    """
    return {
        **premise,
        "id": f"{premise['id']}/{number:03d}",
        "proposition": claim,
        "distance": number - premise["sentence"],
    }


def component_label(component: str, task: str) -> str | None:
    """Return the label that a component (claim, premise, none) has in one of `COMPONENT_TASKS`; None for no row."""
    if task == "argument":
        return NONE if component == NONE else "argument"
    return None if task == "claim_premise" and component == NONE else component
