"""How far the answers of a model on an issue can be trusted: what was counted on labelled debates, and what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Literal

import pandas as pd

from standpunt.errors import InputError

Level = Literal["usable", "hint", "untrusted", "unmeasured"]
LEVELS: tuple[Level, ...] = ("usable", "hint", "untrusted", "unmeasured")
# A position is a vote of few turns. With 3 of 4 turns right, a majority of three is right in 84 % of the cases and one
# of five in 90 %. With fewer than half right, more turns make a wrong majority more likely: a coin would do better.
ENOUGH, HALF = 0.75, 0.5
_NORMAL = 1.959964  # of an interval of 95 %


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted on labelled turns.

    Attributes:
        labelled: the turns that take a stance, by the labels.
        right: those of them that the model found, with the same stance.
        shown: the turns to which the model gave a stance, whatever the labels say.
        commonest: the turns with the commonest stance of the labels, which always giving that answer would get right.
    """

    labelled: int = 0
    right: int = 0
    shown: int = 0
    commonest: int = 0

    @property
    def share(self) -> float:
        """The share of the labelled turns that the model got right; 0 where none is labelled."""
        return self.right / self.labelled if self.labelled else 0.0

    @property
    def share_of_shown(self) -> float:
        """The share of the stances it gave that are right; 0 where it gave none."""
        return self.right / self.shown if self.shown else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The interval of `share` by Wilson's formula (95 %), wide where few turns are labelled."""
        return wilson(self.right, self.labelled)

    @property
    def level(self) -> Level:
        """What the answers are good for.

        They are usable where at least `ENOUGH` of the labelled turns are right, surely more than `HALF` are (the lower
        end of the interval), and more than `HALF` of the stances that it gives are right. They are untrusted where
        less than `HALF` of either are right, and a hint in between.
        """
        if not self.labelled:
            return "unmeasured"
        if self.share < HALF or self.share_of_shown < HALF:
            return "untrusted"
        sure = self.interval[0] > HALF and self.share_of_shown > HALF
        return "usable" if self.share >= ENOUGH and sure else "hint"


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by E. B. Wilson's formula (1927); from 0 to 1 where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share, square = right / of, _NORMAL**2 / of
    middle = (share + square / 2) / (1 + square)
    half = _NORMAL / (1 + square) * sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def tally(gold: Iterable[str], predicted: Iterable[str], stances: Collection[str]) -> Tally:
    """Count on pairs of a turn and an issue; a label that is none of `stances` says that there is none."""
    frame = pd.DataFrame({"gold": list(gold), "predicted": list(predicted)}, dtype=object)
    labelled = frame["gold"][frame["gold"].isin(stances)]
    return Tally(
        labelled=len(labelled),
        right=int((frame["predicted"][labelled.index] == labelled).sum()),
        shown=int(frame["predicted"].isin(stances).sum()),
        commonest=int(labelled.value_counts().max()) if len(labelled) else 0,
    )


def tallies(frame: pd.DataFrame, stances: Collection[str]) -> dict[str, Tally]:
    """Count by issue.

    Args:
        frame: with columns `issue, gold, predicted`, a row a pair of a turn and an issue; for `shown` to be right, the
            pairs without a stance are among them.
        stances: the labels that are stances.
    """
    by_issue = frame.groupby("issue", sort=True)
    return {str(name): tally(part["gold"], part["predicted"], stances) for name, part in by_issue}


def refuse_seen(layer: Path, model: str, trained_on: Iterable[str], otherwise: str = "") -> None:
    """Refuse to hold a model against labels that it was trained on.

    Args:
        layer: the file of labels, in the folder of a debate of a corpus.
        model: what it is called.
        trained_on: the corpora that it was trained on, where that is known.
        otherwise: what can be done instead of giving other labels.

    Raises:
        InputError: the corpus of the layer is one of these.
    """
    corpus = layer.absolute().parent.parent.name
    if corpus in set(trained_on):
        raise InputError(
            f"{layer}: {model} was trained on corpus {corpus}; on these labels it looks better than it is; give labels "
            f"that it never saw{otherwise}"
        )
