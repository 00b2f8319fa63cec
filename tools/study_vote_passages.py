#!/usr/bin/env python3
"""Ask whether the passages nearest to a motion tell a party's vote better than all of its turns: experiments/votes.

Usage: study_vote_passages.py [--keep FOLDER] [--resamples 2000]

The model is standpunt-nl-gemma, the debates are those whose labels it was not trained on (they are looked for in
STANDPUNT_DATA, its encoder in STANDPUNT_ENCODERS). What passages weigh and how the two sides of a motion are worded is
chosen on one half of the debates, by the AUC within a motion, and tested on the other half; then the halves change
places. Writes passages.csv and puts tables into the README. FOLDER keeps what was read.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from standpunt.analysis.voting.combining import added
from standpunt.analysis.voting.passages import WEIGHTS, WORDINGS, read_passages, sides_of_parties
from standpunt.analysis.voting.past import Past
from standpunt.analysis.voting.reading import positions_read, read_turns
from standpunt.analysis.voting.scores import vote_differences, vote_scores
from standpunt.analysis.voting.seen import debates_seen
from standpunt.analysis.voting.study import SPOKE, table_of
from standpunt.corpora.voted_debates import VotedDebate, VotedDebates, pairs_of, read_voted_debates
from standpunt.evaluation.resampling import Score
from standpunt.evaluation.tables import Table, score_text
from standpunt.models.base import Model
from standpunt.models.frozen.poles import Poles
from standpunt.models.shipped import model_folder
from studies import EXPERIMENTS, fill

STUDY = EXPERIMENTS / "votes"
MODEL, LISTENER = "standpunt-nl-gemma", "standpunt-nl"
KEYS = ["motion", "party"]
CONTROL = "past votes"
ALL_TURNS, CHOSEN = "all turns", "passages, as chosen on the other half"
WAYS = tuple(f"{weights}; {wording}" for wording in WORDINGS for weights in WEIGHTS)
NEAR = "near; yes or no"
METRIC = "AUC within a motion"


def main() -> None:
    """Read, choose, test, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--resamples", type=int, default=2000)
    options = parser.parse_args()
    voted = read_voted_debates(Path(os.environ["STANDPUNT_DATA"]))
    pairs = read_pairs(voted, options.keep)
    report(pairs, options.resamples)


def report(pairs: pd.DataFrame, resamples: int) -> None:
    """Choose, test, and write the figures."""
    pairs, chosen = with_chosen(pairs)
    pairs["both"] = added(pairs, CONTROL, [CHOSEN])
    about = pairs[pairs["addressed"] >= SPOKE]
    names = [CONTROL, LISTENER, ALL_TURNS, CHOSEN, "both"]
    scores = vote_scores(about, [*names, *WAYS], resamples=resamples)
    gains = vote_differences(about, [(CHOSEN, ALL_TURNS), ("both", CONTROL)], resamples=resamples)
    parts = []
    for share in (1.0, 0.5, 0.25):
        near = about[about[NEAR] >= about[NEAR].quantile(1 - share)]
        parts.append(vote_scores(near, names, resamples=resamples).assign(nearest=share, n=len(near)))
    nearest = pd.concat(parts)
    frames = {"scores": scores, "gains": gains, "nearest": nearest}
    pd.concat([frame.assign(table=name) for name, frame in frames.items()]).round(4).to_csv(
        STUDY / "passages.csv", index=False
    )
    size = f"{len(about)} pairs, {about['motion'].nunique()} motions, {about['debate'].nunique()} debates"
    tables = [
        scores_table(f"Parties that spoke about it, debates that no model was trained on ({size})", scores, names),
        gains_table(gains),
        ways_table(scores),
        nearest_table(nearest, names),
    ]
    notes = "; ".join(f"half {half}: {way}" for half, way in chosen.items())
    note = f"Chosen on {notes}. Intervals: 95 % of resamples of whole debates."
    fill(STUDY.name, [*(table.to_markdown() for table in tables), note], "passages")


