"""Who answers whom, and whether they agree."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from standpunt.analysis.stance_map import By
from standpunt.analysis.stances import position_holder
from standpunt.annotation.layers import SIDES
from standpunt.debate import Debate, Turn

COLUMNS = ("holder", "to", "replies", "agree", "disagree", "open", "issues")


def replies(debate: Debate, stances: pd.DataFrame, *, by: By = "party") -> pd.DataFrame:
    """Count who answers whom, and compare the stances where a turn and its answer address the same issue.

    Args:
        debate: the debate; the chair is left out.
        stances: as `standpunt.analysis.stances` returns them.
        by: parties (the cabinet is one) or single speakers.

    Returns:
        One row an ordered pair, most replies first: `holder` answers `to`; `replies` counts turns; `agree`,
        `disagree` and `open` (one of the two is neutral) count shared issues of a turn and its answer; `issues` names
        those on which they disagree.
    """
    labels: dict[int, dict[str, str]] = {}
    for ordinal, issue, stance in zip(stances["ordinal"], stances["issue"], stances["stance"], strict=True):
        labels.setdefault(int(ordinal), {})[issue] = stance
    counts: dict[tuple[str, str], Counter[str]] = {}
    contested: dict[tuple[str, str], set[str]] = {}
    for turn in debate.turns:
        if turn.replies_to is None:
            continue
        answered = debate.turn(turn.replies_to)
        if "chair" in (turn.speaker.role, answered.speaker.role):
            continue
        pair = (_name(turn, by), _name(answered, by))
        counts.setdefault(pair, Counter())["replies"] += 1
        one, other = labels.get(turn.ordinal, {}), labels.get(answered.ordinal, {})
        for issue in one.keys() & other.keys():
            outcome = _outcome(one[issue], other[issue])
            counts[pair][outcome] += 1
            if outcome == "disagree":
                contested.setdefault(pair, set()).add(issue)
    rows = [
        {
            "holder": pair[0],
            "to": pair[1],
            **{name: count[name] for name in ("replies", "agree", "disagree", "open")},
            "issues": tuple(sorted(contested.get(pair, ()))),
        }
        for pair, count in counts.items()
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("replies", ascending=False, kind="stable", ignore_index=True)


def _name(turn: Turn, by: By) -> str:
    return position_holder(turn) if by == "party" else turn.speaker.name


def _outcome(one: str, other: str) -> str:
    if one not in SIDES or other not in SIDES:
        return "open"
    return "agree" if one == other else "disagree"
