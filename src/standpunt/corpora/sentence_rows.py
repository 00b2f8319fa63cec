"""Rows of sentence tasks: a sentence as text, what stands around it as proposition; those of argument layers.

Every family of models reads a text against a proposition; so none of them needs to know that these are sentences.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from typing import Any

from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.corpora.corpus import (
    ADJUDICATED,
    AnnotatedDebate,
    chosen_layer,
    corpus_folder,
    debate_folders,
    load_argument_layers,
    load_corpus,
)
from standpunt.corpora.rows import NONE, answered, turn_columns
from standpunt.debate import Span
from standpunt.errors import InputError

# The tasks that a data set with claim, premise and none per sentence serves.
COMPONENT_TASKS = ("component", "argument", "claim_premise")
WORDS_AROUND = 30  # on either side; with a sentence of some length that fills what encoders read at a time
_GAP = "…"  # where the sentence itself stands

_Known = dict[tuple[int, Span], Sentence]


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


def argument_rows(
    name: str, task: str, *, layer: str, transcripts: str | os.PathLike[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a corpus for a sentence task.

    Components have a row a sentence of every turn that was read, frames a row a premise (see `sentence_rows` for the
    columns). Links have a row for each premise and each claim of its turn: the premise is the text and the claim the
    proposition, `distance` says how many sentences further the claim stands, and the label is the relation, or "none"
    where the premise points to another claim or to none.

    `start` and `end` are characters of the turn's text, as in the layer; `context` is the turn that is answered;
    `votes` are the labels of all annotators but the adjudicator, "" where one did not read the sentence or (claims,
    frames, links) sees no row of the task in it.

    Args:
        name: an annotated corpus by name or path.
        task: component, argument, claim_premise, frame or link.
        layer: the annotator whose labels to take; see `standpunt.corpora.corpus.chosen_layer`.
        transcripts: where texts are looked for that do not ship.

    Raises:
        InputError: the corpus has no argument layers, or a debate with such layers has none of this annotator.
        LayerError: a layer is malformed or does not belong to its text.
        TranscriptMissing: the text of a debate was not found.
    """
    corpus, folder = load_corpus(name, transcripts=transcripts), corpus_folder(name)
    layers = {
        item.name: load_argument_layers(folder / item.name, (item.debate, item.source)) for item in corpus.debates
    }
    if not any(layers.values()):
        raise InputError(f"corpus {name}: no argument layers; expected files arguments.NAME.jsonl beside source.json")
    for item in corpus.debates:
        by_annotator = layers[item.name]
        if not by_annotator:
            continue
        chosen = chosen_layer(by_annotator, layer, item.name, "argument layer").annotator
        shared = {"part": item.part} if corpus.divided else {}
        yield from _rows_of_debate(item, by_annotator, chosen, task, shared)


def argument_annotators(name: str, layer: str) -> tuple[str, ...]:
    """Return whose sentences are taken where those of `layer` are asked for; see `argument_rows`."""
    folders = debate_folders(corpus_folder(name))
    by_debate = {folder.name: load_argument_layers(folder) for folder in folders}
    return tuple(
        sorted({chosen_layer(layers, layer, debate).annotator for debate, layers in by_debate.items() if layers})
    )


def _rows_of_debate(
    item: AnnotatedDebate, layers: dict[str, ArgumentLayer], layer: str, task: str, shared: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    others = [other.by_sentence() for name, other in sorted(layers.items()) if name != ADJUDICATED]
    ordered = sorted(layers[layer].sentences, key=lambda sentence: (sentence.turn, sentence.span))
    for ordinal, group in groupby(ordered, key=lambda sentence: sentence.turn):
        turn, members = item.debate.turn(ordinal), list(group)
        context, source = answered(item.debate, turn), item.source
        about = turn_columns(item.name, source.date, turn, language=source.language, context=context) | shared
        texts = [turn.text[slice(*member.span)] for member in members]
        claims = [place for place, member in enumerate(members) if member.component == "claim"]
        labels = [NONE if member.component == "premise" else None for member in members]
        if task != "link":
            labels = [_label(member, task) for member in members]
        for row in sentence_rows(about, texts, labels, task):
            place = row["sentence"] - 1
            member = members[place]
            row |= {"start": member.span[0], "end": member.span[1]}
            if task != "link":
                yield row | {"votes": [_label(known.get((ordinal, member.span)), task) or "" for known in others]}
                continue
            for aim in claims:
                yield link_row(row, texts[aim], aim + 1) | {
                    "label": _relation(member, members[aim].span),
                    "votes": [_link_vote(known, ordinal, member.span, members[aim].span) for known in others],
                }


def _label(sentence: Sentence | None, task: str) -> str | None:
    """Return the label of a sentence, None where it is no row of the task."""
    if sentence is None:
        return None
    return sentence.frame if task == "frame" else component_label(sentence.component, task)


def _relation(premise: Sentence, claim: Span) -> str:
    return premise.relation or NONE if premise.target == claim else NONE


def _link_vote(known: _Known, turn: int, premise: Span, claim: Span) -> str:
    """Return what an annotator says of two sentences; "" where they are not premise and claim for that annotator."""
    first, second = known.get((turn, premise)), known.get((turn, claim))
    if first is None or second is None or (first.component, second.component) != ("premise", "claim"):
        return ""
    return _relation(first, claim)
