"""How many labels a strategy of `standpunt annotate next` saves against random choice: a simulation.

Usage: python benchmarks/selection.py [CORPUS ...] [--seeds N] [--step SHARE] [--transcripts PLACE] [--out FILE]

On annotated debates the labels are there already, so that choosing can be played through. A quarter of the debates is
held out. Of the labelled pairs of the others (favor, against, neutral) a start is drawn at random, the same for every
strategy; then a model is trained on what is "labelled", its macro-F1 is taken on the held-out debates, and the strategy
chooses the next batch, until nothing is left. The model is the family tfidf; disagreement is that of three of them on
resamples of the labelled rows (N. Abe and H. Mamitsuka, Query Learning Strategies Using Boosting and Bagging, ICML
1998).

Random is held to half of the pool. What a strategy saves is half the pool less the labels with which its mean curve
over the seeds first reaches random's mean score there, interpolated; random's own first crossing stands beside it,
since a curve that is not smooth crosses early. Intervals: 95 % of resamples of seeds; they do not know that the seeds
share one corpus.
"""

import argparse
import csv
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from standpunt import load_corpus
from standpunt.annotation.layers import STANCES
from standpunt.annotation.selection import DISAGREEMENT, STRATEGIES, choose
from standpunt.corpora.rows import column
from standpunt.models import Model, build
from standpunt.models.tfidf import TfidfConfig

START, COMMITTEE, HELD_OUT, RESAMPLES = 30, 3, 0.25, 2000
Scores = dict[str, NDArray[np.float64]]


def fit(rows: Dataset, seed: int) -> Model:
    """Train the model on what is labelled."""
    return build(TfidfConfig(), STANCES, {}).fit(rows, seed=seed)


def divide(rows: Dataset, seed: int) -> tuple[Dataset, Dataset]:
    """Hold out a quarter of the debates; rows whose text is said there as well leave the pool."""
    debates = sorted(set(column(rows, "debate")))
    held = set(np.random.default_rng(seed).permutation(debates)[: max(1, round(HELD_OUT * len(debates)))].tolist())
    test = rows.select([index for index, name in enumerate(column(rows, "debate")) if name in held])
    known = set(column(test, "text"))
    pairs = enumerate(zip(column(rows, "debate"), column(rows, "text"), strict=True))
    return rows.select([index for index, (name, text) in pairs if name not in held and text not in known]), test


def committee_of(strategy: str, model: Model, labelled: Dataset, left: Dataset, seed: int) -> list[NDArray[np.float64]]:
    """Return the probabilities that a strategy chooses by."""
    if strategy != DISAGREEMENT:
        return [model.predict_proba(left)]
    rng = np.random.default_rng(seed)
    bags = (labelled.select(rng.integers(0, len(labelled), len(labelled)).tolist()) for _ in range(COMMITTEE))
    return [fit(bag, seed).predict_proba(left) for bag in bags]


def curve(strategy: str, pool: Dataset, test: Dataset, sizes: Sequence[int], seed: int) -> list[float]:
    """Return the macro-F1 on the held-out debates at each number of labels."""
    order = np.random.default_rng(seed).permutation(len(pool)).tolist()
    taken, scores = order[: sizes[0]], []
    for size, following in zip(sizes, [*sizes[1:], None], strict=True):
        labelled = pool.select(taken)
        model = fit(labelled, seed)
        scores.append(float(f1_score(column(test, "label"), model.predict(test), average="macro", zero_division=0)))
        if following is None:
            break
        rest = sorted(set(order) - set(taken))
        left = pool.select(rest)
        chosen = choose(
            strategy,
            following - size,
            size=len(rest),
            seed=seed + size,
            committee=committee_of(strategy, model, labelled, left, seed + size),
            texts=column(left, "text"),
            known=sorted(set(column(labelled, "text"))),
        )
        taken = taken + [rest[index] for index in chosen]
    return scores


