#!/usr/bin/env python3
"""Say what votes teach beside labelled turns: the tables of "Votes beside labelled turns" in experiments/votes.

Usage: study_votes_beside_turns.py RUNS [--resamples 2000]

RUNS is the folder with the runs of the three names that the README gives commands for (STANDPUNT_DATA has the votes).
Writes beside_turns.csv and puts the tables into the README.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.voting.combining import added
from standpunt.analysis.voting.past import Past
from standpunt.analysis.voting.scores import METRICS, vote_differences, vote_scores
from standpunt.analysis.voting.study import table_of
from standpunt.annotation.layers import SIDES
from standpunt.corpora.voted_debates import VotedDebates, pairs_of, read_voted_debates
from standpunt.errors import InputError
from standpunt.evaluation.metrics import metric_names
from standpunt.evaluation.ranking import auc
from standpunt.evaluation.resampling import Resamples, Score, resampled_metrics
from standpunt.evaluation.tables import Table, score_text
from standpunt.results.runs import Run, runs_in
from standpunt.storage.paths import experiments_dir
from standpunt.tasks import get_task
from studies import fill

STUDY = experiments_dir() / "votes"
CHOICE, TURNS, VOTED = "weights", "turns", "votes"  # names of the runs, folders of RUNS
VOTES, CONTROL = "votes", "past votes"
LABELS = get_task("stance").labels
# What is resampled: debates, or of a single debate its speakers.
CLUSTERS = {"tk-more": "debate", "tk-ukraine": "speaker", "tk-debates": "debate"}
RANKED = METRICS[:3]


def main() -> None:
    """Read the runs, score, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--resamples", type=int, default=2000)
    options = parser.parse_args()
    parts = [
        chosen_weight(runs_of(options.runs / CHOICE), options.resamples),
        turns(runs_of(options.runs / TURNS), options.resamples),
        votes(runs_of(options.runs / VOTED), Path(os.environ["STANDPUNT_DATA"]), options.resamples),
    ]
    figures = pd.concat([frame for frame, _ in parts], ignore_index=True)
    figures.round(4).to_csv(STUDY / "beside_turns.csv", index=False)
    fill(STUDY.name, [table.to_markdown() for _, tables in parts for table in tables], "beside")


def runs_of(folder: Path) -> list[Run]:
    """Return the finished runs of all sweeps in a folder.

    Raises:
        InputError: there are none.
    """
    found = [run for sweep in sorted(folder.glob("[!.]*")) for run in runs_in(sweep) if run.finished]
    if not found:
        raise InputError(f"{folder}: no finished run; see the commands in {STUDY / 'README.md'}")
    return found


def weight_of(run: Run) -> float:
    """Return what a vote counts in the training of a run; 0 where there are none."""
    corpus = run.config()["corpus"]
    known = VOTES in (corpus["name"], *corpus["also"])
    return float(corpus["weights"].get(VOTES, 1.0)) if known else 0.0


def chosen_weight(runs: Sequence[Run], resamples: int) -> tuple[pd.DataFrame, list[Table]]:
    """Return the scores on the debates of training, each held out, by what a vote counts there."""
    rows, lines = [], []
    for run in sorted(runs, key=weight_of):
        frame = run.predictions()
        frame = frame[frame["corpus"] == run.config()["corpus"]["name"]]
        given = frame.apply(lambda row: row[f"p_{row['gold']}"], axis=1)
        loss = float(-np.log(given.clip(1e-12)).mean())
        weight = weight_of(run)
        scores = scored({"": frame}, CLUSTERS["tk-debates"], resamples)[""]
        rows.append(
            {
                "table": CHOICE,
                "model": run.config()["model"]["name"],
                "weight": weight,
                "metric": "log loss",
                "value": loss,
            }
        )
        rows += [
            {"table": CHOICE, "model": run.config()["model"]["name"], "weight": weight, "metric": name, **ends(score)}
            for name, score in scores.items()
        ]
        lines.append((f"{weight:g}" if weight else "no votes", f"{loss:.3f}", *map(score_text, scores.values())))
    title = f"What a vote counts, chosen on tk-debates ({len(frame)} pairs, {frame['debate'].nunique()} debates)"
    return pd.DataFrame(rows), [Table(title, ("weight", "log loss", *names_of_scores()), tuple(lines))]


