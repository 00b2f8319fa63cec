"""Model families behind one contract: fit, predict_proba, save, load."""

from standpunt.models.base import Model, ModelConfig
from standpunt.models.building import build
from standpunt.models.families import FAMILIES

families, register = FAMILIES.names, FAMILIES.register

__all__ = ["FAMILIES", "Model", "ModelConfig", "build", "families", "register"]
