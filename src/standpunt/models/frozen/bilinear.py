"""A learned comparison of vectors: is a text nearer to the one of two poles or to the other?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy, dropout

_SCALE, _WIDTH = 20.0, 384  # makes of vectors of length one and so many numbers about one a number
_LAST = 0.05  # of the learning rate


@dataclass(frozen=True, slots=True)
class BilinearSettings:
    """How to train.

    Attributes:
        epochs: passes over the training examples.
        batch_size: examples an update.
        learning_rate: the first; it falls linearly to a twentieth.
        weight_decay: of the matrices; of everything else a tenth.
        dropout: share of the numbers of a vector that an update does not see.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    dropout: float


class BilinearScorer(nn.Module):
    """Logits for the pole p, for the pole c and for `others` further labels, of texts w.

    With m the middle between the poles, d = p - c, and all of them seen from the mean text, the logit of p is
    a = (w - g m)' (A B' + diag) d and that of c is -a: they change places with the poles. Those of the other labels are
    w' (E F') m + w' l + b, which stay as they are. A and B are `side_text` and `side_poles`, E and F `other_text` and
    `other_poles`, g is `middle`, diag `diagonal`, l `linear` and b `bias`.
    """

    def __init__(self, mean: torch.Tensor, rank: int, others: int) -> None:
        """Set up for vectors like `mean`, that of the texts to train on."""
        super().__init__()
        self.mean: torch.Tensor
        width = len(mean)
        self.register_buffer("mean", mean)
        self._scale = _SCALE * (width / _WIDTH) ** 0.5
        self.side_text, self.side_poles = nn.Parameter(_drawn(width, rank)), nn.Parameter(_drawn(width, rank))
        self.other_text = nn.Parameter(_drawn(others, width, rank))
        self.other_poles = nn.Parameter(_drawn(others, width, rank))
        self.diagonal = nn.Parameter(torch.full((width,), 0.01))
        self.middle = nn.Parameter(torch.tensor(0.5))
        self.linear = nn.Parameter(torch.zeros(others, width))
        self.bias = nn.Parameter(torch.zeros(others))

    def forward(self, texts: torch.Tensor, pros: torch.Tensor, cons: torch.Tensor, hidden: float = 0.0) -> torch.Tensor:
        """Return logits, shape (n, 2 + others), for vectors of shape (n, width); `hidden` is the dropout."""
        seen = dropout((texts - self.mean) * self._scale, hidden)
        middle = dropout(((pros + cons) / 2 - self.mean) * self._scale, hidden)
        difference = (pros - cons) * self._scale
        size = self.side_text.shape[1] ** 0.5
        centred = seen - self.middle * middle
        side = ((centred @ self.side_text) * (difference @ self.side_poles)).sum(dim=1) * (0.1 / size)
        side = side + ((centred * difference) @ self.diagonal)
        others = ((seen @ self.other_text) * (middle @ self.other_poles)).sum(dim=2).T * (0.05 / size)
        others = others + 0.2 * (seen @ self.linear.T) + self.bias
        return torch.cat([side[:, None], -side[:, None], others], dim=1)


def fit_bilinear(
    texts: torch.Tensor,
    pros: torch.Tensor,
    cons: torch.Tensor,
    labels: torch.Tensor,
    weights: torch.Tensor,
    schedule: BilinearSettings,
    *,
    rank: int,
    others: int,
    seed: int,
    watch: Callable[[int, int, float], None] | None = None,
) -> BilinearScorer:
    """Return a trained comparison.

    Args:
        texts: vectors, shape (n, width); `pros` and `cons`, those of each text's poles.
        pros: see `texts`.
        cons: see `texts`.
        labels: columns of the logits, shape (n,).
        weights: what each example counts, shape (n,).
        schedule: how to train.
        rank: of the matrices.
        others: labels in addition to those of the poles.
        seed: first weights, order and dropout are drawn from it.
        watch: told of the progress.
    """
    torch.manual_seed(seed)
    network = BilinearScorer(texts.mean(dim=0), rank, others)
    named = dict(network.named_parameters())
    matrices = [named.pop(name) for name in ("side_text", "side_poles", "other_text", "other_poles")]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": schedule.weight_decay},
            {"params": list(named.values()), "weight_decay": schedule.weight_decay / 10},
        ],
        lr=schedule.learning_rate,
    )
    total = schedule.epochs * -(-len(texts) // schedule.batch_size)
    slower = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, _LAST, total_iters=total)
    for epoch in range(schedule.epochs):
        lost = 0.0
        for batch in torch.randperm(len(texts)).split(schedule.batch_size):
            values = network(texts[batch], pros[batch], cons[batch], schedule.dropout)
            losses = cross_entropy(values, labels[batch], reduction="none") * weights[batch]
            (losses.sum() / weights[batch].sum()).backward()
            optimizer.step()
            optimizer.zero_grad()
            slower.step()
            lost += float(losses.detach().sum())
        if watch is not None:
            watch((epoch + 1) * len(texts), schedule.epochs * len(texts), lost / float(weights.sum()))
    return network


def _drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape) / shape[-2] ** 0.5
