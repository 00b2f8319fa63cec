"""Fine-tuning a transformer on pairs of texts: batches by length, early stopping, checkpoints that resume exactly."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standpunt.encoders.device import precision
from standpunt.models.base import Watch
from standpunt.models.finetuned.attention import plain_attention
from standpunt.models.finetuned.checkpoints import (
    Checkpoint,
    Checkpoints,
    digest,
    digest_of_weights,
    restore,
    tensors_of,
)
from standpunt.models.finetuned.pairs import PairReader, reader
from standpunt.models.finetuned.schedule import Schedule, batches, optimizer, rate_factor
from standpunt.models.memory import return_freed
from standpunt.models.windows.examples import Example

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_LOG = logging.getLogger(__name__)
_LOG_EVERY = 50
_TIDIED = 100  # updates between which freed memory is given back
_OLD, _NEW = 0.98, 0.02  # shares in the running loss of what it was and of the last update


def finetune(
    network: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    train: Sequence[Example],
    dev: Sequence[Example],
    schedule: Schedule,
    *,
    seed: int,
    checkpoints: Checkpoints | None = None,
    watch: Watch | None = None,
) -> dict[str, Any]:
    """Train the parameters of `network` that require a gradient, in place.

    A training that was killed and is called again with the same arguments goes on from its last checkpoint and ends
    with the same weights as one that was not (on the same machine, with the same number of threads). One that ended is
    a checkpoint as well, until the caller removes it. Where dev is given, the weights of the best evaluation are kept.

    Args:
        network: a sequence classifier; its logits are the labels' columns.
        tokenizer: the tokenizer it was made with.
        train: examples to learn from.
        dev: examples to stop early on; may be empty.
        schedule: how to train.
        seed: the order of the batches and dropout are drawn from it.
        checkpoints: where checkpoints go; those of other trainings there are left alone.
        watch: told of the progress; what is left out by stopping early counts as done.

    Returns:
        Facts for the card: updates, examples, the losses on dev.

    Raises:
        InputError: the checkpoint is damaged.
        StandpuntError: a checkpoint cannot be written (disk full).
    """
    training = _Training(network, tokenizer, train, dev, schedule, seed)
    checkpoint = None if checkpoints is None else checkpoints.for_training(training.mark())
    if checkpoint is not None:
        training.resume(checkpoint)
    with plain_attention(network):
        training.run(checkpoint, watch)
    training.restore_best()
    return {"updates": training.progress.done, "examples": len(train), "dev_loss": training.progress.dev}


@dataclass(slots=True)
class _Progress:
    """How far a training has come, as a checkpoint keeps it beside its tensors.

    Attributes:
        done: updates made.
        loss: running mean of the loss in training.
        dev: losses on dev, one an evaluation.
        best: the lowest of them.
        bad: evaluations since that one.
        stopped: whether it ended early.
    """

    done: int = 0
    loss: float | None = None
    dev: list[float] = field(default_factory=list)
    best: float | None = None
    bad: int = 0
    stopped: bool = False


class _Training:
    """One training: the network as it is now, its best weights, and how far it has come."""

    def __init__(
        self,
        network: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        train: Sequence[Example],
        dev: Sequence[Example],
        schedule: Schedule,
        seed: int,
    ) -> None:
        import torch

        torch.manual_seed(seed)
        self.network, self.train, self.dev, self.schedule, self.seed = network, train, dev, schedule, seed
        self.device = next(network.parameters()).device
        self.reader = reader(network, tokenizer, schedule.max_tokens)
        self.parameters = {name: p for name, p in network.named_parameters() if p.requires_grad}
        self.optimizer = optimizer(list(self.parameters.values()), schedule)
        self.per_epoch = math.ceil(len(train) / schedule.batch_size)
        self.total = self.per_epoch * schedule.epochs
        self.progress = _Progress()
        self.best: dict[str, torch.Tensor] = {}

    @property
    def ended(self) -> bool:
        """Whether no update is left to make."""
        return self.progress.stopped or self.progress.done >= self.total

    def mark(self) -> dict[str, Any]:
        """Return what tells this training from others, by which its checkpoint is found; it must not have begun."""
        return {
            "schedule": asdict(self.schedule),
            "seed": self.seed,
            "data": digest([[astuple(example) for example in part] for part in (self.train, self.dev)]),
            "network": digest_of_weights(self.network),
        }

    def resume(self, checkpoint: Checkpoint) -> None:
        """Take the state of a checkpoint, where there is one."""
        saved = checkpoint.read()
        if saved is not None:
            state, tensors = saved
            self.progress = _Progress(**state)
            self.best = restore(tensors, self.parameters, self.optimizer)

    def run(self, checkpoint: Checkpoint | None, watch: Watch | None) -> None:
        """Make the updates that are left, or fewer where it stops early."""
        schedule, progress = self.schedule, self.progress
        if not self.ended:
            texts = {text for example in (*self.train, *self.dev) for text in (example.first, example.second)}
            self.reader.remember(texts, keep=True, watch=watch)
        for batch in self._batches_left():
            self._update([self.train[index] for index in batch])
            if watch is not None:
                watch(progress.done * schedule.batch_size, self.total * schedule.batch_size, progress.loss or 0.0)
            if self.dev and self._due(schedule.evaluate_every or self.per_epoch):
                self._evaluate()
            if checkpoint is not None and (progress.stopped or self._due(schedule.checkpoint_every)):
                checkpoint.write(asdict(progress), tensors_of(self.parameters, self.optimizer, self.best))
            if self._due(_TIDIED):
                return_freed()
            if progress.stopped:
                break
        if watch is not None and progress.done < self.total:  # stopped early: no more is coming
            watch(self.total * schedule.batch_size, self.total * schedule.batch_size, progress.loss or 0.0)

    def restore_best(self) -> None:
        """Give the network the weights of the best evaluation, where there was one."""
        import torch

        with torch.no_grad():
            for name, value in self.best.items():
                self.parameters[name].copy_(value)
        self.network.eval()

    def _batches_left(self) -> Iterator[list[int]]:
        if self.ended:
            return iter(())
        lengths = [len(example.first) + len(example.second) for example in self.train]
        return islice(batches(lengths, self.schedule, self.seed), self.progress.done, None)

    def _due(self, every: int) -> bool:
        """Tell whether something that is done every so many updates, and after the last, is done now."""
        return self.progress.done % every == 0 or self.progress.done == self.total

    def _update(self, batch: Sequence[Example]) -> None:
        """Learn from a batch, in as many parts as the schedule says."""
        import torch

        schedule, progress = self.schedule, self.progress
        progress.done += 1
        # Seeded anew for each update, so that a resumed training draws the same dropout.
        torch.manual_seed(self.seed * 1_000_003 + progress.done)
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = schedule.learning_rate * rate_factor(progress.done, self.total)
        whole, loss = sum(example.weight for example in batch), 0.0
        for part in np.array_split(np.arange(len(batch)), min(schedule.accumulate, len(batch))):
            share = self._loss([batch[index] for index in part]) / whole
            share.backward()
            loss += float(share.detach())
        torch.nn.utils.clip_grad_norm_(list(self.parameters.values()), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        progress.loss = loss if progress.loss is None else _OLD * progress.loss + _NEW * loss
        if progress.done % _LOG_EVERY == 0:
            _LOG.info("update %d of %d, loss %.4f", progress.done, self.total, progress.loss)

    def _loss(self, examples: Sequence[Example]) -> torch.Tensor:
        """Return the weighted sum of the log losses of examples, with its gradient."""
        import torch

        with precision(self.device):
            values = self.reader.logits([(example.first, example.second) for example in examples])
        labels = torch.tensor([example.label for example in examples], device=self.device)
        weights = torch.tensor([example.weight for example in examples], device=self.device)
        values = values.float() + torch.from_numpy(_elsewhere(examples, values.shape[1])).to(self.device)
        losses = torch.nn.functional.cross_entropy(values, labels, reduction="none")
        return (losses * weights).sum()

    def _evaluate(self) -> None:
        """Look at dev: keep the weights where they are the best yet, stop where they have not been for too long."""
        progress, current = self.progress, dev_loss(self.reader, self.dev)
        progress.dev.append(round(current, 6))
        _LOG.info("update %d of %d, loss on dev %.4f", progress.done, self.total, current)
        if progress.best is None or current < progress.best:
            progress.best, progress.bad = current, 0
            self.best = {name: p.detach().cpu().clone() for name, p in self.parameters.items()}
        else:
            progress.bad += 1
            progress.stopped = bool(self.schedule.patience) and progress.bad >= self.schedule.patience


def dev_loss(reading: PairReader, dev: Sequence[Example]) -> float:
    """Return the weighted mean log loss over examples."""
    values = reading.read([(example.first, example.second) for example in dev])
    values += _elsewhere(dev, values.shape[1])
    values -= values.max(axis=1, keepdims=True)
    gold = np.array([example.label for example in dev])
    weights = np.array([example.weight for example in dev])
    losses = np.log(np.exp(values).sum(axis=1)) - values[np.arange(len(gold)), gold]
    return float((losses * weights).sum() / weights.sum())


def _elsewhere(examples: Sequence[Example], n_columns: int) -> NDArray[np.float32]:
    """Return what to add to logits, shape (n_examples, n_columns), so that columns of other tasks weigh nothing."""
    masks = np.zeros((len(examples), n_columns), dtype=np.float32)
    for row, example in zip(masks, examples, strict=True):
        if example.among is not None:
            row[: example.among[0]] = row[example.among[1] :] = -np.inf
    return masks
