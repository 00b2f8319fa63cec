"""Which model made the predictions on a page, and how good it is, from its folder; the weights are not read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from standpunt.errors import InputError, ModelError
from standpunt.models.persistence import CARD, MANIFEST
from standpunt.models.scores import Scores, read_scores
from standpunt.models.shipped import model_folder
from standpunt.page.words import Words
from standpunt.prediction.header import ModelNote


@dataclass(frozen=True, slots=True)
class Maker:
    """A model as its folder describes it.

    Attributes:
        name: of the model.
        family: of the model.
        task: what it was trained for.
        corpora: what it was trained on.
        scores: what was counted on labelled real debates.
        card: what its card says it was tested on, each with its macro-F1; empty where it has no such table.
        version: its hash; None where it was never saved.
    """

    name: str
    family: str
    task: str
    corpora: tuple[str, ...]
    scores: Scores
    card: tuple[tuple[str, str], ...]
    version: str | None

    def line(self, words: Words) -> str:
        """Return one line on it."""
        scores = "; ".join(f"{tested} {score}" for tested, score in self.card)
        return words(
            "model_line",
            name=self.name,
            family=self.family,
            task=self.task,
            corpora=", ".join(self.corpora) or words("corpora_unknown"),
            scores=scores or words("no_scores"),
        )


def made_by(model: str | os.PathLike[str]) -> Maker:
    """Return what is known of a model. Its encoder need not be installed.

    Args:
        model: its folder, or the name it ships under.

    Raises:
        InputError: there is no such folder or name.
        ModelError: the folder holds no model, or scores of another one.
    """
    folder = model_folder(model)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        name, family, provenance = manifest["config"]["name"], manifest["family"], manifest["provenance"]
        task, corpora, seal = provenance["task"], tuple(map(str, provenance["corpora"])), manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(f"{folder}: no {MANIFEST} of a model in it; give the folder of a saved model") from None
    return Maker(name, family, task, corpora, read_scores(folder, seal), tuple(_scores(folder / CARD)), seal)


def noted_maker(note: ModelNote, beside: Path) -> Maker:
    """Return what is known of the model that predictions name: from its folder if it still lies there, else from them.

    Args:
        note: what the predictions say of it.
        beside: the file of predictions.
    """
    for place in (note.place, os.path.join(beside.absolute().parent, note.place or "")) if note.place else ():
        try:
            found = made_by(place)
        except (InputError, ModelError):  # moved, or damaged by now
            continue
        if found.version == note.version:
            return found
    return Maker(note.name, note.family, note.task, note.corpora, Scores(), (), note.version)


def _scores(card: Path) -> list[tuple[str, str]]:
    """Return what a card says the model was tested on, each with its macro-F1; empty where it has no such table."""
    if not card.is_file():
        return []
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in card.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    heads = [place for place, cells in enumerate(rows) if cells[0] == "set" and "macro-F1" in cells]
    if not heads:
        return []
    column = rows[heads[0]].index("macro-F1")
    scores = []
    for cells in rows[heads[0] + 2 :]:
        if len(cells) != len(rows[heads[0]]):
            break
        scores.append((cells[0], cells[column]))
    return scores
