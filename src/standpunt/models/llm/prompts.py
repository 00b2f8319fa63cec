"""A prompt: what is asked of a language model about one row, made from the issue file and the codebook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import SIDES, STANCES
from standpunt.corpora.rows import language_of
from standpunt.models.llm.templates import AGAIN, LANGUAGES, OTHER, QUESTION, STANCE, SYSTEM, Templates
from standpunt.storage.paths import PROMPTS

Messages = tuple[tuple[str, str], ...]  # role and text of each
GAP = "[…]"
LABEL, QUOTATION = "label", "quotation"


class Prompts:
    """Makes prompts of rows, with the templates of one model."""

    def __init__(
        self,
        templates: Templates,
        labels: Sequence[str],
        *,
        language: str | None = None,
        context: bool = True,
        quotation: bool = True,
        max_words: int | None = None,
        example_words: int = 120,
    ) -> None:
        """Set up.

        Args:
            templates: what is said.
            labels: the label scheme; they are named in this order whatever that of the model is.
            language: of the prompt; that of each row by default.
            context: whether the turn that is answered is shown.
            quotation: whether one is asked for.
            max_words: of a turn that is asked about; the middle of a longer one is left out.
            example_words: of a turn that is shown as an example.
        """
        self.templates, self._language = templates, language
        self._context, self._quotation = context, quotation
        self._labels = in_fixed_order(labels)
        self._kind = STANCE if {*SIDES} <= {*labels} else OTHER
        self._max_words, self._example_words = max_words, example_words

    def messages(
        self, row: Mapping[str, Any], issue: Issue | None, examples: Sequence[Mapping[str, Any]] = ()
    ) -> Messages:
        """Return the messages of a question.

        Args:
            row: what is asked about.
            issue: what defines its issue, where that is known.
            examples: labelled rows that are shown before it, in this order.
        """
        language = self.language(row)
        said: list[tuple[str, str]] = [("system", self._said(language, SYSTEM, {"context": self._context}))]
        for example in examples:
            said.append(("user", self._question(language, example, None, example=True)))
            said.append(("assistant", answer_to(example, quotation=self._quotation)))
        said.append(("user", self._question(language, row, issue, example=False)))
        return tuple(said)

    def again(self, row: Mapping[str, Any], messages: Messages, answer: str) -> Messages:
        """Return the messages after an answer that was none: it, and what was wrong with it."""
        return (*messages, ("assistant", answer or "…"), ("user", self._said(self.language(row), AGAIN, {})))

    def language(self, row: Mapping[str, Any]) -> str:
        """Return the language of the prompt for a row."""
        own = self._language or language_of(row)
        return own if own in LANGUAGES else "en"

    def _question(self, language: str, row: Mapping[str, Any], issue: Issue | None, *, example: bool) -> str:
        text = row["text"]
        if example:
            text = _around(text, row.get("evidence") or [], self._example_words)
        elif self._max_words is not None:
            text = shortened(text, self._max_words)
        answered = row.get("context") or ""
        values = {
            "proposition": row.get("proposition") or "",
            "issue": None if issue is None else _said_of(issue, language),
            "text": text,
            "answered": shortened(answered, self._example_words) if self._context and not example else "",
            "example": example,
        }
        return self._said(language, QUESTION, values)

    def _said(self, language: str, block: str, values: Mapping[str, Any]) -> str:
        definitions = {label: _definitions().get(label, {}).get(language, "") for label in self._labels}
        shared = {"labels": self._labels, "definitions": definitions, "quotation": self._quotation}
        return self.templates.render(self._kind, language, block, {**shared, **values})


def answer_to(example: Mapping[str, Any], *, quotation: bool) -> str:
    """Return the answer to a labelled row, as the model is to give it."""
    answer = {LABEL: example["label"]}
    if quotation:
        spans = example.get("evidence") or []
        words = example["text"][spans[0][0] : spans[0][1]].split() if spans else []
        answer[QUOTATION] = " ".join(words)
    return json.dumps(answer, ensure_ascii=False)


def shortened(text: str, words: int) -> str:
    """Return a text without its middle where it is longer than so many words."""
    parts = text.split()
    if len(parts) <= words:
        return text
    first = (words + 1) // 2
    return " ".join([*parts[:first], GAP, *parts[len(parts) - (words - first) :]])


def _around(text: str, spans: Sequence[tuple[int, int]], words: int) -> str:
    """Return at most so many words of a text, those around its first span where it has one."""
    parts = text.split()
    if len(parts) <= words:
        return text
    begin = 0
    if spans:
        before, within = len(text[: spans[0][0]].split()), len(text[spans[0][0] : spans[0][1]].split())
        begin = min(max(0, before - max(0, words - within) // 2), len(parts) - words)
    end = begin + words
    return " ".join([*([GAP] if begin else []), *parts[begin:end], *([GAP] if end < len(parts) else [])])


def in_fixed_order(labels: Sequence[str]) -> tuple[str, ...]:
    """Return labels in the order in which they are defined, so that the order of a model's columns changes nothing."""
    known = [*STANCES, *_definitions()]
    place = {label: index for index, label in enumerate(known)}
    place["none"] = len(known)
    return tuple(sorted(labels, key=lambda label: (place.get(label, len(known) - 1), label)))


def _said_of(issue: Issue, language: str) -> dict[str, Any]:
    """Return what defines an issue, in a language if it is defined in it."""
    own = issue.language_for(language)
    return {
        "definition": issue.definition[own],
        "pro": issue.pro[own],
        "con": issue.con[own],
        "border_cases": list(issue.border_cases),
    }


@cache
def _definitions() -> dict[str, dict[str, str]]:
    return yaml.safe_load((PROMPTS / "labels.yaml").read_text(encoding="utf-8"))
