"""The models that find arguments: which sentences argue, what premises appeal to, which claims they belong to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.models.persistence import MANIFEST, fingerprint
from standpunt.models.shipped import model_folder
from standpunt.tasks import PARTS, TASKS

_EXPECTED = f"expected a folder with a saved model in each of {', '.join(PARTS)}"


@dataclass(frozen=True, slots=True)
class ArgumentModel:
    """One model for each sentence task; see `standpunt.prediction.arguments`.

    A saved one is a folder with a saved model in each of the subfolders component, frame and link, as runs of those
    tasks leave them in model/.

    Attributes:
        component: tells claim, premise and none.
        frame: tells what a premise appeals to.
        link: tells whether a premise supports or attacks a claim of its turn.
        sha256: of what was loaded.
    """

    component: Model
    frame: Model
    link: Model
    sha256: str = ""

    @classmethod
    def load(cls, name: str | os.PathLike[str]) -> ArgumentModel:
        """Load the models of a folder.

        Args:
            name: the folder, or the name of a shipped argument model.

        Raises:
            InputError: there is no such folder or name, a model is missing, or one is of another task.
            ModelError: a model cannot be loaded.
        """
        folder = cls.find(name)
        models = {part: Model.load(folder / part) for part in PARTS}
        for part, model in models.items():
            if model.provenance.task != part or set(model.labels) != set(TASKS[part].labels):
                raise InputError(
                    f"{folder / part}: its model is of task {model.provenance.task} with the labels "
                    f"{', '.join(model.labels)}; expected one of task {part}"
                )
        return cls(**models, sha256=cls.fingerprint(folder))

    @staticmethod
    def find(name: str | os.PathLike[str]) -> Path:
        """Return the folder of an argument model, without loading what is in it.

        Raises:
            InputError: there is no such folder or name, or a model is missing in it.
        """
        folder = model_folder(name)
        if (folder / MANIFEST).is_file():
            alone = Model.outline(folder) or Model.load(folder)
            raise InputError(f"{folder}: a single model, of task {alone.provenance.task}; {_EXPECTED}")
        for part in PARTS:
            if not (folder / part).is_dir():
                raise InputError(f"{folder}: no argument model, since it has no folder {part}; {_EXPECTED}")
        return folder

    @staticmethod
    def fingerprint(folder: Path) -> str:
        """Return the hash of the models of a folder, without loading them."""
        return fingerprint(*(folder / part for part in PARTS))
