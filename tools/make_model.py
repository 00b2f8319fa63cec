"""Put the model of a run into a folder to ship, with a card that has its scores.

The one that ships is of

standpunt run standpunt-nl
python tools/make_model.py RUN src/standpunt/data/models/standpunt-nl

standpunt-nl-e5 is of the experiment of that name, and standpunt-comments-e5 of the run of voting-advice with
model=fine_tuned seed=0, whose loss on dev was lowest. tools/make_scores.py then measures the models of turns by issue.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from standpunt.models.base import Model
from standpunt.models.card_scores import card_scores
from standpunt.models.cards import model_card
from standpunt.models.persistence import CARD
from standpunt.results.runs import MODEL, PLACES, Run
from standpunt.storage.files import atomic_folder

OF_THE_RUN = ("threads", *PLACES)  # settings that say something of the machine it ran on
LARGEST = 3 * 2**20  # bytes a file; a repository of code is no place for more


def main(run: Path, out: Path) -> None:
    """Save the model of a run to `out`, under the name of that folder, and write its card with scores."""
    model = Model.load(run / MODEL)
    own = {name: None for name in OF_THE_RUN if hasattr(model.config, name)}
    model.config = replace(model.config, name=out.name, **own)
    with atomic_folder(out) as folder:
        model.save(folder)
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_size > LARGEST:
                sys.exit(f"{path.relative_to(folder)}: {path.stat().st_size} bytes; expected {LARGEST} at most")
        card = model_card(model.card_facts(), card_scores(Run.load(run).metrics()))
        (folder / CARD).write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
