"""Sentence vectors of a frozen encoder, each distinct text once."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standpunt.encoders.precision import AUTO
from standpunt.encoders.resolve import Encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.errors import require
from standpunt.models.base import Watch
from standpunt.models.frozen.vector_store import VectorStore

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_KEPT = 50_000  # vectors remembered; of 384 numbers, 77 MB
_TOGETHER = 256  # vectors that are kept at a time
_MANY = 64  # texts that take long enough to tell how far they are
PROBE = "De Kamer stemt over het voorstel."  # what an encoder makes of it tells it from others


class Vectors:
    """The vectors of an encoder, remembered between calls: the folds of an experiment share most of their texts."""

    def __init__(self, encoder: SentenceEncoder, max_tokens: int, prompt: str = "") -> None:
        """Set up for texts that are read behind a prompt and cut to `max_tokens`.

        Raises:
            InputError: the encoder reads fewer tokens.
        """
        self.encoder, self._prompt, self._max_tokens = encoder, prompt, max_tokens
        self._skip = encoder.prompt_tokens(prompt)
        require(max_tokens <= encoder.longest, "model.max_tokens", max_tokens, f"{encoder.longest} at most")
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def separator(self) -> str:
        """The token between two texts; empty where the encoder has none."""
        return str(self.encoder.tokenizer.sep_token or "")

    def store(self, folder: Path) -> VectorStore:
        """Return where vectors of this encoder, read in this way, are kept in a folder, those of others apart.

        Raises:
            StandpuntError: the folder cannot be used.
        """
        # The network is told by what it makes of a sentence, without the last digits; all else by name.
        probe = np.round(self.vectors([PROBE])[0], 3) + 0.0
        how = self.encoder.manner() | {"prompt": self._prompt, "max_tokens": self._max_tokens}
        return VectorStore(folder, probe.tobytes() + json.dumps(how, sort_keys=True).encode())

    def vectors(
        self,
        texts: Sequence[str],
        *,
        batch_size: int = 32,
        watch: Watch | None = None,
        store: VectorStore | None = None,
    ) -> NDArray[np.float32]:
        """Return vectors of length one, shape (n_texts, width).

        Args:
            texts: read in batches of the same length, each distinct one once.
            batch_size: texts a forward pass at most.
            watch: told how many are done, where they are many; there is no loss (nan).
            store: looked into before anything is computed, and given what is.
        """
        unknown = {text for text in texts if text not in self._known}
        kept = store.read(unknown) if store is not None and unknown else {}
        new = sorted(unknown - kept.keys())
        fresh: dict[str, NDArray[np.float32]] = {}
        written = 0
        for batch, vectors in self._batches(new, batch_size):
            fresh |= zip(batch, vectors, strict=True)
            if watch is not None and len(new) > _MANY:
                watch(len(fresh), len(new), float("nan"))
            if len(fresh) - written >= _TOGETHER or len(fresh) == len(new):
                if store is not None:
                    store.write(list(fresh.items())[written:])
                written = len(fresh)
        fresh |= kept
        stacked = np.stack([fresh[text] if text in fresh else self._known[text] for text in texts])
        self._remember(fresh.items())
        return stacked

    def _batches(self, texts: list[str], at_most: int) -> Generator[tuple[list[str], NDArray[np.float32]]]:
        """Yield texts of the same number of tokens, and their vectors; short ones first."""
        tokens = self.encoder.tokens(self._prompt, texts, self._max_tokens) if texts else []
        order = sorted(range(len(texts)), key=lambda place: (len(tokens[place]), texts[place]))
        for length, same in groupby(order, key=lambda place: len(tokens[place])):
            places = list(same)
            step = self.encoder.texts_at_a_time(length, at_most)
            for start in range(0, len(places), step):
                part = places[start : start + step]
                vectors = self.encoder.vectors([tokens[place] for place in part], self._skip)
                yield [texts[place] for place in part], vectors

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


def vectors_of(
    encoder: Encoder,
    max_tokens: int,
    *,
    prompt: str | None = None,
    prefix: str | None = None,
    precision: str = AUTO,
    threads: int | None = None,
) -> Vectors:
    """Return the vectors of an encoder, the same object where it was asked for not long ago and has not changed.

    Args:
        encoder: where it comes from.
        max_tokens: what texts are cut to.
        prompt: the name of one of its prompts, put before every text; by default the one that the encoder itself uses.
        prefix: what is put before every text instead of a prompt.
        precision: see `standpunt.encoders.precision`.
        threads: see there.

    Raises:
        InputError: the encoder cannot be loaded, has no such prompt, or reads fewer tokens.
        StandpuntError: there is too little memory for it.
    """
    folder = Path(encoder.place)
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in files)
    loaded, of_prompts = _loaded(encoder, precision, threads, stamp)
    before = loaded.files.prompt(prompt, encoder.name) if prefix is None else prefix
    if (before, max_tokens) not in of_prompts:
        of_prompts[before, max_tokens] = Vectors(loaded, max_tokens, before)
    return of_prompts[before, max_tokens]


@lru_cache(maxsize=1)  # some take a gigabyte
def _loaded(
    encoder: Encoder, precision: str, threads: int | None, _stamp: tuple[tuple[str, int], ...]
) -> tuple[SentenceEncoder, dict[tuple[str, int], Vectors]]:
    return SentenceEncoder(encoder, precision=precision, threads=threads), {}
