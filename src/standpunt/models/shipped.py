"""Models that come with the package, by name."""

from __future__ import annotations

import os
from pathlib import Path

from standpunt.paths import MODELS

DEFAULT = "standpunt-nl"


def shipped_models() -> tuple[str, ...]:
    """Return the names of the models that come with the package."""
    return tuple(sorted(path.name for path in MODELS.glob("*") if path.is_dir()))


def model_folder(name: str | os.PathLike[str]) -> Path:
    """Return the folder of a model given by its folder or, where there is none, by the name it ships under."""
    place = Path(name)
    return MODELS / place if not place.is_dir() and os.fspath(name) in shipped_models() else place
