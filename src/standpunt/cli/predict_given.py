"""What `standpunt predict` is given: a model or none, files, folders and lists of files."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.errors import InputError


def model_and_files(given: tuple[str, ...], more: list[str]) -> tuple[str, list[str]]:
    """Return the model, named or by default, and the files and folders named on the command line and in a list."""
    from standpunt.models.shipped import default_model

    first, files = given[0] if given else None, [*given[1:], *more]
    if first is not None and _is_model(first, alone=not files):
        if not files:
            raise click.UsageError(f"{first} is a model; name the files to classify as well")
        return first, files
    if first is None and not files:
        raise click.UsageError("Missing argument 'FILES...': name reports, folders of them, or --files-from a list.")
    return default_model(), [*given, *more]


def _is_model(name: str, *, alone: bool) -> bool:
    """Tell whether a name is that of a model; one that is nothing else is taken for it where files are named too."""
    from standpunt.models.persistence import MANIFEST
    from standpunt.models.shipped import shipped_models
    from standpunt.readers.finding import find_reports

    path = Path(name)
    if name in shipped_models() or (path / MANIFEST).is_file():
        return True
    if path.is_file() or alone:
        return False
    try:
        return not (path.is_dir() and find_reports([name]).files)
    except InputError:  # no report in it: what is wrong with it as a model is told
        return True
