"""Votes as the yardstick: what earlier votes tell of them, what models read in the debate, and both together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.voting.combining import added
from standpunt.analysis.voting.past import CONTROLS, Past
from standpunt.analysis.voting.reading import positions_read, read_turns
from standpunt.analysis.voting.scores import METRICS, vote_differences, vote_scores
from standpunt.analysis.voting.seen import debates_seen
from standpunt.corpora.voted_debates import Pair, VotedDebate, VotedDebates, pairs_of
from standpunt.errors import InputError
from standpunt.evaluation.resampling import Score
from standpunt.evaluation.tables import Table, score_text
from standpunt.models.base import Model

SPOKE = 0.5  # probability from which a turn is about a motion
ALL, ABOUT = "all that spoke", "those that spoke about it"
UNSEEN = "those that spoke about it, in debates that no model was trained on"
BASES = ("past votes", "past votes, advice, words")
PAIR_COLUMNS = ("debate", "day", "voted", "motion", "party", "advised", "sponsors", "seen", "vote")


@dataclass(frozen=True)
class VoteStudy:
    """The pairs with all probabilities, and their scores.

    Attributes:
        pairs: `PAIR_COLUMNS` (`seen` is whether a model was trained on labelled turns of the debate), `about` (whether
            the party spoke about the motion), and a column of probabilities for each control, model, and control with a
            model.
        scores: as `vote_scores` returns them, with `pairs` (`ALL`, `ABOUT` or `UNSEEN`).
        differences: as `vote_differences` returns them, likewise.
        left_out: how many motions of the reports and pairs were left out, by why.
    """

    pairs: pd.DataFrame
    scores: pd.DataFrame
    differences: pd.DataFrame
    left_out: Mapping[str, int]


def vote_study(
    voted: VotedDebates,
    models: Mapping[str, Model],
    *,
    listener: Model,
    trained: Mapping[str, pd.DataFrame] | None = None,
    resamples: int = 2000,
    watch: Callable[[str], None] | None = None,
) -> VoteStudy:
    """Predict every vote of every pair of a motion and a party that spoke, and score it.

    Args:
        voted: the debates.
        models: models of the stance of turns, by the name shown.
        listener: the model that tells whether a party spoke about a motion: a turn of its members addresses it with a
            probability of at least `SPOKE`. It knows the label "none".
        trained: what models say that were trained on votes of other debates, by the name shown: `id`, the motion and
            the party with a stroke between, `p_favor` and `p_against`.
        resamples: number of bootstrap resamples.
        watch: told the name of each debate before it is read.

    Raises:
        InputError: a model is none of stances or was trained on votes, a pair is missing in `trained`, or there are no
            votes before a debate.
    """
    if "none" not in listener.labels:
        raise InputError("the model that tells who spoke about a motion has no label none; use one of stance_joint")
    parts, left_out = [], Counter(voted.left_out)
    left_out.update({f"in the file of motions: {why}": count for why, count in voted.votes.left_out.items()})
    readers = {**models, "the model that tells who spoke": listener}
    seen = set().union(*(debates_seen(model, name, voted.debates) for name, model in readers.items()))
    for item in voted.debates:
        if watch:
            watch(item.name)
        table, dropped = _of_debate(item, voted, models, listener)
        left_out.update(dropped)
        parts.append(table.assign(seen=item.name in seen))
    pairs = pd.concat([part for part in parts if len(part)], ignore_index=True)
    for name, frame in (trained or {}).items():
        pairs[name] = _trained(name, frame, pairs)
    asked = [*models, *(trained or {})]
    for base in BASES:
        for name in asked:
            pairs[together(base, name)] = added(pairs, base, [name])
    names = [*CONTROLS, *asked, *(together(base, name) for base in BASES for name in asked)]
    compared = [(together(base, name), base) for base in BASES for name in asked]
    scores, differences = [], []
    for which in (ALL, ABOUT, UNSEEN) if pairs["seen"].any() else (ALL, ABOUT):
        chosen = _chosen(pairs, which)
        if len(chosen):
            scores.append(vote_scores(chosen, names, resamples=resamples).assign(pairs=which))
            differences.append(vote_differences(chosen, compared, resamples=resamples).assign(pairs=which))
    order = [*PAIR_COLUMNS, "about", *names]
    return VoteStudy(pairs[order], pd.concat(scores), pd.concat(differences), dict(left_out))


def models_of_pairs(path: Path) -> dict[str, pd.DataFrame]:
    """Return what the models of an earlier study say, from its pairs as CSV; as `trained` of `vote_study`.

    Raises:
        InputError: the file cannot be read, or is none of such pairs.
    """
    try:
        pairs = pd.read_csv(path)
        ids = pairs["motion"] + "/" + pairs["party"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{path}: expected the pairs.csv that `standpunt votes --out` wrote") from None
    others = {*PAIR_COLUMNS, *CONTROLS, "about", "labelled"}  # the last in files of before
    both = tuple(together(base, "") for base in BASES)
    names = [str(name) for name in pairs if name not in others and not str(name).startswith(both)]
    return {name: pd.DataFrame({"id": ids, "p_favor": pairs[name], "p_against": 1 - pairs[name]}) for name in names}


def together(base: str, model: str) -> str:
    """Name a control with what a model reads."""
    return f"{base} + {model}"


def table_of(item: VotedDebate, pairs: Sequence[Pair]) -> pd.DataFrame:
    """Return what is known of the pairs of a debate before anything is read, one row a pair."""
    return pd.DataFrame(
        {
            "debate": item.name,
            "day": item.day,
            "voted": [pair.voted.voted for pair in pairs],
            "motion": [pair.voted.id for pair in pairs],
            "party": [pair.party for pair in pairs],
            "advised": [pair.voted.advice for pair in pairs],
            "sponsors": [" ".join(pair.sponsors) for pair in pairs],
            "vote": [pair.in_favor for pair in pairs],
        }
    )


def _of_debate(
    item: VotedDebate, voted: VotedDebates, models: Mapping[str, Model], listener: Model
) -> tuple[pd.DataFrame, dict[str, int]]:
    pairs, left_out = pairs_of(item, voted.members)
    if not pairs:
        return pd.DataFrame(), left_out
    table = table_of(item, pairs)
    table = pd.concat([table, Past(voted.votes.motions, voted.members, item.day).predict(pairs)], axis=1)
    keys = ["motion", "party"]
    turns = read_turns(listener, item)
    heard = positions_read(turns, turns)
    table = table.merge(heard[[*keys, "addressed"]], on=keys, how="left")
    table["about"] = table.pop("addressed") >= SPOKE
    for name, model in models.items():
        read = heard if model is listener else positions_read(read_turns(model, item), turns)
        table = table.merge(read[[*keys, "in_favor"]].rename(columns={"in_favor": name}), on=keys, how="left")
    return table, left_out


def _trained(name: str, frame: pd.DataFrame, pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Return the probability of favor among the two sides for each pair; that of several seeds is their mean."""
    means = frame.groupby("id")[["p_favor", "p_against"]].mean()
    ids = pairs["motion"] + "/" + pairs["party"]
    if missing := set(ids) - set(means.index):
        raise InputError(
            f"{name}: {len(missing)} of {len(pairs)} pairs of motion and party are not in the run; expected a run on "
            "corpus votes that tests every debate, on the same data sets"
        )
    given = means.loc[ids]
    return (given["p_favor"] / (given["p_favor"] + given["p_against"])).to_numpy(float)


