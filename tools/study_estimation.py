#!/usr/bin/env python3
"""Ask how often the intervals of `standpunt estimate` hold the truth: the figures of experiments/estimation.

Usage: study_estimation.py [--runs RUNS] [--draws 1000] [--unsure SHARE] [--out FOLDER]

Simulated debates, whose truth is known, and the labelled debates of the Tweede Kamer with predictions of models that
were not trained on them (RUNS/nl-e5-0 to -3, unseen-debates, more-debates, fresh-debates). From these, samples are
drawn again and again as `standpunt annotate next --for estimate` draws them, and labelled with the labels that all
pairs have.
Writes simulated.csv, real.csv and runs.json, and puts tables into the README.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from interval_tally import EQUAL, EYE, PROBABILITIES, UNSURE, Tally, drawn, groups_of, shares
from standpunt.analysis.estimation.corrected import LABELS, MEASURES
from standpunt.annotation.sampling import UNSURE as UNSURE_SHARE
from standpunt.evaluation.tables import Table
from standpunt.results.runs import runs_in
from standpunt.storage.files import write_text
from studies import EXPERIMENTS, ROOT, fill, run_fingerprint

STUDY = EXPERIMENTS / "estimation"
# What an interval is about, and what is clustered for it.
THESE, SUCH = "these debates", "such debates"
CLUSTERS = {THESE: (), SUCH: ("debate", "speaker")}
ENOUGH = 80  # intervals of a measure, to say how often they hold the truth


def world(rng: np.random.Generator, debates: int, speakers: int, quality: float, none: float) -> pd.DataFrame:
    """Make debates in which turns of one debate, speaker or party are alike, and a model that errs, more so on a party.

    Args:
        rng: of everything.
        debates: how many.
        speakers: how many there are to speak in them; twelve speak in each.
        quality: how much the model sees of the true label.
        none: how often turns do not address the issue (a log-odds).
    """
    lean = np.array([1.2, 0.8, 0.3, -0.3, -0.8, -1.2])
    party, own = rng.integers(0, len(lean), speakers), rng.normal(0, 0.7, speakers)
    frames = []
    for debate in range(debates):
        number = max(10, rng.poisson(60))
        tone, relevance = rng.normal(0, 0.7, 2)
        who = rng.choice(rng.choice(speakers, 12, replace=False), number)
        side = lean[party[who]] + own[who]
        zero = np.zeros(number)
        scores = np.stack([0.3 + side + tone, -side - tone / 2, zero - 0.6, zero + none + relevance], axis=1)
        chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        label = (chances.cumsum(axis=1) < rng.random((number, 1))).sum(axis=1).clip(max=3)
        seen = EYE[label] * quality + rng.normal(0, 1, (number, 4)) + np.array([0.5, -0.25, -0.5, none / 3])
        seen[party[who] == 0] += np.array([-0.8, 0.8, 0, 0])
        said = np.exp(seen) / np.exp(seen).sum(axis=1, keepdims=True)
        frame = pd.DataFrame(said, columns=PROBABILITIES)
        frames.append(frame.assign(debate=debate, speaker=who, party=party[who].astype(str), label=label))
    return pd.concat(frames, ignore_index=True)


def simulate(draws: int, unsure: float) -> pd.DataFrame:
    """Draw from made-up debates, new ones for every draw."""
    tally = Tally()
    for quality, none, name in ((2.5, 1.5, "good model"), (1.0, 1.5, "poor model"), (2.5, 3.5, "one turn in seven")):
        many = world(np.random.default_rng(1), 3000, 30_000, quality, none)
        known = {("all", ""): shares(many)} | {
            ("party", str(party)): shares(part) for party, part in many.groupby("party")
        }
        for debates, n in ((15, 120), (40, 300)):
            rng = np.random.default_rng(2)
            for seed in range(draws):
                rows = world(rng, debates, 120, quality, none)
                for about, cluster in CLUSTERS.items():
                    groups = groups_of(rows, ["party"], cluster, known if about == SUCH else None)
                    for design in (EQUAL, UNSURE):
                        key = (f"{debates} debates, {name}", "simulated", about, design, n)
                        tally.add(key, drawn(rows, n, seed, design, cluster, unsure), groups, [*MEASURES])
            print(name, debates, flush=True)
    return tally.frame()


def joint(runs: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return all pairs of the labelled debates with predictions of models that did not see them, "none" included."""
    frames, record = [], {}
    for number in range(4):
        (run,) = runs_in(runs / f"nl-e5-{number}")
        frame = run.predictions()
        frames.append(frame[(frame["corpus"] != "fictional") & (frame["scope"] == "all")])
        record[f"nl-e5-{number}"] = run_fingerprint(run)
    (run,) = [one for one in runs_in(runs / "standpunt-nl-e5") if one.finished]
    frame = run.predictions()
    frames.append(frame[(frame["corpus"] == "tk-ukraine") & (frame["scope"] == "all")])
    record["standpunt-nl-e5"] = run_fingerprint(run)
    return prepared(pd.concat(frames, ignore_index=True)), record


