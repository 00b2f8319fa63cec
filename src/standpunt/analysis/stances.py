"""Stances: one table of who takes which stance where, whether annotators or a model said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from standpunt.annotation.layers import STANCES, Layer
from standpunt.corpora.rows import NONE
from standpunt.debate import Debate, Role, Span, Turn
from standpunt.errors import InputError

CABINET = "cabinet"
COLUMNS = (
    "ordinal", "turn", "speaker", "holder", "kind", "words", "issue", "stance", "p_favor", "p_against", "p_neutral",
    "addressed", "certainty", "disputed", "evidence",
)  # fmt: skip
_CABINET_ROLES: tuple[Role, ...] = ("minister", "state secretary")


def position_holder(turn: Turn) -> str:
    """Return on whose behalf a turn is spoken: the party, "cabinet", or the speaker where there is neither."""
    if turn.speaker.party:
        return turn.speaker.party
    return CABINET if turn.speaker.role in _CABINET_ROLES else turn.speaker.name


def stances_of_layers(debate: Debate, layer: Layer, others: Iterable[Layer] = ()) -> pd.DataFrame:
    """Return the stances of an annotation layer.

    The probability of a label is the share of annotators who gave it, `layer` being one of them; a turn they differ on
    is disputed, also where one of them found that it does not address the issue.

    Args:
        debate: the text the layers were checked against.
        layer: whose labels are shown, the adjudicated one as a rule.
        others: the layers of single annotators.

    Returns:
        One row a label, with `COLUMNS`: `holder` is the party (or "cabinet", or the speaker), `addressed` the
        probability that the turn addresses the issue at all and the other three given that it does, `certainty` the
        probability of `stance` over all, `evidence` spans of the turn's text.
    """
    votes = [other.by_pair() for other in others if other.annotator != layer.annotator]
    records = []
    for label in layer.labels:
        given = [label.label, *(vote.get((label.turn, label.issue), NONE) for vote in votes)]
        shares = {name: given.count(name) / len(given) for name in (*STANCES, NONE)}
        turn = debate.turn(label.turn)
        records.append(_record(turn, label.issue, label.label, shares, len(set(given)) > 1, label.evidence))
    return pd.DataFrame(records, columns=list(COLUMNS))


def stances_of_predictions(
    debate: Debate,
    predictions: pd.DataFrame,
    evidence: Mapping[tuple[int, str], tuple[Span, ...]] | None = None,
) -> pd.DataFrame:
    """Return the stances a model predicts for a debate.

    Args:
        debate: the debate the rows are about.
        predictions: rows with `turn` (id), `issue` and a column `p_<label>` a label, as `predict_debate` returns them
            or a run keeps them; seeds are averaged. With a column `gold`, a turn is disputed where the model differs.
        evidence: spans to show, by turn ordinal and issue.

    Returns:
        As `stances_of_layers`; pairs for which "none" is the most probable label are left out.

    Raises:
        InputError: a column is missing, or a turn is not one of the debate.
    """
    probabilities = [f"p_{label}" for label in STANCES]
    for name in ("turn", "issue", *probabilities):
        if name not in predictions:
            raise InputError(f"the predictions have no column {name}; expected those of a model trained for stance")
    if f"p_{NONE}" in predictions:
        probabilities.append(f"p_{NONE}")
    spoken = {turn.id: turn for turn in debate.turns}
    pairs = predictions.groupby(["turn", "issue"], sort=False)
    means = pairs[probabilities].mean()
    if "gold" in predictions:
        means["gold"] = pairs["gold"].agg(set)
    records = []
    for row in means.reset_index().to_dict("records"):
        turn, issue = spoken.get(str(row["turn"])), str(row["issue"])
        if turn is None:
            raise InputError(f"turn {row['turn']} of the predictions is not one of the debate {debate.id}")
        shares = {name.removeprefix("p_"): float(row[name]) for name in probabilities}
        stance = max(shares, key=lambda name: shares[name])
        if stance == NONE:
            continue
        disputed = "gold" in row and row["gold"] != {stance}
        records.append(_record(turn, issue, stance, shares, disputed, (evidence or {}).get((turn.ordinal, issue), ())))
    return pd.DataFrame(records, columns=list(COLUMNS)).sort_values("ordinal", kind="stable", ignore_index=True)


def expected_stance(stances: pd.DataFrame) -> pd.Series:
    """Return the expected stance of each row, from -1 (against) to 1 (favor)."""
    return stances["p_favor"] - stances["p_against"]


def _record(
    turn: Turn, issue: str, stance: str, shares: Mapping[str, float], disputed: bool, evidence: Iterable[Span]
) -> dict[str, Any]:
    addressed = sum(shares[label] for label in STANCES)
    given = np.array([shares[label] for label in STANCES]) / max(addressed, 1e-12)
    return {
        "ordinal": turn.ordinal,
        "turn": turn.id,
        "speaker": turn.speaker.name,
        "holder": position_holder(turn),
        "kind": turn.kind,
        "words": len(turn.text.split()),
        "issue": issue,
        "stance": stance,
        **{f"p_{label}": float(value) for label, value in zip(STANCES, given, strict=True)},
        "addressed": float(addressed),
        "certainty": shares[stance],
        "disputed": disputed,
        "evidence": tuple(evidence),
    }
