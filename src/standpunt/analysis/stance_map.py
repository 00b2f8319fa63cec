"""The stance map: where parties or speakers stand on each issue, how sure that is, and in which turns it shows."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.stances import position_holder
from standpunt.annotation.layers import STANCES
from standpunt.debate import Debate
from standpunt.errors import require, unknown_name

By = Literal["party", "speaker"]
Weight = Literal["turns", "words"]
COLUMNS = ("holder", "issue", "value", "low", "high", "certainty", "turns", "disputed", "ordinals")
# Between these two a position is neither for nor against.
LEANS = 0.2
_SIGNS = np.array([1.0, -1.0, 0.0])  # of STANCES


def stance_map(
    stances: pd.DataFrame,
    *,
    by: By = "party",
    weight: Weight = "turns",
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Bring the turns of each party (or speaker) on each issue together.

    The value is the mean of the turns' values, from -1 (against) to 1 (favor), a turn counting by the probability that
    it addresses the issue, and with `weight="words"` also by its length. The interval is a bootstrap:
    each resample draws the turns with replacement and a label for each from its probabilities, and adds one turn whose
    label is unknown (all three as likely, of mean weight), without which few turns that agree would look certain. So
    it reflects both how few the turns are and how unsure their labels. Turns are drawn rather than speakers because in
    one debate most parties have a single speaker; it says nothing about what the party would say elsewhere. Where it
    would leave out the value (labels that were adjudicated against most annotators) it reaches as far as the value.

    Args:
        stances: as `standpunt.analysis.stances` returns them.
        by: whose positions: parties (the cabinet is one) or single speakers.
        weight: how a turn counts.
        resamples: number of bootstrap resamples.
        confidence: of the interval, between 0 and 1.
        seed: of the resamples.

    Returns:
        One row a (holder, issue) that has a turn, with `COLUMNS`: `certainty` is one minus half the width of the
        interval, from 0 to 1; `disputed` counts turns on which annotators, or model and annotators, differ; `ordinals`
        lists the turns, clearest first.

    Raises:
        InputError: `by` or `weight` is unknown, or the confidence no share.
    """
    require(by in ("party", "speaker"), "by", by, "party or speaker")
    require(weight in ("turns", "words"), "weight", weight, "turns or words")
    require(0 < confidence < 1, "confidence", confidence, "a number between 0 and 1, e.g. 0.95")
    probabilities = stances[[f"p_{label}" for label in STANCES]].to_numpy(float)
    values = stances["value"].to_numpy(float)
    weights = (stances["addressed"] * (stances["words"] if weight == "words" else 1)).to_numpy(float)
    certainty, disputed = stances["certainty"].to_numpy(float), stances["disputed"].to_numpy(bool)
    ordinals = stances["ordinal"].to_numpy()
    rng = np.random.default_rng(seed)
    tail = (1 - confidence) / 2
    rows = []
    groups: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(zip(stances["holder" if by == "party" else "speaker"], stances["issue"], strict=True)):
        groups.setdefault(key, []).append(place)
    for (holder, issue), part in groups.items():
        value = float(np.average(values[part], weights=weights[part]))
        means = _resampled(probabilities[part], weights[part], resamples, rng)
        low, high = np.quantile(means, [tail, 1 - tail])
        low, high = min(low, value), max(high, value)
        clearest = np.argsort(-values[part] * (1 if value >= 0 else -1) * certainty[part], kind="stable")
        rows.append(
            {
                "holder": holder,
                "issue": issue,
                "value": value,
                "low": low,
                "high": high,
                "certainty": 1 - (high - low) / 2,
                "turns": len(part),
                "disputed": int(disputed[part].sum()),
                "ordinals": tuple(ordinals[part][clearest].tolist()),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def side(value: float) -> Literal["favor", "against", "mixed"]:
    """Name the side that a position is on; within `LEANS` of zero it is mixed."""
    if value >= LEANS:
        return "favor"
    return "against" if value <= -LEANS else "mixed"


def evidence(stances: pd.DataFrame, debate: Debate, holder: str, issue: str) -> pd.DataFrame:
    """Return what a cell of the map rests on: `ordinal, speaker, stance, certainty, disputed, quote`, in order.

    `quote` holds the evidence of the turn, in the order of the text; it is empty where none is known.

    Args:
        stances: as for `stance_map`.
        debate: the text.
        holder: a party, "cabinet", or a speaker.
        issue: the name of the issue.

    Raises:
        InputError: nobody of that name speaks, or no turn takes a stance on such an issue.
    """
    holders = {name for turn in debate.turns for name in (position_holder(turn), turn.speaker.name)}
    if holder not in holders:
        raise unknown_name("party or speaker", holder, holders)
    if issue not in set(stances["issue"]):
        raise unknown_name("issue of the stances", issue, stances["issue"].unique())
    chosen = stances[(stances["issue"] == issue) & ((stances["holder"] == holder) | (stances["speaker"] == holder))]
    quotes = [
        " … ".join(debate.turn(int(row["ordinal"])).text[start:end] for start, end in sorted(row["evidence"]))
        for _, row in chosen.iterrows()
    ]
    names = ["ordinal", "speaker", "stance", "certainty", "disputed"]
    return chosen[names].assign(quote=quotes).sort_values("ordinal", ignore_index=True)


def _resampled(
    probabilities: NDArray[np.float64], weights: NDArray[np.float64], resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the weighted mean stance of each resample; probabilities have shape (turns, 3)."""
    turns = len(weights)
    probabilities = np.vstack([probabilities, np.full(len(STANCES), 1 / len(STANCES))])
    weights = np.append(weights, weights.mean())
    unknown = np.full((resamples, 1), turns)
    chosen = np.hstack([rng.integers(turns, size=(resamples, turns)), unknown])
    drawn = (rng.random(chosen.shape)[..., None] > probabilities.cumsum(axis=1)[chosen]).sum(axis=2)
    drawn = drawn.clip(max=len(STANCES) - 1)  # rounding may leave the last sum below one
    taken = weights[chosen]
    return (taken * _SIGNS[drawn]).sum(axis=1) / taken.sum(axis=1)
