"""Positions over many debates: party by issue by time, with intervals that resample debates and speakers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.errors import InputError, require, unknown_name

BY = ("party", "speaker", "debate", "year", "quarter", "month")
TIMES = ("year", "quarter", "month")
COUNTS = ("turns", "debates", "speakers")
TRUST = ("trust", "measured_right", "measured_of")
MEASURES = ("value", "low", "high", *COUNTS)
# Fewer turns leave a position open: in 93 real debates the interval of an issue with 10 to 19 turns, all parties
# together, is 1.26 wide in the median, with 40 or more 0.57. An issue of a single debate has no course, and its map is
# on the page of that debate.
MIN_TURNS, MIN_DEBATES = 20, 2
_UNKNOWN = np.array([-1.0, 0.0, 1.0])  # the stances of a debate of which nothing is known, all as likely


def positions(
    stances: pd.DataFrame,
    by: Sequence[str] = ("party", "year"),
    *,
    min_turns: int = MIN_TURNS,
    min_debates: int = MIN_DEBATES,
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Bring the turns of many debates on each issue together, by party, by year, or by both.

    The value of a cell is the mean of its turns' values, from -1 (against) to 1 (in favor); a turn counts by the
    probability that it addresses the issue.

    The interval resamples debates and speakers, since turns of one debate, and turns of one speaker, are not
    independent. Each resample draws as many debates as the cell has, with replacement, and independently of them as
    many speakers as it has; a turn counts as often as its debate was drawn times its speaker was (the pigeonhole
    bootstrap of A. B. Owen, 2007). To each it adds one more debate, of mean weight, whose stance is unknown (the three
    as likely), without which a few debates that agree would look certain. A resample without a turn is left out. A
    speaker is a name with a party. What the interval says is how far the value may lie from that of other debates and
    speakers like these. It does not hold the errors of the model, which more debates do not average out.

    Args:
        stances: as `standpunt.analysis.across.collection.stances` returns them.
        by: one or more of `BY`. By party, turns of who has none are left out (the cabinet is one); by time, those of
            debates without a date.
        min_turns: the least number of turns, over all debates, that must address an issue.
        min_debates: in how many debates they must be, at least.
        resamples: number of bootstrap resamples.
        confidence: of the interval, between 0 and 1.
        seed: of the resamples; the interval of a cell does not depend on which other cells there are.

    Returns:
        One row a cell that has a turn: `issue`, the columns of `by`, and `MEASURES`, of which the last three count what
        is behind the cell. The issues that most turns address come first, then in the order of `by`.

    Raises:
        InputError: `by` is unknown or asks for what the stances lack, or the confidence no share.
    """
    require(0 < confidence < 1, "confidence", confidence, "a number between 0 and 1, e.g. 0.95")
    frame = _keyed(stances, by)
    issues = often_addressed(stances, min_turns=min_turns, min_debates=min_debates)
    frame = frame[frame["issue"].isin(issues)]
    names = ["issue", *by]
    tail = (1 - confidence) / 2
    rows = []
    columns = [frame[name].to_numpy() for name in ("value", "addressed", "debate", "person")]
    for key, part in frame.groupby(names, sort=False).indices.items():
        rng = np.random.default_rng([seed, crc32("\0".join(key).encode())])
        value, means, counts = _resampled(*(column[part] for column in columns), resamples, rng)
        low, high = np.quantile(means, [tail, 1 - tail])
        rows.append((*key, value, min(low, value), max(high, value), len(part), *counts))
    cells = pd.DataFrame(rows, columns=[*names, *MEASURES])
    places = {issue: place for place, issue in enumerate(issues)}
    order = cells.assign(place=cells["issue"].map(places)).sort_values(["place", *by], kind="stable").index
    return cells.loc[order].reset_index(drop=True)


