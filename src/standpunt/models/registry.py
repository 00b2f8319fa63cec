"""Model families by name. A name in a configuration builds a family; nothing a configuration says is executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points

from standpunt.annotation.issues import Issue
from standpunt.errors import unknown_name
from standpunt.models.base import Model, ModelConfig

# Families that ship, by the module that registers them: imported when first asked for, since some are heavy.
_SHIPPED = {
    "cross_encoder": "standpunt.models.cross_encoder",
    "embeddings": "standpunt.models.embeddings",
    "issue": "standpunt.models.frequencies",
    "majority": "standpunt.models.majority",
    "nli": "standpunt.models.nli",
    "party": "standpunt.models.frequencies",
    "position": "standpunt.models.position",
    "tfidf": "standpunt.models.tfidf",
    "two_stage": "standpunt.models.staged",
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
