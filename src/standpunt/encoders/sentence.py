"""An encoder of sentences: one vector of length one for a text, as sentence-transformers would make it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standpunt.encoders.device import best_device
from standpunt.encoders.precision import AUTO, Computing, chosen, note, on_threads
from standpunt.encoders.resolve import Encoder, longest_input
from standpunt.encoders.sentence_files import Dense, sentence_files
from standpunt.errors import InputError
from standpunt.storage.files import sha256_of

if TYPE_CHECKING:
    import torch

_TOKENS = 1024  # a batch; more are no faster
_ACTIVATIONS = ("Identity", "Tanh", "ReLU", "GELU", "Sigmoid", "SiLU")


class SentenceEncoder:
    """A network with its prompts, pooling and dense layers.

    Only texts of the same number of tokens share a batch, so that nothing is padded: what is read beside a text changes
    no more than the last digits of its vector. What follows the network is computed in float32.

    Attributes:
        tokenizer: that of the network.
        files: what the encoder's own files say.
        longest: how many tokens it reads at most.
        computing: precision and threads, as they were asked for or chosen.
    """

    def __init__(self, encoder: Encoder, *, precision: str = AUTO, threads: int | None = None) -> None:
        """Load an encoder.

        Raises:
            InputError: it cannot be loaded, or one of its files is missing or asks for what is not known here.
            StandpuntError: there is too little memory for it.
        """
        self.name, device = encoder.name, best_device()
        self.computing: Computing = chosen(precision, threads, device)
        note(encoder.name, self.computing)
        self.tokenizer = encoder.tokenizer()
        self._network = encoder.encoder(self.computing.precision).to(device).eval()
        self.files = sentence_files(encoder)
        longest = longest_input(self._network, self.tokenizer)
        self.longest = min(longest, self.files.max_tokens or longest)
        self._width = int(self._network.config.hidden_size) * len(self.files.pooling)
        self._steps = [None if step is None else self._dense(step) for step in self.files.dense]

    def tokens(self, prompt: str, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
        """Return the tokens of texts, each behind the prompt, cut to `max_tokens`."""
        given = [self._cased(prompt + text) for text in texts]
        return self.tokenizer(given, truncation=True, max_length=max_tokens)["input_ids"]

    def prompt_tokens(self, prompt: str) -> int:
        """Return how many tokens of a text are the prompt's where they are not pooled; the mark of an end is none."""
        if self.files.include_prompt or not prompt:
            return 0
        tokens: Any = self.tokenizer(self._cased(prompt))["input_ids"]
        return len(tokens) - (tokens[-1] in (self.tokenizer.eos_token_id, self.tokenizer.sep_token_id))

    def vectors(self, tokens: Sequence[Sequence[int]], skip: int = 0) -> NDArray[np.float32]:
        """Return the vectors of texts that have the same number of tokens, shape (n_texts, width).

        Args:
            tokens: of each text; at least one.
            skip: how many at the start are not pooled.
        """
        import torch
        from torch.nn.functional import normalize

        with torch.inference_mode(), on_threads(self.computing.threads):
            given = torch.tensor(tokens, device=self._network.device)
            vectors = _pooled(self._network(input_ids=given).last_hidden_state.float(), self.files.pooling, skip)
            for step in self._steps:
                vectors = normalize(vectors, dim=1) if step is None else step(vectors)
            return normalize(vectors, dim=1).cpu().numpy()

    def manner(self) -> dict[str, Any]:
        """Return all that, beside the network, decides what becomes of a text, as plain data."""
        return {
            "precision": self.computing.precision,
            "pooling": list(self.files.pooling),
            "include_prompt": self.files.include_prompt,
            "lower_case": self.files.lower_case,
            "dense": [
                None if layer is None else [layer.activation, sha256_of(layer.weights)] for layer in self.files.dense
            ],
        }

    def _cased(self, text: str) -> str:
        return text.lower() if self.files.lower_case else text

    @staticmethod
    def texts_at_a_time(length: int, at_most: int) -> int:
        """Return how many texts of so many tokens share a batch."""
        return max(1, min(at_most, _TOKENS // length))

    def _dense(self, layer: Dense) -> torch.nn.Module:
        """Load a layer that the pooled vector goes through.

        Raises:
            InputError: it is damaged, or does not fit onto what comes before it.
        """
        import torch
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        if layer.activation not in _ACTIVATIONS:
            raise InputError(
                f"encoder {self.name!r}: {layer.weights.parent} has the activation {layer.activation}; known are "
                f"{', '.join(_ACTIVATIONS)}; choose another encoder"
            )
        try:
            tensors = load_file(layer.weights)
            weight, bias = tensors["linear.weight"].float(), tensors.get("linear.bias")
            out, given = weight.shape
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise InputError(
                f"encoder {self.name!r}: {layer.weights} is damaged ({error}); copy the encoder again"
            ) from None
        if given != self._width:
            raise InputError(
                f"encoder {self.name!r}: {layer.weights} takes {given} numbers and gets {self._width}, so it is of "
                "another encoder; copy the whole encoder again"
            )
        self._width = out
        linear = torch.nn.Linear(given, out, bias=bias is not None)
        linear.load_state_dict({"weight": weight} if bias is None else {"weight": weight, "bias": bias.float()})
        return torch.nn.Sequential(linear, getattr(torch.nn, layer.activation)()).to(self._network.device).eval()


def _pooled(hidden: torch.Tensor, poolings: Sequence[str], skip: int) -> torch.Tensor:
    """Return what becomes of the tokens' vectors, shape (n_texts, n_tokens, width), side by side for each pooling."""
    import torch

    skip = min(skip, hidden.shape[1] - 1)  # a prompt that leaves room for nothing
    kept = hidden[:, skip:]
    weights = torch.arange(skip + 1, hidden.shape[1] + 1, dtype=hidden.dtype, device=hidden.device)[:, None]
    by_pooling = {
        "cls": lambda: kept[:, 0],
        "max": lambda: kept.amax(dim=1),
        "mean": lambda: kept.mean(dim=1),
        "mean_sqrt_len_tokens": lambda: kept.sum(dim=1) / kept.shape[1] ** 0.5,
        "weightedmean": lambda: (kept * weights).sum(dim=1) / weights.sum(),
        "lasttoken": lambda: kept[:, -1],
    }
    return torch.cat([by_pooling[name]() for name in poolings], dim=1)
