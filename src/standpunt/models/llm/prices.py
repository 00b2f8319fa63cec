"""What tokens cost, by a small table that can be edited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from standpunt.errors import InputError
from standpunt.storage.paths import PROMPTS

SHIPPED = PROMPTS / "prices.yaml"
_MILLION = 1_000_000
_FIELDS = {"input", "output", "batch"}


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs for a million tokens of question and of answer; `batch`: the share that a batch costs."""

    input: float
    output: float
    currency: str
    batch: float = 1.0

    def of(self, tokens_in: int, tokens_out: int, *, batch: bool = False) -> float:
        """Return what so many tokens cost."""
        share = self.batch if batch else 1.0
        return share * (tokens_in * self.input + tokens_out * self.output) / _MILLION


def price_of(model: str, file: str | None) -> Price | None:
    """Return the price of a model by its name; None where the table does not have it.

    Args:
        model: its name on the server.
        file: a table of one's own; the shipped one by default.

    Raises:
        InputError: the table cannot be read.
    """
    path = SHIPPED if file is None else Path(file)
    expected = "expected 'currency', and 'models' with input and output, a price a million tokens, for each name"
    try:
        table: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        entry, currency = table["models"].get(model), str(table["currency"])
        if entry is None:
            return None
        if not {"input", "output"} <= entry.keys() <= _FIELDS:
            raise ValueError
        price = Price(currency=currency, **{name: float(value) for name, value in entry.items()})
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected a table of prices") from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise InputError(f"{path}: no table of prices; {expected}") from None
    if min(price.input, price.output, price.batch) < 0:
        raise InputError(f"{path}: the price of {model} is below 0")
    return price
