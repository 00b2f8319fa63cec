"""Put the model of a run into a folder to ship, with a card that has its scores.

The one that ships is of

standpunt run standpunt-nl
python tools/make_model.py RUN src/standpunt/data/models/standpunt-nl

standpunt-nl-e5 and standpunt-nl-gemma are of the experiments of these names, standpunt-comments-e5 of the run of
voting-advice with model=fine_tuned seed=0, whose loss on dev was lowest, and standpunt-comments-gemma of that with
model=pairs_gemma (see experiments/pair-reader). tools/make_scores.py then measures the models of turns by issue.
"""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from standpunt.models.base import Model, ModelConfig
from standpunt.models.card_scores import card_scores
from standpunt.models.cards import model_card
from standpunt.results.runs import MODEL, PLACES, Run
from standpunt.storage.files import atomic_folder

OF_THE_RUN = ("threads", *PLACES)  # settings that say something of the machine it ran on
LARGEST = 5 * 2**20  # bytes a file; a repository of code is no place for more


def main(run: Path, out: Path) -> None:
    """Save the model of a run to `out`, under the name of that folder, and write its card with scores."""
    model = Model.load(run / MODEL)
    forget_machine(model)
    model.config = replace(model.config, name=out.name)
    model.card = model_card(model.card_facts(), card_scores(Run.load(run).metrics()))
    with atomic_folder(out) as folder:
        model.save(folder)
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_size > LARGEST:
                sys.exit(f"{path.relative_to(folder)}: {path.stat().st_size} bytes; expected {LARGEST} at most")


def forget_machine(model: Model) -> None:
    """Take the settings that say something of a machine from a model and from those that it is made of."""
    model.config = forgotten(model.config)
    for value in vars(model).values():
        for part in value.values() if isinstance(value, dict) else (value,):
            if isinstance(part, Model):
                forget_machine(part)


def forgotten(settings: Any) -> Any:
    """Return settings, and those within them, with None for what says something of a machine."""
    if isinstance(settings, dict):
        return {name: forgotten(value) for name, value in settings.items()}
    if not isinstance(settings, ModelConfig):
        return settings
    given = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return replace(settings, **{name: None if name in OF_THE_RUN else forgotten(given[name]) for name in given})


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
