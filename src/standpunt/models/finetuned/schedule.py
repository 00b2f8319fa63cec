"""How a training goes on: in which batches, at which learning rate, with which optimizer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_WARMUP = 0.06  # of all updates
_LAST = 0.05  # of the learning rate


@dataclass(frozen=True, slots=True)
class Schedule:
    """How to train.

    Attributes:
        epochs: passes over the training examples at most.
        batch_size: examples an update; `accumulate` divides it into so many forward passes.
        accumulate: see `batch_size`.
        learning_rate: the highest, after a warm-up over the first updates and before a linear decay to a twentieth.
        weight_decay: of matrices; vectors have none.
        max_tokens: length a pair is cut to, or each of its texts where they are read separately (see `pairs`).
        patience: evaluations on dev without a better loss after which training stops; 0 never stops early.
        evaluate_every: updates between evaluations on dev; 0 evaluates after each epoch.
        checkpoint_every: updates between checkpoints, where a folder for them is given.
    """

    epochs: int
    batch_size: int
    accumulate: int
    learning_rate: float
    weight_decay: float
    max_tokens: int
    patience: int
    evaluate_every: int
    checkpoint_every: int


def batches(lengths: Sequence[int], schedule: Schedule, seed: int) -> Iterator[list[int]]:
    """Yield the batches of all epochs: shuffled, but with examples of like length together, for little padding."""
    for epoch in range(schedule.epochs):
        draw = random.Random(f"{seed}/{epoch}")
        order = list(range(len(lengths)))
        draw.shuffle(order)
        pool = schedule.batch_size * 50
        batches = []
        for start in range(0, len(order), pool):
            part = sorted(order[start : start + pool], key=lambda index: lengths[index])
            batches += [part[at : at + schedule.batch_size] for at in range(0, len(part), schedule.batch_size)]
        draw.shuffle(batches)
        yield from batches


def rate_factor(update: int, total: int) -> float:
    """Return what the learning rate is multiplied with at an update."""
    rising = max(1, round(total * _WARMUP))
    if update <= rising:
        return update / rising
    return max(_LAST, (total - update) / max(1, total - rising))


def optimizer(parameters: Sequence[torch.nn.Parameter], schedule: Schedule) -> torch.optim.AdamW:
    """Return AdamW with weight decay on matrices alone."""
    import torch

    matrices, vectors = [p for p in parameters if p.ndim > 1], [p for p in parameters if p.ndim <= 1]
    return torch.optim.AdamW(
        [{"params": matrices, "weight_decay": schedule.weight_decay}, {"params": vectors, "weight_decay": 0.0}],
        lr=schedule.learning_rate,
    )