def with_chosen(pairs: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Add what the best way of each half of the debates says of the other half."""
    names = sorted(pairs["debate"].unique())
    half = pairs["debate"].map({name: "AB"[place % 2] for place, name in enumerate(names)})
    best = {}
    for one in "AB":
        part = pairs[(half == one) & (pairs["addressed"] >= SPOKE)]
        scores = vote_scores(part, WAYS, resamples=1)
        best[one] = scores[scores["metric"] == METRIC].set_index("name")["value"].idxmax()
    pairs = pairs.copy()
    pairs[CHOSEN] = np.where(half == "A", pairs[best["B"]], pairs[best["A"]])
    return pairs, best


def shown(name: str) -> str:
    """Return the name that tables have."""
    return {"both": f"{CONTROL} + passages", ALL_TURNS: f"{MODEL}, {ALL_TURNS}"}.get(name, name)


def cells(rows: pd.DataFrame, column: str, keys: list[object]) -> list[str]:
    """Return the cells of some metrics (or whatever `column` has), with intervals."""
    by = {row[column]: row for row in rows.to_dict("records")}
    return [score_text(Score(*(by[key][name] for name in ("value", "low", "high")), np.nan)) for key in keys]


def scores_table(title: str, scores: pd.DataFrame, names: list[str]) -> Table:
    """Lay out the scores of a few."""
    metrics = list(scores["metric"].unique())
    rows = [(shown(name), *cells(scores[scores["name"] == name], "metric", metrics)) for name in names]
    return Table(title, ("model", *metrics), tuple(rows))


def gains_table(gains: pd.DataFrame) -> Table:
    """Lay out the differences."""
    metrics = list(gains["metric"].unique())
    words = {CHOSEN: "passages − all turns", "both": f"passages beside {CONTROL}"}
    rows = [(words[str(name)], *cells(part, "metric", metrics)) for name, part in gains.groupby("first", sort=False)]
    return Table("What passages add", ("difference", *metrics), tuple(rows))


def ways_table(scores: pd.DataFrame) -> Table:
    """Lay out every way that was tried; no test of any."""
    part = scores[scores["metric"] == METRIC]
    rows = [(weights, *cells(part, "name", [f"{weights}; {wording}" for wording in WORDINGS])) for weights in WEIGHTS]
    return Table(f"All that was tried ({METRIC}; what was chosen is among them)", ("passages", *WORDINGS), tuple(rows))


def nearest_table(nearest: pd.DataFrame, names: list[str]) -> Table:
    """Lay out the AUC within a motion where the nearest passage is near."""
    part = nearest[nearest["metric"] == METRIC]
    sizes = part.groupby("nearest", sort=False)["n"].first()
    rows = [(shown(name), *cells(part[part["name"] == name], "nearest", list(sizes.index))) for name in names]
    heads = [f"nearest {share:.0%} ({n} pairs)" for share, n in sizes.items()]
    return Table(f"{METRIC}, by how near the nearest passage is to the motion", ("model", *heads), tuple(rows))


def read_pairs(voted: VotedDebates, keep: Path | None) -> pd.DataFrame:
    """Return the pairs of motion and party in debates that neither model knew, with what every way of reading says."""
    models = {name: Model.load(model_folder(name)) for name in (LISTENER, MODEL)}
    seen = set().union(*(debates_seen(model, name, voted.debates) for name, model in models.items()))
    parts = []
    for item in voted.debates:
        known, _ = pairs_of(item, voted.members)
        if item.name in seen or not known:
            continue
        print(item.name, flush=True)
        table = table_of(item, known)
        table[CONTROL] = Past(voted.votes.motions, voted.members, item.day).predict(known)[CONTROL]
        for part in ways(models, item, keep):
            table = table.merge(part, on=KEYS, how="left")
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def ways(models: dict[str, Model], item: VotedDebate, keep: Path | None) -> list[pd.DataFrame]:
    """Return the probabilities of favor of each motion and party, by each way of reading; and how near it spoke."""
    heard = kept(keep, f"{LISTENER} {item.name}", lambda: read_turns(models[LISTENER], item))
    turns = kept(keep, f"{MODEL} {item.name}", lambda: read_turns(models[MODEL], item))
    listened = positions_read(heard, heard).rename(columns={"in_favor": LISTENER})
    parts = [listened, positions_read(turns, turns)[[*KEYS, "in_favor"]].rename(columns={"in_favor": ALL_TURNS})]
    for name, wording in WORDINGS.items():
        read = kept(
            keep,
            f"passages, {name} {item.name}",
            lambda wording=wording: read_passages(poles_in(models[MODEL]), item, wording),
        )
        sides = sides_of_parties(read)
        parts.append(sides.rename(columns={column: f"{column}; {name}" for column in sides if column not in KEYS}))
    return parts


def poles_in(model: Model) -> Poles:
    """Return the part of a model that compares windows with poles."""
    if isinstance(model, Poles):
        return model
    inner = [getattr(model, "base", None), getattr(model, "second", None), *getattr(model, "members", {}).values()]
    found = [poles_in(part) for part in inner if part is not None and (isinstance(part, Poles) or has_parts(part))]
    return found[0]


def has_parts(model: Model) -> bool:
    """Tell whether a model is made of others."""
    return any(hasattr(model, name) for name in ("base", "second", "members"))


def kept(folder: Path | None, name: str, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table that was read before, or read it and keep it."""
    if folder is None:
        return read()
    path = folder / f"{name[:120].replace('/', '-')}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        read().to_parquet(path)
    return pd.read_parquet(path)


if __name__ == "__main__":
    main()
