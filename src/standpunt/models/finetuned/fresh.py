"""A network before it is trained: an encoder with a fresh head that reads pairs of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from standpunt.encoders.resolve import Encoder
from standpunt.encoders.sentence_files import sentence_files
from standpunt.errors import InputError
from standpunt.models.finetuned.parts import last_layer
from standpunt.models.windows.examples import Example

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_SPREAD = 0.02  # of fresh weights, where an encoder does not say
_LEAST_SHARE = 1e-3  # the first guess for a label that is never trained on


def fresh_classifier(
    encoder: Encoder, labels: Sequence[str], *, standard: bool = False, decomposed_layers: int = 0
) -> PreTrainedModel:
    """Put a fresh head on an encoder.

    Args:
        encoder: where its weights are.
        labels: names of the columns.
        standard: whether it is the head that transformers has for this encoder, and else that of
            `standpunt.models.finetuned.network`.
        decomposed_layers: lower layers that read each of the two texts separately; not with the standard head.

    Raises:
        InputError: there is no encoder at that place, the hub cannot be reached, or it has no such layers.
    """
    from torch import nn

    from standpunt.models.finetuned.network import SegmentsClassifier

    separator = encoder.tokenizer().sep_token_id
    if separator is None:
        raise InputError(f"encoder {encoder.name!r} has no token between two texts; choose one that reads pairs")
    if standard:
        network: Any = encoder.pair_classifier(labels)
        last = network.get_submodule(last_layer(network))
        nn.init.normal_(last.weight, std=getattr(network.config, "initializer_range", _SPREAD))  # it may have had one
        return network
    try:
        return SegmentsClassifier.on(encoder.encoder(), separator, dict(enumerate(labels)), decomposed_layers)
    except ValueError as error:
        raise InputError(f"encoder {encoder.name!r}: {error}") from None


def fresh_mean_classifier(
    encoder: Encoder, labels: Sequence[str], *, precision: str, prompt: str | None, trained_layers: int | None
) -> PreTrainedModel:
    """Put a fresh head on the mean of an encoder of sentences.

    Args:
        encoder: where its weights are.
        labels: names of the columns.
        precision: of the encoder's weights.
        prompt: the name of one of its prompts; by default the one that the encoder itself uses.
        trained_layers: how many of the upper layers are to be trained; by default all of them.

    Raises:
        InputError: there is no encoder at that place, the hub cannot be reached, or it has no such prompt or layers.
    """
    from standpunt.models.finetuned.mean_network import MeanClassifier

    before = sentence_files(encoder).prompt(prompt, encoder.name)
    columns = dict(enumerate(labels))
    try:
        return MeanClassifier.on(encoder.encoder(precision), columns, prompt=before, trained_layers=trained_layers)
    except ValueError as error:
        raise InputError(f"encoder {encoder.name!r}: {error}") from None


def set_first_guess(network: Any, labels: Sequence[str], examples: Sequence[Example]) -> None:
    """Give each column of a fresh head the share of its label, and weights that do not depend on its place."""
    import torch

    weights = [example.weight for example in examples]
    shares = np.bincount([example.label for example in examples], weights, len(labels))
    ranks = np.argsort(np.argsort(labels))
    last = network.get_submodule(last_layer(network))
    with torch.no_grad():
        last.weight.copy_(last.weight[ranks].clone())
        last.bias.copy_(torch.tensor(np.log(np.clip(shares / shares.sum(), _LEAST_SHARE, None))))
