"""A fully tuned network as low-rank additions to its base: what a tuning of hundreds of MB becomes in a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

_ADAPTER = "default"


def take_difference(network: PeftModel, tuned: PreTrainedModel) -> float:
    """Set the additions of `network` to the best approximation of what tuning changed in `tuned`.

    The nearest matrix of rank r is the one of the r largest singular values (C. Eckart, G. Young, 1936). Biases, norms
    and the head, where `network` trains them, are taken over as they are.

    Args:
        network: the base with fresh LoRA layers.
        tuned: the same base, fully tuned, with a head of the same shape.

    Returns:
        The share of the squared change of the adapted layers that the additions keep, from 0 to 1.
    """
    import torch

    state = tuned.state_dict()
    whole = kept = 0.0
    with torch.no_grad():
        for name, module in network.get_base_model().named_modules():
            if hasattr(module, "modules_to_save"):
                part = module.modules_to_save[_ADAPTER]
                part.load_state_dict({key: state[f"{name}.{key}"] for key in part.state_dict()})
            elif hasattr(module, "lora_A"):
                base = module.base_layer
                change = state[f"{name}.weight"] - base.weight
                left, values, right = torch.linalg.svd(change.float(), full_matrices=False)
                rank = module.r[_ADAPTER]
                root = values[:rank].sqrt()
                module.lora_A[_ADAPTER].weight.copy_(root[:, None] * right[:rank])
                module.lora_B[_ADAPTER].weight.copy_(left[:, :rank] * root / module.scaling[_ADAPTER])
                if base.bias is not None and base.bias.requires_grad:
                    base.bias.copy_(state[f"{name}.bias"])
                whole += float((values**2).sum())
                kept += float((values[:rank] ** 2).sum())
    return kept / whole if whole else 1.0
