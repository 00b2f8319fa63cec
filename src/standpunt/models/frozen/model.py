"""What families have in common that read windows by the vectors of a frozen encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.encoders.device import set_threads
from standpunt.encoders.precision import AUTO, PRECISIONS
from standpunt.encoders.resolve import check_same, resolve_encoder
from standpunt.errors import require
from standpunt.models.base import Model
from standpunt.models.frozen.vector_store import VectorStore
from standpunt.models.frozen.vectors import PROBE, Vectors, vectors_of
from standpunt.models.windows.model import WindowedConfig


@dataclass
class FrozenConfig(WindowedConfig):
    """What is embedded.

    Beside the settings of `standpunt.models.windows.model.WindowedConfig`:

    Attributes:
        prompt: the name of one of the encoder's own prompts, put before every text; by default the one that it says is
            used.
        prefix: what is put before every text instead, for an encoder that was trained with something and has no files
            that say so.
        precision: float32, bfloat16, or auto for what this machine is faster with (see `standpunt.encoders.precision`);
            name one for the same figures everywhere. Where `threads` is not given, the encoder takes one thread unless
            several are clearly faster.
        cache: a folder in which vectors are kept, so that another run over the same texts need not compute them.
    """

    prompt: str | None = None
    prefix: str | None = None
    precision: str = AUTO
    cache: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.precision in PRECISIONS, "model.precision", self.precision, f"one of {', '.join(PRECISIONS)}")
        alone = self.prompt is None or self.prefix is None
        require(alone, "model.prefix", repr(self.prefix), "nothing (null) where model.prompt names a prompt")


class FrozenModel(Model):
    """A model with an encoder that is not trained."""

    config: Any  # a FrozenConfig, of the family
    _batch_size = 32  # texts a forward pass
    _store: VectorStore | None = None  # a loaded model leaves its maker's folder alone
    _probe: NDArray[np.float32]

    def _open(self, *, cached: bool = False) -> None:
        """Load the encoder; with `cached`, vectors are looked for and kept where the configuration says."""
        config = self.config
        set_threads(config.threads)
        self._encoder = resolve_encoder(config.encoder)
        self._vectors: Vectors = vectors_of(
            self._encoder,
            config.max_tokens,
            prompt=config.prompt,
            prefix=config.prefix,
            precision=config.precision,
            threads=config.threads,
        )
        if cached and config.cache:
            self._store = self._vectors.store(Path(config.cache))

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of length one, shape (n_texts, width)."""
        return self._vectors.vectors(texts, batch_size=self._batch_size, watch=self.watch, store=self._store)

    def _computed(self) -> dict[str, Any]:
        """Return how the encoder was run, for the card."""
        computing = self._vectors.encoder.computing
        return {"computed in": computing.precision}

    def _remember_encoder(self) -> None:
        """Note what the encoder makes of a sentence."""
        self._probe = self._embed([PROBE])[0]

    def _check_encoder(self) -> None:
        """Refuse an encoder that is not the one that was trained with."""
        check_same(self._encoder, self._embed([PROBE])[0], self._probe)
