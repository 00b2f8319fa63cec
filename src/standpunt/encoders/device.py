"""Where networks run: on which device, in how many threads, in which precision."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def best_device() -> torch.device:
    """Return where networks are trained and run: the first GPU, where there is one."""
    import torch

    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def set_threads(threads: int | None) -> None:
    """Set how many CPU threads torch takes; None leaves it as it is."""
    import torch

    if threads is not None and threads != torch.get_num_threads():
        torch.set_num_threads(threads)


def precision(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context to train in: bfloat16 where the processor multiplies it faster, float32 elsewhere."""
    import torch

    fast = multiplies_bfloat16(device)
    return torch.autocast(device.type, dtype=torch.bfloat16) if fast else nullcontext()


def multiplies_bfloat16(device: torch.device) -> bool:
    """Tell whether a device has units for numbers in bfloat16."""
    import torch

    return torch.cuda.is_bf16_supported() if device.type == "cuda" else torch.cpu._is_avx512_bf16_supported()
