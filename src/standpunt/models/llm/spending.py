"""What a command has asked a language model, what that took, and how much of its budget is left."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from standpunt.errors import StandpuntError
from standpunt.models.llm.answers import Reply
from standpunt.models.llm.prices import Price


@dataclass
class Spending:
    """What one process has used of one model on one server.

    Attributes:
        address: of the server.
        model: by its name there.
        price: of the model, where it is known.
        asked: questions that were sent and answered.
        kept: questions whose answers were kept from before.
        tokens_in: tokens of the questions sent.
        tokens_out: of their answers.
        money: what they cost, in the currency of the price.
        outcomes: of the questions put, by what came of them: "answered", "repeated", "no answer", "refused", and
            "quoted" and "misquoted" for quotations that stand in the turn and those that do not.
        without: parameters that the server does not take, so that requests go without them.
    """

    address: str
    model: str
    price: Price | None = None
    asked: int = 0
    kept: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    without: set[str] = field(default_factory=set)
    _reserved_tokens: int = 0
    _reserved_money: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @contextmanager
    def reserved(
        self, tokens_in: int, tokens_out: int, most_tokens: int | None, most_money: float | None, *, batch: bool = False
    ) -> Generator[None]:
        """Set aside what a request takes at most while it is under way.

        Args:
            tokens_in: of the question, about.
            tokens_out: of the answer, at most.
            most_tokens: the budget in tokens.
            most_money: the budget in money.
            batch: whether it is part of a batch.

        Raises:
            StandpuntError: it would go over the budget.
        """
        money = self.price.of(tokens_in, tokens_out, batch=batch) if self.price else 0.0
        tokens = tokens_in + tokens_out
        with self._lock:
            used = self.tokens_in + self.tokens_out
            if most_tokens is not None and used + self._reserved_tokens + tokens > most_tokens:
                raise self._spent(f"{used} of {most_tokens} tokens (model.budget_tokens)")
            if most_money is not None and self.money + self._reserved_money + money > most_money:
                currency = self.price.currency if self.price else ""
                raise self._spent(f"{self.money:.4f} of {most_money:g} {currency} (model.budget_money)")
            self._reserved_tokens += tokens
            self._reserved_money += money
        try:
            yield
        finally:
            with self._lock:
                self._reserved_tokens -= tokens
                self._reserved_money -= money

    def took(self, reply: Reply, *, batch: bool = False) -> None:
        """Count a reply that was paid for."""
        with self._lock:
            self.asked += 1
            self.tokens_in += reply.tokens_in
            self.tokens_out += reply.tokens_out
            if self.price is not None:
                self.money += self.price.of(reply.tokens_in, reply.tokens_out, batch=batch)

    def came_of(self, outcome: str, times: int = 1) -> None:
        """Count what came of a question."""
        with self._lock:
            self.outcomes[outcome] += times

    def record(self) -> dict[str, object]:
        """Return it as plain data, for a run folder."""
        return {
            "address": self.address,
            "model": self.model,
            "asked": self.asked,
            "kept": self.kept,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "money": None if self.price is None else round(self.money, 6),
            "currency": None if self.price is None else self.price.currency,
            "outcomes": dict(sorted(self.outcomes.items())),
            "without": sorted(self.without),
        }

    def copy(self) -> Spending:
        """Return it as it stands."""
        return replace(self, outcomes=Counter(self.outcomes), without=set(self.without), _lock=threading.Lock())

    def since(self, earlier: Spending | None) -> Spending:
        """Return what was used since it stood as it did earlier; all of it without that."""
        now = self.copy()
        for name in ("asked", "kept", "tokens_in", "tokens_out", "money") if earlier else ():
            setattr(now, name, getattr(self, name) - getattr(earlier, name))
        now.outcomes = self.outcomes - earlier.outcomes if earlier else now.outcomes
        return now

    def _spent(self, what: str) -> StandpuntError:
        return StandpuntError(
            f"{self.address}: the next question to {self.model} would go over the budget, {what} are used; the "
            f"{self.asked} answers so far are kept: raise the budget and give the same command again to go on"
        )


_ALL: dict[tuple[str, str], Spending] = {}


def spending_on(address: str, model: str, price: Price | None) -> Spending:
    """Return what this process has used of a model: all models of a command share it, and so its budget."""
    spending = _ALL.setdefault((address, model), Spending(address, model))
    spending.price = price or spending.price
    return spending


def spending_so_far() -> list[Spending]:
    """Return what this process has used of each model up to now, as it stands."""
    return [spending.copy() for spending in _ALL.values()]


def spending_since(before: Sequence[Spending]) -> list[dict[str, object]]:
    """Return what this process has used of each model since then (see `spending_so_far`), as plain data."""
    earlier = {(item.address, item.model): item for item in before}
    return [spending.since(earlier.get(key)).record() for key, spending in _ALL.items() if spending != earlier.get(key)]


def all_spending() -> list[Spending]:
    """Return what this process has used of each model that it asked."""
    return list(_ALL.values())


def forget_spending() -> None:
    """Begin a command anew, with a whole budget."""
    _ALL.clear()
