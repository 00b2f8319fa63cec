"""Model families by name. A name in a configuration builds a family; nothing a configuration says is executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from standpunt.annotation.issues import Issue
from standpunt.errors import InputError, unknown_name
from standpunt.models.base import Model, ModelConfig

# Families that ship, by the module that registers them: imported when first asked for, since some are heavy.
_SHIPPED = {
    "blend": "standpunt.models.combined.blend",
    "cross_encoder": "standpunt.models.finetuned.cross_encoder",
    "embeddings": "standpunt.models.frozen.embeddings",
    "issue": "standpunt.models.controls.frequencies",
    "majority": "standpunt.models.controls.majority",
    "nli": "standpunt.models.finetuned.nli",
    "party": "standpunt.models.controls.frequencies",
    "poles": "standpunt.models.frozen.poles",
    "position": "standpunt.models.controls.position",
    "tfidf": "standpunt.models.tfidf",
    "two_stage": "standpunt.models.combined.two_stage",
}
_GROUP = "standpunt.models"  # of entry points: families of other packages
_registered: dict[str, type[Model]] = {}


def register(family: str) -> Callable[[type[Model]], type[Model]]:
    """Class decorator that makes a family known under a name."""

    def add(cls: type[Model]) -> type[Model]:
        cls.family = family
        _registered[family] = cls
        return cls

    return add


def families() -> tuple[str, ...]:
    """Return the names of all known families."""
    return tuple(sorted({*_SHIPPED, *_registered, *entry_points(group=_GROUP).names}))


def model_class(family: str) -> type[Model]:
    """Return the class of a family.

    Raises:
        InputError: there is no such family.
    """
    if family not in _registered and family in _SHIPPED:
        import_module(_SHIPPED[family])
    if family not in _registered:
        for point in entry_points(group=_GROUP, name=family):
            point.load()
    if family not in _registered:
        raise unknown_name("model family", family, families())
    return _registered[family]


def build(config: ModelConfig, labels: Sequence[str], issues: Mapping[str, Issue]) -> Model:
    """Return an untrained model of the family that `config` names."""
    return model_class(config.family)(config, labels, issues)


def model_config(settings: Mapping[str, Any]) -> ModelConfig:
    """Hold the settings of a model, its family among them, against the family's schema.

    Raises:
        InputError: there is no such family.
        OmegaConfBaseException: an unknown key, a value of the wrong type, or one that is missing.
    """
    schema = OmegaConf.structured(model_class(settings["family"]).config_class)
    config = OmegaConf.to_object(OmegaConf.merge(schema, dict(settings)))
    assert isinstance(config, ModelConfig)
    return config


def nested_config(settings: Any, key: str, *, besides: str) -> ModelConfig:
    """Return the configuration of a model that is part of another.

    Args:
        settings: its settings, or a configuration already.
        key: where they stand, for messages.
        besides: the family of the model that it is part of, which it cannot be itself.

    Raises:
        InputError: the settings name no family, that one, or settings that the family does not have.
    """
    if isinstance(settings, ModelConfig):
        return settings
    if not isinstance(settings, Mapping) or not isinstance(settings.get("family"), str):
        raise InputError(f"configuration: {key} names no family; give it the settings of a model")
    if settings["family"] == besides:
        raise InputError(f"configuration: {key} is {besides}; expected another family")
    try:
        return model_config(settings)
    except OmegaConfBaseException as error:
        raise InputError(f"configuration: {key}: {str(error).splitlines()[0]}") from None
