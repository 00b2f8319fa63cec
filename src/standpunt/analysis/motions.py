"""What parties are expected to think of motions, how they voted and what the cabinet advised: where these differ.

What is expected is a model's stance on the request of the motion, or the party's place on the stance map of an issue
that the motion is about.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from standpunt.analysis.stance_map import side, stance_map
from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import NONE
from standpunt.debate import CABINET, Debate, Motion
from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.parliament.votes import AGAINST, FOR, MotionVote, join_votes
from standpunt.prediction.predictor import Predictor

COLUMNS = ("dossier", "number", "turn", "issue", "party", "value", "stance", "vote", "differs", "said")
_CELL = ("issue", "holder", "value", "ordinals")
_SIDE = {FOR: "favor", AGAINST: "against"}
_ADVICE_SIDE = {"oordeel Kamer": "favor", "overgenomen": "favor", "ontraden": "against", "ontijdig": "against"}


def motion_issue(motion: Motion) -> Issue:
    """Return a motion's request as an issue: the proposition that what it asks should be done."""
    request = {"nl": motion.request or motion.text, "en": motion.request or motion.text}
    name = f"motion_{motion.dossier}_{motion.number}"
    return Issue(name, request, request, {"nl": "Voor.", "en": "For."}, {"nl": "Tegen.", "en": "Against."})


def party_stances(model: Model, debate: Debate) -> pd.DataFrame:
    """Predict where each party stands on what each motion of a debate asks, from what its members said.

    The turns in which motions are read out are left out: their reader's stance is given with them. Probabilities are
    averaged over the party's other turns; a model that knows "none" (task stance_joint) weighs each turn by the
    probability that it addresses the request at all, others weigh all turns alike.

    Returns:
        One row a (motion, party): `dossier, number, party, turns`, `p_favor`, `p_against`, and `stance`, the larger of
        the two; motions without a number are left out.

    Raises:
        InputError: the model's labels are not those of stance, or it is not about turns.
    """
    if not {"favor", "against"} <= set(model.labels):
        raise InputError(f"the model tells {', '.join(model.labels)}, not stance; use one trained for task stance")
    numbered = {
        f"motion_{motion.dossier}_{motion.number}": motion for motion in debate.motions if motion.number is not None
    }
    columns = ["dossier", "number", "party", "turns", "p_favor", "p_against", "stance"]
    if not numbered:
        return pd.DataFrame(columns=columns)
    # No model was trained on motions; held against votes, even a model of words shows how far it gets.
    frame = Predictor(model, [motion_issue(motion) for motion in numbered.values()], anyway=True).on(debate)
    records = []
    for row in by_party(frame).to_dict("records"):
        motion = numbered[str(row["issue"])]
        stance = "favor" if row["p_favor"] >= row["p_against"] else "against"
        records.append(
            (motion.dossier, motion.number, row["party"], row["turns"], row["p_favor"], row["p_against"], stance)
        )
    return pd.DataFrame(records, columns=columns)


