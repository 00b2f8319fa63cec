"""How many labels a strategy of `standpunt annotate next` saves against random choice: a simulation.

Usage: python benchmarks/selection.py [CORPUS ...] [--pool stance|joint] [--seeds N] [--transcripts PLACE] [--out FILE]

On annotated debates the labels are there already, so that choosing can be played through. A quarter of the debates is
held out. Of the pairs of turn and issue of the others a first batch is drawn at random, the same for every strategy;
then a model is trained on what is "labelled", its macro-F1 is taken on the held-out debates, and the strategy chooses
the next batch. The pool `stance` is the pairs labelled favor, against or neutral; the pool `joint` is all pairs that
annotators saw, most of them "none", which is what `annotate next` meets in a new debate. Disagreement is that of three
models on resamples of the labelled rows (N. Abe and H. Mamitsuka, Query Learning Strategies Using Boosting and Bagging,
ICML 1998).

What a strategy saves at n labels is n less the labels with which its mean curve over the seeds first reaches random's
mean score at n, interpolated. Intervals: 95 % of resamples of seeds; they do not know that the seeds share one corpus.
"""

import argparse
import csv
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from standpunt import load_corpus
from standpunt.annotation.selection import DISAGREEMENT, STRATEGIES, choose
from standpunt.corpora.rows import column

BATCH, BATCHES, AT = 60, 8, (180, 360)
COMMITTEE, HELD_OUT, RESAMPLES = 3, 0.25, 2000
Indices = NDArray[np.int_]
Scores = dict[str, NDArray[np.float64]]


class Simulator:
    """The rows of a corpus, and the model that is trained on some of them: TF-IDF with logistic regression.

    It is the family tfidf (words, and words by issue; n-grams in two rows or more; labels weighted), solved where it is
    small. The weights are a combination of the n training rows, so that n columns do instead of all words by all
    issues; words are counted once. That makes it some hundred times as fast with the same probabilities.
    """

    def __init__(self, rows: Dataset) -> None:
        """Count the words."""
        self.texts, self.debates = column(rows, "text"), np.array(column(rows, "debate"))
        self.labels = np.array(column(rows, "label"))
        self._names = np.unique(self.labels)
        self._issues = np.unique(column(rows, "issue"), return_inverse=True)[1]
        self._counts = CountVectorizer(token_pattern=r"(?u)\b\w+\b", dtype=np.float64).fit_transform(self.texts)

    def probabilities(self, train: Indices, asked: Indices) -> NDArray[np.float64]:
        """Train on rows and return the probabilities of others, shape (len(asked), labels)."""
        counts = self._counts[:, (self._counts[train] > 0).sum(axis=0).A1 >= 2]
        tfidf = TfidfTransformer(sublinear_tf=True).fit(counts[train])
        own, others = (self._features(tfidf.transform(counts[rows]), rows) for rows in (train, asked))
        values, vectors = np.linalg.eigh((own @ own.T).toarray())
        kept = values > 1e-9
        # own = columns @ (orthonormal rows), so that a penalty on the weights of the columns is one on all weights.
        columns = vectors[:, kept] * np.sqrt(values[kept])
        probabilities = np.zeros((len(asked), len(self._names)))
        known = np.isin(self._names, self.labels[train])
        if known.sum() == 1:
            probabilities[:, known] = 1
            return probabilities
        model = LogisticRegression(class_weight="balanced", max_iter=2000).fit(columns, self.labels[train])
        weights = own.T @ (vectors[:, kept] / np.sqrt(values[kept]) @ model.coef_.T)
        model.coef_, model.n_features_in_ = weights.T, own.shape[1]
        probabilities[:, known] = model.predict_proba(others)
        return probabilities

    def score(self, train: Indices, test: Indices) -> float:
        """Return the macro-F1 of a model of some rows on others."""
        answers = self._names[self.probabilities(train, test).argmax(axis=1)]
        return float(f1_score(self.labels[test], answers, average="macro", zero_division=0))

    def divide(self, seed: int) -> tuple[Indices, Indices]:
        """Hold out a quarter of the debates; rows whose text is said there as well leave the pool."""
        debates = np.unique(self.debates)
        held = np.random.default_rng(seed).permutation(debates)[: max(1, round(HELD_OUT * len(debates)))]
        test = np.flatnonzero(np.isin(self.debates, held))
        said = {self.texts[index] for index in test}
        pool = np.flatnonzero(~np.isin(self.debates, held))
        return np.array([index for index in pool if self.texts[index] not in said]), test

    def curve(self, strategy: str, pool: Indices, test: Indices, seed: int) -> list[float]:
        """Return the macro-F1 on the held-out debates after each batch."""
        taken = np.random.default_rng(seed).permutation(pool)[:BATCH]
        scores = [self.score(taken, test)]
        for batch in range(1, BATCHES):
            left = np.setdiff1d(pool, taken)
            chosen = choose(
                strategy,
                BATCH,
                size=len(left),
                seed=1000 * seed + batch,
                committee=self._committee(strategy, taken, left, 1000 * seed + batch),
                texts=[self.texts[index] for index in left],
                known=sorted({self.texts[index] for index in taken}),
            )
            taken = np.concatenate([taken, left[chosen]])
            scores.append(self.score(taken, test))
        return scores

    def _committee(self, strategy: str, taken: Indices, left: Indices, seed: int) -> list[NDArray[np.float64]]:
        if strategy == DISAGREEMENT:
            rng = np.random.default_rng(seed)
            return [self.probabilities(rng.choice(taken, len(taken)), left) for _ in range(COMMITTEE)]
        return [] if strategy == "random" else [self.probabilities(taken, left)]

    def _features(self, words: sparse.csr_matrix, rows: Indices) -> sparse.csr_matrix:
        """Return every word once for all issues and once for the issue of its row."""
        size, issues = words.shape[1], int(self._issues.max()) + 1
        places = words.indices + size * np.repeat(self._issues[rows], np.diff(words.indptr))
        by_issue = sparse.csr_matrix((words.data, places, words.indptr), (len(rows), size * issues))
        return sparse.hstack([words, by_issue], format="csr")


