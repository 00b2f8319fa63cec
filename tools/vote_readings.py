#!/usr/bin/env python3
"""Draw pairs of motion and party to be read by eye, and count what was found: readings.csv of experiments/votes.

Usage: vote_readings.py draw PAIRS [--number 80] [--seed 23]    (PAIRS: the pairs.csv of `standpunt votes --out`)
       vote_readings.py count [MODEL]

Drawn are parties that spoke about a motion in debates that no model was trained on, of each debate in proportion to its
pairs; whoever wants more of one kind goes on in the same order. Nothing that a model says is printed with a pair.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from studies import EXPERIMENTS

READINGS = EXPERIMENTS / "votes" / "readings.csv"
SAMPLE = 80  # pairs that were drawn whatever the model says
CODES = (
    "right",  # the model's side is that of what was said
    "wrong sentence",  # what carried the model's answer is not about the motion, though something else is
    "wrong side",  # it is about the motion, and misread
    "condition",  # for half of it, or under a condition
    "vote differs",  # from what was said
    "not spoken about",  # by the party, or only about the subject
    "another point",  # the motion asks for something else than what was debated: an inquiry, say
    "other",
)


def drawn(pairs: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return pairs in the order in which they are to be read: every beginning of it is spread over the debates."""
    chosen = pairs[pairs["about"] & ~pairs["seen"]].sort_values(["debate", "motion", "party"], ignore_index=True)
    rng = np.random.default_rng(seed)
    chosen = chosen.assign(rank=rng.permutation(len(chosen))).sort_values("rank")
    groups = chosen.groupby("debate")["rank"]
    place = (groups.cumcount() + rng.random(len(chosen))) / groups.transform("size")
    return chosen.assign(place=place).sort_values("place", ignore_index=True).rename_axis("drawn").reset_index()


def agreement(readings: pd.DataFrame) -> str:
    """Say how often the two passes over the same pairs have the same code, and the same side."""
    both = readings[readings["pass"] == 1].merge(readings[readings["pass"] == 2], on=["motion", "party"])
    shares = [f"{(both[f'{name}_x'] == both[f'{name}_y']).sum()} of {len(both)}" for name in ("code", "spoke", "said")]
    return "the two passes agree on the code of {}, on what was spoken about in {}, on the side in {}".format(*shares)


def count(readings: pd.DataFrame) -> None:
    """Print the codes by whether the model's side was the vote, and how often what was said tells the vote."""
    if unknown := set(readings["code"].dropna()) - set(CODES):
        raise SystemExit(f"{READINGS}: unknown code {min(unknown)}; expected {', '.join(CODES)}")
    first = readings[readings["pass"] == 1]
    agrees = (first["model_side"] == first["vote"]).map({True: "model right", False: "model wrong"})
    print(pd.crosstab(first["code"], agrees).reindex(CODES, fill_value=0).to_string())
    sample = first[first["drawn"] < SAMPLE]  # the others were drawn because the model was wrong
    print(pd.crosstab([sample["spoke"], sample["said"]], sample["vote"]).to_string())
    for name, part in sample.groupby("spoke"):
        told = part[part["said"] != "unclear"]
        shown = [f"{(told[side] == told['vote']).sum()} of {len(told)}" for side in ("said", "model_side")]
        print(f"spoke about {name}: a side told, and voted for, in {shown[0]}; the model right in {shown[1]}")
    print(agreement(readings))


def main() -> None:
    """Draw or count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("draw", "count"))
    parser.add_argument("pairs", type=Path, nargs="?")
    parser.add_argument("--number", type=int, default=80)
    parser.add_argument("--seed", type=int, default=23)
    options = parser.parse_args()
    if options.what == "count":
        count(pd.read_csv(READINGS))
    elif options.pairs is None:
        parser.error("draw needs the pairs.csv of `standpunt votes --out`")
    else:
        table = drawn(pd.read_csv(options.pairs), options.seed).head(options.number)
        print(table[["drawn", "debate", "motion", "party"]].to_csv(index=False), end="")


if __name__ == "__main__":
    main()
