"""Finding the transcript a layer was laid upon, by what is in it and not by what it is called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from standpunt.debate import Debate
from standpunt.errors import InputError, ReadError
from standpunt.readers import read_debate

VARIABLE = "STANDPUNT_TRANSCRIPTS"


def transcripts_path(path: str | os.PathLike[str] | None = None) -> Path | None:
    """Return where transcripts are: the path given, else the environment variable, else None.

    Raises:
        InputError: the place named does not exist.
    """
    named = os.fspath(path) if path else os.environ.get(VARIABLE)
    if not named:
        return None
    place = Path(named).expanduser()
    if not place.exists():
        raise InputError(f"{place}: no such file or folder; expected transcripts (paths.transcripts or {VARIABLE})")
    return place


def find_transcript(sha256: str, place: Path, *, debate_id: str | None = None) -> Debate | None:
    """Return the debate with this hash among the file or the files under `place`; unreadable files are passed over."""
    for file in _files(place):
        try:
            debate = read_debate(file, debate_id=debate_id, partial=True)
        except ReadError:
            continue
        if debate.sha256 == sha256:
            return debate
    return None


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    else:
        yield from sorted(path for path in place.rglob("*") if path.is_file() and not path.name.startswith("."))
