"""Where predictions on many debates come from: a folder or a file, told from what is none."""

from __future__ import annotations

from pathlib import Path

from standpunt.errors import InputError
from standpunt.prediction.places import MANIFEST, SUFFIXES
from standpunt.prediction.stored import Stored, open_predictions
from standpunt.results.runs import STATUS

_MAKE = "make one with standpunt predict REPORTS..."


def source_of(place: Path) -> Stored:
    """Open a folder or a file of predictions.

    Raises:
        InputError: it is neither.
    """
    _check(place)
    return open_predictions(place)


def _check(folder: Path) -> None:
    """Refuse what holds no predictions."""
    if folder.is_file():
        if folder.suffix not in SUFFIXES:
            raise InputError(
                f"{folder}: no predictions; expected a folder or a file ({', '.join(SUFFIXES)}) that standpunt predict "
                "wrote"
            )
        return
    if not folder.is_dir():
        what = "file" if folder.suffix in SUFFIXES else "folder"
        raise InputError(f"{folder}: there is no such {what}; {_MAKE} --out {folder}")
    if (folder / STATUS).is_file():
        raise InputError(f"{folder}: the folder of a run, not of predictions; {_MAKE} --out FOLDER")
    if any(folder.glob("year=*/*.parquet")):
        return
    within = sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}"))
    if within:
        raise InputError(
            f"{folder}: holds {len(within)} folder{'s' * (len(within) > 1)} of predictions ({', '.join(within[:5])}), "
            "each of a model and issues of its own; name one of them"
        )
