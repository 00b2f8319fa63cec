"""What families have in common that read windows by the vectors of a frozen encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.encoders.device import set_threads
from standpunt.encoders.resolve import check_same, resolve_encoder
from standpunt.models.base import Model
from standpunt.models.frozen.vector_store import VectorStore
from standpunt.models.frozen.vectors import PROBE, Vectors, vectors_of
from standpunt.models.windows.model import WindowedConfig


@dataclass
class FrozenConfig(WindowedConfig):
    """What is embedded.

    Beside the settings of `standpunt.models.windows.model.WindowedConfig`: `prefix`: put before every text, where
    the encoder was trained with one. `cache`: a folder in which vectors are kept, so that another run over the same
    texts need not compute them.
    """

    prefix: str = ""
    cache: str | None = None


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
        return self._vectors.vectors(prefixed, batch_size=self._batch_size, watch=self.watch, store=self._store)

    def _remember_encoder(self) -> None:
        """Note what the encoder makes of a sentence."""
        self._probe = self._embed([PROBE])[0]

    def _check_encoder(self) -> None:
        """Refuse an encoder that is not the one that was trained with."""
        check_same(self._encoder, self._embed([PROBE])[0], self._probe)
