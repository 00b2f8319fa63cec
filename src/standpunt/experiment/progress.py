"""Whom a run tells what it does and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _nobody(*told: object) -> None:
    pass


@dataclass(frozen=True)
class Progress:
    """Told how far a run or a search is; by default nobody is.

    Attributes:
        say: told what is being done from now on, in a few words.
        show: told how much of that is done, and of how much: folds, trials.
    """

    say: Callable[[str], None] = _nobody
    show: Callable[[float, float], None] = _nobody


QUIET = Progress()
