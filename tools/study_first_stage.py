#!/usr/bin/env python3
"""Ask what the first of two stages finds where issues compete for a turn, on debates that it never saw.

Usage: study_first_stage.py

It needs the transcripts of all corpora. Writes first_stage.csv and puts a table into experiments/unseen-debates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, log_loss

from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import NONE
from standpunt.evaluation.tables import Table
from standpunt.models.combined.detector import Detector
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.windows.examples import records
from studies import EXPERIMENTS, fill

STUDY = EXPERIMENTS / "unseen-debates"
TRAINED_ON = ("fictional", "tk-debates")
CAMPAIGN = "experiments/campaign"
TESTED_ON = ("tk-more", "tk-ukraine", f"{CAMPAIGN}/tk-held", f"{CAMPAIGN}/tk-2025", f"{CAMPAIGN}/denhaag")
ASKED = (1, 2, 4, None)  # how many issues a turn is asked about; all of those of its corpus
DRAWS = 5
SEVERAL, ONE_BY_ONE = "issues compete", "one by one"


@dataclass(frozen=True)
class Pairs:
    """Pairs of turns and issues, and whether each turn addresses its issue, shape (n_pairs,)."""

    rows: list[dict[str, object]]
    addressed: np.ndarray


def main() -> None:
    """Train both, ask, score, and write."""
    corpora = {name: load_corpus(name) for name in (*TRAINED_ON, *TESTED_ON)}
    issues = {name: issue for corpus in corpora.values() for name, issue in corpus.issues.items()}
    pairs = {name: pairs_of(records(corpus.rows(with_none=True), None)) for name, corpus in corpora.items()}
    train = [row for name in TRAINED_ON for row in pairs[name].rows]
    config, found = TwoStageConfig(), []
    for how in (ONE_BY_ONE, SEVERAL):
        detector = Detector(config.window_words, config.recall, competing=how == SEVERAL)
        detector.fit(train, [], issues, NONE)
        for corpus in TESTED_ON:
            for asked in ASKED:
                draws = range(DRAWS if asked else 1)
                parts = [drawn(pairs[corpus], asked, seed) for seed in draws]
                scores = [score(part, detector.detect(part.rows, issues).probabilities) for part in parts]
                mean = pd.DataFrame(scores).mean().to_dict()
                found.append({"first stage": how, "corpus": corpus, "asked": asked or "all", **mean})
    scores_of_all = pd.DataFrame(found)
    scores_of_all.round(4).to_csv(STUDY / "first_stage.csv", index=False)
    fill(STUDY.name, [table_of(scores_of_all).to_markdown()], "first stage")


def pairs_of(rows: list[dict[str, object]]) -> Pairs:
    """Return rows with what is asked of them."""
    return Pairs(rows, np.array([row["label"] != NONE for row in rows]))


def drawn(pairs: Pairs, asked: int | None, seed: int) -> Pairs:
    """Return the pairs of so many issues of each debate, drawn by chance; of all issues where no number is given."""
    if asked is None:
        return pairs
    draw, kept = np.random.default_rng(seed), set()
    for debate in sorted({str(row["debate"]) for row in pairs.rows}):
        issues = sorted({str(row["issue"]) for row in pairs.rows if row["debate"] == debate})
        kept |= {(debate, issue) for issue in draw.permutation(issues)[:asked].tolist()}
    return pairs_of([row for row in pairs.rows if (row["debate"], row["issue"]) in kept])


def score(pairs: Pairs, probabilities: np.ndarray) -> dict[str, float]:
    """Return how well the pairs that address their issue are found, and how far the probabilities are off."""
    found = probabilities >= 0.5
    right = (found & pairs.addressed).sum()
    return {
        "pairs": len(pairs.rows),
        "addressed": pairs.addressed.sum(),
        "found": found.sum(),
        "precision": right / max(found.sum(), 1),
        "recall": right / pairs.addressed.sum(),
        "F1": 2 * right / (found.sum() + pairs.addressed.sum()),
        "average precision": average_precision_score(pairs.addressed, probabilities),
        "log loss": log_loss(pairs.addressed, probabilities, labels=[False, True]),
    }


def table_of(scores: pd.DataFrame) -> Table:
    """Lay out all issues of each corpus, and the means over the corpora of fewer."""
    columns = ("first stage", "corpus", "asked", "found", "precision", "recall", "F1", "average precision", "log loss")
    rows = []
    for asked, part in scores.groupby("asked", sort=False):
        for corpus in TESTED_ON if asked == "all" else ():
            rows += [cells(one) for one in part[part["corpus"] == corpus].to_dict("records")]
        for how, of_how in part.groupby("first stage", sort=False):
            mean = of_how[[*columns[4:]]].mean()
            rows.append(cells({**mean.to_dict(), "first stage": how, "corpus": "mean", "asked": asked, "found": None}))
    notes = (
        f"Trained on {' and '.join(TRAINED_ON)}. `asked` is the number of issues that each turn was asked about, drawn "
        f"by chance, the mean of {DRAWS} draws. `found` are the pairs that address their issue with a probability of "
        "one half or more, of all that do.",
    )
    return Table("What the first stage finds", columns, tuple(rows), notes)


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a row of the table."""
    found = "" if row["found"] is None else f"{row['found']:.0f} of {row['addressed']:.0f}"
    measured = (f"{row[name]:.2f}" for name in ("precision", "recall", "F1", "average precision", "log loss"))
    return (str(row["first stage"]), str(row["corpus"]), str(row["asked"]), found, *measured)


if __name__ == "__main__":
    main()
