"""Model folders: written whole or not at all, read without executing anything, refused when damaged."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from standpunt import __version__
from standpunt.annotation.issues import issue_from_record
from standpunt.errors import InputError, ModelError, StandpuntError
from standpunt.models.base import Model, Provenance
from standpunt.models.cards import model_card
from standpunt.models.registry import model_class
from standpunt.storage.files import atomic_folder

FORMAT = 1
MANIFEST = "model.json"
CARD = "README.md"
_LIBRARIES = ("numpy", "scikit-learn", "skops", "torch", "transformers", "datasets")


def versions() -> dict[str, str]:
    """Return the versions of Python, this package and the libraries results depend on."""
    return {"python": platform.python_version(), "standpunt": __version__} | {
        name: version(name) for name in _LIBRARIES
    }


def fingerprint(*folders: Path) -> str:
    """Return a hash of what lies in model folders, by their manifests; of folders without one, of nothing."""
    manifests = [folder / MANIFEST for folder in folders]
    return hashlib.sha256(b"".join(path.read_bytes() for path in manifests if path.is_file())).hexdigest()


def save_model(model: Model, folder: Path, *, whole: Model | None = None) -> None:
    """Write a model to a new folder; see `Model.save`.

    Args:
        model: a trained model.
        folder: where to.
        whole: the model that this one is a part of, where it is: the card of the whole is that of its parts, and
            definitions of issues that the whole has too are kept once.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: exists already; choose a new folder for the model")
    shared = whole is not None and model.issues == whole.issues
    with atomic_folder(folder) as temporary:
        model._save_weights(temporary)
        manifest = {
            "format": FORMAT,
            "family": model.family,
            "config": asdict(model.config),
            "labels": list(model.labels),
            "issues": None if shared else [issue.record() for issue in model.issues.values()],
            "provenance": asdict(model.provenance),
            "temperature": model.temperature,
            "versions": versions(),
            "files": {
                str(path.relative_to(temporary)): _sha256(path)
                for path in sorted(temporary.rglob("*"))
                if path.is_file()
            },
        }
        manifest["sha256"] = _seal(manifest)
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (temporary / MANIFEST).write_text(text + "\n", encoding="utf-8")
        if whole is None:
            (temporary / CARD).write_text(model_card(model), encoding="utf-8")


def load_model(folder: Path, *, whole: Model | None = None) -> Model:
    """Read a model from its folder, or a part of `whole` from that of the part; see `Model.load`."""
    manifest = _manifest(folder)
    where = str(folder / MANIFEST)
    shared = manifest.get("issues", ()) is None
    if shared and whole is None:
        raise ModelError(f"{where}: of a part of another model; load the whole, {folder.parent}")
    try:
        cls = model_class(manifest["family"])
        _check_known(manifest["config"], where, manifest.get("versions", {}).get("standpunt", "another version"))
        config = cls.config_class(**manifest["config"])
        issues = {record["name"]: issue_from_record(record, where) for record in manifest["issues"] or ()}
        model = cls(config, manifest["labels"], whole.issues if whole is not None and shared else issues)
        model.provenance = Provenance(**manifest["provenance"])
        model.temperature = manifest.get("temperature")  # none in folders of before
        files = dict(manifest["files"])
    except ModelError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, InputError) as error:
        raise ModelError(f"{where}: damaged or from another version ({error}); train the model again") from None
    if manifest.pop("sha256", None) != _seal(manifest):
        raise ModelError(f"{where}: its content is not what was saved; copy the folder again or train the model again")
    for name, digest in files.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path}: missing; the model folder is incomplete, copy it again or train the model again")
        if _sha256(path) != digest:
            raise ModelError(
                f"{path}: its content is not what was saved; copy the folder again or train the model again"
            )
    try:
        model._load_weights(folder)
    except InputError as error:
        raise ModelError(f"{folder}: {error}") from None
    except StandpuntError:
        raise
    except Exception as error:  # whatever a library raises on a file it cannot read
        reason = (str(error).strip() or "no reason given").splitlines()[0]
        raise ModelError(f"{folder}: the weights cannot be read ({type(error).__name__}: {reason})") from error
    return model


def _check_known(settings: Mapping[str, Any], where: str, made: str) -> None:
    """Refuse settings, of a model or of one within it, that this version does not have: they would have an effect.

    Raises:
        ModelError: there is one.
    """
    known = {field.name for field in fields(model_class(settings["family"]).config_class)}
    for key, value in settings.items():
        if key not in known:
            raise ModelError(
                f"{where}: setting {key!r} of family {settings['family']} is not known to standpunt {__version__}; the "
                f"model was made by {made}; install that version, or a newer one"
            )
        for part in (value, *value.values()) if isinstance(value, Mapping) else ():
            if isinstance(part, Mapping) and "family" in part:
                _check_known(part, where, made)


def _manifest(folder: Path) -> dict[str, Any]:
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


def _seal(manifest: dict[str, Any]) -> str:
    """Return the hash of a manifest: labels or settings that do not belong to the weights must not go unnoticed."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
