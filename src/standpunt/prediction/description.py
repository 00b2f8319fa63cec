"""A predictor as names and settings: what another process needs to make it again, and what makes two the same."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.debate import Debate
from standpunt.errors import ModelError, unknown_name
from standpunt.models.base import Model
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.persistence import fingerprint
from standpunt.models.shipped import model_folder
from standpunt.prediction.checks import check_confidence, check_knowledge, check_unit, chosen_issues

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
            InputError: the runtime is unknown, or `arguments` is no argument model.
        """
        if runtime not in RUNTIMES:
            raise unknown_name("runtime", runtime, RUNTIMES)
        place = model_folder(model).absolute()
        description = cls(os.fspath(place), fingerprint(place), runtime)
        if arguments is None:
            return description
        finder = ArgumentModel.find(arguments).absolute()
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
        brought_up: see `Predictor`, as all that follows.
        min_confidence: the probability below which the label is "abstain".
        evidence: whether to tell which part of a turn carried the answer.
        language: of the debates.
        drop_none: whether rows with the label "none" are left out.
        alone: whether each turn is read by itself also by a model that reads a debate as a whole.
        anyway: whether to answer also what the model was not made for.
        text: whether rows have the text of their turn.
    """

    saved: SavedModels
    issues: tuple[Issue, ...]
    brought_up: bool = True
    min_confidence: float | None = None
    evidence: bool = False
    language: str = LANGUAGE
    drop_none: bool = False
    alone: bool = False
    anyway: bool = False
    text: bool = False

    @classmethod
    def of(
        cls,
        model: str | os.PathLike[str],
        issues: Sequence[str | Issue] | None = None,
        *,
        brought_up: bool | None = None,
        arguments: str | os.PathLike[str] | None = None,
        runtime: str = "torch",
        min_confidence: float | None = None,
        anyway: bool = False,
        **options: Any,
    ) -> Description:
        """Describe a predictor, checking all that can be checked before a model is loaded.

        Args:
            model: folder of a saved model, or the name of a shipped one.
            issues: see `Predictor`, as for all that follows but two.
            brought_up: by default yes where no issues are named.
            arguments: folder or name of an argument model.
            runtime: one of `RUNTIMES`.
            min_confidence: the probability below which the label is "abstain".
            anyway: whether to answer also what the model was not made for.
            options: the other attributes.

        Raises:
            ModelError: there is no such model, or its manifest is damaged.
            InputError: as for `Predictor`, but for the evidence; or the runtime is unknown, or `arguments` is no
                argument model.
        """
        saved = SavedModels.find(model, arguments, runtime)
        check_confidence(min_confidence)
        outline = Model.outline(saved.model) or Model.load(saved.model)
        check_unit(outline)
        chosen = chosen_issues(outline, issues)
        if not anyway:
            check_knowledge(outline, chosen)
        asked_by_default = issues is None if brought_up is None else brought_up
        return cls(saved, chosen, asked_by_default, min_confidence, anyway=anyway, **options)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of the issues that the model was not trained on."""
        model = Model.outline(self.saved.model) or Model.load(self.saved.model)
        return tuple(issue.name for issue in self.issues if not model.knows(issue))

    def asked(self, debate: Debate) -> tuple[Issue, ...]:
        """Return the issues that a debate is asked about; see `Predictor.asked`."""
        return asked_of(debate, self.issues, self.language, only_brought_up=self.brought_up)

    def identity(self) -> dict[str, Any]:
        """Return what its answers depend on, as plain data: the same for two predictors that answer the same.

        Returns:
            `model`: the hash of the stance model. `issues`: by name, the hash of all that defines an issue. `options`:
            the settings, and the hash of the argument model. Where models lie is no part of it, nor is the order of
            the issues.
        """
        return {
            "model": self.saved.sha256,
            "issues": {issue.name: issue.sha256 for issue in self.issues},
            "options": {
                "brought_up": self.brought_up,
                "drop_none": self.drop_none,
                "alone": self.alone,
                "anyway": self.anyway,
                "min_confidence": self.min_confidence,
                "evidence": self.evidence,
                "language": self.language,
                "runtime": self.saved.runtime,
                "arguments": self.saved.arguments_sha256,
                "text": self.text,
            },
        }

    @property
    def fingerprint(self) -> str:
        """The hash of its identity."""
        return _digest(self.identity())


def asked_of(debate: Debate, issues: tuple[Issue, ...], language: str, *, only_brought_up: bool) -> tuple[Issue, ...]:
    """Return the issues that a debate is asked about: all that are given, or those that it brings up."""
    if not only_brought_up:
        return issues
    from standpunt.prediction.brought_up import brought_up

    return brought_up(debate, issues, language)


@lru_cache(maxsize=1)
def _loaded(saved: SavedModels) -> tuple[Model, ArgumentModel | None]:
    return saved.load()


def _replaced(folder: str) -> ModelError:
    return ModelError(f"{folder}: another model took the place of the one that was there; begin again with the new one")


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
