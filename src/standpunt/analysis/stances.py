"""Stances: one table of who takes which stance where, whether annotators or a model said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from standpunt.annotation.layers import STANCES, Layer
from standpunt.corpora.corpus import ADJUDICATED
from standpunt.corpora.rows import NONE
from standpunt.debate import Debate, Span, Turn, holder_of
from standpunt.errors import InputError
from standpunt.prediction.predictor import ABSTAIN

COLUMNS = (
    "ordinal", "turn", "speaker", "holder", "kind", "words", "issue", "stance", "value", "p_favor", "p_against",
    "p_neutral", "addressed", "certainty", "disputed", "evidence",
)  # fmt: skip
_VALUES = {"favor": 1.0, "against": -1.0, "neutral": 0.0}


def position_holder(turn: Turn) -> str:
    """Return on whose behalf a turn is spoken: "cabinet", the party, or the speaker where there is neither."""
    return holder_of(turn.speaker.role, turn.speaker.party) or turn.speaker.name


def stances_of_layers(debate: Debate, layer: Layer, others: Iterable[Layer] = ()) -> pd.DataFrame:
    """Return the stances of an annotation layer.

    The probability of a label is the share of single annotators who gave it, of those who read for the issue; where
    none of them found a stance, and where there are none, the label shown counts as one more. A turn on which they
    differ, from each other or from the label shown, is disputed, also where one of them found that it does not address
    the issue.

    Args:
        debate: the text the layers were checked against.
        layer: whose labels are shown, the adjudicated one as a rule.
        others: the layers of single annotators.

    Returns:
        One row a label, with `COLUMNS`: `holder` is the party (or "cabinet", or the speaker), `value` the stance shown
        as a number (1 in favor, -1 against, 0 neutral), `addressed` the probability that the turn addresses the issue
        at all and the other three given that it does, `certainty` the probability of `stance` over all, `evidence`
        spans of the turn's text.
    """
    single = {item.annotator: item for item in (layer, *others) if item.annotator != ADJUDICATED}
    votes = [(item.issues, item.by_pair()) for item in single.values()]
    records = []
    for label in layer.labels:
        given = [vote.get((label.turn, label.issue), NONE) for issues, vote in votes if label.issue in issues]
        if set(given) <= {NONE}:
            given.append(label.label)
        shares = {name: given.count(name) / len(given) for name in (*STANCES, NONE)}
        disputed = set(given) != {label.label}
        turn = debate.turn(label.turn)
        value = _VALUES[label.label]
        records.append(_record(turn, label.issue, label.label, value, shares, disputed, label.evidence))
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
            With a column `label`, rows on which the model abstains are left out.
        evidence: spans to show, by turn ordinal and issue.

    Returns:
        As `stances_of_layers`, but `value` is the expected stance, the probability of favor less that of against;
        pairs for which "none" is the most probable label are left out.

    Raises:
        InputError: a column is missing, or a turn is not one of the debate.
    """
    probabilities = [f"p_{label}" for label in STANCES]
    for name in ("turn", "issue", *probabilities):
        if name not in predictions:
            raise InputError(f"the predictions have no column {name}; expected those of a model trained for stance")
    if f"p_{NONE}" in predictions:
        probabilities.append(f"p_{NONE}")
    if "label" in predictions:
        predictions = predictions[predictions["label"] != ABSTAIN]
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
        value = (shares["favor"] - shares["against"]) / _addressed(shares)
        disputed = "gold" in row and row["gold"] != {stance}
        spans = (evidence or {}).get((turn.ordinal, issue), ())
        records.append(_record(turn, issue, stance, value, shares, disputed, spans))
    return pd.DataFrame(records, columns=list(COLUMNS)).sort_values("ordinal", kind="stable", ignore_index=True)


def _record(
    turn: Turn,
    issue: str,
    stance: str,
    value: float,
    shares: Mapping[str, float],
    disputed: bool,
    evidence: Iterable[Span],
) -> dict[str, Any]:
    addressed = _addressed(shares)
    return {
        "ordinal": turn.ordinal,
        "turn": turn.id,
        "speaker": turn.speaker.name,
        "holder": position_holder(turn),
        "kind": turn.kind,
        "words": len(turn.text.split()),
        "issue": issue,
        "stance": stance,
        "value": value,
        **{f"p_{label}": shares[label] / addressed for label in STANCES},
        "addressed": addressed,
        "certainty": shares[stance],
        "disputed": disputed,
        "evidence": tuple(evidence),
    }


def _addressed(shares: Mapping[str, float]) -> float:
    """Return the probability that a turn addresses the issue, never zero."""
    return max(sum(shares[label] for label in STANCES), 1e-12)
