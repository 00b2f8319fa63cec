"""Fine-tuning a transformer on pairs of texts: batches by length, early stopping, checkpoints that resume exactly."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, astuple, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standpunt.models.base import Watch
from standpunt.models.finetuned.checkpoints import Checkpoints, digest, digest_of_weights
from standpunt.models.finetuned.pairs import PairReader, reader

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_LOG = logging.getLogger(__name__)
_LOG_EVERY = 50


@dataclass(frozen=True, slots=True)
class Example:
    """A pair of texts, the first a proposition, with the column of its label and how much it counts.

    `among`: the first column of the labels it can have and the one behind the last; all columns by default.
    """

    first: str
    second: str
    label: int
    weight: float = 1.0
    among: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """How to train.

    Attributes:
        epochs: passes over the training examples at most.
        batch_size: examples an update; `accumulate` divides it into so many forward passes.
        learning_rate: the highest, after `warmup` (a share of all updates) and before a linear decay to a twentieth.
        max_tokens: length a pair is cut to, or each of its texts where they are read apart (see `pairs`).
        patience: evaluations on dev without a better loss after which training stops; 0 never stops early.
        evaluate_every: updates between evaluations on dev; 0 evaluates after each epoch.
        checkpoint_every: updates between checkpoints, where a folder for them is given.
    """

    epochs: int = 3
    batch_size: int = 16
    accumulate: int = 1
    learning_rate: float = 5e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    max_tokens: int = 160
    patience: int = 2
    evaluate_every: int = 0
    checkpoint_every: int = 500


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
    import torch

    torch.manual_seed(seed)
    parameters = {name: p for name, p in network.named_parameters() if p.requires_grad}
    decayed = [p for p in parameters.values() if p.ndim > 1]
    plain = [p for p in parameters.values() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": schedule.weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=schedule.learning_rate,
    )
    lengths = [len(example.first) + len(example.second) for example in train]
    per_epoch = math.ceil(len(train) / schedule.batch_size)
    total = per_epoch * schedule.epochs
    state: dict[str, Any] = {"done": 0, "best": None, "bad": 0, "dev": [], "loss": None, "stopped": False}
    best: dict[str, torch.Tensor] = {}
    kept = None if checkpoints is None else checkpoints.of(_mark(network, train, dev, schedule, seed))
    found = None if kept is None else kept.read()
    if found is not None:
        state, best = found[0], _restore(found[1], parameters, optimizer)
    every = schedule.evaluate_every or per_epoch
    device = next(network.parameters()).device
    reading = reader(network, tokenizer, schedule.max_tokens)
    if state["done"] < total and not state["stopped"]:
        texts = {text for example in (*train, *dev) for text in (example.first, example.second)}
        reading.remember(texts, keep=True, watch=watch)
    for update, batch in enumerate(_batches(lengths, schedule, seed), start=1):
        if update <= state["done"] or state["stopped"]:
            continue
        # Seeded anew for each update, so that a resumed training draws the same dropout.
        torch.manual_seed(seed * 1_000_003 + update)
        network.train()
        for group in optimizer.param_groups:
            group["lr"] = schedule.learning_rate * _factor(update, total, schedule.warmup)
        loss = 0.0
        whole = sum(train[index].weight for index in batch)
        for part in np.array_split(np.array(batch), min(schedule.accumulate, len(batch))):
            examples = [train[index] for index in part]
            with precision(device):
                values = reading.logits([(example.first, example.second) for example in examples])
            labels = torch.tensor([example.label for example in examples], device=device)
            weights = torch.tensor([example.weight for example in examples], device=device)
            values = values.float() + torch.from_numpy(_elsewhere(examples, values.shape[1])).to(device)
            losses = torch.nn.functional.cross_entropy(values, labels, reduction="none")
            share = (losses * weights).sum() / whole
            share.backward()
            loss += float(share.detach())
        torch.nn.utils.clip_grad_norm_(list(parameters.values()), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        state["done"] = update
        state["loss"] = loss if state["loss"] is None else 0.98 * state["loss"] + 0.02 * loss
        if update % _LOG_EVERY == 0:
            _LOG.info("update %d of %d, loss %.4f", update, total, state["loss"])
        if watch is not None:
            watch(update * schedule.batch_size, total * schedule.batch_size, state["loss"])
        if dev and (update % every == 0 or update == total):
            current = dev_loss(reading, dev)
            state["dev"].append(round(current, 6))
            _LOG.info("update %d of %d, loss on dev %.4f", update, total, current)
            if state["best"] is None or current < state["best"]:
                state["best"], state["bad"] = current, 0
                best = {name: p.detach().cpu().clone() for name, p in parameters.items()}
            else:
                state["bad"] += 1
                state["stopped"] = bool(schedule.patience) and state["bad"] >= schedule.patience
        ended = update == total or state["stopped"]
        if kept is not None and (ended or update % schedule.checkpoint_every == 0):
            kept.write(state, _tensors(parameters, optimizer, best))
    if watch is not None and state["done"] < total:  # stopped early: no more is coming
        watch(total * schedule.batch_size, total * schedule.batch_size, state["loss"] or 0.0)
    with torch.no_grad():
        for name, value in best.items():
            parameters[name].copy_(value)
    network.eval()
    return {"updates": state["done"], "examples": len(train), "dev_loss": state["dev"]}


def best_device() -> torch.device:
    """Return where networks are trained and run: the first GPU, where there is one."""
    import torch

    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def set_threads(threads: int | None) -> None:
    """Set how many CPU threads torch takes; None leaves it as it is."""
    import torch

    if threads is not None and threads != torch.get_num_threads():
        torch.set_num_threads(threads)


def longest_input(network: Any, tokenizer: PreTrainedTokenizerBase) -> int:
    """Return how many tokens an encoder reads at most."""
    positions = getattr(network.config, "max_position_embeddings", None)
    return min(tokenizer.model_max_length, positions or tokenizer.model_max_length)


def precision(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context to train in: bfloat16 where the processor multiplies it faster, float32 elsewhere."""
    import torch

    fast = torch.cuda.is_bf16_supported() if device.type == "cuda" else torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, dtype=torch.bfloat16) if fast else nullcontext()


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
    found = np.zeros((len(examples), n_columns), dtype=np.float32)
    for row, example in zip(found, examples, strict=True):
        if example.among is not None:
            row[: example.among[0]] = row[example.among[1] :] = -np.inf
    return found