def often_addressed(
    stances: pd.DataFrame, *, min_turns: int = MIN_TURNS, min_debates: int = MIN_DEBATES
) -> tuple[str, ...]:
    """Return the issues that at least `min_turns` turns of at least `min_debates` debates address, most turns first."""
    counts = stances.groupby("issue").agg(turns=("turn", "size"), debates=("debate", "nunique"))
    often = counts[(counts["turns"] >= min_turns) & (counts["debates"] >= min_debates)].reset_index()
    return tuple(often.sort_values(["turns", "issue"], ascending=[False, True])["issue"])


def time_unit(dates: pd.Series) -> str:
    """Return the unit that shows the course of debates best: years from three of them on, then quarters, months."""
    known = dates.dropna()
    if known.str[:4].nunique() >= 3:
        return "year"
    return "quarter" if periods(known, "quarter").nunique() >= 3 else "month"


def _keyed(stances: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the stances with the columns of `by`, those without one of them left out."""
    if not by:
        raise InputError(f"by: nothing is named; expected one or more of {', '.join(BY)}")
    for name in by:
        if name not in BY:
            raise unknown_name("division of a map", name, BY)
        source = "date" if name in TIMES else "holder" if name == "party" else name
        if len(stances) and stances[source].isna().all():
            what = {"date": "no debate has a date", "holder": "no speaker has a party"}.get(source, f"no {source}")
            raise InputError(f"by {name}: {what}; divide by {', '.join(other for other in BY if other != name)}")
    times = {name: periods(stances["date"], name) for name in by if name in TIMES}
    who = {"speaker": stances["speaker"].where(stances["speaker"].notna(), stances["debate"])}
    keyed = stances.assign(person=_persons(stances), party=stances["holder"], **who, **times)
    return keyed.dropna(subset=list(by))


def _persons(stances: pd.DataFrame) -> pd.Series:
    """Return who speaks, told apart by name and party; where no names are known a debate is one speaker."""
    named = stances["speaker"].where(stances["speaker"].notna(), stances["debate"])
    return named.astype(str) + "\0" + stances["holder"].fillna("").astype(str)


def periods(dates: pd.Series, unit: str) -> pd.Series:
    """Return the year ("2025"), quarter ("2025-Q3") or month ("2025-09") of dates; missing ones stay missing."""
    if unit == "quarter":
        return dates.map(lambda day: f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}", na_action="ignore")
    return dates.str[: 4 if unit == "year" else 7]


def _resampled(
    value: NDArray[np.float64],
    weights: NDArray[np.float64],
    debate: NDArray[Any],
    person: NDArray[Any],
    resamples: int,
    rng: np.random.Generator,
) -> tuple[float, NDArray[np.float64], tuple[int, int]]:
    """Return the value of a cell, that of each resample, and how many debates and speakers it has."""
    values = value * weights
    debate, debates = pd.factorize(debate)
    person, persons = pd.factorize(person)
    sums = np.zeros((2, len(debates), len(persons)))
    for one, added in zip(sums, (values, weights), strict=True):
        np.add.at(one, (debate, person), added)
    drawn, spoken = (rng.multinomial(n, np.full(n, 1 / n), size=resamples) for n in (len(debates), len(persons)))
    total, weight = (np.einsum("rd,ds,rs->r", drawn, one, spoken, optimize=True) for one in sums)
    kept = weight > 0
    extra = weights.sum() / len(debates)
    means = (total + extra * rng.choice(_UNKNOWN, resamples)) / (weight + extra)
    return float(values.sum() / weights.sum()), means[kept], (len(debates), len(persons))


def issue_counts(stances: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of each issue: `turns, debates, speakers, trust, measured_right, measured_of`, by name.

    The last three say what the model's answers on it are good for (see `standpunt.evaluation.trust`); they are missing
    where the predictions do not have them.
    """
    kept = stances.assign(person=_persons(stances))
    return kept.groupby("issue").agg(
        turns=("turn", "size"), debates=("debate", "nunique"), speakers=("person", "nunique"),
        **{name: (name, "first") for name in TRUST},
    )  # fmt: skip
