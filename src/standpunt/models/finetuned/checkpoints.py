"""Checkpoints of trainings: each training has a folder of its own, so that folds, seeds and jobs share one place."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standpunt.errors import InputError
from standpunt.storage.files import atomic_folder

if TYPE_CHECKING:
    import torch
    from torch import nn

_STATE, _TENSORS = "state.json", "state.safetensors"
_NAME = 16  # digits of the digest that a folder is named by


class Checkpoint:
    """The last state of one training, in a folder named by the digest of what tells the training from others."""

    def __init__(self, parent: Path, mark: Mapping[str, Any]) -> None:
        """Set up; `mark` is all that decides what the training ends with, as plain data."""
        self._mark = dict(mark)
        self.folder = parent / digest(self._mark)[:_NAME]

    def read(self) -> tuple[dict[str, Any], dict[str, torch.Tensor]] | None:
        """Return what was written last, None where nothing was.

        Raises:
            InputError: it is damaged.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        place_found = next((place for place in self._places() if (place / _STATE).is_file()), None)
        if place_found is None:
            return None
        try:
            state = json.loads((place_found / _STATE).read_text(encoding="utf-8"))
            whole = state.pop("mark") == self._mark
            tensors = load_file(place_found / _TENSORS)
        except (OSError, ValueError, KeyError, AttributeError, TypeError, SafetensorError):
            whole = False
        if not whole:
            raise InputError(f"{place_found}: the checkpoint is damaged; remove the folder to train from the beginning")
        return state, tensors

    def write(self, state: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
        """Write a state beside the last one and then put it in its place: at any moment one of them is whole.

        Raises:
            StandpuntError: it cannot be written (disk full).
        """
        from safetensors.torch import save_file

        place, fresh, old = self._places()
        shutil.rmtree(fresh, ignore_errors=True)
        with atomic_folder(fresh) as temporary:
            save_file(dict(tensors), temporary / _TENSORS)
            (temporary / _STATE).write_text(json.dumps({"mark": self._mark, **state}), encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        fresh.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def remove(self) -> None:
        """Remove what was written."""
        for place in self._places():
            shutil.rmtree(place, ignore_errors=True)

    def _places(self) -> tuple[Path, Path, Path]:
        """Return where a state can be: in its place, just written, just moved away."""
        fresh, old = (self.folder.with_name(f"{self.folder.name}.{end}") for end in ("new", "old"))
        return self.folder, fresh, old


class Checkpoints:
    """Those of the trainings that one model is made of, in a folder that other models may use as well."""

    def __init__(self, folder: Path) -> None:
        """Set up; the folder is made when the first is written."""
        self._folder = folder
        self._used: list[Checkpoint] = []

    def for_training(self, mark: Mapping[str, Any]) -> Checkpoint:
        """Return that of one of the trainings."""
        self._used.append(Checkpoint(self._folder, mark))
        return self._used[-1]

    def remove(self) -> None:
        """Remove all that these trainings have written: the model is there."""
        for checkpoint in self._used:
            checkpoint.remove()


def digest(value: object) -> str:
    """Return a hash of plain data."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def digest_of_weights(network: nn.Module) -> str:
    """Return a hash of a network's parameters, and of which of them are trained."""
    import torch

    digest = hashlib.sha256()
    for name, parameter in network.named_parameters():
        digest.update(f"{name} {list(parameter.shape)} {parameter.requires_grad}".encode())
        values = parameter.detach().cpu().contiguous().reshape(-1)
        digest.update(values.view(torch.uint8).numpy().data)  # numpy knows no bfloat16
    return digest.hexdigest()


def tensors_of(
    parameters: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer, best: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Return what a checkpoint holds: the weights as they are, the best ones, and what the optimizer remembers."""
    names: dict[torch.Tensor, str] = {parameter: name for name, parameter in parameters.items()}
    tensors = {f"now/{name}": p.detach().cpu().contiguous() for name, p in parameters.items()}
    tensors |= {f"best/{name}": value.contiguous() for name, value in best.items()}
    for parameter, slots in optimizer.state.items():
        tensors |= {f"{slot}/{names[parameter]}": value.detach().cpu().contiguous() for slot, value in slots.items()}
    return tensors


def restore(
    tensors: dict[str, torch.Tensor], parameters: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
) -> dict[str, torch.Tensor]:
    """Put weights and optimizer into the state of a checkpoint, and return the best weights."""
    import torch

    best = {}
    with torch.no_grad():
        for key, value in tensors.items():
            kind, _, name = key.partition("/")
            if kind == "now":
                parameters[name].copy_(value)
            elif kind == "best":
                best[name] = value
            else:
                # AdamW keeps the count of its steps on the processor.
                device = value.device if kind == "step" else parameters[name].device
                optimizer.state[parameters[name]][kind] = value.to(device)
    return best