def turns(runs: Sequence[Run], resamples: int) -> tuple[pd.DataFrame, list[Table]]:
    """Return the scores on labelled turns without votes and with them, and what votes add."""
    frames = pd.concat(
        [run.predictions().assign(model=run.config()["model"]["name"], taught=weight_of(run) > 0) for run in runs],
        ignore_index=True,
    )
    rows, tables = [], []
    for corpus, tested in frames.groupby("corpus", sort=False):
        cluster = CLUSTERS[str(corpus)]
        lines = []
        for model, own in tested.groupby("model", sort=False):
            pair = {word: own[own["taught"] == taught] for word, taught in (("without", False), ("with", True))}
            seeds = [set(frame["seed"]) for frame in pair.values()]
            pair = {word: frame[frame["seed"].isin(seeds[0] & seeds[1])] for word, frame in pair.items()}
            scores = scored(pair, cluster, resamples)
            cells = [scores[word][name] for name in names_of_scores() for word in (*pair, "gain")]
            lines.append((f"{model} ({len(seeds[0] & seeds[1])} seeds)", *map(score_text, cells)))
            rows += [
                {"table": TURNS, "corpus": corpus, "model": model, "votes": word, "metric": name, **ends(score)}
                for word, own_scores in scores.items()
                for name, score in own_scores.items()
            ]
        one = tested[(tested["seed"] == tested["seed"].min()) & tested["taught"]]
        one = one[one["model"] == one["model"].iloc[0]]
        heads = [f"{name}: {word}" for name in names_of_scores() for word in ("without", "with votes", "gained")]
        title = f"{corpus}: labelled turns ({len(one)} pairs, {one['debate'].nunique()} debates)"
        note = f"Means over seeds. Intervals from resampling whole {cluster}s, the same for both."
        tables.append(Table(title, ("model", *heads), tuple(lines), (note,)))
    return pd.DataFrame(rows), tables


def names_of_scores() -> tuple[str, str]:
    """Name the scores of labelled turns."""
    return "macro-F1", "AUC"


def scored(pair: dict[str, pd.DataFrame], cluster: str, resamples: int) -> dict[str, dict[str, Score]]:
    """Return macro-F1, and the AUC of favor against against, of predictions, and of two of them the gain."""
    frames = {word: frame.sort_values(["seed", "id"], kind="stable") for word, frame in pair.items()}
    together = pd.concat(frames.values(), ignore_index=True)
    draws = Resamples.draw(together[cluster], resamples, 0.95, 0)
    owner = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames.values()])
    values: dict[str, dict[str, tuple[float, NDArray[np.float64]]]] = {}
    for number, (word, frame) in enumerate(frames.items()):
        own = draws.subset(owner == number)
        labelled = np.array([label in set(frame["gold"]) for label in LABELS])
        per_seed, drawn = resampled_metrics(frame, LABELS, labelled, own)
        place = metric_names(LABELS).index("macro_f1")
        areas = areas_of(frame, own)
        values[word] = {
            "macro-F1": (float(per_seed[:, place].mean()), drawn[:, place]),
            "AUC": (float(areas[0]), areas[1:]),
        }
    if len(values) == 2:
        first, second = values
        values["gain"] = {
            name: (values[second][name][0] - values[first][name][0], values[second][name][1] - values[first][name][1])
            for name in names_of_scores()
        }
    return {
        word: {name: Score(value, *draws.interval(drawn), np.nan) for name, (value, drawn) in own.items()}
        for word, own in values.items()
    }


