"""Small figures as SVG paths and points; the templates draw them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.evaluation.probabilities import BINS, reliability, risk_coverage

Points = list[tuple[float, float]]

WIDTH, HEIGHT = 720, 44  # of a course, in units of its view box
_MIDDLE = HEIGHT / 2
_MOST_POINTS = 60
_REACH = 16  # how far from the middle a stance of 1 stands
_TICKS = {"favor": (-4, -_REACH), "against": (4, _REACH), "neutral": (-3, 3)}


@dataclass(frozen=True, slots=True)
class Tick:
    """A turn in the course of an issue: its ordinal, its stance, the path of its tick."""

    ordinal: int
    stance: str
    path: str


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one issue: a tick a turn, and the line of the mean."""

    issue: str
    ticks: tuple[Tick, ...]
    line: str


def courses(course: pd.DataFrame, issues: Iterable[str], turns: int) -> list[Course]:
    """Draw `standpunt.analysis.course.stance_course`.

    Args:
        course: the frame.
        issues: which to draw, in order; those without a turn are left out.
        turns: the number of turns of the debate, the length of the horizontal axis.
    """
    courses_of_parties = []
    for issue in issues:
        part = course[course["issue"] == issue]
        if part.empty:
            continue
        xs = [place(ordinal, turns) for ordinal in part["ordinal"]]
        ticks = []
        for x, ordinal, stance in zip(xs, part["ordinal"], part["stance"], strict=True):
            begin, end = _TICKS[stance]
            ticks.append(Tick(ordinal, stance, f"M{x:g} {_MIDDLE + begin:g}V{_MIDDLE + end:g}"))
        line = " ".join(f"{x:g},{_MIDDLE - mean * _REACH:.1f}" for x, mean in zip(xs, part["mean"], strict=True))
        courses_of_parties.append(Course(issue, tuple(ticks), line))
    return courses_of_parties


def place(ordinal: int, turns: int) -> float:
    """Return where a turn stands on the horizontal axis."""
    return round((ordinal - 0.5) / turns * WIDTH, 1)


def reliability_points(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Points:
    """Return (mean confidence, share right) in bins of ten rows or more."""
    sure, correct, _ = reliability(confidence, right, max(1, min(BINS, len(confidence) // 10)))
    return list(zip(sure.tolist(), correct.tolist(), strict=True))


def risk_coverage_points(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Points:
    """Return (coverage, share wrong), no more points than can be told apart."""
    coverage, risk = risk_coverage(confidence, right)
    shown = np.unique(np.linspace(0, len(coverage) - 1, min(len(coverage), _MOST_POINTS)).round().astype(int))
    return list(zip(coverage[shown].tolist(), risk[shown].tolist(), strict=True))
