"""From turns to who holds what position: the rows of a speaker, or of a party, on an issue as one row."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from standpunt.evaluation.metrics import POLES


def positions(predictions: pd.DataFrame, labels: Sequence[str], holder: str) -> pd.DataFrame:
    """Return the position of each holder on each issue of a debate.

    The gold position is the label that most of the holder's turns have. Where several are equally frequent it is the
    one side that is among them, and neutral where both sides are. The predicted one is the label with the largest mean
    probability.

    Args:
        predictions: rows with `seed`, `debate`, `issue`, `gold`, a column `p_<label>` for each label, and the holder's.
            Rows without a holder are left out, and so are rows whose gold label is not in the scheme.
        labels: the label scheme; favor and against are among them.
        holder: the column that tells the holder, "speaker" or "party".

    Returns:
        One row for each seed, debate, issue and holder: these, `gold`, `predicted`, `turns` (how many), and `first`,
        the index of the first of its rows.
    """
    known = predictions[predictions[holder].notna() & predictions["gold"].isin(list(labels))]
    shares = pd.get_dummies(known["gold"]).reindex(columns=list(labels), fill_value=False).astype(float)
    both = [f"p_{label}" for label in labels]
    table = known[["seed", "debate", "issue", holder, *both]].assign(**shares, first=known.index, turns=1)
    groups = table.groupby(["seed", "debate", "issue", holder], sort=False)
    means = groups[[*both, *labels]].mean()
    counted = groups.agg(first=("first", "first"), turns=("turns", "sum"))
    gold = [_most(row, labels) for row in means[list(labels)].to_numpy()]
    predicted = [labels[place] for place in means[both].to_numpy().argmax(axis=1)]
    return counted.assign(gold=gold, predicted=predicted).reset_index()


def _most(shares: Sequence[float], labels: Sequence[str]) -> str:
    most = [label for label, share in zip(labels, shares, strict=True) if share >= max(shares) - 1e-9]
    sides = [label for label in most if label in POLES]
    if len(sides) == 1:
        return sides[0]
    others = [label for label in labels if label not in POLES]
    return next((label for label in (*most, *others) if label not in POLES), most[0])
