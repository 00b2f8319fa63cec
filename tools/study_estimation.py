#!/usr/bin/env python3
"""Ask how often the intervals of `standpunt estimate` hold the truth: the figures of experiments/estimation.

Usage: study_estimation.py [--runs RUNS] [--draws 1000] [--only simulated|real]

Simulated debates, whose truth is known, and the labelled debates of the Tweede Kamer with predictions of models that
were not trained on them (RUNS/nl-e5-0 to -3, unseen-debates, more-debates, fresh-debates). From these, samples are
drawn again and again as `standpunt annotate next --for estimate` draws them, and labelled with the labels that all
pairs have.
Writes simulated.csv, real.csv and runs.json, and puts tables into the README.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from standpunt.analysis.estimation.corrected import LABELS, MEASURES, Corrected, parts
from standpunt.annotation.sampling import draw, inclusion_probabilities
from standpunt.evaluation.tables import Table
from standpunt.experiment.config import to_config
from standpunt.results.runs import Run, runs_in
from standpunt.storage.files import write_text
from studies import EXPERIMENTS, ROOT, fingerprint

STUDY = EXPERIMENTS / "estimation"
PROBABILITIES = [f"p_{label}" for label in LABELS]
EYE = np.eye(len(LABELS))
CONFIDENCE = 0.95
EQUAL, UNSURE = "equal", "unsure"
# What an interval is about, and what is clustered for it.
THESE, SUCH = "these debates", "such debates"
CLUSTERS = {THESE: (), SUCH: ("debate", "speaker")}
KEYS = ["data", "model", "about", "design", "n", "groups", "measure"]
LEAST_ROWS = 60  # of a party, to be a group
ENOUGH = 80  # intervals of a measure, to say how often they hold the truth


class Tally:
    """Whether intervals held the truth, and how wide they were, by what they are of."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    def add(
        self, key: Sequence[object], corrected: Corrected, groups: Sequence[Group], measures: Sequence[str]
    ) -> None:
        """Take estimates of groups, corrected and of the labels alone; left out where either has no interval."""
        for group in groups:
            part = corrected.within(group.places)
            for measure in measures:
                found = []
                for labels_only in (False, True):
                    estimate = part.ratio(measure, labels_only=labels_only)
                    if estimate is None:
                        break
                    ends = part.interval(estimate, CONFIDENCE, difference=False, balance=measure == "balance")
                    found += [estimate.value, *ends]
                if len(found) == 6 and not np.isnan(found).any():
                    self.rows.append((*key, group.kind, measure, group.truth[measure], *found, *group.counted[measure]))

    def frame(self) -> pd.DataFrame:
        """Return the mean of all estimates of a kind."""
        names = ["truth", "value", "low", "high", "alone", "alone_low", "alone_high", "counted", "c_low", "c_high"]
        rows = pd.DataFrame(self.rows, columns=[*KEYS, *names])
        truth = rows["truth"]
        told = rows.assign(
            holds=(rows["low"] <= truth) & (truth <= rows["high"]),
            alone_holds=(rows["alone_low"] <= truth) & (truth <= rows["alone_high"]),
            counted_holds=(rows["c_low"] <= truth) & (truth <= rows["c_high"]),
            width=rows["high"] - rows["low"],
            alone_width=rows["alone_high"] - rows["alone_low"],
            bias=rows["value"] - truth,
            counted_error=(rows["counted"] - truth).abs(),
        )
        kept = ["holds", "alone_holds", "counted_holds", "width", "alone_width", "bias", "counted_error"]
        means = told.groupby(KEYS, sort=False)[kept].mean()
        means.insert(0, "intervals", told.groupby(KEYS, sort=False).size())
        return means.assign(ratio=means["width"] / means["alone_width"]).reset_index()


@dataclass(frozen=True)
class Group:
    """Some rows: what they were grouped by, their places, and by measure the truth and what counting answers gives."""

    kind: str
    places: np.ndarray
    truth: Mapping[str, float]
    counted: Mapping[str, tuple[float, float, float]]


def groups_of(
    rows: pd.DataFrame,
    kinds: Sequence[str],
    cluster: Sequence[str],
    known: Mapping[tuple[str, str], Mapping] | None = None,
) -> list[Group]:
    """Return all rows and each group that is large enough; `known` has the truth where it is not that of the rows."""
    answers = Corrected.of(
        rows,
        EYE[rows[PROBABILITIES].to_numpy(float).argmax(axis=1)],
        np.zeros((len(rows), 4)),
        np.ones(len(rows)),
        cluster,
    )
    found = []
    for kind in ("all", *kinds):
        named = {"": np.arange(len(rows))} if kind == "all" else rows.groupby(kind).indices
        for name, places in named.items():
            if kind == "all" or len(places) >= LEAST_ROWS:
                truth = shares(rows.iloc[places])
                counted = {one: counting(answers.within(places), one) for one in MEASURES}
                found.append(Group(kind, places, (known or {}).get((kind, name), truth), counted))
    return found


