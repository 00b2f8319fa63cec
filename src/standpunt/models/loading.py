"""Models from their folders: of what family they are, with what settings, and then what they learnt."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standpunt import __version__
from standpunt.annotation.issues import issue_from_record
from standpunt.errors import InputError, ModelError, StandpuntError
from standpunt.models.families import FAMILIES
from standpunt.models.packages import installed
from standpunt.models.persistence import MANIFEST, VIEW, check_whole, read_card, read_manifest, viewed
from standpunt.models.provenance import Provenance
from standpunt.models.scores import read_scores
from standpunt.models.shipped import model_folder

if TYPE_CHECKING:
    from standpunt.models.base import Model


def load_model(folder: str | os.PathLike[str], whole: Model | None = None) -> Model:
    """Load a model; see `standpunt.models.base.Model.load`."""
    place = model_folder(folder)
    manifest = read_manifest(place)
    if VIEW in manifest:
        where = place / MANIFEST
        try:
            model_place, task = viewed(place, manifest)
        except (AttributeError, KeyError, TypeError) as error:
            raise ModelError(f"{where}: damaged or from another version ({error}); copy the whole again") from None
        return load_model(model_place).answering(task)
    model = _without_weights(place, manifest, whole)
    try:
        check_whole(place, manifest)
        model.scores, model.seal = read_scores(place, manifest["sha256"]), manifest["sha256"]
        model.card = read_card(place)
    except ModelError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, InputError) as error:
        raise _damaged(place, error) from None
    try:
        with installed(model.config.name):
            model._load_weights(place)
    except InputError as error:
        raise ModelError(f"{place}: {error}") from None
    except StandpuntError:
        raise
    except Exception as error:  # whatever a library raises on a file it cannot read
        reason = (str(error).strip() or "no reason given").splitlines()[0]
        raise ModelError(f"{place}: the weights cannot be read ({type(error).__name__}: {reason})") from error
    return model


def outline_of(folder: str | os.PathLike[str]) -> Model | None:
    """Return what a saved model says of itself; see `standpunt.models.base.Model.outline`."""
    place = model_folder(folder)
    manifest = read_manifest(place)
    return None if VIEW in manifest else _without_weights(place, manifest, None)


def _without_weights(place: Path, manifest: Mapping[str, Any], whole: Model | None) -> Model:
    """Return the model of a folder before its weights are loaded.

    Raises:
        ModelError: the manifest is damaged, from another version, or that of a part whose whole is not given.
    """
    where = str(place / MANIFEST)
    shared = manifest.get("issues", ()) is None
    if shared and whole is None:
        raise ModelError(f"{where}: of a part of another model; load the whole, {place.parent}")
    try:
        cls = FAMILIES.get(manifest["family"])
        _check_known(manifest["config"], where, manifest["versions"]["standpunt"])
        config = cls.config_class(**manifest["config"])
        issues = {record["name"]: issue_from_record(record, where) for record in manifest["issues"] or ()}
        model = cls(config, manifest["labels"], whole.issues if whole is not None and shared else issues)
        model.provenance = Provenance(**manifest["provenance"])
        model.temperature = manifest["temperature"]
    except ModelError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, InputError) as error:
        raise _damaged(place, error) from None
    return model


def _damaged(place: Path, error: Exception) -> ModelError:
    return ModelError(f"{place / MANIFEST}: damaged or from another version ({error}); train the model again")


def _check_known(settings: Mapping[str, Any], where: str, made: str) -> None:
    """Refuse settings, of a model or of one within it, that this version does not have: they would have an effect.

    Raises:
        ModelError: there is one.
    """
    known = {field.name for field in fields(FAMILIES.get(settings["family"]).config_class)}
    for key, value in settings.items():
        if key not in known:
            raise ModelError(
                f"{where}: setting {key!r} of family {settings['family']} is not known to standpunt {__version__}; the "
                f"model was made by {made}; install that version, or a newer one"
            )
        for part in (value, *value.values()) if isinstance(value, Mapping) else ():
            if isinstance(part, Mapping) and "family" in part:
                _check_known(part, where, made)
