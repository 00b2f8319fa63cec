"""What a command would ask, counted and not asked."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from standpunt.models.llm.prices import Price


@dataclass
class Count:
    """What would be asked of one model on one server.

    Attributes:
        address: of the server.
        model: by its name there.
        price: of the model, where it is known.
        batch: whether the questions would go as a batch.
        calls: questions that would be sent.
        kept: questions whose answers are kept already.
        tokens_in: tokens of the questions that would be sent.
        tokens_out: of their answers, at most.
        exact: whether the server's tokenizer counted all of them; they are estimated without it.
    """

    address: str
    model: str
    price: Price | None
    batch: bool = False
    calls: int = 0
    kept: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    exact: bool = True

    @property
    def money(self) -> float | None:
        """What it would cost at most; None where no price is known."""
        return None if self.price is None else self.price.of(self.tokens_in, self.tokens_out, batch=self.batch)


@dataclass
class Counts:
    """What would be asked of each model; `seen` are the questions that were counted."""

    counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def of(self, address: str, model: str, price: Price | None, *, batch: bool) -> Count:
        """Return the count of a model, to add to."""
        return self.counts.setdefault((address, model), Count(address, model, price, batch))


_UNDER_WAY: list[Counts] = []


@contextmanager
def counting() -> Generator[Counts]:
    """Let every language model count its questions, and ask none, while the block runs.

    The models answer with what they answer where there is no answer.
    """
    counts = Counts()
    _UNDER_WAY.append(counts)
    try:
        yield counts
    finally:
        _UNDER_WAY.remove(counts)


def counts_under_way() -> Counts | None:
    """Return where questions are counted; None where they are asked."""
    return _UNDER_WAY[-1] if _UNDER_WAY else None