def crossing(shares: NDArray[np.float64], scores: NDArray[np.float64], target: float) -> float:
    """Return the share of the pool at which a curve first reaches a score, all of it where it never does."""
    for index, score in enumerate(scores):
        if score >= target:
            if index == 0:
                return float(shares[0])
            before, span = scores[index - 1], score - scores[index - 1]
            return float(shares[index - 1] + (target - before) / span * (shares[index] - shares[index - 1]))
    return 1.0


def saved(shares: NDArray[np.float64], scores: Scores, seeds: NDArray[np.int_]) -> dict[str, float]:
    """Return for each strategy the share of the pool it saves, on the mean curves of these seeds."""
    target = float(np.interp(0.5, shares, scores["random"][seeds].mean(axis=0)))
    return {name: 0.5 - crossing(shares, found[seeds].mean(axis=0), target) for name, found in scores.items()}


def simulate(name: str, rows: Dataset, seeds: int, step: float) -> tuple[NDArray[np.float64], Scores, float]:
    """Play all strategies through; return shares of the pool, scores by seed and share, and the pool's mean size."""
    steps = np.unique(np.round(np.append(np.arange(step, 1, step), 1.0), 6))
    scores: dict[str, list[list[float]]] = {strategy: [] for strategy in STRATEGIES}
    pools = []
    for seed in range(seeds):
        pool, test = divide(rows, seed)
        pools.append(len(pool))
        sizes = [max(START, round(share * len(pool))) for share in steps]
        for strategy in STRATEGIES:
            scores[strategy].append(curve(strategy, pool, test, sizes, seed))
        print(f"  {name}, seed {seed}: pool {len(pool)}, held out {len(test)} rows", flush=True)
    return steps, {strategy: np.array(found) for strategy, found in scores.items()}, float(np.mean(pools))


def report(name: str, shares: NDArray[np.float64], scores: Scores, pool: float) -> None:
    """Print the curves and what is saved."""
    seeds = len(scores["random"])
    print(f"\n{name}: macro-F1 on held-out debates, mean of {seeds} seeds (standard deviation)")
    print(f"{'labels':>8} {'share':>6} " + " ".join(f"{strategy:>14}" for strategy in scores))
    for index, share in enumerate(shares):
        cells = [f"{found[:, index].mean():.3f} ({found[:, index].std(ddof=1):.3f})" for found in scores.values()]
        print(f"{share * pool:8.0f} {share:6.0%} " + " ".join(f"{cell:>14}" for cell in cells))
    area = {strategy: found.mean(axis=1) for strategy, found in scores.items()}
    rng = np.random.default_rng(0)
    draws = [saved(shares, scores, rng.integers(0, seeds, seeds)) for _ in range(RESAMPLES)]
    for strategy, share in saved(shares, scores, np.arange(seeds)).items():
        low, high = np.percentile([draw[strategy] for draw in draws], [2.5, 97.5])
        print(
            f"{strategy}: saves {share * pool:.0f} of {pool / 2:.0f} labels [{low * pool:.0f}, {high * pool:.0f}]; "
            f"mean of the curve against random {(area[strategy] - area['random']).mean():+.4f}, better on "
            f"{(area[strategy] > area['random']).sum()} of {seeds} seeds"
        )


def main() -> None:
    """Simulate on each corpus that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="*", default=["fictional", "tk-debates"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--step", type=float, default=0.1)
    parser.add_argument("--transcripts", default=os.environ.get("STANDPUNT_TRANSCRIPTS"))
    parser.add_argument("--out", type=Path, help="a CSV file for the scores")
    arguments = parser.parse_args()
    records = []
    for name in arguments.corpora:
        rows = load_corpus(name, transcripts=arguments.transcripts).rows()
        shares, scores, pool = simulate(name, rows, arguments.seeds, arguments.step)
        report(name, shares, scores, pool)
        for strategy, found in scores.items():
            for (seed, index), score in np.ndenumerate(found):
                records.append((name, strategy, seed, round(float(shares[index]), 3), round(float(score), 4)))
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("corpus", "strategy", "seed", "share", "macro_f1"))
            writer.writerows(records)


if __name__ == "__main__":
    main()
