"""What a party says of a motion, told from the passages that are nearest to it and not from all of its turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, softmax

from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.corpora.rows import row
from standpunt.corpora.voted_debates import VotedDebate, spoken, voted_issue
from standpunt.models.frozen.poles import Poles

# How a motion's two sides are worded: what is said for and against it behind the request. None is the request with and
# without "niet" (see `standpunt.text.negation`).
WORDINGS: dict[str, tuple[str, str] | None] = {
    "for or against": ("Voor.", "Tegen."),
    "yes or no": None,
    "we support it or not": (
        "Dat moet gebeuren. Wij zijn het ermee eens en steunen deze motie.",
        "Dat moet niet gebeuren. Wij zijn het er niet mee eens en steunen deze motie niet.",
    ),
}


def read_passages(model: Poles, item: VotedDebate, wording: tuple[str, str] | None) -> pd.DataFrame:
    """Compare all passages of members with both sides of each motion whose vote is known.

    Args:
        model: a trained model that compares windows of turns with poles.
        item: the debate; turns in which motions are read are left out.
        wording: of the two sides, see `WORDINGS`.

    Returns:
        One row a (motion, passage): `motion, party, turn, start, end`, how `near` the passage is to the request (in the
        model's own weights, of vectors and of words), and `side`, the logit of favor less that of against.
    """
    issues = [_worded(voted_issue(match.voted, match.motion), wording) for match in item.matches]
    defined = {issue.name: issue for issue in issues} if wording else {}
    turns = list(spoken(item.debate))
    asked = [(turn, issue) for issue in issues for turn in turns]
    rows = [row(item.debate.id, item.day, turn, issue, language=LANGUAGE) for turn, issue in asked]
    compared = model.knowing(defined).compared(rows)
    favor, against = (model.labels.index(side) for side in ("favor", "against"))
    owners = [asked[owner] for owner in compared.owners]
    return pd.DataFrame(
        {
            "motion": [issue.name for _, issue in owners],
            "party": [turn.speaker.party for turn, _ in owners],
            "turn": [turn.id for turn, _ in owners],
            "start": [start for start, _ in compared.spans],
            "end": [end for _, end in compared.spans],
            "near": compared.near,
            "side": compared.logits[:, favor] - compared.logits[:, against],
        }
    )


def _worded(issue: Issue, wording: tuple[str, str] | None) -> Issue:
    if wording is None:
        return issue
    pro, con = (dict.fromkeys(issue.proposition, side) for side in wording)
    return Issue(issue.name, issue.proposition, issue.definition, pro, con)


def _nearest(number: int) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    def shares(near: NDArray[np.float64]) -> NDArray[np.float64]:
        weights = np.zeros(len(near))
        weights[np.argsort(-near, kind="stable")[:number]] = 1
        return weights / weights.sum()

    return shares


# What each passage of a party weighs, from how near it is to the motion; the weights sum to one.
WEIGHTS: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "all alike": lambda near: np.full(len(near), 1 / len(near)),
    "the nearer the more": softmax,
    "the nearest": _nearest(1),
    "the 3 nearest": _nearest(3),
    "the 10 nearest": _nearest(10),
}


def sides_of_parties(passages: pd.DataFrame) -> pd.DataFrame:
    """Return where each party stands on each motion, by each of `WEIGHTS`.

    Args:
        passages: as `read_passages` returns them.

    Returns:
        One row a (motion, party): these, `near`, how near its nearest passage is, and the probability of favor in a
        column for each of the weights.
    """
    records = []
    near, side = passages["near"].to_numpy(float), passages["side"].to_numpy(float)
    places: dict[tuple[str, str], list[int]] = {}
    for place, pair in enumerate(zip(passages["motion"], passages["party"], strict=True)):
        places.setdefault(pair, []).append(place)
    for (motion, party), own in sorted(places.items()):
        told = {name: float(expit(weigh(near[own]) @ side[own])) for name, weigh in WEIGHTS.items()}
        records.append({"motion": motion, "party": party, "near": float(near[own].max()), **told})
    return pd.DataFrame(records, columns=["motion", "party", "near", *WEIGHTS])
