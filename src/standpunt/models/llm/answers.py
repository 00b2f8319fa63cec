"""Answers: their form, what is read from them, and the probabilities that their tokens give the labels."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.debate import Span
from standpunt.errors import InputError
from standpunt.models.llm.prompts import LABEL, QUOTATION

# Up to the first character of the label, in an answer.
_BEFORE = re.compile(rf'"{LABEL}"\s*:\s*"')


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an answer with its log-probability, and those that could have stood there with theirs."""

    text: str
    logprob: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered.

    Attributes:
        text: of the answer; empty for none.
        finish: why it ends, in the server's words: "stop", "length", "content_filter".
        refused: whether the model or the server declined to answer.
        tokens: those up to the label, where the server gives log-probabilities.
        tokens_in: tokens of the question, as the server counts them.
        tokens_out: of the answer.
    """

    text: str
    finish: str = "stop"
    refused: bool = False
    tokens: tuple[Token, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0

    def to_json(self) -> str:
        """Return it as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Reply:
        """Return what `to_json` wrote."""
        data = json.loads(text)
        tokens = [
            Token(item["text"], item["logprob"], tuple((text, value) for text, value in item["others"]))
            for item in data.pop("tokens")
        ]
        return cls(tokens=tuple(tokens), **data)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read from a reply.

    Attributes:
        label: None where it was no answer.
        quotation: what is quoted, "" for nothing.
        refused: whether the model declined.
    """

    label: str | None
    quotation: str = ""
    refused: bool = False


def form(labels: Sequence[str], *, quotation: bool) -> dict[str, Any]:
    """Return the JSON schema of an answer. The label comes first: its probability depends on the question alone."""
    properties: dict[str, Any] = {LABEL: {"type": "string", "enum": list(labels)}}
    if quotation:
        properties[QUOTATION] = {"type": "string"}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read_completion(completion: Any, where: str) -> Reply:
    """Return the reply in what a server answered, as the client gives it or as a batch has it.

    Raises:
        InputError: it is something else.
    """
    data = completion.model_dump() if hasattr(completion, "model_dump") else completion
    try:
        choice = data["choices"][0]
        message, usage = choice["message"] or {}, data.get("usage") or {}
        content = message.get("content") or ""
        finish = str(choice.get("finish_reason") or "")
        listed = (choice.get("logprobs") or {}).get("content") or []
        tokens = [
            Token(
                str(item["token"]),
                float(item["logprob"]),
                tuple((str(other["token"]), float(other["logprob"])) for other in item.get("top_logprobs") or ()),
            )
            for item in listed
        ]
        refused = bool(message.get("refusal")) or finish == "content_filter"
        counts = int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise InputError(
            f"{where}: something else than a chat completion was answered; the address usually ends in /v1"
        ) from None
    return Reply(str(content), finish, refused, until_label(tokens), *counts)


def read_answer(reply: Reply, labels: Sequence[str]) -> Answer:
    """Read a reply: JSON of the form asked for, also with words around it, or a label alone."""
    if reply.refused:
        return Answer(None, refused=True)
    bare = reply.text.strip().strip("\"'`.*").strip()
    if bare in labels:
        return Answer(bare)
    for data in _objects(reply.text):
        label = data.get(LABEL)
        if isinstance(label, str) and label.strip() in labels:
            quotation = data.get(QUOTATION)
            return Answer(label.strip(), quotation.strip() if isinstance(quotation, str) else "")
    return Answer(None)


def quoted_span(text: str, quotation: str) -> Span | None:
    """Return where a quotation stands in a text, word for word and white space aside; None where it does not."""
    words = quotation.split()
    if not words:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return None if found is None else found.span()


def until_label(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens up to the end of the label: what stands behind it says nothing of its probability."""
    said = ""
    for place, token in enumerate(tokens):
        said += token.text
        found = _BEFORE.search(said)
        if found and '"' in said[found.end() :]:
            return tuple(tokens[: place + 1])
    return tuple(tokens) if _BEFORE.search(said) else ()


def label_shares(tokens: Sequence[Token], labels: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the probability of each label by the log-probabilities of the tokens that spell it.

    At each token of the label, what could have stood there counts for the labels that go on with it, and they share
    what there is: it is the distribution of an answer that has to be one of the labels. A label that goes on with none
    of the tokens that the server tells of gets half of what the least probable one of them has: it has between nothing
    and that, and less than what was answered.

    Args:
        tokens: of an answer, up to its label.
        labels: the label scheme.

    Returns:
        Shape (n_labels,), summing to one; None where the tokens name no label.
    """
    said = "".join(token.text for token in tokens)
    found = _BEFORE.search(said)
    if found is None:
        return None
    shares, reached, spelt = np.zeros(len(labels)), 1.0, ""
    alive = list(range(len(labels)))
    end = 0
    for token in tokens:
        begin, end = end, end + len(token.text)
        if end <= found.end():
            continue
        head = said[begin : found.end()]  # what the token has before the label; empty behind its first one
        listed = {**dict(token.others), token.text: token.logprob}
        masses, going_on, left_open = np.zeros(len(labels)), [], 0.0
        for text, logprob in listed.items():
            tail = text[len(head) :] if text.startswith(head) else ""
            begun = [place for place in alive if tail and _goes_on(spelt + tail, labels[place])]
            if text == token.text and not begun:
                return None
            if text == token.text and len(begun) > 1:
                going_on, left_open = begun, exp(logprob)
            elif begun:
                masses[begun] += exp(logprob) / len(begun)
        unlisted = [place for place in alive if masses[place] == 0 and place not in going_on]
        masses[unlisted] = exp(min(listed.values())) / 2
        total = masses.sum() + left_open
        shares += reached * masses / total
        if not going_on:
            return shares
        reached, spelt, alive = reached * left_open / total, spelt + token.text[len(head) :], going_on
    return None


def _goes_on(spelt: str, label: str) -> bool:
    """Tell whether a label can go on as spelt, or ends in it with the sign behind it."""
    return label.startswith(spelt) or spelt.startswith(f'{label}"')


def _objects(text: str) -> list[dict[str, Any]]:
    """Return the JSON objects in a text, the last one first: what a model thinks stands before what it answers."""
    decoder, found, at = json.JSONDecoder(), [], text.find("{")
    while at >= 0:
        try:
            data, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        else:
            if isinstance(data, dict):
                found.append(data)
        at = text.find("{", end)
    return found[::-1]
