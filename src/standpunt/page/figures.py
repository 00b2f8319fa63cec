"""Small figures as SVG paths and points; the templates draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

WIDTH, HEIGHT = 720, 44  # of a course, in units of its view box
_MIDDLE = HEIGHT / 2
_REACH = 16  # how far from the middle a stance of 1 stands
_TICKS = {"favor": (-4, -_REACH), "against": (4, _REACH), "neutral": (-3, 3)}


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one issue: a path of ticks a stance, and the line of the mean."""

    issue: str
    turns: int
    ticks: dict[str, str]
    line: str


def courses(course: pd.DataFrame, issues: Iterable[str], turns: int) -> list[Course]:
    """Draw `standpunt.analysis.course.stance_course`.

    Args:
        course: the frame.
        issues: which to draw, in order; those without a turn are left out.
        turns: the number of turns of the debate, the length of the horizontal axis.
    """
    found = []
    for issue in issues:
        part = course[course["issue"] == issue]
        if part.empty:
            continue
        xs = [place(ordinal, turns) for ordinal in part["ordinal"]]
        ticks: dict[str, str] = {}
        for x, stance in zip(xs, part["stance"], strict=True):
            begin, end = _TICKS[stance]
            ticks[stance] = ticks.get(stance, "") + f"M{x:g} {_MIDDLE + begin:g}V{_MIDDLE + end:g}"
        line = " ".join(f"{x:g},{_MIDDLE - mean * _REACH:.1f}" for x, mean in zip(xs, part["mean"], strict=True))
        found.append(Course(issue, len(part), ticks, line))
    return found


def place(ordinal: int, turns: int) -> float:
    """Return where a turn stands on the horizontal axis."""
    return round((ordinal - 0.5) / turns * WIDTH, 1)


def calibration_curve(
    confidence: Sequence[float], right: Sequence[bool], *, bins: int = 10
) -> list[tuple[float, float]]:
    """Return (mean confidence, share right) in bins of equal numbers of rows; fewer bins where rows are few."""
    if not len(confidence):
        return []
    order = np.argsort(np.asarray(confidence), kind="stable")
    parts = np.array_split(order, max(1, min(bins, len(order) // 10)))
    return [(float(np.asarray(confidence)[part].mean()), float(np.asarray(right)[part].mean())) for part in parts]


def risk_coverage_curve(confidence: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """Return (coverage, share wrong) when only the most confident rows are answered (Y. Geifman, R. El-Yaniv, 2017)."""
    if not len(confidence):
        return []
    order = np.argsort(-np.asarray(confidence), kind="stable")
    wrong = (~np.asarray(right, dtype=bool)[order]).cumsum()
    counts: NDArray[np.int64] = np.arange(1, len(order) + 1)
    shown = np.unique(np.linspace(0, len(order) - 1, min(len(order), 60)).round().astype(int))
    return [(float(counts[i] / len(order)), float(wrong[i] / counts[i])) for i in shown]
