"""How the models of a run were trained, in words: from its configuration and the condition of what was scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from standpunt import __version__
from standpunt.errors import InputError
from standpunt.evaluation.condition import Condition
from standpunt.splits import PROTOCOLS, Protocol


def protocol_of(config: Mapping[str, Any]) -> Protocol:
    """Return the protocol of a run by its configuration.

    Raises:
        InputError: it is one of another package, which is not installed, or has a setting that this version lacks.
    """
    settings = config["split"]
    cls = PROTOCOLS.get(settings["name"])
    known = {item.name for item in fields(cls.settings_class)}
    for key in settings:
        if key not in known:
            raise InputError(
                f"run {config.get('name')}: setting split.{key} is not known to standpunt {__version__}; the run was "
                "made by another version; repeat it, or read it with that version"
            )
    return cls(cls.settings_class(**settings))


def trained_how(condition: Condition, config: Mapping[str, Any]) -> str:
    """Say how the models were trained that were scored under a condition.

    Args:
        condition: of some of the predictions of a run.
        config: of the run.
    """
    if condition.corpus != config["corpus"]["name"]:
        return f"trained on {condition.trained_on}"
    others = ", ".join(config["corpus"]["also"])
    words = protocol_of(config).words
    return f"{words}, also trained on {others}" if others else words
