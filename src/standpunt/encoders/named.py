"""Encoders that are known by a name: where they are looked for, and under what terms they may be used."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from standpunt.encoders.cache import cache_dir
from standpunt.errors import InputError

VARIABLE = "STANDPUNT_ENCODERS"  # folders with encoders, separated as in PATH
_ALWAYS = ("config.json", "model.safetensors")  # what every encoder on the hub consists of, at least
_PATIENCE = 5  # seconds for the hub to answer; its own client tries for most of a minute


@dataclass(frozen=True, slots=True)
class Named:
    """An encoder that a name stands for.

    Attributes:
        hub: its id on the model hub.
        folder: the name of its folder on this machine.
        terms: what its weights may be used under.
        terms_url: where that is written.
    """

    hub: str
    folder: str
    terms: str
    terms_url: str


NAMED: Mapping[str, Named] = {
    "embeddinggemma": Named(
        "google/embeddinggemma-300m",
        "embeddinggemma-300m",
        "Gemma Terms of Use",
        "https://ai.google.dev/gemma/terms",
    )
}


def folders() -> list[Path]:
    """Return the folders in which encoders are looked for: those of STANDPUNT_ENCODERS, then that in the cache."""
    given = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    return [*given, cache_dir() / "encoders"]


def folder_of(name: str) -> Path | None:
    """Return the folder of a named encoder on this machine; None where there is none."""
    places = [parent / NAMED[name].folder for parent in folders()]
    return next((place for place in places if (place / "config.json").is_file()), None)


def at_hand(name: str) -> bool:
    """Tell whether a named encoder is on this machine: in a folder, or where the hub's client keeps what it fetched."""
    return folder_of(name) is not None or _kept(NAMED[name].hub)


def place_of(name: str) -> str:
    """Return where a named encoder is loaded from: a folder, or a hub id that this machine has kept or can reach.

    Raises:
        InputError: there is no folder, and the hub does not give it.
    """
    folder, named = folder_of(name), NAMED[name]
    if folder is not None:
        return str(folder)
    reason = None if _kept(named.hub) else _refused(named.hub)
    if reason is None:
        return named.hub
    looked = ", ".join(str(parent / named.folder) for parent in folders())
    raise InputError(
        f"encoder {name!r} is not on this machine (looked for: {looked}; {VARIABLE} names other places) and {reason}; "
        f"put it together with `standpunt encoder assemble {name}` (1.2 GB), or accept its licence, the {named.terms}, "
        f"at https://huggingface.co/{named.hub} and log in with `hf auth login`"
    )


def terms_of(encoder: str) -> Named | None:
    """Return what is known of an encoder by its name or hub id; None of others."""
    return next((named for name, named in NAMED.items() if encoder in (name, named.hub)), None)


def _kept(hub: str) -> bool:
    """Tell whether the hub's client has it in its own cache."""
    from huggingface_hub import try_to_load_from_cache

    return all(isinstance(try_to_load_from_cache(hub, file), str) for file in _ALWAYS)


def _refused(hub: str) -> str | None:
    """Return why the hub does not give a model; None where it does."""
    import requests
    from huggingface_hub import constants, hf_hub_url
    from huggingface_hub.utils import build_hf_headers

    if constants.HF_HUB_OFFLINE:
        return "the hub is not asked (HF_HUB_OFFLINE)"
    try:
        answer = requests.head(
            hf_hub_url(hub, "config.json"), headers=build_hf_headers(), timeout=_PATIENCE, allow_redirects=True
        )
    except requests.RequestException:
        return f"the hub ({constants.ENDPOINT}) cannot be reached"
    if answer.status_code in (401, 403):
        return f"the hub asks for its licence to be accepted ({answer.status_code})"
    return None if answer.ok else f"the hub answers {answer.status_code}"
