"""Motions against votes without a model of motions: a party's stance on the issue a motion is about, and its vote."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from standpunt.analysis.stance_map import side, stance_map
from standpunt.analysis.stances import CABINET
from standpunt.debate import Debate
from standpunt.parliament.votes import AGAINST, FOR, MotionVote, join_votes

COLUMNS = ("dossier", "number", "turn", "issue", "party", "value", "stance", "vote", "differs")
_OPPOSITE = {"favor": "against", "against": "favor"}


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
        not known; `differs`, whether there is a vote and it is not the stance. Parties whose position is mixed are
        left out.
    """
    spoken = stances[stances["kind"] != "motion"]
    parties = (spoken["holder"] != spoken["speaker"]) & (spoken["holder"] != CABINET)
    cells = stance_map(spoken[parties], resamples=1)
    positions = {(issue, holder): value for issue, holder, value in zip(*(cells[n] for n in _CELL), strict=True)}
    read = stances[stances["kind"] == "motion"]
    rows = []
    for motion, vote in join_votes(debate.motions, votes):
        turn = debate.turn(motion.turn)
        for issue, request in read.loc[read["ordinal"] == turn.ordinal, ["issue", "stance"]].itertuples(index=False):
            if request not in _OPPOSITE:
                continue
            for (other, party), position in positions.items():
                value = position if request == "favor" else -position
                if other != issue or side(value) == "mixed":
                    continue
                voted = {FOR: "favor", AGAINST: "against"}.get(vote.votes.get(party, "")) if vote else None
                differs = voted is not None and voted != side(value)
                key = (motion.dossier, motion.number, turn.ordinal)
                rows.append((*key, issue, party, value, side(value), voted, differs))
    return pd.DataFrame(rows, columns=list(COLUMNS))


_CELL = ("issue", "holder", "value")
