"""A predictor as names and settings: what another process needs to make it again, and what makes two the same."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import Issue
from standpunt.errors import ModelError, unknown_name
from standpunt.models.base import Model
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.persistence import fingerprint
from standpunt.models.shipped import model_folder

RUNTIMES = ("torch", "onnx")


@dataclass(frozen=True, slots=True)
class SavedModels:
    """The folders that the models of a predictor lie in, and the hashes of what is there.

    Attributes:
        model: the folder of the stance model; absolute, since another process need not stand in the caller's folder.
        sha256: the hash of its manifest.
        runtime: what computes; one of `RUNTIMES`.
        arguments: the folder of the argument model, where there is one.
        arguments_sha256: the hash of the manifests in it.
    """

    model: str
    sha256: str
    runtime: str = "torch"
    arguments: str | None = None
    arguments_sha256: str | None = None

    @classmethod
    def find(
        cls, model: str | os.PathLike[str], arguments: str | os.PathLike[str] | None = None, runtime: str = "torch"
    ) -> SavedModels:
        """Return where models lie that are given by folder or by the name they ship under.

        Raises:
            ModelError: there is no such model.
            InputError: the runtime is unknown.
        """
        if runtime not in RUNTIMES:
            raise unknown_name("runtime", runtime, RUNTIMES)
        place = model_folder(model).absolute()
        description = cls(os.fspath(place), fingerprint(place), runtime)
        if arguments is None:
            return description
        finder = model_folder(arguments).absolute()
        return cls(description.model, description.sha256, runtime, os.fspath(finder), ArgumentModel.fingerprint(finder))

    def load(self) -> tuple[Model, ArgumentModel | None]:
        """Load the models.

        Raises:
            ModelError: one cannot be loaded, or its folder holds another one by now.
            InputError: the runtime is not installed, or not made for the model's family.
        """
        return self._stance(), self._arguments()

    def load_once(self) -> tuple[Model, ArgumentModel | None]:
        """Load the models if this process has not done so yet; see `load`."""
        return _loaded(self)

    def _stance(self) -> Model:
        if fingerprint(Path(self.model)) != self.sha256:
            raise _replaced(self.model)
        model = Model.load(self.model)
        if self.runtime == "torch":
            return model
        from standpunt.models.finetuned.onnx import to_onnx

        return to_onnx(model)

    def _arguments(self) -> ArgumentModel | None:
        if self.arguments is None:
            return None
        model = ArgumentModel.load(self.arguments)
        if model.sha256 != self.arguments_sha256:
            raise _replaced(self.arguments)
        return model


@dataclass(frozen=True, slots=True)
class Description:
    """Names and settings of a `standpunt.prediction.predictor.Predictor`, without its models.

    It is small, so that it goes along with every piece of work that is given to another process or machine.

    Attributes:
        saved: where the models lie.
        issues: as defined when the predictor was made.
        min_confidence: see `Predictor`.
        evidence: see `Predictor`.
        language: see `Predictor`.
    """

    saved: SavedModels
    issues: tuple[Issue, ...]
    min_confidence: float | None
    evidence: bool
    language: str

    def identity(self) -> dict[str, Any]:
        """Return what its answers depend on, as plain data: the same for two predictors that answer the same.

        Returns:
            `model`: the hash of the stance model. `issues`: by name, the hash of all that defines an issue. `options`:
            the settings, and the hash of the argument model. Where models lie is no part of it, nor is the order of
            the issues.
        """
        return {
            "model": self.saved.sha256,
            "issues": {issue.name: _digest(issue.record()) for issue in self.issues},
            "options": {
                "min_confidence": self.min_confidence,
                "evidence": self.evidence,
                "language": self.language,
                "runtime": self.saved.runtime,
                "arguments": self.saved.arguments_sha256,
            },
        }

    @property
    def fingerprint(self) -> str:
        """The hash of its identity."""
        return _digest(self.identity())


@lru_cache(maxsize=1)
def _loaded(saved: SavedModels) -> tuple[Model, ArgumentModel | None]:
    return saved.load()


def _replaced(folder: str) -> ModelError:
    return ModelError(f"{folder}: another model took the place of the one that was there; begin again with the new one")


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
