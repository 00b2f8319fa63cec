"""Model folders: written whole or not at all, read without executing anything, refused when damaged."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from standpunt import __version__
from standpunt.errors import InputError, ModelError
from standpunt.models.cards import HERE
from standpunt.models.scores import SCORES, Scores, read_scores, write_scores
from standpunt.storage.files import atomic_folder, sha256_of

FORMAT = 2
MANIFEST = "model.json"
CARD = "README.md"
VIEW = "view_of"  # in the manifest of a view: the way to the model it is of
_LIBRARIES = ("numpy", "scikit-learn", "safetensors", "torch", "transformers", "datasets")


def versions() -> dict[str, str]:
    """Return the versions of Python, this package and the libraries results depend on, those that are installed."""
    installed = {"python": platform.python_version(), "standpunt": __version__}
    for name in _LIBRARIES:
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            continue
    return installed


def fingerprint(*folders: Path) -> str:
    """Return a hash of what lies in model folders, by their manifests and scores; of nothing where there are none."""
    files = [folder / name for folder in folders for name in (MANIFEST, SCORES)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.is_file())).hexdigest()


def write_folder(
    folder: Path,
    record: Mapping[str, Any],
    write_weights: Callable[[Path], None],
    card: str | None,
    scores: Scores | None = None,
) -> str:
    """Write a new model folder.

    Args:
        folder: where to.
        record: what the manifest says of the model, as plain data; the format, versions, the hashes of all files and a
            seal are added.
        write_weights: writes what was learnt into an existing folder.
        card: the text of its card; None for the part of another model.
        scores: how well it did on labelled debates, where that was measured.

    Returns:
        The seal: the hash that the model is known by.

    Raises:
        InputError: the folder exists already and is not empty.
        StandpuntError: writing failed; nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: exists already; choose a new folder for the model")
    with atomic_folder(folder) as temporary:
        write_weights(temporary)
        seal = _write_manifest(temporary, {**record, "versions": versions()})
        if scores is not None and scores.measurements:
            write_scores(temporary, scores, seal)
        if card is not None:
            (temporary / CARD).write_text(card, encoding="utf-8")
    return seal


def write_view(folder: Path, model: Path, task: str) -> None:
    """Write, to a new folder, a model that is what another one answers for a task; so weights are kept once.

    Args:
        folder: where to.
        model: the folder of the other model, in the same whole: it is found by the way from `folder` to it.
        task: one that it learnt, see `Model.answering`.
    """
    folder.mkdir()
    way = Path(os.path.relpath(model, folder)).as_posix()
    _write_manifest(folder, {VIEW: way, "task": task, "model": read_manifest(model)["sha256"]})


def reseal(folder: Path) -> None:
    """Write the manifest of a model folder anew, after a part in it changed that answers as before.

    What was measured of the model still holds, so its scores get the new seal.

    Raises:
        ModelError: its scores are of another model.
    """
    manifest = read_manifest(folder)
    scores = read_scores(folder, manifest["sha256"])
    seal = _write_manifest(folder, manifest)
    if scores.measurements:
        write_scores(folder, scores, seal)


def viewed(folder: Path, manifest: Mapping[str, Any]) -> tuple[Path, str]:
    """Return the folder of the model that a view is of, and the task.

    Raises:
        ModelError: it is not there, or another one is.
        KeyError, TypeError, AttributeError: the manifest lacks an entry.
    """
    check_whole(folder, manifest)
    model, where = folder / manifest[VIEW], folder / MANIFEST
    if not model.is_dir():
        raise ModelError(f"{where}: of a part of another model, with weights in {model}; load or copy the whole")
    if read_manifest(model)["sha256"] != manifest["model"]:
        raise ModelError(f"{model}: not the model that {where} was made from; copy the whole again")
    return model, manifest["task"]


def read_card(folder: Path) -> str | None:
    """Return the text of the card beside a model; None where there is none that can be read."""
    try:
        return (folder / CARD).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def rename_in_card(folder: Path, name: str) -> None:
    """Let the examples in the card beside a model load it by a name."""
    text = read_card(folder)
    if text is not None:
        (folder / CARD).write_text(text.replace(HERE, name), encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest of a model folder says.

    Raises:
        ModelError: there is no folder, no manifest in it, or one of another format.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such model folder; expected one that a run or Model.save wrote")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ModelError(
            f"{folder}: no {MANIFEST} in it; expected a model folder (a run keeps its own in model/)"
        ) from None
    except ValueError:
        raise ModelError(f"{path}: not valid JSON; the model folder is damaged") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ModelError(f"{path}: expected format {FORMAT}; this version of standpunt cannot read it")
    return manifest


def check_whole(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Make sure that the manifest and all files of a folder are those that were saved.

    Raises:
        ModelError: one is missing or was changed.
        KeyError, TypeError, AttributeError: the manifest has no such entries.
    """
    unsealed = {key: value for key, value in manifest.items() if key != "sha256"}
    if manifest.get("sha256") != _seal(unsealed):
        raise ModelError(
            f"{folder / MANIFEST}: its content is not what was saved; copy the folder again or train the model again"
        )
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path}: missing; the model folder is incomplete, copy it again or train the model again")
        if sha256_of(path) != digest:
            raise ModelError(
                f"{path}: its content is not what was saved; copy the folder again or train the model again"
            )


def _write_manifest(folder: Path, record: Mapping[str, Any]) -> str:
    """Write what is said of a model, with the format, the hashes of all files beside it, and a seal; return the seal.

    The scores name the model by its seal, so that they can be measured later and are no part of it.
    """
    own = (folder / MANIFEST, folder / CARD, folder / SCORES)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path not in own]
    manifest = {"format": FORMAT, **record, "files": {str(path.relative_to(folder)): sha256_of(path) for path in files}}
    manifest["sha256"] = _seal({key: value for key, value in manifest.items() if key != "sha256"})
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest["sha256"]


def _seal(manifest: dict[str, Any]) -> str:
    """Return the hash of a manifest: labels or settings that do not belong to the weights must not go unnoticed."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
