#!/usr/bin/env python3
"""Ask what a reader of pairs adds that learnt from all turns, before and behind the stage that reads a debate whole.

Usage: study_all_turns.py READER [READER ...] --others SWEEP

READER is the folder of a run of `pair_reader`, SWEEP that of words_and_poles_gemma and collective_gemma on the same
rows, with their models; see experiments/pair-reader. Several readers are averaged, their log-probabilities weighed
alike. Writes all_turns.csv and puts a table into the README.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from standpunt.corpora.corpus import load_corpus
from standpunt.evaluation.condition import by_condition
from standpunt.evaluation.paired import differences
from standpunt.evaluation.scores import evaluate
from standpunt.evaluation.tables import Table, interval_text, score_text
from standpunt.models.base import Model
from standpunt.models.collective.family import Collective
from standpunt.results.runs import Run, runs_in
from studies import EXPERIMENTS
from study_curve import within_issues
from study_pairs import LABELS, OTHERS, READER, blended

STUDY = EXPERIMENTS / "pair-reader"
WORDS_AND_POLES, COLLECTIVE = OTHERS
BOTH, WHOLE = f"{WORDS_AND_POLES} + {READER}", f"{COLLECTIVE} with {READER} in its base"
ALL = "all three"
PROBABILITIES = [f"p_{label}" for label in LABELS]


def main() -> None:
    """Blend, infer, score, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", nargs="+", type=Path)
    parser.add_argument("--others", type=Path, required=True)
    options = parser.parse_args()
    readers = [run for folder in options.readers for run in runs_in(folder) if run.finished]
    others = {run.config()["model"]["name"]: run for run in runs_in(options.others) if run.finished}
    frames = by_corpus(readers, others)
    write(scored(frames))


def by_corpus(readers: list[Run], others: dict[str, Run]) -> dict[str, dict[str, pd.DataFrame]]:
    """Return the predictions of each model on each corpus, and on all of them."""
    model = Model.load(others[COLLECTIVE].folder / "model")
    assert isinstance(model, Collective)
    found: dict[str, dict[str, pd.DataFrame]] = {}
    for condition, frame in by_condition(others[WORDS_AND_POLES].predictions()):
        reader = averaged([dict(by_condition(run.predictions()))[condition] for run in readers])
        both = blended(ordered(frame), reader)
        found[condition.corpus] = {
            READER: reader,
            WORDS_AND_POLES: ordered(frame),
            BOTH: both,
            COLLECTIVE: ordered(dict(by_condition(others[COLLECTIVE].predictions()))[condition]),
            WHOLE: together(model, both, condition.corpus),
        }
    names = next(iter(found.values()))
    found[ALL] = {name: pd.concat([frames[name] for frames in found.values()]) for name in names}
    return found


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return predictions in one order."""
    return frame.sort_values(["corpus", "part", "id"]).reset_index(drop=True)


def averaged(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the predictions of several readers, whose log-probabilities are weighed alike; of one, its own."""
    frames = [ordered(frame) for frame in frames]
    logs = np.mean([np.log(frame[PROBABILITIES].to_numpy().clip(1e-9)) for frame in frames], axis=0)
    return with_probabilities(frames[0], np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True))


def together(model: Collective, frame: pd.DataFrame, corpus: str) -> pd.DataFrame:
    """Return predictions after the turns of a debate on an issue were read together."""
    rows = {row["id"]: row for row in load_corpus(corpus).rows(with_none=False).to_list()}
    places = [model.labels.index(label) for label in LABELS]
    alone = np.zeros((len(frame), len(model.labels)))
    alone[:, places] = frame[PROBABILITIES].to_numpy()
    return with_probabilities(frame, model.together([rows[name] for name in frame["id"]], alone)[:, places])


def with_probabilities(frame: pd.DataFrame, shares: np.ndarray) -> pd.DataFrame:
    """Return predictions with other probabilities."""
    made = dict(zip(PROBABILITIES, shares.T, strict=True))
    return frame.assign(**made, predicted=np.array(LABELS)[shares.argmax(axis=1)])


def scored(found: dict[str, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    """Return macro-F1, MCC, AUC and the gain over the model that reads a debate whole without the reader."""
    records = []
    for corpus, frames in found.items():
        for name, frame in frames.items():
            scores = evaluate(frame, LABELS, cluster="speaker").scores
            (gain,) = differences([(COLLECTIVE, frames[COLLECTIVE]), (name, frame)], LABELS, cluster="speaker")
            cells = {
                "macro-F1": score_text(scores["macro_f1"]),
                "favor/against F1": score_text(scores["favor_against_f1"]),
                "AUC": f"{within_issues(frame):.2f}",
                "gain": "–" if name == COLLECTIVE else f"{gain.value:+.2f} {interval_text(gain.low, gain.high)}",
            }
            records.append({"corpus": corpus, "rows": len(frame), "model": name, **cells})
    return pd.DataFrame(records)


def write(scores: pd.DataFrame) -> None:
    """Put the table between its marks in the README, and beside it."""
    scores.to_csv(STUDY / "all_turns.csv", index=False)
    columns = [name for name in scores if name != "rows"]
    rows = [tuple(str(row[name]) for name in columns) for row in scores.to_dict("records")]
    sizes = ", ".join(f"{corpus} {part['rows'].iloc[0]}" for corpus, part in scores.groupby("corpus", sort=False))
    notes = (
        f"Rows: {sizes}. AUC: favor vs. against within an issue. Gain: macro-F1 less that of {COLLECTIVE}, paired. "
        "Intervals: 95 % of resamples of whole speakers.",
    )
    text = Table("Readers that learnt from all turns", tuple(columns), tuple(rows), notes).to_markdown()
    path = STUDY / "README.md"
    before, begin, rest = path.read_text(encoding="utf-8").partition("<!-- all turns -->")
    _, end, after = rest.partition("<!-- /all turns -->")
    path.write_text(f"{before}{begin}\n{text.replace('## ', '### ')}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
