"""Measure a model on labelled real debates and write what was counted, by issue, to the scores.json beside it.

python tools/make_scores.py MODEL --unseen tk-ukraine --cross-validated RUN...

MODEL answers on all pairs of the corpora after --unseen, none of which it was trained on. The debates that it was
trained on tell something too, if models with the same settings answer, each trained without some of them: `--divide`
writes corpora for that, and the runs come after --cross-validated. The scores that ship are of

python tools/make_scores.py --divide FOLDER tk-debates tk-more
standpunt run standpunt-nl-e5 save_model=false "corpus.also=[FOLDER/rest-0]" "evaluation.test=[FOLDER/held-0]"
... the same with 1, 2 and 3
python tools/make_scores.py standpunt-nl-e5 --unseen tk-ukraine --cross-validated RUN RUN RUN RUN

standpunt-nl-gemma the same with its own experiment, and standpunt-nl with tk-debates alone divided, and with
--unseen tk-ukraine tk-more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from standpunt.annotation.layers import STANCES
from standpunt.corpora.card import read_card, write_card
from standpunt.corpora.corpus import corpus_folder, debate_folders, load_corpus
from standpunt.corpora.loading import LoadedRows
from standpunt.corpora.rows import column
from standpunt.evaluation.condition import ALL
from standpunt.evaluation.trust import tallies, tally
from standpunt.models import Model
from standpunt.models.persistence import read_manifest
from standpunt.models.scores import SCORES, Measurement, Scores, write_scores
from standpunt.models.shipped import model_folder
from standpunt.results.runs import ENVIRONMENT, Run

FOLDS = 4


def unseen(model: Model, name: str) -> Iterator[Measurement]:
    """Yield what a model answers on a corpus that it was not trained on: on issues that it knows, and on others."""
    corpus = load_corpus(name)
    if corpus.name in model.corpora_behind:
        sys.exit(f"{name}: the model was trained on it")
    if corpus.synthetic:
        sys.exit(f"{name}: invented debates; expected real ones")
    rows = corpus.rows(with_none=True)
    predicted = model.knowing(corpus.issues).predict(rows)
    names = ("debate", "issue")
    frame = pd.DataFrame({key: column(rows, key) for key in names}).assign(
        gold=column(rows, "label"), predicted=predicted
    )
    digest = LoadedRows(corpus.name, rows, corpus.issues).sha256
    for known in (True, False):
        part = frame[frame["issue"].isin(model.issues) == known]
        if len(part):
            yield measurement(part, (corpus.name,), digest, known=known, cross_validated=False)


def held_out(runs: list[Run]) -> pd.DataFrame:
    """Return what the models of runs answer on the debates that each was trained without, a row a pair.

    What several runs are about is left out: the models of the one knew it from the debates of the other.
    """
    frames = []
    for run in runs:
        frame = run.predictions()
        frames.append(frame[frame["corpus"].isin(run.config()["evaluation"]["test"])])
    everything = pd.concat(frames, keys=range(len(frames)), names=["run"]).reset_index("run")
    for name in ("debate", "issue"):
        runs_of = everything.groupby(name)["run"].nunique()
        shared = {*runs_of[runs_of > 1].index}
        if shared and name == "debate":
            sys.exit(f"{', '.join(sorted(shared))}: tested on in several runs")
        if shared:
            print(f"left out, since debates of several runs are about it: {', '.join(sorted(shared))}")
            everything = everything[~everything[name].isin(shared)]
    return everything


def cross_validated(runs: list[Run]) -> Measurement:
    """Return what the models of runs answer on debates, each on those that it was trained without."""
    hashes = []
    for run in runs:
        environment = json.loads((run.folder / ENVIRONMENT).read_text(encoding="utf-8"))
        hashes += [environment["data"][name] for name in sorted({*run.config()["evaluation"]["test"]})]
    frame = held_out(runs)
    frame = frame[frame["scope"] == ALL]
    ours = {folder.name: name for name in real_corpora() for folder in debate_folders(corpus_folder(name))}
    corpora = sorted({ours[debate] for debate in frame["debate"].unique()})
    digest = hashlib.sha256("".join(hashes).encode()).hexdigest()
    return measurement(frame, tuple(corpora), digest, known=False, cross_validated=True)


def measurement(
    frame: pd.DataFrame, corpora: tuple[str, ...], digest: str, *, known: bool, cross_validated: bool
) -> Measurement:
    """Count answers, given with `debate, issue, gold, predicted`."""
    return Measurement(
        corpora,
        tuple(sorted(frame["debate"].unique())),
        digest,
        known,
        cross_validated,
        len(frame),
        tally(frame["gold"], frame["predicted"], STANCES),
        tallies(frame, STANCES),
    )


def real_corpora() -> list[str]:
    """Return the corpora of real debates that ship."""
    return ["tk-debates", "tk-more", "tk-ukraine"]


def divide(out: Path, corpora: list[str]) -> None:
    """Write `FOLDS` pairs of corpora: held-N with some of the debates, drawn by chance, and rest-N with the others."""
    debates = [folder for name in corpora for folder in debate_folders(corpus_folder(name))]
    cards = [read_card(corpus_folder(name)) for name in corpora]
    dev = {name for card in cards for name in card.get("parts", {}).get("dev", ())}
    order = np.random.default_rng(0).permutation(len(debates))
    for fold in range(FOLDS):
        held = [debates[place] for place in order[fold::FOLDS]]
        for kind, chosen in (("held", held), ("rest", [folder for folder in debates if folder not in held])):
            made = out / f"{kind}-{fold}"
            made.mkdir(parents=True)
            aside = sorted(folder.name for folder in chosen if folder.name in dev and kind == "rest")
            card = {"title": made.name, "synthetic": False, **({"parts": {"dev": aside}} if aside else {})}
            write_card(made, card)
            for folder in chosen:
                os.symlink(folder, made / folder.name)


def main(name: str, corpora: list[str], runs: list[Path]) -> None:
    """Measure a model and write its scores."""
    folder = model_folder(name)
    seal, old = read_manifest(folder)["sha256"], folder / SCORES
    if old.is_file() and json.loads(old.read_text(encoding="utf-8"))["model"] != seal:
        old.unlink()  # of the model that was there before; with it this one could not be loaded
    model = Model.load(name)
    for run in runs:
        made = Run.load(run).config()["model"]
        if made["name"] != model.config.name:
            sys.exit(f"{run}: of model {made['name']}; expected {model.config.name}")
    measurements = [one for corpus in corpora for one in unseen(model, corpus)]
    if runs:
        measurements.append(cross_validated([Run.load(run) for run in runs]))
    write_scores(folder, Scores(tuple(measurements)), seal)
    for one in measurements:
        counts = one.overall
        print(f"{', '.join(one.corpora)}: {counts.right} of {counts.labelled} right, {counts.shown} shown")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?")
    parser.add_argument("--unseen", nargs="*", default=[], metavar="CORPUS")
    parser.add_argument("--cross-validated", nargs="*", default=[], type=Path, metavar="RUN")
    parser.add_argument("--divide", nargs="+", metavar=("FOLDER", "CORPUS"))
    given = parser.parse_args()
    if given.divide:
        divide(Path(given.divide[0]), given.divide[1:])
    else:
        main(given.model, given.unseen, given.cross_validated)
