"""What runs are called in tables: their model, and the settings in which those of one name differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

_ABSENT = object()


def row_labels(settings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name runs by their model, with the settings in which those of one name differ.

    Of a setting that has settings of its own (a member of a blend), only those that differ are named.

    Args:
        settings: of each run, by dotted key; `model.name` among them.
    """
    labels = []
    for own in settings:
        same_name = [other for other in settings if other["model.name"] == own["model.name"]]
        # A setting that the family of another has not tells nothing.
        alike = [{key: other.get(key, value) for key, value in own.items()} for other in same_name]
        varying = [text.removeprefix("model.") for text in _varying(own, alike)]
        labels.append(" ".join([own["model.name"], *varying]))
    return labels


def _varying(own: Mapping[str, Any], others: Sequence[Mapping[str, Any]], within: str = "") -> Iterator[str]:
    """Yield the settings of one in which any of the others differs, in words."""
    for key, value in own.items():
        theirs = [other.get(key, _ABSENT) for other in others]
        if all(value == other for other in theirs):
            continue
        if not isinstance(value, Mapping):
            yield f"{within}{key}={value}"
            continue
        inner = [other for other in theirs if isinstance(other, Mapping)]
        if len(inner) < len(theirs):  # others have no such part
            yield f"{within}{key}"
        yield from _varying(value, inner, f"{within}{key}.")


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration by dotted key: values as text, those with settings of their own as they are."""
    result: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            result |= {
                f"{key}.{name}": inner if isinstance(inner, Mapping) else str(inner) for name, inner in value.items()
            }
        else:
            result[key] = str(value)
    return result


def without(settings: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return settings by dotted key but for some keys; the name of a section is all of its keys."""
    return {key: value for key, value in settings.items() if not {key, key.partition(".")[0]} & {*names}}
