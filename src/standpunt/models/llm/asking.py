"""Questions put to a language model: each is sent once, side by side with others, and its answer kept as it comes."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan
from pathlib import Path
from typing import Any

from standpunt.errors import InputError, StandpuntError
from standpunt.models.llm.answers import Reply, form
from standpunt.models.llm.batches import sent_as_batches
from standpunt.models.llm.client import Client
from standpunt.models.llm.counting import Counts, counts_under_way
from standpunt.models.llm.limits import Limits
from standpunt.models.llm.prices import Price, price_of
from standpunt.models.llm.prompts import Messages
from standpunt.models.llm.settings import ANSWERS, NO, LlmConfig
from standpunt.models.llm.spending import Spending, spending_on
from standpunt.models.llm.store import FILE, AnswerStore

CHARACTERS = 3  # of Dutch to a token, about; fewer than tokenizers of large models make of it
_AT_ONCE = 10.0  # seconds for what a count can do without
_LIMITS: dict[tuple[str, int | None, int | None], Limits] = {}  # by address and numbers, for all models of a process
_REMEMBERED: dict[str, Reply] = {}  # where there is no file to keep answers in
_FIRST: dict[str, str] = {}  # by address, the first model that the server lists


@dataclass(frozen=True, slots=True)
class Question:
    """Messages to be answered; `draw` tells answers to the same messages apart."""

    messages: Messages
    draw: int = 0


class Desk:
    """Where the questions of one model of ours are put."""

    def __init__(self, config: LlmConfig, labels: Sequence[str], model: str | None = None) -> None:
        """Set up; nothing is sent before a question is put that is not kept.

        Args:
            config: how to ask.
            labels: of the form of an answer, in an order that does not depend on that of a model's columns.
            model: by its name on the server; that of the configuration, or else the first that the server lists.
        """
        self.config, self._labels = config, tuple(labels)
        self._name = model or config.model
        self._stop = threading.Event()

    @property
    def model(self) -> str:
        """The name of the model on the server.

        Raises:
            InputError: the server has none, or refuses to say.
            StandpuntError: it cannot be reached.
        """
        if self._name is None:
            address = self.config.base_url
            if address not in _FIRST:
                names = self.client.models()
                if not names:
                    raise InputError(f"{address}: it lists no model; load one, or name one in model.model")
                _FIRST[address] = names[0]
            self._name = _FIRST[address]
        return self._name

    @cached_property
    def client(self) -> Client:
        """What talks to the server."""
        config = self.config
        limits = (config.requests_per_minute, config.tokens_per_minute)
        shared = _LIMITS.setdefault((config.base_url, *limits), Limits(*limits))
        return Client(config, self._labels, shared, set(), sleep=self._pause)

    @property
    def spending(self) -> Spending:
        """What this process has used of the model."""
        return spending_on(self.config.base_url, self.model, self.price)

    @cached_property
    def price(self) -> Price | None:
        """What the model costs, where the table knows it.

        Raises:
            InputError: the table cannot be read, or a budget in money is set for a model without a price.
        """
        price = price_of(self._name or "", self.config.prices)
        if price is None and self.config.budget_money is not None:
            raise InputError(
                f"configuration: model.budget_money is set and the table of prices has no {self._name or 'model'}; add "
                "it to a table of your own (model.prices)"
            )
        return price

    def ask(self, questions: Sequence[Question], watch: Callable[[int, int, float], None] | None = None) -> list[Reply]:
        """Return the reply to each question; a question that is put twice is sent once.

        While questions are counted (see `standpunt.models.llm.counting`), none is sent and all replies are empty.

        Raises:
            InputError: the server refuses the key, the model or a question.
            StandpuntError: it fails time after time, or the budget is used up. What was answered is kept.
        """
        counts = counts_under_way()
        if counts is not None:
            return self._counted(questions, counts)
        keys = [self.key(question) for question in questions]
        wanted = dict(zip(keys, questions, strict=True))
        known = self._kept(wanted)
        self.spending.kept += len(known)
        missing = {key: question for key, question in wanted.items() if key not in known}
        if missing:
            known |= self._sent(missing, len(wanted), watch)
        return [known[key] for key in keys]

    def key(self, question: Question) -> str:
        """Return the hash of all that an answer depends on."""
        config = self.config
        asked = {
            "address": config.base_url,
            "model": self.model,
            "messages": question.messages,
            "draw": question.draw,
            "temperature": config.temperature,
            "seed": config.seed,
            "max_tokens": config.max_tokens,
            "form": form(self._labels, quotation=config.quotation) if config.schema else None,
            "logprobs": None if config.probabilities in (ANSWERS, NO) else config.top_logprobs,
            "options": config.options,
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _store(self) -> AnswerStore | None:
        return None if self.config.cache is None else AnswerStore(Path(self.config.cache))

    @property
    def _nothing_kept(self) -> bool:
        """Whether there is no file of answers yet; one is not made where questions are only counted."""
        return self.config.cache is not None and not (Path(self.config.cache) / FILE).is_file()

    def _kept(self, keys: Any) -> dict[str, Reply]:
        if self._store is not None:
            return self._store.read(keys)
        return {key: _REMEMBERED[key] for key in keys if key in _REMEMBERED}

    def keep(self, key: str, question: Question, reply: Reply, *, batch: bool = False) -> None:
        """Keep a reply and count what it took."""
        self.spending.took(reply, batch=batch)
        if self._store is None:
            _REMEMBERED[key] = reply
            return
        prompt = hashlib.sha256(json.dumps(question.messages).encode()).hexdigest()
        self._store.write(key, reply, address=self.config.base_url, model=self.model, prompt=prompt)

    def _sent(
        self, missing: dict[str, Question], total: int, watch: Callable[[int, int, float], None] | None
    ) -> dict[str, Reply]:
        """Send questions side by side; on the first failure no more are sent, and those under way come to their end."""
        config, client, spending = self.config, self.client, self.spending
        client.without = spending.without  # what one model learns of a server, the next one knows
        if config.batch:
            return self._batched(missing)
        done = total - len(missing)
        failures: list[BaseException] = []

        def send(key: str, question: Question) -> Reply:
            if self._stop.is_set():
                raise _StoppedError
            try:
                return send_one(key, question)
            except BaseException as error:
                failures.append(error)
                self._stop.set()
                raise

        def send_one(key: str, question: Question) -> Reply:
            tokens = estimated(question.messages)
            with spending.reserved(tokens, self.config.max_tokens, config.budget_tokens, config.budget_money):
                seed = self.config.seed + question.draw
                reply = client.complete(self.model, question.messages, seed, tokens + self.config.max_tokens)
                self.keep(key, question, reply)
            return reply

        replies: dict[str, Reply] = {}
        with ThreadPoolExecutor(min(self.config.concurrency, len(missing)), "llm") as pool:
            futures = {pool.submit(send, key, question): key for key, question in missing.items()}
            try:
                for number, future in enumerate(as_completed(futures), done + 1):
                    if failures:
                        raise failures[0]
                    replies[futures[future]] = future.result()
                    if watch is not None:
                        watch(number, total, nan)
            finally:
                self._stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                self._stop.clear()
        return replies

    def _batched(self, missing: dict[str, Question]) -> dict[str, Reply]:
        """Send questions as batches, and wait."""
        config, replies, store = self.config, dict[str, Reply](), self._store
        assert store is not None  # the settings see to it
        tokens = sum(estimated(question.messages) for question in missing.values())

        def keep(key: str, reply: Reply) -> None:
            if key in missing:
                replies[key] = reply
                self.keep(key, missing[key], reply, batch=True)

        questions = {key: (item.messages, config.seed + item.draw) for key, item in missing.items()}
        most = len(missing) * config.max_tokens
        with self.spending.reserved(tokens, most, config.budget_tokens, config.budget_money, batch=True):
            sent_as_batches(self.client, store, self.model, questions, keep, self._pause)
        return replies

    def _pause(self, seconds: float) -> None:
        """Wait, and not for a server that another question has failed on meanwhile."""
        if self._stop.wait(seconds):
            raise _StoppedError

    def _counted(self, questions: Sequence[Question], counts: Counts) -> list[Reply]:
        config, named = self.config, self._named()
        count = counts.of(config.base_url, self._name or "its first model", self.price, batch=config.batch)
        keys = [self.key(question) if named else repr(question) for question in questions]
        fresh = {key: question for key, question in zip(keys, questions, strict=True) if key not in counts.seen}
        counts.seen.update(fresh)
        known = {} if not named or self._nothing_kept else self._kept(fresh)
        count.kept += len(known)
        for key in fresh.keys() - known.keys():
            messages = fresh[key].messages
            tokens = self._counter.count_tokens(self._name or "", messages) if count.exact and self._counter else None
            count.exact = tokens is not None
            count.calls += 1
            count.tokens_in += estimated(messages) if tokens is None else tokens
            count.tokens_out += config.max_tokens
        return [Reply("")] * len(questions)

    def _named(self) -> bool:
        """Tell whether the model has a name, by the configuration or by a server that answers at once."""
        if self._name is None and self._counter is not None:
            with suppress(StandpuntError):
                self._name = next(iter(self._counter.models()), None)
        return self._name is not None

    @cached_property
    def _counter(self) -> Client | None:
        """A client that tries once, for what can be done without; None where there is none to be had."""
        try:
            once = replace(self.config, tries=1, timeout=min(self.config.timeout, _AT_ONCE))
            return Client(once, self._labels, Limits(None, None), set())
        except InputError:
            return None


class _StoppedError(StandpuntError):
    """Another question failed; this one is not sent."""

    def __init__(self) -> None:
        super().__init__("stopped")


def estimated(messages: Messages) -> int:
    """Return about how many tokens messages have."""
    return sum(len(text) // CHARACTERS + 4 for _, text in messages)
