"""Put the model of a run into a folder to ship, with a card that has its scores.

The one that ships is of

standpunt run standpunt-nl
python tools/make_model.py RUN src/standpunt/data/models/standpunt-nl
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from make_argument_model import scores
from standpunt.files import atomic_folder
from standpunt.models.base import Model
from standpunt.models.cards import model_card
from standpunt.models.persistence import CARD
from standpunt.runs import MODEL

LARGEST = 3 * 2**20  # bytes a file; a repository of code is no place for more


def main(run: Path, out: Path) -> None:
    """Save the model of a run to `out`, under the name of that folder, and write its card with scores."""
    model = Model.load(run / MODEL)
    model.config = replace(model.config, name=out.name)
    with atomic_folder(out) as folder:
        model.save(folder)
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_size > LARGEST:
                sys.exit(f"{path.relative_to(folder)}: {path.stat().st_size} bytes; expected {LARGEST} at most")
        (folder / CARD).write_text(model_card(model, scores(run)), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