def _chosen(pairs: pd.DataFrame, which: str) -> pd.DataFrame:
    if which == ALL:
        return pairs
    return pairs[pairs["about"]] if which == ABOUT else pairs[pairs["about"] & ~pairs["seen"]]


def score_tables(study: VoteStudy) -> list[Table]:
    """Lay the scores out: a table for all pairs and one for those that spoke about the motion, then what models add."""
    tables = []
    for which in dict.fromkeys(study.scores["pairs"]):
        chosen = _chosen(study.pairs, str(which))
        sizes = f"{len(chosen)} pairs, {chosen['motion'].nunique()} motions, {chosen['debate'].nunique()} debates"
        scores, gains = (table[table["pairs"] == which] for table in (study.scores, study.differences))
        tables.append(_table(f"Parties: {which} ({sizes})", ("model", "name"), scores))
        if len(gains):
            named = gains.assign(gain=gains["first"] + " − " + gains["second"])
            tables.append(_table(f"What reading adds: {which}", ("difference", "gain"), named))
    notes = (
        "Intervals: 95 % of resamples of whole debates, paired where differences are shown.",
        f"Share of votes for: {study.pairs['vote'].mean():.2f}.",
        *(f"Left out: {count} ({why})." for why, count in Counter(study.left_out).most_common()),
    )
    return [*tables[:-1], replace(tables[-1], notes=notes)]


def _table(title: str, named: tuple[str, str], scores: pd.DataFrame) -> Table:
    heading, column = named
    rows = []
    for name, part in scores.groupby(column, sort=False):
        by_metric = {row["metric"]: row for row in part.to_dict("records")}
        cells = [Score(*(by_metric[metric][key] for key in ("value", "low", "high")), np.nan) for metric in METRICS]
        rows.append((str(name), *map(score_text, cells)))
    return Table(title, (heading, *METRICS), tuple(rows))