def by_party(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return what a party's turns say together on each issue; turns that read motions, chair and cabinet are left out.

    Probabilities are averaged over turns, each weighed by the probability that it addresses the issue at all; where the
    model does not know "none", all weigh alike.

    Args:
        predictions: as `Predictor.on` returns them.

    Returns:
        One row a (issue, party), sorted: these, `turns` (how many), `p_favor`, `p_against`, and `addressed`, the
        largest probability that one of the turns addresses the issue.
    """
    frame = predictions[(predictions["role"] == "member") & (predictions["kind"] != "motion")]
    frame = frame[frame["party"].notna()]
    weight = 1 - frame[f"p_{NONE}"] if f"p_{NONE}" in frame else pd.Series(1.0, index=frame.index)
    records = []
    for (issue, party), part in frame.groupby(["issue", "party"], sort=True):
        own = weight.loc[part.index]
        share = own / max(own.sum(), 1e-12)
        favor, against = (float((part[f"p_{side}"] * share).sum()) for side in ("favor", "against"))
        records.append((issue, party, len(part), favor, against, float(own.max())))
    return pd.DataFrame(records, columns=["issue", "party", "turns", "p_favor", "p_against", "addressed"])


def compare_with_votes(stances: pd.DataFrame, debate: Debate, votes: Iterable[MotionVote]) -> pd.DataFrame:
    """Put vote and advice beside the predicted stances.

    Returns:
        The rows of `stances` whose party voted for or against, with `vote` and `advice` as sides ("favor", "against",
        None where there is no advice either way) and whether the stance agrees: `with_vote`, `with_advice`.
    """
    joined = {(motion.dossier, motion.number): (motion, vote) for motion, vote in join_votes(debate.motions, votes)}
    rows = []
    for row in stances.to_dict("records"):
        motion, vote = joined[row["dossier"], row["number"]]
        voted = _SIDE.get(vote.votes.get(str(row["party"]), "")) if vote else None
        if voted is None:
            continue
        advice = _ADVICE_SIDE.get(motion.advice or "")
        with_advice = None if advice is None else row["stance"] == advice
        rows.append(
            {**row, "vote": voted, "advice": advice, "with_vote": row["stance"] == voted, "with_advice": with_advice}
        )
    names = [*stances.columns, "vote", "advice", "with_vote", "with_advice"]
    return pd.DataFrame(rows, columns=names)


def agreement_rates(
    compared: pd.DataFrame, *, resamples: int = 1000, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Return how often stance, vote and advice agree, with intervals by resampling whole motions.

    Returns:
        One row a pair ("stance and vote", "stance and advice", "vote and advice", and as a control "vote and its most
        frequent side"): `share`, `low`, `high`, `pairs`, `motions`; shares are nan where there is nothing to compare.
    """
    majority = compared["vote"].mode().iloc[0] if len(compared) else None
    pairs = {
        "stance and vote": compared["stance"] == compared["vote"],
        "stance and advice": (compared["stance"] == compared["advice"]).where(compared["advice"].notna()),
        "vote and advice": (compared["vote"] == compared["advice"]).where(compared["advice"].notna()),
        "vote and its most frequent side": compared["vote"] == majority,
    }
    keys = compared["dossier"].astype(str) + "/" + compared["number"].astype(str)
    motions = sorted(keys.unique())
    rng = np.random.default_rng(seed)
    n = len(motions)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=resamples) if n else np.zeros((resamples, 0))
    tail = (1 - confidence) / 2
    rows = []
    for name, values in pairs.items():
        known = values.dropna().astype(float)
        sums = known.groupby(keys.loc[known.index]).agg(["sum", "size"]).reindex(motions, fill_value=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            draws = (weights @ sums["sum"].to_numpy()) / (weights @ sums["size"].to_numpy())
        draws = draws[~np.isnan(draws)]
        low, high = np.quantile(draws, [tail, 1 - tail]) if len(draws) else (np.nan, np.nan)
        share = known.mean() if len(known) else np.nan
        rows.append({"pair": name, "share": share, "low": low, "high": high, "pairs": len(known), "motions": n})
    return pd.DataFrame(rows)


def motion_stances(debate: Debate, stances: pd.DataFrame, votes: Iterable[MotionVote] = ()) -> pd.DataFrame:
    """Say what each party's turns let expect on each motion, and where its vote differs.

    A motion counts for the issues on which the turn that reads it takes a side; its text says which side the request
    is on. A party's position is its cell of the stance map without the turns that read motions, turned round where
    the request is against the proposition.

    Args:
        debate: the debate with its motions.
        stances: as `standpunt.analysis.stances` returns them.
        votes: how parties voted, where that is known.

    Returns:
        One row a (motion, issue, party), with `COLUMNS`: `turn` is the ordinal of the turn that reads the motion;
        `value` from -1 (against the motion) to 1; `stance` "favor" or "against"; `vote` likewise, None where it is
        not known; `differs`, whether there is a vote and it is not the stance; `said`, the ordinal of the turn that
        shows the position clearest. Parties whose position is mixed are left out. Where vote and stance differ comes
        first, the clearest positions before others.
    """
    spoken = stances[stances["kind"] != "motion"]
    parties = (spoken["holder"] != spoken["speaker"]) & (spoken["holder"] != CABINET)
    cells = stance_map(spoken[parties], resamples=1)
    positions = {
        (issue, holder): (value, ordinals[0])
        for issue, holder, value, ordinals in zip(*(cells[n] for n in _CELL), strict=True)
    }
    read = stances[stances["kind"] == "motion"]
    rows = []
    for motion, vote in join_votes(debate.motions, votes):
        turn = debate.turn(motion.turn)
        for issue, request in read.loc[read["ordinal"] == turn.ordinal, ["issue", "stance"]].itertuples(index=False):
            if request not in _SIDE.values():
                continue
            for (other, party), (position, said) in positions.items():
                value = position if request == "favor" else -position
                if other != issue or side(value) == "mixed":
                    continue
                voted = _SIDE.get(vote.votes.get(party, "")) if vote else None
                differs = voted is not None and voted != side(value)
                key = (motion.dossier, motion.number, turn.ordinal)
                rows.append((*key, issue, party, value, side(value), voted, differs, said))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    keys = table.assign(clear=table["value"].abs(), differs=table["differs"].astype(bool))
    order = keys.sort_values(["differs", "clear"], ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)
