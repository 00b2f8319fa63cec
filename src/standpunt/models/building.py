"""Models from configurations. A name in one builds a family; nothing a configuration says is executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import Rows
from standpunt.errors import InputError
from standpunt.models.base import Model, ModelConfig
from standpunt.models.families import FAMILIES


def build(config: ModelConfig, labels: Sequence[str], issues: Mapping[str, Issue]) -> Model:
    """Return an untrained model of the family that `config` names."""
    return FAMILIES.get(config.family)(config, labels, issues)


def fit_part(
    config: ModelConfig, whole: Model, train: Rows, dev: Rows | None, seed: int, labels: Sequence[str] | None = None
) -> Model:
    """Train a model that is part of another, and calibrate it on dev.

    Args:
        config: of the part.
        whole: the model that it is part of, whose issues it has, and who watches its training.
        train: labelled rows.
        dev: labelled rows that are not trained on, where there are any.
        seed: see `Model.fit`.
        labels: its own label scheme; that of the whole by default.
    """
    part = build(config, whole.labels if labels is None else labels, whole.issues)
    part.watch = whole.watch
    part.fit(train, dev, seed)
    if dev is not None:
        part.calibrate(dev)
    return part


def model_config(settings: Mapping[str, Any]) -> ModelConfig:
    """Hold the settings of a model, its family among them, against the family's schema.

    Raises:
        InputError: there is no such family.
        OmegaConfBaseException: an unknown key, a value of the wrong type, or one that is missing.
    """
    schema = OmegaConf.structured(FAMILIES.get(settings["family"]).config_class)
    config = OmegaConf.to_object(OmegaConf.merge(schema, dict(settings)))
    assert isinstance(config, ModelConfig)
    return config


def nested_config(settings: Any, key: str, *, outer: str | None = None) -> ModelConfig:
    """Return the configuration of a model that is part of another.

    Args:
        settings: its settings, or a configuration already.
        key: where they stand, for messages.
        outer: a family that it cannot be of, mostly that of the model that it is part of.

    Raises:
        InputError: the settings name no family, that one, or settings that the family does not have.
    """
    if isinstance(settings, ModelConfig):
        return settings
    if not isinstance(settings, Mapping) or not isinstance(settings.get("family"), str):
        raise InputError(f"configuration: {key} names no family; give it the settings of a model")
    if settings["family"] == outer:
        raise InputError(f"configuration: {key} is {outer}; expected another family")
    try:
        return model_config(settings)
    except OmegaConfBaseException as error:
        raise InputError(f"configuration: {key}: {str(error).splitlines()[0]}") from None
