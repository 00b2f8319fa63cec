"""Which model made the predictions on a page, and how good it is: one line from its folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from standpunt.errors import ModelError
from standpunt.models.persistence import CARD, MANIFEST
from standpunt.models.shipped import model_folder


def made_by(model: str | os.PathLike[str]) -> str:
    """Return the name of a model, what it was trained on, and its macro-F1 on what its card tests it on.

    The weights are not read, so that the encoder of the model need not be installed.

    Args:
        model: its folder, or the name it ships under.

    Raises:
        InputError: there is no such folder or name.
        ModelError: the folder holds no model.
    """
    folder = model_folder(model)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        name, family, provenance = manifest["config"]["name"], manifest["family"], manifest["provenance"]
        trained = f"for task {provenance['task']} on {', '.join(provenance['corpora']) or 'what it does not say'}"
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(f"{folder}: no {MANIFEST} of a model in it; give the folder of a saved model") from None
    scores = "; ".join(f"{tested} {score}" for tested, score in _scores(folder / CARD))
    return f"{name} ({family}), trained {trained}; macro-F1 by its card: {scores or 'none is given'}"


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
