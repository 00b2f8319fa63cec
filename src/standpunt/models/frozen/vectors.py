"""Sentence vectors of a frozen encoder: the mean of its last layer, each distinct text once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standpunt.encoders.device import best_device
from standpunt.encoders.resolve import Encoder, check_length
from standpunt.models.base import Watch
from standpunt.models.frozen.vector_store import VectorStore

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_KEPT = 50_000  # vectors remembered; of 384 numbers, 77 MB
_REPORT_EVERY = 10
PROBE = "De Kamer stemt over het voorstel."  # what an encoder makes of it tells it from others


class Vectors:
    """The vectors of an encoder, remembered between calls: the folds of an experiment share most of their texts."""

    def __init__(self, encoder: Encoder, max_tokens: int) -> None:
        """Load the encoder; texts are cut to `max_tokens`.

        Raises:
            InputError: it cannot be loaded, or reads fewer tokens.
        """
        self._tokenizer, self._network = encoder.tokenizer(), encoder.encoder().to(best_device()).eval()
        check_length(max_tokens, self._network, self._tokenizer)
        self._max_tokens = max_tokens
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def separator(self) -> str:
        """The token between two texts; empty where the encoder has none."""
        return str(self._tokenizer.sep_token or "")

    def store(self, folder: Path) -> VectorStore:
        """Return where vectors of this encoder are kept in a folder, those of others apart.

        Raises:
            StandpuntError: the folder cannot be used.
        """
        # The encoder is told by what it makes of a sentence; its last digits depend on the number of threads.
        probe = np.round(self._forward([PROBE])[0], 3) + 0.0
        return VectorStore(folder, probe.tobytes() + str(self._max_tokens).encode())

    def of(
        self,
        texts: Sequence[str],
        *,
        batch_size: int = 32,
        watch: Watch | None = None,
        store: VectorStore | None = None,
    ) -> NDArray[np.float32]:
        """Return vectors of length one, shape (n_texts, width).

        Args:
            texts: read in batches of like length, each distinct one once.
            batch_size: texts a forward pass.
            watch: told how many are done, where that takes more than one batch; there is no loss (nan).
            store: looked into before anything is computed, and given what is.
        """
        unknown = {text for text in texts if text not in self._known}
        kept = store.read(unknown) if store is not None and unknown else {}
        new = sorted(unknown - kept.keys(), key=lambda text: (len(text), text))
        fresh: dict[str, NDArray[np.float32]] = {}
        for number, start in enumerate(range(0, len(new), batch_size)):
            batch = new[start : start + batch_size]
            vectors = dict(zip(batch, self._forward(batch), strict=True))
            fresh |= vectors
            if store is not None:
                store.write(vectors.items())
            if watch is not None and len(new) > batch_size and (number % _REPORT_EVERY == 0 or len(fresh) == len(new)):
                watch(len(fresh), len(new), float("nan"))
        fresh |= kept
        stacked = np.stack([fresh[text] if text in fresh else self._known[text] for text in texts])
        self._remember(fresh.items())
        return stacked

    def _forward(self, texts: list[str]) -> NDArray[np.float32]:
        return mean_vectors(self._network, self._tokenizer, texts, self._max_tokens)

    def _remember(self, items: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
        self._known.update(items)
        for text in list(self._known)[: max(0, len(self._known) - _KEPT)]:  # the oldest first
            del self._known[text]


def mean_vectors(
    network: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: list[str], max_tokens: int
) -> NDArray[np.float32]:
    """Return the mean of an encoder's last layer over each text, of length one, shape (n_texts, width)."""
    import torch

    encoded = tokenizer(texts, truncation=True, max_length=max_tokens, padding=True, return_tensors="pt").to(
        network.device
    )
    with torch.no_grad():
        hidden = network(**encoded).last_hidden_state
    mask = encoded["attention_mask"][..., None].to(hidden.dtype)
    mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
    return torch.nn.functional.normalize(mean.float(), dim=1).cpu().numpy()


def vectors_of(encoder: Encoder, max_tokens: int) -> Vectors:
    """Return the vectors of an encoder, the same object where it was the last one asked for and has not changed."""
    folder = Path(encoder.place)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return _vectors(encoder, max_tokens, tuple((path.name, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _vectors(encoder: Encoder, max_tokens: int, _stamp: tuple[tuple[str, int], ...]) -> Vectors:
    return Vectors(encoder, max_tokens)