def areas_of(frame: pd.DataFrame, draws: Resamples) -> NDArray[np.float64]:
    """Return the mean over seeds of the AUC of favor against against: of all rows, then of each resample."""
    weights = np.concatenate([np.ones((1, draws.clusters), dtype=int), draws.weights])
    sided = frame["gold"].isin(SIDES).to_numpy()
    per_seed = []
    for seed in sorted(frame["seed"].unique()):
        chosen = sided & (frame["seed"] == seed).to_numpy()
        favor, against = (frame.loc[chosen, f"p_{side}"].to_numpy(float) + 1e-9 for side in SIDES)
        positive = (frame.loc[chosen, "gold"] == SIDES[0]).to_numpy()
        per_seed.append(auc(favor / (favor + against), positive, draws.codes[chosen], weights))
    return np.mean(per_seed, axis=0)


def votes(runs: Sequence[Run], data: Path, resamples: int) -> tuple[pd.DataFrame, list[Table]]:
    """Return the scores on votes without and with the votes of other debates, beside those of past votes."""
    pairs = pairs_with_control(read_voted_debates(data))
    ids = pairs["motion"] + "/" + pairs["party"]
    models = list(dict.fromkeys(run.config()["model"]["name"] for run in runs))
    for run in runs:
        said = run.predictions()
        said = said[said["corpus"] == VOTES].set_index("id")
        favor, against = (said[f"p_{side}"].reindex(ids).to_numpy(float) + 1e-9 for side in SIDES)
        if np.isnan(favor).any():
            raise InputError(
                f"{run.folder}: {int(np.isnan(favor).sum())} pairs lack; test every debate on the same data"
            )
        pairs[named(run.config()["model"]["name"], weight_of(run) > 0)] = favor / (favor + against)
    names = [named(model, taught) for model in models for taught in (False, True)]
    for name in names:
        pairs[beside(name)] = added(pairs, CONTROL, [name])
    compared = [(named(model, True), named(model, False)) for model in models]
    compared += [(beside(name), CONTROL) for name in names]
    scores = vote_scores(pairs, [CONTROL, *names, *map(beside, names)], resamples=resamples)
    gains = vote_differences(pairs, compared, resamples=resamples)
    shown = scores[scores["name"].isin([CONTROL, *names])]
    size = f"{len(pairs)} pairs, {pairs['motion'].nunique()} motions, {pairs['debate'].nunique()} debates"
    titled = gains.assign(name=gains["first"] + " − " + gains["second"])
    note = "Intervals: 95 % of resamples of whole debates, paired where differences are shown."
    tables = [
        Table(f"Votes ({size})", ("model", *RANKED), lines_of(shown)),
        Table("Votes: differences", ("difference", *RANKED), lines_of(titled), (note,)),
    ]
    return pd.concat([scores.assign(table=VOTED), titled.assign(table=f"{VOTED}, differences")]), tables


def pairs_with_control(voted: VotedDebates) -> pd.DataFrame:
    """Return the pairs of all debates with what past votes tell of them."""
    parts = []
    for item in voted.debates:
        pairs, _ = pairs_of(item, voted.members)
        if pairs:
            past = Past(voted.votes.motions, voted.members, item.day).predict(pairs)
            parts.append(pd.concat([table_of(item, pairs), past], axis=1))
    return pd.concat(parts, ignore_index=True)


def named(model: str, taught: bool) -> str:
    """Name a model by whether it was also trained on votes."""
    return f"{model}, and votes" if taught else model


def beside(name: str) -> str:
    """Name the control with a model."""
    return f"{CONTROL} + {name}"


def lines_of(scores: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    """Lay out the rankings, one line a name."""
    lines = []
    for name, part in scores.groupby("name", sort=False):
        by = {row["metric"]: row for row in part.to_dict("records")}
        cells = [Score(*(by[metric][key] for key in ("value", "low", "high")), np.nan) for metric in RANKED]
        lines.append((str(name), *map(score_text, cells)))
    return tuple(lines)


def ends(score: Score) -> dict[str, float]:
    """Return a score as columns."""
    return {"value": score.value, "low": score.low, "high": score.high}


if __name__ == "__main__":
    main()
