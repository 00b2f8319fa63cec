"""What members say in a debate, as a model reads it, on what each motion asks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from standpunt.analysis.motions import by_party
from standpunt.corpora.rows import NONE
from standpunt.corpora.voted_debates import VotedDebate, spoken, voted_issue
from standpunt.models.base import Model
from standpunt.prediction.predictor import Predictor

_LEAST = 1e-4  # added to probabilities whose logarithm is taken


def read_turns(model: Model, item: VotedDebate) -> pd.DataFrame:
    """Predict the stance of each turn of a member on each motion whose vote is known.

    Args:
        model: a model of the stance of turns.
        item: the debate; turns in which motions are read are not shown to the model.

    Returns:
        The table of `Predictor.on`; `issue` is the motion's id in the source of the votes.
    """
    # No model was trained on motions; votes show how far it gets.
    issues = [voted_issue(match.voted, match.motion) for match in item.matches]
    predictor = Predictor(model, issues, anyway=True)
    turns = list(spoken(item.debate))
    return predictor.on(item.debate, ((turn, issue) for issue in predictor.issues for turn in turns))


def positions_read(stances: pd.DataFrame, addressed: pd.DataFrame) -> pd.DataFrame:
    """Return where each party that spoke stands on each motion, from the stances of its turns.

    Args:
        stances: of turns, as `read_turns` gives them.
        addressed: likewise, of a model that knows "none": what it says of whether a turn addresses a motion weighs the
            turns where the other model does not know.

    Returns:
        One row a (motion, party): `in_favor`, the probability of favor among the two sides, from 0 to 1; `addressed`,
        the largest probability that a turn of the party addresses the motion at all.
    """
    if f"p_{NONE}" not in stances:
        stances = stances.merge(addressed[["turn", "issue", f"p_{NONE}"]], on=["turn", "issue"], how="left")
    table = by_party(stances)
    favor, against = table["p_favor"] + _LEAST, table["p_against"] + _LEAST
    return pd.DataFrame(
        {
            "motion": table["issue"],
            "party": table["party"],
            "in_favor": np.asarray(favor / (favor + against)),
            "addressed": table["addressed"],
        }
    )
