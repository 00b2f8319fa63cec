"""Put the model of a run into a folder to ship, with a card that has its scores.

The one that ships is of

standpunt run standpunt-nl
python tools/make_model.py RUN src/standpunt/data/models/standpunt-nl
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from make_argument_model import scores
from standpunt.files import atomic_folder
from standpunt.models.base import Model
from standpunt.models.cards import model_card
from standpunt.models.persistence import CARD
from standpunt.runs import MODEL

LARGEST = 3 * 2**20  # bytes a file; a repository of code is no place for more


def main(run: Path, out: Path) -> None:
    """Copy the model of a run to `out`, and write its card anew."""
    with atomic_folder(out) as folder:
        shutil.copytree(run / MODEL, folder, dirs_exist_ok=True)
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_size > LARGEST:
                sys.exit(f"{path.relative_to(folder)}: {path.stat().st_size} bytes; expected {LARGEST} at most")
        (folder / CARD).write_text(model_card(Model.load(folder), scores(run)), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
