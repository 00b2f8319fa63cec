"""A language model as a classifier: the family `llm`."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.corpora.rows import NONE, Rows
from standpunt.debate import Span
from standpunt.errors import InputError
from standpunt.evaluation.calibration import fit_temperature, scaled
from standpunt.models.base import Model
from standpunt.models.llm.answers import Answer, Reply, label_shares, quoted_span, read_answer
from standpunt.models.llm.asking import Desk, Question
from standpunt.models.llm.counting import counts_under_way
from standpunt.models.llm.examples import Examples
from standpunt.models.llm.prompts import Messages, Prompts, in_fixed_order
from standpunt.models.llm.settings import ANSWERS, AUTO, LOGPROBS, NO, LlmConfig
from standpunt.models.llm.templates import Templates
from standpunt.models.windows.examples import records

FACTS = "llm.json"
READ = ("id", "language", "issue", "proposition", "text", "context", "label")
# What the label of an answer without probabilities gets, until the temperature makes of it how often such an answer is
# right.
STATED = 0.9


@dataclass(frozen=True, slots=True)
class Classified:
    """What a language model made of a row.

    Attributes:
        label: the most probable one; None where it gave no answer.
        probabilities: of the labels, in the order of the model's, calibrated; where it gave no answer, how often each
            label is among the training rows.
        evidence: where in the text its quotation stands; None for none, or one that is not in the text.
        quotation: what it quoted, whether that is in the text or not.
        refused: whether it declined to answer.
    """

    label: str | None
    probabilities: NDArray[np.float64]
    evidence: Span | None
    quotation: str
    refused: bool


class Llm(Model):
    """A language model that is asked for a label and a quotation, and was trained by others on what nobody knows.

    `fit` chooses the examples that are shown, and the temperature of the probabilities. What is asked is kept on disk
    (`standpunt.models.llm.store`), so that the same question is paid once.
    """

    config_class = LlmConfig
    calibrates_itself = True
    config: LlmConfig

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set a model up; see `Model`."""
        super().__init__(*args, **kwargs)
        self._asked_labels = in_fixed_order(self.labels)
        self._shares = np.full(len(self.labels), 1 / len(self.labels))
        self._examples = Examples(self.config, [])
        self._ways: set[str] = set()
        self._templates: Templates | None = None
        self._desk = Desk(self.config, self._asked_labels)
        self._calibrated_on = 0
        self._known: dict[bytes, Classified] = {}

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        templates = Templates.read(self.config.templates)
        if templates.sha256 != self.config.templates_sha256:
            raise InputError(
                f"configuration: the templates{f' in {self.config.templates}' if self.config.templates else ''} are "
                "not those of model.templates_sha256; leave that setting out, or bring the templates back"
            )
        self._templates, self._known = templates, {}
        self._shares = np.bincount(gold, minlength=len(self.labels)) / len(gold)
        self._examples = Examples.of(self.config, train, seed)
        held = records(train if dev is None or len(dev) == 0 else dev, READ)
        if len(held) > self.config.calibration_rows:
            held = random.Random(seed).sample(held, self.config.calibration_rows)
        self._calibrated_on = 0
        if not held:
            return
        answers = self._answered(held)
        given = [place for place, item in enumerate(answers) if item.label is not None]
        if given:
            probabilities = np.stack([answers[place].probabilities for place in given])
            labels = np.array([self.labels.index(held[place]["label"]) for place in given])
            self.temperature = fit_temperature(probabilities, labels)
            self._calibrated_on = len(given)

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return np.stack([item.probabilities for item in self._answered(records(rows, READ))])

    def predict_with_evidence(self, rows: Rows) -> tuple[NDArray[np.float64], list[Span | None]]:
        """Return probabilities, shape (n_rows, n_labels), and the span [start, end) of each text that is quoted.

        The span is None where the turn does not address the issue, nothing was quoted, or the quotation is not in the
        text.
        """
        answers = self.classify(rows)
        if not answers:
            return np.zeros((0, len(self.labels))), []
        return np.stack([item.probabilities for item in answers]), [item.evidence for item in answers]

    def classify(self, rows: Rows) -> list[Classified]:
        """Return what the language model made of each row."""
        return [
            Classified(item.label, self._calibrated(item.probabilities), item.evidence, item.quotation, item.refused)
            for item in self._answered(records(rows, READ))
        ]

    def abstained(self, rows: Rows) -> NDArray[np.bool_]:
        """Return for each row, shape (n_rows,), whether it got no answer."""
        return np.array([item.label is None for item in self._answered(records(rows, READ))], dtype=bool)

    def messages(self, rows: Rows) -> list[Messages]:
        """Return what is said to the language model about each row."""
        if len(rows) == 0:
            return []
        read = records(rows, READ)
        prompts = self._prompts()
        examples = self._examples.for_rows(read)
        return [
            prompts.messages(row, self.issues.get(row.get("issue", "")), shown)
            for row, shown in zip(read, examples, strict=True)
        ]

    @property
    def language_model(self) -> str:
        """The name of the model on its server; where the configuration names none, the server is asked for it."""
        return self._desk.model

    @property
    def probabilities_from(self) -> str | None:
        """What the probabilities of its answers are made of; None where one of them had none."""
        return None if "none" in self._ways else ", ".join(sorted(self._ways)) or None

    def shown(self) -> list[dict[str, Any]]:
        """Return the labelled rows that it may show."""
        return self._examples.pool

    def _prompts(self) -> Prompts:
        config = self.config
        if self._templates is None:
            self._templates = Templates.read(config.templates)
        return Prompts(
            self._templates,
            self.labels,
            language=config.language,
            context=config.context,
            quotation=config.quotation,
            max_words=config.max_words,
            example_words=config.example_words,
        )

    def _calibrated(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        return probabilities if self.temperature is None else scaled(probabilities[None], self.temperature)[0]

    def _answered(self, rows: Sequence[dict[str, Any]]) -> list[Classified]:
        """Return what was made of rows, with probabilities as they are given; each is asked about once."""
        messages = self.messages(rows)
        keys = [_digest(row, said) for row, said in zip(rows, messages, strict=True)]
        new = {key: place for place, key in enumerate(keys) if key not in self._known}
        if new:
            made = self._asked([rows[place] for place in new.values()], [messages[place] for place in new.values()])
            if counts_under_way() is not None:
                return [Classified(None, self._shares, None, "", False)] * len(rows)
            self._known.update(zip(new, made, strict=True))
        return [self._known[key] for key in keys]

    def _asked(self, rows: Sequence[dict[str, Any]], messages: Sequence[Messages]) -> list[Classified]:
        """Ask about rows; while questions are counted, nothing is made of them."""
        draws = self.config.answers
        questions = [Question(said, draw) for said in messages for draw in range(draws)]
        replies = self._desk.ask(questions, self.watch)
        if counts_under_way() is not None:
            return []
        answers = [read_answer(reply, self.labels) for reply in replies]
        self._ask_again(rows, questions, replies, answers)
        return [
            self._classified(row, answers[place * draws :][:draws], replies[place * draws :][:draws])
            for place, row in enumerate(rows)
        ]

    def _ask_again(
        self, rows: Sequence[dict[str, Any]], questions: list[Question], replies: list[Reply], answers: list[Answer]
    ) -> None:
        """Ask once more, saying so, where an answer was none; put what comes in the place of the first."""
        spending, prompts = self._desk.spending, self._prompts()
        poor = [place for place, answer in enumerate(answers) if answer.label is None and not answer.refused]
        again = []
        for place in poor:
            row, question = rows[place // self.config.answers], questions[place]
            again.append(Question(prompts.again(row, question.messages, replies[place].text), question.draw))
        spending.came_of("repeated", len(poor))
        for place, reply in zip(poor, self._desk.ask(again, self.watch) if again else [], strict=True):
            replies[place], answers[place] = reply, read_answer(reply, self.labels)
        for answer in answers:
            spending.came_of("refused" if answer.refused else "no answer" if answer.label is None else "answered")

    def _classified(self, row: dict[str, Any], answers: Sequence[Answer], replies: Sequence[Reply]) -> Classified:
        """Make one of the answers to the same question."""
        given = [(answer, reply) for answer, reply in zip(answers, replies, strict=True) if answer.label is not None]
        if not given:
            return Classified(None, self._shares, None, "", any(answer.refused for answer in answers))
        probabilities = self._probabilities(given)
        label = self.labels[int(probabilities.argmax())]
        quotation = next((answer.quotation for answer, _ in given if answer.label == label and answer.quotation), "")
        evidence = quoted_span(row["text"], quotation)
        if quotation and label != NONE:
            self._desk.spending.came_of("misquoted" if evidence is None else "quoted")
        return Classified(label, probabilities, None if label == NONE else evidence, quotation, False)

    def _probabilities(self, given: Sequence[tuple[Answer, Reply]]) -> NDArray[np.float64]:
        """Return the probabilities that answers to one question give, shape (n_labels,).

        Raises:
            InputError: the configuration wants log-probabilities and the server gives none.
        """
        wanted = self.config.probabilities
        if wanted in (AUTO, LOGPROBS):
            shares = [part for _, reply in given if (part := label_shares(reply.tokens, self.labels)) is not None]
            if shares:
                self._ways.add("log-probabilities")
                return np.mean(shares, axis=0)
            if wanted == LOGPROBS:
                raise InputError(
                    f"{self.config.base_url}: it gives no log-probabilities for {self._desk.model}; set "
                    f"model.probabilities={ANSWERS} with model.answers, or {NO}"
                )
        counts = np.zeros(len(self.labels))
        for answer, _ in given:
            counts[self.labels.index(str(answer.label))] += 1
        if wanted != NO and self.config.answers > 1:
            self._ways.add(f"{self.config.answers} answers")
            return (counts + 1 / len(counts)) / (counts.sum() + 1)
        self._ways.add("none")
        probabilities = np.full(len(counts), (1 - STATED) / max(1, len(counts) - 1))
        probabilities[int(counts.argmax())] = STATED
        return probabilities / probabilities.sum()

    def _save_weights(self, folder: Path) -> None:
        templates = self._templates or Templates.read(self.config.templates)
        facts = {
            "model": self._desk.model if self._ways else self.config.model,
            "shares": self._shares.tolist(),
            "probabilities": sorted(self._ways),
            "calibrated_on": self._calibrated_on,
            "examples": self._examples.pool,
            "templates": templates.sources,
        }
        (folder / FACTS).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        self._shares = np.array(facts["shares"])
        self._ways = set(facts["probabilities"])
        self._calibrated_on = int(facts["calibrated_on"])
        self._examples = Examples(self.config, records(facts["examples"], None))
        self._templates = Templates(facts["templates"])
        self._desk = Desk(self.config, self._asked_labels, facts["model"])

    def describe(self) -> dict[str, Any]:
        """Return what is asked of which model, and what the probabilities are made of."""
        ways = {"none": f"none: the server gives none, the label answered gets {STATED} before calibration"}
        pool = self._examples.pool
        return {
            "language model": self._desk.model if self._ways else self.config.model,
            "prompt": (self._templates or Templates.read(self.config.templates)).sha256[:16],
            "probabilities from": ", ".join(ways.get(way, way) for way in sorted(self._ways)) or "not asked yet",
            "calibrated on": f"{self._calibrated_on} rows",
            "turns shown as examples": f"{len(pool)} in {FACTS}, with their text" if pool else "none",
        }


def _digest(row: Mapping[str, Any], messages: Messages) -> bytes:
    return hashlib.sha256(json.dumps([row["text"], messages]).encode()).digest()