def labels_until(scores: NDArray[np.float64], target: float) -> float:
    """Return the number of labels at which a curve first reaches a score, all of them where it never does."""
    reached = np.flatnonzero(scores >= target)
    if not len(reached):
        return float(BATCH * len(scores))
    index = int(reached[0])
    if index == 0:
        return float(BATCH)
    before, span = scores[index - 1], scores[index] - scores[index - 1]
    return float(BATCH * (index + (target - before) / span))


def saved(scores: Scores, seeds: Indices, n: int) -> dict[str, float]:
    """Return for each strategy the labels it saves at n, on the mean curves of these seeds."""
    target = float(scores["random"][seeds, n // BATCH - 1].mean())
    return {name: n - labels_until(curves[seeds].mean(axis=0), target) for name, curves in scores.items()}


def report(scores: Scores) -> None:
    """Print the curves and what is saved, as tables."""
    seeds = len(scores["random"])
    print("\n| labels | " + " | ".join(scores) + " |\n|---:|" + "---:|" * len(scores))
    for batch in range(BATCHES):
        cells = [f"{curves[:, batch].mean():.3f} ± {curves[:, batch].std(ddof=1):.3f}" for curves in scores.values()]
        print(f"| {BATCH * (batch + 1)} | " + " | ".join(cells) + " |")
    saving = " | ".join(f"saved at {n}" for n in AT)
    print(f"\n| strategy | {saving} | mean of the curve less random's | better on |\n|---|" + "---:|" * (len(AT) + 2))
    rng = np.random.default_rng(0)
    draws = rng.integers(0, seeds, (RESAMPLES, seeds))
    for name in STRATEGIES:
        if name == "random":
            continue
        cells = []
        for n in AT:
            low, high = np.percentile([saved(scores, draw, n)[name] for draw in draws], [2.5, 97.5])
            cells.append(f"{saved(scores, np.arange(seeds), n)[name]:.0f} [{low:.0f}, {high:.0f}]")
        gain = (scores[name] - scores["random"]).mean(axis=1)
        low, high = np.percentile(gain[draws].mean(axis=1), [2.5, 97.5])
        cells += [f"{gain.mean():+.3f} [{low:+.3f}, {high:+.3f}]", f"{(gain > 0).sum()} of {seeds}"]
        print(f"| {name} | " + " | ".join(cells) + " |")


def write(path: Path, name: str, scores: Scores) -> None:
    """Write the score of every seed, strategy and number of labels."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("corpora", "strategy", "seed", "labels", "macro_f1"))
        for strategy, curves in scores.items():
            for (seed, batch), score in np.ndenumerate(curves):
                writer.writerow((name, strategy, seed, BATCH * (batch + 1), round(float(score), 4)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate on the corpora together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="*", default=["fictional"])
    parser.add_argument("--pool", choices=("stance", "joint"), default="stance")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--transcripts", default=os.environ.get("STANDPUNT_TRANSCRIPTS"))
    parser.add_argument("--out", type=Path, help="a CSV file for the scores")
    options = parser.parse_args(arguments)
    corpora = [load_corpus(name, transcripts=options.transcripts) for name in options.corpora]
    rows = [row for corpus in corpora for row in corpus.rows(with_none=options.pool == "joint").to_list()]
    simulator = Simulator(Dataset.from_list(rows))
    scores: dict[str, list[list[float]]] = {strategy: [] for strategy in STRATEGIES}
    for seed in range(options.seeds):
        pool, test = simulator.divide(seed)
        for strategy in STRATEGIES:
            scores[strategy].append(simulator.curve(strategy, pool, test, seed))
        print(f"seed {seed}: pool {len(pool)}, held out {len(test)}", flush=True)
    result = {strategy: np.array(curves) for strategy, curves in scores.items()}
    report(result)
    if options.out:
        write(options.out, " ".join(options.corpora), result)


if __name__ == "__main__":
    main()
