"""What a network says of pairs of texts: how they are encoded, in which batches, what is worked out once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standpunt.models.base import Watch
from standpunt.models.finetuned.parts import MEAN
from standpunt.models.memory import return_freed

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Pair = tuple[str, str]
_GROUP = 16  # batches whose texts are remembered at a time
_TEXTS = 32  # texts a forward pass
_BETWEEN = " Tekst: "  # where no token stands between two texts


def logits(
    network: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    pairs: Sequence[Pair],
    *,
    max_tokens: int,
    batch_size: int = 32,
) -> NDArray[np.float64]:
    """Return the logits of pairs, shape (n_pairs, n_labels), computed in batches of like length.

    Memory does not grow with the number of pairs.
    """
    return reader(network, tokenizer, max_tokens).read(pairs, batch_size)


def reader(network: Any, tokenizer: PreTrainedTokenizerBase, max_tokens: int) -> PairReader:
    """Return what reads pairs with a network, whose lower layers may read the texts of a pair separately."""
    kind = DecomposedReader if getattr(network.config, "decomposed_layers", 0) else JointReader
    if network.config.model_type == MEAN:
        kind = OneTextReader
    return kind(network, tokenizer, max_tokens)


class PairReader(ABC):
    """Gives a network pairs of texts."""

    def __init__(self, network: Any, tokenizer: PreTrainedTokenizerBase, max_tokens: int) -> None:
        """Set up; `max_tokens` is what is read at a time."""
        self.network = network
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens

    @abstractmethod
    def logits(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return the logits of a batch, shape (n_pairs, n_labels), with their gradient where torch records it."""

    @abstractmethod
    def order(self, pairs: Sequence[Pair]) -> list[int]:
        """Return the order in which pairs are best read."""

    def remember(self, texts: Collection[str], *, keep: bool = False, watch: Watch | None = None) -> None:  # noqa: B027
        """Work out once what depends on one text alone; by default nothing does.

        Args:
            texts: those of the pairs that are read next; others are forgotten.
            keep: remember them for good, rounded to half precision.
            watch: told how many are done; there is no loss (nan).
        """

    def read(self, pairs: Sequence[Pair], batch_size: int = 32) -> NDArray[np.float64]:
        """Return the logits of any number of pairs, shape (n_pairs, n_labels)."""
        import torch

        self.network.eval()
        logits_of_pairs = np.zeros((len(pairs), int(self.network.config.num_labels or 0)))
        with torch.inference_mode():
            for group in _parts(self.order(pairs), _GROUP * batch_size):
                self.remember({text for index in group for text in pairs[index]})
                for part in _parts(group, batch_size):
                    logits_of_pairs[part] = self.logits([pairs[index] for index in part]).double().cpu().numpy()
                return_freed()
        return logits_of_pairs


class JointReader(PairReader):
    """Gives a network both texts of a pair in one sequence.

    It is cut to `max_tokens`: the second text, after the first was cut to half of that.
    """

    def logits(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return the logits of a batch, shape (n_pairs, n_labels), with their gradient where torch records it."""
        firsts = {first: _cut(self._tokenizer, first, self._max_tokens // 2) for first, _ in pairs}
        encoded = self._tokenizer(
            [firsts[first] for first, _ in pairs],
            [second for _, second in pairs],
            truncation="only_second",
            max_length=self._max_tokens,
            padding=True,
            return_tensors="pt",
        )
        device = next(self.network.parameters()).device
        return self.network(**{name: tensor.to(device) for name, tensor in encoded.items()}).logits

    def order(self, pairs: Sequence[Pair]) -> list[int]:
        """Return the order by length, for little padding."""
        return sorted(range(len(pairs)), key=lambda index: len(pairs[index][0]) + len(pairs[index][1]))


class OneTextReader(JointReader):
    """Gives an encoder of sentences both texts of a pair as one, behind its prompt.

    It is cut to `max_tokens`: the second text, after the first was cut to two thirds of that.
    """

    def logits(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return the logits of a batch, shape (n_pairs, n_labels), with their gradient where torch records it."""
        most = self._max_tokens * 2 // 3
        firsts = {first: _cut(self._tokenizer, first, most) for first, _ in pairs}
        prompt = self.network.config.prompt
        encoded = self._tokenizer(
            [f"{prompt}{firsts[first]}{_BETWEEN}{second}" for first, second in pairs],
            truncation=True,
            max_length=self._max_tokens,
            padding=True,
            return_tensors="pt",
        )
        device = next(self.network.parameters()).device
        return self.network(**{name: tensor.to(device) for name, tensor in encoded.items()}).logits


class DecomposedReader(PairReader):
    """Gives a network the texts of pairs one by one to its lower layers, and their states in pairs to its upper ones.

    Each text is cut to `max_tokens`.
    """

    def __init__(self, network: Any, tokenizer: PreTrainedTokenizerBase, max_tokens: int) -> None:
        """Set up, with nothing remembered."""
        super().__init__(network, tokenizer, max_tokens)
        # peft puts its layers into the network itself.
        self._layers = network.get_base_model() if hasattr(network, "get_base_model") else network
        self._kept: dict[str, torch.Tensor] = {}
        self._known: dict[str, torch.Tensor] = {}

    def remember(self, texts: Collection[str], *, keep: bool = False, watch: Watch | None = None) -> None:
        """Let the lower layers read texts, each distinct one once."""
        self._known = {text: state for text, state in self._known.items() if text in texts}
        new = sorted({*texts} - self._kept.keys() - self._known.keys(), key=lambda text: (len(text), text))
        into = self._kept if keep else self._known
        for start, batch in zip(range(0, len(new), _TEXTS), _parts(new, _TEXTS), strict=True):
            for text, state in zip(batch, self._states(batch), strict=True):
                into[text] = state.half() if keep else state
            if watch is not None:
                watch(start + len(batch), len(new), float("nan"))

    def logits(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return the logits of a batch of remembered texts, with their gradient where torch records it."""
        from standpunt.models.finetuned.network import joined

        states, mask, second = joined([(self._state(one), self._state(two)) for one, two in pairs])
        return self._layers.join(states, mask, second)

    def order(self, pairs: Sequence[Pair]) -> list[int]:
        """Return the order by length of the second texts, the pairs of one together."""
        return sorted(range(len(pairs)), key=lambda index: (len(pairs[index][1]), *reversed(pairs[index])))

    def _states(self, texts: Sequence[str]) -> list[torch.Tensor]:
        import torch

        encoded = self._tokenizer(
            list(texts), truncation=True, max_length=self._max_tokens, padding=True, return_tensors="pt"
        ).to(next(self._layers.parameters()).device)
        mask = encoded["attention_mask"]
        with torch.no_grad():
            states = self._layers.read(encoded["input_ids"], mask)
        return [state[: int(length)].clone() for state, length in zip(states, mask.sum(dim=1), strict=True)]

    def _state(self, text: str) -> torch.Tensor:
        """Return the states of a text, shape (n_tokens, width)."""
        return (self._kept[text] if text in self._kept else self._known[text]).float()


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _cut(tokenizer: PreTrainedTokenizerBase, text: str, most: int) -> str:
    """Cut a text to so many tokens."""
    if len(text) <= most:  # hardly a token is less than a character
        return text
    ends = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)["offset_mapping"]
    return text if len(ends) <= most else text[: ends[most - 1][1]]
