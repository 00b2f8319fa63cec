"""Low-rank additions to an encoder: put on it, rounded, saved without it, and loaded on no encoder but their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standpunt.encoders.resolve import quiet
from standpunt.errors import ModelError
from standpunt.models.finetuned.parts import OURS, head_modules, is_frozen

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_FILE, _SETTINGS = "adapter_model.safetensors", "adapter_config.json"
_SHAPE = ("model_type", "hidden_size", "num_hidden_layers", "vocab_size")


def with_additions(network: PreTrainedModel, rank: int, encoder: str) -> Any:
    """Return a network that learns by additions to its layers, beside their norms and biases and the head.

    Args:
        network: of any class that `standpunt.models.finetuned.parts` knows; what it freezes gets none.
        rank: of the additions to every linear layer (E. Hu et al., LoRA, ICLR 2022).
        encoder: the name or hub id by which others find what they are added to.
    """
    import torch
    from peft import LoraConfig, TaskType, get_peft_model

    config = LoraConfig(
        # With a task, peft builds the class that transformers has, which has another head than ours.
        task_type=None if network.config.model_type in OURS else TaskType.SEQ_CLS,
        r=rank,
        lora_alpha=2 * rank,
        target_modules=_trained(network, torch.nn.Linear),
        modules_to_save=[*head_modules(network), *_trained(network, torch.nn.LayerNorm)],
        bias="lora_only",
    )
    network.name_or_path = encoder
    with quiet():
        return get_peft_model(network, config)


def to_half_precision(network: PreTrainedModel) -> None:
    """Round what was trained to half precision, in which it is saved: the same probabilities before and after."""
    import torch

    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.copy_(parameter.half().float())


def save_additions(network: Any, folder: Path) -> None:
    """Write what was trained, in half precision, to a folder."""
    from safetensors.torch import load_file, save_file

    with quiet():
        # Embeddings are never trained; asked to find out, peft looks for the encoder on the hub, and warns.
        network.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)  # peft's empty card
    settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
    settings["target_modules"].sort()  # a set, in another order in every process
    settings["modules_to_save"] = list(dict.fromkeys(settings["modules_to_save"]))  # peft adds what may be there
    (folder / _SETTINGS).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    path = folder / _FILE
    save_file({name: tensor.half() for name, tensor in load_file(path).items()}, path, metadata={"format": "pt"})


def load_additions(network: PreTrainedModel, folder: Path) -> Any:
    """Return a network with the additions of a folder."""
    from peft import PeftModel

    with quiet():
        return PeftModel.from_pretrained(network, folder)


def shape_of(network: Any) -> dict[str, Any]:
    """Return the settings of a network's encoder that additions to it depend on."""
    settings = network.base_model.config
    return {name: getattr(settings, name, None) for name in _SHAPE}


def check_shape(network: Any, shape: dict[str, Any], encoder: str) -> None:
    """Refuse to put additions on a network whose encoder is of another shape than the one they were trained on.

    Raises:
        ModelError: it is; the message names the encoder and both shapes.
    """
    its_shape = shape_of(network)
    if its_shape != shape:
        raise ModelError(
            f"encoder {encoder} is {in_words(its_shape)}, and the additions were trained on {in_words(shape)}; give "
            "the encoder it was trained with, or train the model again"
        )


def in_words(settings: Mapping[str, Any]) -> str:
    """Return settings as they are named in a message."""
    return ", ".join(f"{name} {value}" for name, value in settings.items())


def _trained(network: Any, kind: type) -> list[str]:
    """Return the names of the encoder's own modules of a kind that are trained, the head's and the pooler's apart."""
    whole = {*head_modules(network), "pooler"}
    return [
        name
        for name, module in network.named_modules()
        if isinstance(module, kind) and whole.isdisjoint(name.split(".")) and not is_frozen(network, f"{name}.")
    ]