def _mark(
    network: PreTrainedModel, train: Sequence[Example], dev: Sequence[Example], schedule: Schedule, seed: int
) -> dict[str, Any]:
    """Return what tells a training from others, by which its checkpoint is found."""
    return {
        "schedule": asdict(schedule),
        "seed": seed,
        "data": digest([[astuple(example) for example in part] for part in (train, dev)]),
        "network": digest_of_weights(network),
    }


def _batches(lengths: Sequence[int], schedule: Schedule, seed: int) -> Iterator[list[int]]:
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


def _factor(update: int, total: int, warmup: float) -> float:
    rising = max(1, round(total * warmup))
    if update <= rising:
        return update / rising
    return max(0.05, (total - update) / max(1, total - rising))


def _tensors(
    parameters: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer, best: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Return what a checkpoint holds: the weights as they are, the best ones, and what the optimizer remembers."""
    names: dict[torch.Tensor, str] = {parameter: name for name, parameter in parameters.items()}
    found = {f"now/{name}": p.detach().cpu().contiguous() for name, p in parameters.items()}
    found |= {f"best/{name}": value.contiguous() for name, value in best.items()}
    for parameter, slots in optimizer.state.items():
        found |= {f"{slot}/{names[parameter]}": value.detach().cpu().contiguous() for slot, value in slots.items()}
    return found


def _restore(
    tensors: dict[str, torch.Tensor], parameters: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
) -> dict[str, torch.Tensor]:
    """Put weights and optimizer into the state of a checkpoint, and return the best weights."""
    import torch

    best = {}
    with torch.no_grad():
        for key, value in tensors.items():
            kind, _, name = key.partition("/")
            if kind == "now":
                parameters[name].copy_(value)
            elif kind == "best":
                best[name] = value
            else:
                # AdamW keeps the count of its steps on the processor.
                device = value.device if kind == "step" else parameters[name].device
                optimizer.state[parameters[name]][kind] = value.to(device)
    return best