def shares(rows: pd.DataFrame) -> dict[str, float]:
    """Return what the labels of rows give, by measure."""
    told = {}
    for measure in MEASURES:
        top, bottom = parts(measure, EYE[rows["label"].to_numpy()])
        told[measure] = float(top.sum() / bottom.sum()) if bottom.sum() else np.nan
    return told


def counting(answers: Corrected, measure: str) -> tuple[float, float, float]:
    """Return the share that counting a model's answers gives, with the interval as if they were labels."""
    estimate = answers.ratio(measure, labels_only=True)
    if estimate is None:
        return np.nan, np.nan, np.nan
    ends = answers.interval(estimate, CONFIDENCE, difference=False, balance=measure == "balance")
    return estimate.value, *ends


def drawn(rows: pd.DataFrame, n: int, seed: int, design: str, cluster: Sequence[str], unsure: float) -> Corrected:
    """Draw a sample of rows that all have a label, and forget the labels of the others."""
    predicted = rows[PROBABILITIES].to_numpy(float)
    chances = inclusion_probabilities(n, len(rows), predicted if design == UNSURE else None, unsure=unsure)
    taken = draw(chances, seed)
    weights, said = np.zeros(len(rows)), np.zeros((len(rows), len(LABELS)))
    weights[taken] = 1 / chances[taken]
    said[taken] = EYE[rows["label"].to_numpy()[taken]]
    return Corrected.of(rows, said, predicted, weights, cluster)


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
        record[f"nl-e5-{number}"] = digest(run)
    (run,) = [one for one in runs_in(runs / "standpunt-nl-e5") if one.finished]
    frame = run.predictions()
    frames.append(frame[(frame["corpus"] == "tk-ukraine") & (frame["scope"] == "all")])
    record["standpunt-nl-e5"] = digest(run)
    return prepared(pd.concat(frames, ignore_index=True)), record


def addressed(runs: Path, model: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the pairs that address their issue, with predictions of a model that did not see their debate; seed 0."""
    frames, record = [], {}
    for study in ("unseen-debates", "more-debates" if model in MORE else "fresh-debates"):
        sweep = sorted((runs / study).glob("sweep-*"))[-1]
        (run,) = [one for one in runs_in(sweep) if (one.config()["model"]["name"], one.config()["seed"]) == (model, 0)]
        frames.append(run.predictions())
        record[f"{study} {model}"] = digest(run)
    return prepared(pd.concat(frames, ignore_index=True)), record


MORE = ("words_and_poles", "poles")  # of which the study more-debates has runs at hand
SHOWN = ("standpunt-nl-e5", "words_and_poles")  # in the table of groups; the file has all
MODELS = ("words_and_poles", "tfidf", "party_only", "majority")


def digest(run: Run) -> str:
    """Return the hash of a run's configuration."""
    from omegaconf import OmegaConf

    return fingerprint(to_config(OmegaConf.create(run.config())))


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
    shares = found[found["measure"] != "balance"]
    tables = [
        summary(
            simulated[simulated["measure"] != "balance"], "Simulated debates", ["data", "about", "design", "groups"]
        ),
        summary(
            shares[shares["groups"] == "all"],
            "Labelled debates, all turns together",
            ["data", "model", "about", "n", "design"],
        ),
        summary(
            shares[(shares["groups"] != "all") & shares["model"].isin(SHOWN)],
            "Labelled debates, by group",
            ["data", "model", "groups", "n", "design"],
        ),
    ]
    body = "\n\n".join(table.to_markdown().replace("## ", "### ", 1).strip() for table in tables)
    page = STUDY / "README.md"
    text = page.read_text(encoding="utf-8")
    marks = re.compile(r"<!-- results -->.*?<!-- /results -->", re.DOTALL)
    write_text(page, marks.sub(lambda _: f"<!-- results -->\n{body}\n<!-- /results -->", text))


def main() -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, default=ROOT / "runs")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--unsure", type=float, default=None, help="the part of a draw by uncertainty, to compare")
    parser.add_argument("--out", type=Path, help="a folder for the tables only, instead of the study's")
    arguments = parser.parse_args()
    from standpunt.annotation.sampling import UNSURE as SHARE

    unsure = SHARE if arguments.unsure is None else arguments.unsure
    simulated = simulate(arguments.draws, unsure)
    found, record = real(arguments.runs, arguments.draws, unsure)
    if arguments.out is not None:
        arguments.out.mkdir(parents=True, exist_ok=True)
        simulated.to_csv(arguments.out / "simulated.csv", index=False)
        found.to_csv(arguments.out / "real.csv", index=False)
        return
    write(simulated, found, record)


if __name__ == "__main__":
    main()
