"""How attention is computed while a network is trained."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from standpunt.encoders.device import multiplies_bfloat16
from standpunt.models.finetuned.parts import unwrapped

_PLAIN = "eager"  # the name that transformers has for attention step by step


@contextmanager
def plain_attention(network: Any) -> Generator[None]:
    """Compute attention step by step within the block, where a network is trained in bfloat16 on a processor.

    The way back through torch's own attention is slower there in most trainings that were measured (docs/speed.md). On
    a GPU, and in float32, nothing changes.
    """
    import torch

    first = next(network.parameters())
    half = multiplies_bfloat16(first.device) or any(part.dtype == torch.bfloat16 for part in network.parameters())
    encoder = unwrapped(network).base_model
    before = encoder.config._attn_implementation
    if first.device.type != "cpu" or not half or before == _PLAIN:
        yield
        return
    encoder.set_attn_implementation(_PLAIN)
    try:
        yield
    finally:
        encoder.set_attn_implementation(before)
