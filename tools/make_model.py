"""Put the model of a run into a folder to ship, with a card that has its scores.

The one that ships is of

standpunt run standpunt-nl
python tools/make_model.py RUN src/standpunt/data/models/standpunt-nl

standpunt-nl-e5 and standpunt-nl-gemma are of the experiments of these names, standpunt-comments-e5 of the run of
voting-advice with model=fine_tuned seed=0, whose loss on dev was lowest, and standpunt-comments-gemma of that of
model=pairs_gemma, three times (see docs/models.md). tools/make_scores.py then measures the models of turns by issue.

With --rank, a reader of pairs keeps additions of a lower rank, the nearest ones. Its run has no scores of these:
measure what was made (model=two_stage +model.trained=OUT), and make it again with --scores.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from standpunt.models.base import Model, ModelConfig
from standpunt.models.card_scores import card_scores
from standpunt.models.cards import model_card
from standpunt.models.shipped import shipped_models
from standpunt.results.runs import MODEL, PLACES, Run
from standpunt.storage.files import atomic_folder

OF_THE_RUN = ("threads", *PLACES)  # settings that say something of the machine it ran on
START = "start_from"  # the folder of a run says nothing to others, the name of a model that ships does
LARGEST = 3 * 2**20  # bytes a file; a repository of code is no place for more


def main(run: Path, out: Path, rank: int | None = None, scored: Sequence[Path] = ()) -> None:
    """Save the model of a run to `out`, under the name of that folder, and write its card with scores.

    Args:
        run: the folder of the run.
        out: a new folder.
        rank: of the additions that a reader of pairs keeps; by default that of its training.
        scored: the runs whose scores the card has; by default `run`.
    """
    model = Model.load(run / MODEL)
    forget_machine(model)
    model.config = replace(model.config, name=out.name)
    if rank is not None:
        lower_rank(model, rank)
    metrics = [metric for folder in scored or [run] for metric in Run.load(folder).metrics()]
    model.card = model_card(model.card_facts(), card_scores(metrics))
    with atomic_folder(out) as folder:
        model.save(folder)
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_size > LARGEST:
                sys.exit(f"{path.relative_to(folder)}: {path.stat().st_size} bytes; expected {LARGEST} at most")


def lower_rank(model: Any, rank: int) -> None:
    """Put the additions of a lower rank in the place of a model's own that come nearest to them.

    They are the first terms of the singular value decomposition of the product of both factors (C. Eckart, G. Young,
    The approximation of one matrix by another of lower rank, Psychometrika 1936).
    """
    import torch

    for network in model._members:
        settings = network.peft_config["default"]
        settings.r, settings.lora_alpha = rank, settings.lora_alpha * rank // settings.r
        for layer in network.modules():
            if "default" in getattr(layer, "lora_A", {}):
                down, up = layer.lora_A["default"], layer.lora_B["default"]
                left, sizes, right = torch.linalg.svd((up.weight @ down.weight).detach().double(), full_matrices=False)
                root = sizes[:rank].sqrt()
                down.weight = torch.nn.Parameter((root[:, None] * right[:rank]).float())
                up.weight = torch.nn.Parameter((left[:, :rank] * root).float())
                layer.r["default"] = rank
    model.config = replace(model.config, lora_rank=rank)


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
    gone = {*OF_THE_RUN} if given.get(START) in shipped_models() else {*OF_THE_RUN, START}
    return replace(settings, **{name: None if name in gone else forgotten(given[name]) for name in given})


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description="Put the model of a run into a folder to ship.")
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rank", type=int, help="of the additions that are kept")
    parser.add_argument("--scores", type=Path, nargs="+", default=(), metavar="RUN", help="whose scores the card has")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    main(given.run, given.out, given.rank, given.scores)
