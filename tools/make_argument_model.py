"""Put the models of three runs together to an argument model, with a card that has their scores.

The one that ships is of

standpunt run arguments hydra.mode=RUN save_model=true task=component model=text_only
standpunt run arguments hydra.mode=RUN save_model=true task=frame model=text_only
standpunt run arguments hydra.mode=RUN save_model=true task=link model=position model.balanced=false
python tools/make_argument_model.py RUN RUN RUN src/standpunt/data/models/standpunt-nl-arguments

and standpunt-nl-arguments-e5 the same with, for component and then for frame,

standpunt run arguments hydra.mode=RUN save_model=true task=component model=blend
    "+model.members.read={trained: MODEL, task: component}"

where MODEL is that of a run of multitask-nl, or the one that ships: standpunt-nl-arguments-e5/multitask-nl. It is kept
once.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from standpunt.corpora.corpus import load_corpus
from standpunt.models.base import Model
from standpunt.models.card_scores import card_scores
from standpunt.models.combined.argument_card import argument_card
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.persistence import CARD, read_manifest, reseal, write_view
from standpunt.models.shipped import model_folder
from standpunt.results.runs import MODEL, Run
from standpunt.storage.files import atomic_folder
from standpunt.tasks import PARTS


def keep_once(folder: Path) -> None:
    """Keep the models that members answer from beside the parts, once: the members become views of them."""
    for part in PARTS:
        members = read_manifest(folder / part)["config"].get("members", {})
        answers = {name: settings for name, settings in members.items() if {"trained", "task"} <= settings.keys()}
        for name, settings in answers.items():
            source, member = model_folder(settings["trained"]), folder / part / name
            kept = folder / read_manifest(source)["config"]["name"]
            if not kept.exists():
                shutil.copytree(source, kept, ignore=shutil.ignore_patterns(CARD))
            if _weights(kept) != _weights(member):
                sys.exit(f"{source}: not the model that {member.relative_to(folder)} was taken from")
            shutil.rmtree(member)
            write_view(member, kept, settings["task"])
        if answers:
            reseal(folder / part)


def _weights(folder: Path) -> dict[str, str]:
    """Return the hashes of the files of weights of a model."""
    files = read_manifest(folder)["files"]
    return {name: digest for name, digest in files.items() if name.endswith(".safetensors")}


def main(runs: list[Path], out: Path) -> None:
    """Copy the model of each run to the folder of its task in `out`, and write the card."""
    tasks = {Model.load(run / MODEL).provenance.task: run for run in runs}
    with atomic_folder(out) as folder:
        for part in PARTS:
            shutil.copytree(tasks[part] / MODEL, folder / part)
        keep_once(folder)
        model = ArgumentModel.load(folder)
        corpora = {corpus for part in PARTS for corpus in getattr(model, part).corpora_behind}
        synthetic = all(load_corpus(corpus).synthetic for corpus in corpora)
        scores = {part: card_scores(Run.load(tasks[part]).metrics(), part) for part in PARTS}
        card = argument_card(out.name, model, scores, synthetic=synthetic)
        (folder / CARD).write_text(card, encoding="utf-8")


if __name__ == "__main__":
    *trained, target = map(Path, sys.argv[1:])
    main(trained, target)
