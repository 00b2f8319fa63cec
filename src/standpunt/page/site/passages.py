"""The strongest passages of a selection of stances: what a page quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from standpunt.annotation.layers import SIDES

_LONGEST = 420  # letters of a passage


def strongest(stances: pd.DataFrame, most: int, sides: Sequence[str] = SIDES) -> dict[str, list[dict[str, Any]]]:
    """Return the passages of which the model is surest, by side.

    A speaker is quoted once from a debate, and what two passages have word for word is quoted once.

    Args:
        stances: a selection of `standpunt.analysis.across.collection.stances`.
        most: how many of each side.
        sides: "favor" and "against", or one of them.
    """
    quoted = stances[stances["quote"].notna()].sort_values("certainty", ascending=False, kind="stable")
    quoted = quoted.drop_duplicates(["debate", "speaker", "stance", "issue"]).drop_duplicates("quote")
    return {
        side: [
            row | {"quote": shortened(row["quote"])}
            for row in quoted[quoted["stance"] == side].head(most).to_dict("records")
        ]
        for side in sides
    }


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return a text on one line, cut at a blank where it is long."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return f"{line[:longest].rsplit(' ', 1)[0].rstrip(',;:–-')} …"
