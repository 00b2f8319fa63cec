"""Which columns of a network answer which task, where one encoder learns several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standpunt.models.finetuned.parts import last_layer, unwrapped
from standpunt.models.windows.examples import Example

if TYPE_CHECKING:
    from torch import nn

MAIN = ""  # the task of the model itself


@dataclass(frozen=True, slots=True)
class Heads:
    """The labels of each task, in the order of their columns.

    A probability is always one among the labels of its task: columns of other tasks are left out before the softmax.
    """

    labels: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every column; labels of the model's own task keep theirs."""
        return tuple(f"{task}:{label}" if task else label for task, labels in self.labels.items() for label in labels)

    def columns(self, task: str) -> tuple[int, int]:
        """Return the first column of a task and the one behind its last."""
        ends = [0, *accumulate(map(len, self.labels.values()))]
        place = list(self.labels).index(task)
        return ends[place], ends[place + 1]

    def columns_of(self, task: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a task's columns, shape (n, n_labels), of values with all of them."""
        return values[:, slice(*self.columns(task))]

    def placed(self, task: str, examples: Sequence[Example]) -> list[Example]:
        """Put examples, whose labels are columns of a task, among all columns."""
        if len(self.labels) == 1:
            return list(examples)
        among = self.columns(task)
        return [replace(example, label=example.label + among[0], among=among) for example in examples]


def weighing(examples: Sequence[Example], total: float) -> list[Example]:
    """Scale the weights of examples so that they sum to `total`."""
    factor = total / sum(example.weight for example in examples)
    return [replace(example, weight=example.weight * factor) for example in examples]


def copy_weights(network: nn.Module, other: nn.Module, ours: Sequence[str], theirs: Sequence[str]) -> None:
    """Give a network the weights of another of the same build; a column those of the column with its name, if any.

    Additions of a lower rank stand in the first places of those of a higher one. What is added stays the same by that,
    since the second factor of the other places is zero before training.

    Args:
        network: with a head whose last layer has a row for each of `ours`.
        other: with a row for each of `theirs`.
        ours: names of the columns of `network`.
        theirs: names of the columns of `other`.
    """
    both = [name for name in ours if name in theirs]
    here, there = [ours.index(name) for name in both], [theirs.index(name) for name in both]
    own = network.state_dict()
    last = {*last_layer(unwrapped(network)).split(".")} - {"modules_to_save", "default"}  # peft's names within ours
    taken = {}
    for name, value in other.state_dict().items():
        taken[name] = value
        if value.shape != own[name].shape and {"lora_A", "lora_B"} & {*name.split(".")}:
            taken[name] = own[name].clone()
            taken[name][: value.shape[0], : value.shape[1]] = value.to(own[name].device)
        if last <= {*name.split(".")}:
            taken[name] = own[name].clone()
            taken[name][here] = value[there].to(own[name].device)
    network.load_state_dict(taken)
