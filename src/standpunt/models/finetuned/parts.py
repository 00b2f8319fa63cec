"""What is where in a network: the encoder, the head on it and the last layer, whatever class it is of.

It is a `standpunt.models.finetuned.network.SegmentsClassifier`, a
`standpunt.models.finetuned.mean_network.MeanClassifier`, or the class that transformers has for an encoder.
"""

from __future__ import annotations

from typing import Any

# The types of a SegmentsClassifier and of a MeanClassifier, see their configurations.
SEGMENTS, MEAN = "standpunt_segments", "standpunt_mean"
OURS = (SEGMENTS, MEAN)
_POOLER = "pooler"  # what transformers puts between an encoder and the head


def unwrapped(network: Any) -> Any:
    """Return a network without what peft puts around it."""
    return network.get_base_model() if hasattr(network, "get_base_model") else network


def head_modules(network: Any) -> list[str]:
    """Return the names of the modules that are put on an encoder fresh, and trained whole."""
    if network.config.model_type in OURS:
        return ["head", "segment"]
    encoder = network.base_model
    on_it = [
        name for name, part in network.named_children() if part is not encoder and any(True for _ in part.parameters())
    ]
    return [*on_it, *([_POOLER] if getattr(encoder, _POOLER, None) is not None else [])]


def last_layer(network: Any) -> str:
    """Return the name of the layer whose rows are the labels."""
    import torch

    names = [name for name, part in network.named_modules() if isinstance(part, torch.nn.Linear)]
    return [name for name in names if not name.startswith(f"{network.base_model_prefix}.")][-1]


def is_frozen(network: Any, name: str) -> bool:
    """Tell whether a parameter or module, by its name, is never trained: embeddings, and lower layers that are kept."""
    if network.config.model_type in OURS:
        return network.frozen(name)
    words = next(path for path, part in network.named_modules() if part is network.get_input_embeddings())
    return name.startswith((f"{words}.", f"{network.base_model_prefix}.embeddings."))


def take_encoder(network: Any, other: Any) -> None:
    """Give a network the encoder of another of the same class, and the vocabulary that it has."""
    setattr(network, network.base_model_prefix, other.base_model)
    if network.config.model_type == SEGMENTS:
        network.config.encoder = other.config.encoder
        return
    labels = network.config.id2label
    network.config = other.config
    network.config.id2label, network.config.label2id = labels, {label: place for place, label in labels.items()}
