"""Where the package keeps what it ships: configurations, annotated corpora, models."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
CORPORA = PACKAGE / "data" / "corpora"
ISSUES = PACKAGE / "data" / "issues"
MODELS = PACKAGE / "data" / "models"
ENCODERS = PACKAGE / "data" / "encoders"
VOCABULARIES = PACKAGE / "data" / "vocabularies"
PROMPTS = PACKAGE / "data" / "prompts"


def configs_dir() -> Path:
    """Return the folder of shipped configurations: inside an installed package, else at the top of the repository."""
    inside = PACKAGE / "configs"
    return inside if inside.is_dir() else PACKAGE.parents[1] / "configs"


def experiments_dir() -> Path:
    """Return the folder of shipped experiments, found like `configs_dir`."""
    inside = PACKAGE / "experiments"
    return inside if inside.is_dir() else PACKAGE.parents[1] / "experiments"
