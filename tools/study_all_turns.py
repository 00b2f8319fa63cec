#!/usr/bin/env python3
"""Ask what readers of pairs that learnt from all turns add to a model that reads a debate whole.

Usage: study_all_turns.py READER [READER ...] --others SWEEP

READER is the folder of a run of `pair_reader`, SWEEP that of words_and_poles_gemma and collective_gemma on the same
rows, with their models; see experiments/pair-reader. Writes all_turns.csv and puts a table into the README.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import Rows
from standpunt.evaluation.condition import by_condition
from standpunt.evaluation.paired import differences
from standpunt.evaluation.scores import evaluate
from standpunt.evaluation.tables import Table, interval_text, score_text
from standpunt.models.base import Model
from standpunt.models.collective.family import Collective
from standpunt.results.runs import Run
from studies import EXPERIMENTS, fill
from study_curve import within_issues
from study_pairs import LABELS, OTHERS, answering, blended

STUDY = EXPERIMENTS / "pair-reader"
WORDS_AND_POLES, COLLECTIVE = OTHERS
ALL = "all of them"
Frames = dict[str, pd.DataFrame]


def main() -> None:
    """Blend, infer, score, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", nargs="+", type=Path)
    parser.add_argument("--others", type=Path, required=True)
    options = parser.parse_args()
    readers = [Run.load(folder) for folder in options.readers]
    others = {name: Run.load(next(options.others.glob(f"*-{name}-*"))) for name in OTHERS}
    scores = scored(by_corpus(readers, others))
    scores.to_csv(STUDY / "all_turns.csv", index=False)
    fill(STUDY.name, [table_of(scores).to_markdown()], "all turns")


def by_corpus(readers: list[Run], others: dict[str, Run]) -> dict[str, Frames]:
    """Return the predictions of each model on each corpus, and on all of them."""
    model = Model.load(others[COLLECTIVE].folder / "model")
    assert isinstance(model, Collective)
    found: dict[str, Frames] = {}
    for condition, frame in by_condition(others[WORDS_AND_POLES].predictions()):
        read = [dict(by_condition(run.predictions()))[condition] for run in readers]
        alone = {f"reader {number}": one for number, one in enumerate(read, start=1)}
        if len(read) > 1:
            alone["readers averaged"] = blended(*read)
        whole = dict(by_condition(others[COLLECTIVE].predictions()))[condition]
        rows = load_corpus(condition.corpus).rows(with_none=False).to_list()
        found[condition.corpus] = {WORDS_AND_POLES: blended(frame), COLLECTIVE: blended(whole)}
        for name, reader in alone.items():
            found[condition.corpus] |= places(name, reader, frame, whole, model, rows)
    names = next(iter(found.values()))
    found[ALL] = {name: pd.concat([frames[name] for frames in found.values()]) for name in names}
    return found


def places(
    name: str, reader: pd.DataFrame, frame: pd.DataFrame, whole: pd.DataFrame, model: Collective, rows: Rows
) -> Frames:
    """Return what a reader says alone, and beside the others: before the debate is read whole, after that, or both."""
    before = together(model, blended(frame, reader), rows)
    return {
        name: blended(reader),
        f"{name}, blended with {WORDS_AND_POLES}": blended(frame, reader),
        f"{name}, in the base of {COLLECTIVE}": before,
        f"{name}, blended with {COLLECTIVE}": blended(whole, reader),
        f"{name}, in both places": blended(before, reader),
    }


def together(model: Collective, frame: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Return predictions after the turns of a debate on an issue were read together."""
    by_id = {row["id"]: row for row in rows}
    alone = frame.reindex(columns=[f"p_{label}" for label in model.labels], fill_value=0.0)
    inferred = model.together([by_id[name] for name in frame["id"]], alone.to_numpy())
    return answering(frame, inferred[:, [model.labels.index(label) for label in LABELS]])


def scored(found: dict[str, Frames]) -> pd.DataFrame:
    """Return macro-F1, AUC and the gain over the model that reads a debate whole without a reader."""
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


def table_of(scores: pd.DataFrame) -> Table:
    """Lay out macro-F1 on each corpus, and on all of them also AUC and gain."""
    wide = scores.pivot_table(index="model", columns="corpus", values="macro-F1", aggfunc="first", sort=False)
    over_all = scores[scores["corpus"] == ALL].set_index("model")
    rows = [(str(model), *wide.loc[model], over_all["AUC"][model], over_all["gain"][model]) for model in wide.index]
    sizes = ", ".join(f"{part['rows'].iloc[0]} of {corpus}" for corpus, part in scores.groupby("corpus", sort=False))
    notes = (
        f"Macro-F1 on {sizes}. AUC (favor vs. against within an issue) and gain are of {ALL}; the gain is macro-F1 "
        f"less that of {COLLECTIVE}, paired. Intervals: 95 % of resamples of whole speakers.",
    )
    return Table("Readers that learnt from all turns", ("model", *map(str, wide), "AUC", "gain"), tuple(rows), notes)


if __name__ == "__main__":
    main()
