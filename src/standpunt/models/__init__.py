"""Model families behind one contract: fit, predict_proba, save, load."""

from standpunt.models.base import Model, ModelConfig
from standpunt.models.registry import build, families, register

__all__ = ["Model", "ModelConfig", "build", "families", "register"]