def addressed(runs: Path, model: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the pairs that address their issue, with predictions of a model that did not see their debate; seed 0."""
    frames, record = [], {}
    for study in ("unseen-debates", "more-debates" if model in MORE else "fresh-debates"):
        sweep = sorted((runs / study).glob("sweep-*"))[-1]
        (run,) = [one for one in runs_in(sweep) if (one.config()["model"]["name"], one.config()["seed"]) == (model, 0)]
        frames.append(run.predictions())
        record[f"{study} {model}"] = run_fingerprint(run)
    return prepared(pd.concat(frames, ignore_index=True)), record


MORE = ("words_and_poles", "poles")  # of which the study more-debates has runs at hand
SHOWN = ("standpunt-nl-e5", "words_and_poles")  # in the table of groups; the file has all
MODELS = ("words_and_poles", "tfidf", "party_only", "majority")


def prepared(frame: pd.DataFrame) -> pd.DataFrame:
    """Return predictions as the study takes them."""
    if "p_none" not in frame:
        frame = frame.assign(p_none=0.0)
    party = frame["party"].fillna("cabinet")
    label = frame["gold"].map(list(LABELS).index)
    kept = ["debate", "speaker", "issue", "turn", *PROBABILITIES]
    return frame[kept].assign(party=party, label=label, year=frame["debate"].str[:4]).reset_index(drop=True)


def copied(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw as many debates as there are, with replacement: what might have been collected of such debates."""
    debates = sorted(rows["debate"].unique())
    of_debate = dict(iter(rows.groupby("debate")))
    taken = [
        of_debate[name].assign(debate=f"{name} {number}", speaker=of_debate[name]["speaker"] + f" {number}")
        for number, name in enumerate(rng.choice(debates, len(debates)))
    ]
    return pd.concat(taken, ignore_index=True)


def real(runs: Path, draws: int, unsure: float) -> tuple[pd.DataFrame, dict[str, str]]:
    """Draw from the labelled debates."""
    tally, record = Tally(), {}
    everything, used = joint(runs)
    record |= used
    data = [("all pairs", "standpunt-nl-e5", everything, (200, 500))]
    for model in MODELS:
        rows, used = addressed(runs, model)
        record |= used
        data.append(("addressed pairs", model, rows, (100, 300)))
    for name, model, rows, sizes in data:
        print(name, model, len(rows), rows["debate"].nunique(), flush=True)
        measures = [one for one in MEASURES if one != "addressed" or name == "all pairs"]
        rng = np.random.default_rng(3)
        groups = groups_of(rows, ["party", "year", "debate"], CLUSTERS[THESE])
        known = {("all", ""): groups[0].truth}
        for seed in range(draws):
            again = copied(rows, rng)
            whole = groups_of(again, [], CLUSTERS[SUCH], known)
            for n in sizes:
                for design in (EQUAL, UNSURE):
                    for about, data_rows, wanted in ((THESE, rows, groups), (SUCH, again, whole)):
                        corrected = drawn(data_rows, n, seed, design, CLUSTERS[about], unsure)
                        tally.add((name, model, about, design, n), corrected, wanted, measures)
    return tally.frame(), record


def summary(frame: pd.DataFrame, title: str, keys: Sequence[str], notes: Sequence[str] = ()) -> Table:
    """Return means over the measures, weighted by how many intervals there are."""
    rows = []
    for values, part in frame.groupby([*keys], sort=False):
        weight = part["intervals"]
        mean = {
            name: np.average(part[name].fillna(0), weights=weight)
            for name in ("holds", "alone_holds", "counted_holds", "counted_error", "bias")
        }
        often = part[part["intervals"] >= ENOUGH]
        worst = often.loc[often["holds"].idxmin()] if len(often) else None
        rows.append(
            (
                *map(str, values if isinstance(values, tuple) else (values,)),
                f"{100 * mean['holds']:.1f}",
                "–" if worst is None else f"{100 * worst['holds']:.0f} ({worst['measure']})",
                f"{100 * mean['alone_holds']:.1f}",
                f"{100 * mean['counted_holds']:.1f}",
                f"{np.average(part['ratio'], weights=weight):.2f}",
                f"{100 * np.average(part['width'], weights=weight):.0f}",
                f"{100 * mean['counted_error']:.0f}",
            )
        )
    columns = (
        *keys,
        "holds, %",
        "least",
        "labels alone",
        "counting",
        "width ÷ labels alone",
        "width, points",
        "error of counting",
    )
    return Table(title, columns, tuple(rows), tuple(notes))


def write(simulated: pd.DataFrame, found: pd.DataFrame, record: dict[str, str]) -> None:
    """Write the files of the study and the tables of its page."""
    simulated.round(4).to_csv(STUDY / "simulated.csv", index=False)
    found.round(4).to_csv(STUDY / "real.csv", index=False)
    write_text(STUDY / "runs.json", json.dumps(record, indent=1) + "\n")
    told = found[found["measure"] != "balance"]
    tables = [
        summary(
            simulated[simulated["measure"] != "balance"], "Simulated debates", ["data", "about", "design", "groups"]
        ),
        summary(
            told[told["groups"] == "all"],
            "Labelled debates, all turns together",
            ["data", "model", "about", "n", "design"],
        ),
        summary(
            told[(told["groups"] != "all") & told["model"].isin(SHOWN)],
            "Labelled debates, by group",
            ["data", "model", "groups", "n", "design"],
        ),
    ]
    fill("estimation", [table.to_markdown() for table in tables])


def main() -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, default=ROOT / "runs")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--unsure", type=float, default=UNSURE_SHARE, help="the part of a draw that goes by it")
    parser.add_argument("--out", type=Path, help="a folder for the tables only, instead of the study's")
    arguments = parser.parse_args()
    simulated = simulate(arguments.draws, arguments.unsure)
    found, record = real(arguments.runs, arguments.draws, arguments.unsure)
    if arguments.out is not None:
        arguments.out.mkdir(parents=True, exist_ok=True)
        simulated.to_csv(arguments.out / "simulated.csv", index=False)
        found.to_csv(arguments.out / "real.csv", index=False)
        return
    write(simulated, found, record)


if __name__ == "__main__":
    main()
