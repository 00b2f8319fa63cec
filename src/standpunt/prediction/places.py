"""What predictions are told by, on disk: the name of a file, or what lies hidden in a folder."""

from __future__ import annotations

import os
from pathlib import Path

SUFFIXES = (".csv", ".jsonl", ".parquet")
MANIFEST = ".predictions.json"  # hidden: what reads a folder of Parquet takes every visible file for Parquet


def are_predictions(path: str | os.PathLike[str]) -> bool:
    """Tell whether a path is a file of predictions, or a folder of them; runs are folders of another kind."""
    place = Path(path)
    return place.suffix in SUFFIXES or (place / MANIFEST).is_file()
