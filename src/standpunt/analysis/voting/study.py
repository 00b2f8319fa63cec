"""Votes as the yardstick: what earlier votes tell of them, what models read in the debate, and both together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from standpunt.analysis.voting.combining import added
from standpunt.analysis.voting.past import CONTROLS, Past
from standpunt.analysis.voting.reading import positions_read, read_turns
from standpunt.analysis.voting.scores import vote_differences, vote_scores
from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.voted_debates import VotedDebate, VotedDebates, pairs_of
from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.storage.paths import CORPORA

SPOKE = 0.5  # probability from which a turn is about a motion
ALL, ABOUT = "all that spoke", "those that spoke about it"
BASES = ("past votes", "past votes, advice, words")
PAIR_COLUMNS = ("debate", "day", "voted", "motion", "party", "advised", "sponsors", "labelled", "vote")


@dataclass(frozen=True)
class VoteStudy:
    """The pairs with all probabilities, and their scores.

    Attributes:
        pairs: `PAIR_COLUMNS`, `about` (whether the party spoke about the motion), and a column of probabilities for
            each control, model, and control with a model.
        scores: as `vote_scores` returns them, with `pairs` ("all that spoke" or "those that spoke about it").
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
    resamples: int = 2000,
    watch: Callable[[str], None] | None = None,
) -> VoteStudy:
    """Predict every vote of every pair of a motion and a party that spoke, and score it.

    Args:
        voted: the debates.
        models: models of the stance of turns, by the name shown.
        listener: the model that tells whether a party spoke about a motion: a turn of its members addresses it with a
            probability of at least `SPOKE`. It knows the label "none".
        resamples: number of bootstrap resamples.
        watch: told the name of each debate before it is read.

    Raises:
        InputError: a model is none of stances, or there are no votes before a debate.
    """
    if "none" not in listener.labels:
        raise InputError("the model that tells who spoke about a motion has no label none; use one of stance_joint")
    parts, left_out = [], Counter(voted.left_out)
    known = _labelled()
    for item in voted.debates:
        if watch:
            watch(item.name)
        table, dropped = _of_debate(item, voted, models, listener)
        left_out.update(dropped)
        parts.append(table.assign(labelled=item.debate.sha256 in known))
    pairs = pd.concat([part for part in parts if len(part)], ignore_index=True)
    for base in BASES:
        for name in models:
            pairs[together(base, name)] = added(pairs, base, [name])
    names = [*CONTROLS, *models, *(together(base, name) for base in BASES for name in models)]
    compared = [(together(base, name), base) for base in BASES for name in models]
    scores, differences = [], []
    for which, chosen in ((ALL, pairs), (ABOUT, pairs[pairs["about"]])):
        if len(chosen):
            scores.append(vote_scores(chosen, names, resamples=resamples).assign(pairs=which))
            differences.append(vote_differences(chosen, compared, resamples=resamples).assign(pairs=which))
    order = [*PAIR_COLUMNS, "about", *names]
    return VoteStudy(pairs[order], pd.concat(scores), pd.concat(differences), dict(left_out))


def together(base: str, model: str) -> str:
    """Name a control with what a model reads."""
    return f"{base} + {model}"


def _of_debate(
    item: VotedDebate, voted: VotedDebates, models: Mapping[str, Model], listener: Model
) -> tuple[pd.DataFrame, dict[str, int]]:
    pairs, left_out = pairs_of(item, voted.members)
    if not pairs:
        return pd.DataFrame(), left_out
    table = pd.DataFrame(
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


def _labelled() -> set[str]:
    """Return the hashes of the debates that ship with labels, which models may have been trained on."""
    return {Source.load(path).sha256 for path in Path(CORPORA).glob(f"*/*/{SOURCE}")}


def left_out_lines(left_out: Mapping[str, int]) -> Sequence[str]:
    """Say how much was left out, most first."""
    return [f"{count} {why}" for why, count in Counter(left_out).most_common()]
