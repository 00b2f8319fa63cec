"""How fast standpunt-nl-e5 reads a debate on fourteen issues, in one run.

A pair is a turn with an issue; rates are pairs a second of processor time on one thread, which other work on the
machine hardly disturbs; read the ratios. One pair at a time is what a loop does, with the same encoder and weights:
every pair is given to the second stage alone, and no vector of a window is remembered for the next (those of the poles
are). F1 lost is that of two stages against giving every pair to the second stage, over all labels of the debate.

Usage: OMP_NUM_THREADS=1 python benchmarks/poles.py [--pairs 120]
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score

from inference import DEBATE, N_ISSUES, rate
from standpunt import Model, load_corpus
from standpunt.annotation.issues import load_issues, shipped_issues
from standpunt.corpora.rows import NONE, row


def main() -> None:
    """Measure all variants and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=120, help="pairs that are read one at a time")
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus = load_corpus("fictional")
    item = next(item for item in corpus.debates if item.name == DEBATE)
    own = sorted(item.layer("adjudicated").issues)
    issues = load_issues([*own, *(name for name in shipped_issues() if name not in own)][:N_ISSUES])
    model: Any = Model.load("standpunt-nl-e5").knowing(issues)
    poles = model.second.members["poles"]
    rows = [
        row(item.name, None, turn, issue)
        for turn in item.debate.turns
        if turn.speaker.role != "chair"
        for issue in issues.values()
    ]
    chosen = [rows[place] for place in np.linspace(0, len(rows) - 1, options.pairs).astype(int)]
    poles.predict_proba([{**rows[0], "issue": name, "proposition": issues[name].proposition["nl"]} for name in issues])
    known = dict(poles._vectors._known)

    def forget() -> None:
        poles._vectors._known = dict(known)

    def one_at_a_time() -> Any:
        probabilities = []
        for pair in chosen:
            forget()
            probabilities.append(model.second.predict_proba([pair])[0])
        return np.array(probabilities)

    print(f"{DEBATE}: {len(rows)} (turn, issue) pairs; {len(chosen)} are read one at a time")
    base, alone = rate(one_at_a_time, len(chosen))
    forget()
    together, whole = rate(lambda: model.second.predict_proba(rows), len(rows))
    forget()
    staged, two = rate(lambda: model.predict_proba(rows), len(rows))
    for name, speed in (("one pair at a time", base), ("all pairs together", together), ("two stages", staged)):
        print(f"{name:20} {speed:8.1f} pairs/s {speed / base:6.1f}")
    places = [rows.index(pair) for pair in chosen]
    print(f"largest difference of a probability: {np.abs(whole[places] - alone).max():.1e}")

    addressed = model._detector.detect(rows, model.issues).probabilities
    exhaustive = np.zeros_like(two)
    for column, label in enumerate(model.second.labels):
        exhaustive[:, model.labels.index(label)] = whole[:, column] * addressed
    exhaustive[:, model.labels.index(NONE)] = 1 - addressed
    labels = item.layer("adjudicated").by_pair()
    gold = [labels.get((pair["ordinal"], pair["issue"]), NONE) for pair in rows]
    scores = [
        f1_score(gold, [model.labels[best] for best in answers.argmax(axis=1)], average="macro")
        for answers in (exhaustive, two)
    ]
    passed = len(model.passed(rows)) / len(rows)
    print(f"{passed:.2f} of the pairs passed on; macro-F1 of all pairs {scores[0]:.3f}, of two stages {scores[1]:.3f}")


if __name__ == "__main__":
    main()
