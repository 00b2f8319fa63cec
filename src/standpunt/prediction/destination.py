"""Where predictions may go: checked before a model is loaded, and never over what is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from standpunt.errors import InputError
from standpunt.prediction.description import Description
from standpunt.prediction.folder import check_claim
from standpunt.prediction.header import header_file
from standpunt.prediction.output import check_suffix
from standpunt.prediction.places import MANIFEST, SUFFIXES

Name = str | os.PathLike[str]


def goes_to_folder(out: Name, files: Sequence[Name], *, named_folder: bool) -> bool:
    """Tell whether rows go to a folder of files rather than to one file; those of a folder do, if it has one report.

    Raises:
        InputError: the name of neither is given.
    """
    path = Path(out)
    if len(files) == 1 and (path.suffix in SUFFIXES or not path.is_dir()) and (path.suffix or not named_folder):
        check_suffix(out)
        return False
    if path.suffix in SUFFIXES and not path.is_dir():
        raise InputError(f"{out}: {len(files)} files become a folder of Parquet files; give --out a folder's name")
    return True


def check_output(description: Description, inputs: Sequence[Name], out: Name, *, in_folder: bool, force: bool) -> None:
    """Refuse an output that the predictions of a model cannot or should not be written to.

    Raises:
        InputError: as for `check_file`, or as for `check_folder` and `standpunt.prediction.folder.check_claim`.
    """
    models = [place for place in (description.saved.model, description.saved.arguments) if place is not None]
    if not in_folder:
        check_file(out, inputs, models, force=force)
        return
    check_folder(out, inputs, models)
    check_claim(Path(out).absolute(), description)


def check_file(out: Name, inputs: Iterable[Name], models: Sequence[Name], *, force: bool = False) -> None:
    """Refuse a file that predictions cannot or should not be written to.

    Args:
        out: the file.
        inputs: files that are read, by whatever names: links and other ways to them are seen through.
        models: folders of models that are read.
        force: whether a file that is there may be replaced. One that is read may not.

    Raises:
        InputError: its suffix names no format, its folder is not there or cannot be written to, it is one of the inputs
            or lies among the files of a model, it is a link to any other file, or it is there already.
    """
    check_suffix(out)
    path = Path(out)
    if not os.path.isdir(path.parent):
        raise InputError(f"{path}: the folder {path.parent} does not exist; make it first or name another file")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise InputError(f"{path}: nothing may be written into the folder {path.parent}; name another file")
    if os.path.isdir(path):
        raise InputError(f"{path}: a folder; name a file for --out")
    _check_apart(path, models)
    written = [path] if path.suffix == ".parquet" else [path, header_file(path)]
    there = [file for file in written if os.path.exists(file)]  # of a name that is too long too; writing will say so
    read = _identities(inputs, models) if there else set()
    for file in written:
        if file in there and _identity(file) in read:
            raise InputError(f"{file}: one of the files that are read; name another for --out")
        if os.path.islink(file):  # what it leads to is not what --force was given for
            raise InputError(f"{file}: a link to {os.path.realpath(file)}; remove it, or name another file for --out")
        if file in there and not force:
            raise InputError(f"{file}: exists already; give --force to replace it, or name another file for --out")


def check_folder(out: Name, inputs: Iterable[Name], models: Sequence[Name]) -> None:
    """Refuse a folder that the predictions on many files cannot or should not be written to.

    Args:
        out: the folder, there or not.
        inputs: files that are read.
        models: folders of models that are read.

    Raises:
        InputError: it is no folder, nothing may be written into it, it lies within a model, or a file in it that may be
            written is one that is read.
    """
    path = Path(out)
    if os.path.exists(path) and not os.path.isdir(path):
        raise InputError(f"{path}: cannot be used as a folder (it is a file); name another for --out")
    above = next(place for place in (path.absolute(), *path.absolute().parents) if os.path.exists(place))
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise InputError(f"{path}: nothing may be written into {above}; name another folder for --out")
    _check_apart(path, models)
    if not path.is_dir():
        return
    read = _identities(inputs, models)
    for file in (path / MANIFEST, *path.glob("year=*/*")):
        if file.exists() and _identity(file) in read:
            raise InputError(f"{file}: one of the files that are read; name another folder for --out")


def _check_apart(path: Path, models: Sequence[Name]) -> None:
    for model in models:
        if path.resolve().is_relative_to(Path(model).resolve()):
            raise InputError(f"{path}: lies in the folder of a model, {os.fspath(model)}; name another for --out")


def _identities(inputs: Iterable[Name], models: Iterable[Name]) -> set[tuple[int, int]]:
    """Return the identities of all files that are read; those that are not there are left out."""
    return {_identity(file) for file in _files(inputs, models) if file.is_file()}


def _files(inputs: Iterable[Name], models: Iterable[Name]) -> Iterator[Path]:
    yield from map(Path, inputs)
    for model in models:
        yield from Path(model).rglob("*")


def _identity(path: Path) -> tuple[int, int]:
    """Return what a file is called by the system: the same for links and for other ways to it."""
    state = path.stat()
    return state.st_dev, state.st_ino
