"""Tell whether a model gets better with other training data, by what it answers on debates that it is trained without.

python tools/compare_trainings.py RUN RUN RUN RUN --than RUN RUN RUN RUN

Each four are runs of one experiment over debates that `make_scores.py --divide` divided; the first four may train on
more, as long as nothing of it is about the debates or issues that are held out. The differences are paired, and their
intervals come from resampling whole debates. The test debates of the first corpus, invented ones, are no part of the
division: there the figures are those of four models, counts their sum and macro-F1 their mean.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from make_scores import held_out
from standpunt.annotation.layers import STANCES
from standpunt.evaluation.condition import ADDRESSED, ALL
from standpunt.evaluation.metrics import metric_names
from standpunt.evaluation.paired import check_same_rows, differences
from standpunt.evaluation.resampling import Resamples, resampled_means, resampled_metrics
from standpunt.results.runs import Run
from standpunt.tasks import get_task

LABELS = get_task("stance_joint").labels
RESAMPLES, CONFIDENCE, SEED = 10_000, 0.95, 0
_CLUSTER = "debate"


def of_held_out(runs: list[Run]) -> pd.DataFrame:
    """Return what runs answer on what they were trained without, as if it were the answers of one model."""
    frame = held_out(runs)
    return frame.assign(id=frame["corpus"] + " " + frame["id"].astype(str), seed=SEED)


def of_first_corpus(runs: list[Run]) -> pd.DataFrame:
    """Return what runs answer on the test part of the corpus that a protocol divides, each as if it were a seed."""
    frames = []
    for place, run in enumerate(runs):
        frame = run.predictions()
        frames.append(frame[frame["corpus"] == run.config()["corpus"]["name"]].assign(seed=place))
    return pd.concat(frames, ignore_index=True)


def report(new: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Return lines that say how much better `new` is than `old` on the same pairs.

    Raises:
        InputError: the pairs are not the same.
    """
    lines = []
    for scope in (ALL, ADDRESSED):
        ours, theirs = (frame[frame["scope"] == scope].reset_index(drop=True) for frame in (new, old))
        if ours.empty and theirs.empty:  # a task without "none" has one scope
            continue
        check_same_rows([("new", ours), ("old", theirs)], scope)
        if scope == ALL:
            lines += [right_line(ours, theirs), shown_line(ours, theirs)]
        lines.append(f"macro-F1, {scope}, {macro_line(ours, theirs)}")
    return lines


def right_line(new: pd.DataFrame, old: pd.DataFrame) -> str:
    """Say how many pairs with a stance each has right, and the difference of the shares with its interval."""
    both = new.merge(old[["seed", "id", "predicted"]], on=["seed", "id"], suffixes=("", "_old"))
    both = both[both["gold"].isin(STANCES)]
    ours, theirs = both["predicted"] == both["gold"], both["predicted_old"] == both["gold"]
    draws = Resamples.draw(both[_CLUSTER], RESAMPLES, CONFIDENCE, SEED)
    gain = resampled_means(ours.to_numpy(float) - theirs.to_numpy(float), both["seed"].to_numpy(int), draws)
    more = pd.Series(ours.to_numpy(int) - theirs.to_numpy(int)).groupby(both[_CLUSTER].to_numpy()).sum()
    return (
        f"right: {ours.sum()} and {theirs.sum()} of {len(both)}, {gain.value:+.3f} [{gain.low:.3f}, {gain.high:.3f}] "
        f"({int((more > 0).sum())} debates better, {int((more < 0).sum())} worse; "
        f"{int((ours & ~theirs).sum())} pairs won, {int((theirs & ~ours).sum())} lost)"
    )


def shown_line(new: pd.DataFrame, old: pd.DataFrame) -> str:
    """Say how many stances each gives, and how many of them are right."""
    parts = []
    for frame in (new, old):
        given = frame[frame["predicted"].isin(STANCES)]
        share = float(np.mean(given["predicted"] == given["gold"])) if len(given) else float("nan")
        parts.append(f"{len(given)} ({share:.3f} of them right)")
    return f"stances given: {' and '.join(parts)}"


def macro_line(new: pd.DataFrame, old: pd.DataFrame) -> str:
    """Return the macro-F1 of both, and the paired difference with its interval."""
    labels = [label for label in LABELS if label in {*new["gold"], *new["predicted"], *old["predicted"]}]
    (gain,) = differences([("old", old), ("new", new)], labels, cluster=_CLUSTER, resamples=RESAMPLES)
    values = [macro_f1(frame, labels) for frame in (new, old)]
    first = new[new["seed"] == new["seed"].min()]
    return (
        f"{len(first)} pairs, {first[_CLUSTER].nunique()} debates: {values[0]:.3f} and {values[1]:.3f}, "
        f"{gain.value:+.3f} [{gain.low:.3f}, {gain.high:.3f}]"
    )


def macro_f1(frame: pd.DataFrame, labels: list[str]) -> float:
    """Return the macro-F1 over the labels that occur in the gold rows, the mean over seeds."""
    scored = np.array([label in {*frame["gold"]} for label in labels])
    one = Resamples.draw(frame[_CLUSTER], 1, CONFIDENCE, SEED)
    per_seed, _ = resampled_metrics(frame, labels, scored, one)
    return float(per_seed[:, metric_names(labels).index("macro_f1")].mean())


def main(new: list[Path], old: list[Path], without: list[str]) -> None:
    """Print what the runs of the one training have over those of the other."""
    ours, theirs = ([Run.load(path) for path in paths] for paths in (new, old))
    for title, frame_of in (("held out", of_held_out), ("test debates of the first corpus", of_first_corpus)):
        frames = [frame_of(runs) for runs in (ours, theirs)]
        left = [frame[~frame["issue"].isin(without)] for frame in frames]
        print(title, *report(left[0], left[1]), sep="\n  ")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("new", nargs="+", type=Path, metavar="RUN")
    parser.add_argument("--than", nargs="+", type=Path, required=True, metavar="RUN")
    parser.add_argument("--without", nargs="*", default=[], metavar="ISSUE", help="issues that are not counted")
    given = parser.parse_args()
    main(given.new, given.than, given.without)
