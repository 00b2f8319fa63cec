"""What runs are called in tables: their model, and the settings in which those of one name differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any


def row_labels(settings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name runs by their model, with the settings in which those of one name differ.

    Args:
        settings: of each run, by dotted key; `model.name` among them.
    """
    labels = []
    for own in settings:
        same_name = [other for other in settings if other["model.name"] == own["model.name"]]
        # A setting that the family of another has not tells nothing.
        varying = [key for key in own if any(other.get(key, own[key]) != own[key] for other in same_name)]
        labels.append(" ".join([own["model.name"], *(f"{key.removeprefix('model.')}={own[key]}" for key in varying)]))
    return labels


def flat(config: Mapping[str, Any]) -> dict[str, str]:
    """Return a configuration by dotted key, values as text."""
    result: dict[str, str] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            result |= {f"{key}.{name}": str(inner) for name, inner in value.items()}
        else:
            result[key] = str(value)
    return result


def without(settings: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """Return settings by dotted key but for some keys; the name of a section is all of its keys."""
    return {key: value for key, value in settings.items() if not {key, key.partition(".")[0]} & {*names}}
